//! The cheapest border between two groups of pixels: minimum cut by Boykov and Kolmogorov's algorithm
//! ("An experimental comparison of min-cut/max-flow algorithms", 2004), on a grid with eight neighbours.

use std::collections::VecDeque;

/// Steps to the neighbours; the opposite of direction `d` is `7 - d`.
pub(super) const STEPS: [(i32, i32); 8] = [
    (-1, -1),
    (0, -1),
    (1, -1),
    (-1, 0),
    (1, 0),
    (-1, 1),
    (0, 1),
    (1, 1),
];

/// No parent.
const NONE: u8 = 255;
/// The terminal is the parent.
const TERMINAL: u8 = 254;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tree {
    Free,
    Source,
    Sink,
}

/// A grid of pixels with the costs of cutting.
#[derive(Debug)]
pub(super) struct Grid {
    width: i32,
    height: i32,
    /// What is left of the link to the terminals: positive to the source, negative to the sink.
    terminal: Vec<f32>,
    /// What is left of the link in each direction.
    links: Vec<[f32; 8]>,
    tree: Vec<Tree>,
    parent: Vec<u8>,
    distance: Vec<u32>,
    checked: Vec<u32>,
    time: u32,
    active: VecDeque<usize>,
    orphans: VecDeque<usize>,
}

impl Grid {
    /// A grid of the given size. `terminal` is how much each pixel wants to be in the first group (positive) or the
    /// second; `links` is the cost of separating it from each neighbour, and the same from both sides.
    pub(super) fn new(width: usize, height: usize, terminal: Vec<f32>, links: Vec<[f32; 8]>) -> Self {
        let size = width * height;
        let signed = |side: usize| i32::try_from(side).unwrap_or(i32::MAX);
        Self {
            width: signed(width),
            height: signed(height),
            terminal,
            links,
            tree: vec![Tree::Free; size],
            parent: vec![NONE; size],
            distance: vec![0; size],
            checked: vec![0; size],
            time: 0,
            active: VecDeque::new(),
            orphans: VecDeque::new(),
        }
    }

    /// Cuts, and says which pixels are in the first group.
    pub(super) fn cut(mut self) -> Vec<bool> {
        for node in 0..self.terminal.len() {
            let wish = self.terminal[node];
            if wish != 0.0 {
                self.tree[node] = if wish > 0.0 { Tree::Source } else { Tree::Sink };
                self.parent[node] = TERMINAL;
                self.distance[node] = 1;
                self.active.push_back(node);
            }
        }
        while let Some(node) = self.active.pop_front() {
            while self.tree[node] != Tree::Free {
                let Some((from, direction)) = self.grow(node) else {
                    break;
                };
                self.time += 1;
                self.augment(from, direction);
                self.adopt();
            }
        }
        self.tree.iter().map(|tree| *tree == Tree::Source).collect()
    }

    fn neighbour(&self, node: usize, direction: usize) -> Option<usize> {
        let width = usize::try_from(self.width).unwrap_or(1);
        let at = |value: usize| i32::try_from(value).unwrap_or(i32::MAX);
        let (dx, dy) = STEPS[direction];
        let (x, y) = (at(node % width) + dx, at(node / width) + dy);
        if x < 0 || y < 0 || x >= self.width || y >= self.height {
            return None;
        }
        usize::try_from(y * self.width + x).ok()
    }

    /// What can still flow from a node's tree into its neighbour.
    fn room(&self, node: usize, neighbour: usize, direction: usize) -> f32 {
        match self.tree[node] {
            Tree::Source => self.links[node][direction],
            _ => self.links[neighbour][7 - direction],
        }
    }

    /// Grows a tree at `node` until it touches the other one; gives the link from source side to sink side.
    fn grow(&mut self, node: usize) -> Option<(usize, usize)> {
        for direction in 0..8 {
            let Some(next) = self.neighbour(node, direction) else {
                continue;
            };
            if self.room(node, next, direction) <= 0.0 {
                continue;
            }
            if self.tree[next] == Tree::Free {
                self.tree[next] = self.tree[node];
                self.join(next, 7 - direction, node);
                self.active.push_back(next);
            } else if self.tree[next] != self.tree[node] {
                return Some(match self.tree[node] {
                    Tree::Source => (node, direction),
                    _ => (next, 7 - direction),
                });
            } else if self.checked[next] <= self.checked[node]
                && self.distance[next] > self.distance[node] + 1
            {
                self.join(next, 7 - direction, node);
            }
        }
        None
    }

    fn join(&mut self, node: usize, direction: usize, parent: usize) {
        self.parent[node] = direction_byte(direction);
        self.distance[node] = self.distance[parent] + 1;
        self.checked[node] = self.checked[parent];
    }

    /// The parent of a node and the direction to it; `None` at the terminal.
    fn up(&self, node: usize) -> Option<(usize, usize)> {
        let direction = usize::from(self.parent[node]);
        if direction > 7 {
            None
        } else {
            self.neighbour(node, direction).map(|parent| (parent, direction))
        }
    }

    /// Sends as much as fits along the path over the link, and cuts off what is full.
    fn augment(&mut self, from: usize, direction: usize) {
        let Some(to) = self.neighbour(from, direction) else {
            return;
        };
        let mut flow = self.links[from][direction];
        let mut node = from;
        while let Some((parent, way)) = self.up(node) {
            flow = flow.min(self.links[parent][7 - way]);
            node = parent;
        }
        flow = flow.min(self.terminal[node]);
        node = to;
        while let Some((parent, way)) = self.up(node) {
            flow = flow.min(self.links[node][way]);
            node = parent;
        }
        flow = flow.min(-self.terminal[node]);
        self.send(from, direction, to, flow);
        node = from;
        while let Some((parent, way)) = self.up(node) {
            self.send(parent, 7 - way, node, flow);
            if self.links[parent][7 - way] <= 0.0 {
                self.cut_off(node);
            }
            node = parent;
        }
        self.terminal[node] -= flow;
        if self.terminal[node] <= 0.0 {
            self.cut_off(node);
        }
        node = to;
        while let Some((parent, way)) = self.up(node) {
            self.send(node, way, parent, flow);
            if self.links[node][way] <= 0.0 {
                self.cut_off(node);
            }
            node = parent;
        }
        self.terminal[node] += flow;
        if self.terminal[node] >= 0.0 {
            self.cut_off(node);
        }
    }

    fn send(&mut self, from: usize, direction: usize, to: usize, flow: f32) {
        self.links[from][direction] -= flow;
        self.links[to][7 - direction] += flow;
    }

    fn cut_off(&mut self, node: usize) {
        self.parent[node] = NONE;
        self.orphans.push_front(node);
    }

    /// Finds a new parent for each node that was cut off, or sets it free.
    fn adopt(&mut self) {
        while let Some(node) = self.orphans.pop_front() {
            let mut best: Option<(usize, usize)> = None;
            let mut nearest = u32::MAX;
            for direction in 0..8 {
                let Some(next) = self.neighbour(node, direction) else {
                    continue;
                };
                if self.tree[next] != self.tree[node] || self.room(next, node, 7 - direction) <= 0.0 {
                    continue;
                }
                if let Some(distance) = self.distance_to_terminal(next)
                    && distance < nearest
                {
                    nearest = distance;
                    best = Some((next, direction));
                }
            }
            match best {
                Some((next, direction)) => {
                    self.join(node, direction, next);
                    self.checked[node] = self.time;
                    self.distance[node] = nearest + 1;
                }
                None => self.set_free(node),
            }
        }
    }

    /// How far a node is from its terminal, if it still hangs together with it.
    fn distance_to_terminal(&mut self, start: usize) -> Option<u32> {
        let (mut node, mut steps) = (start, 0);
        let total = loop {
            if self.checked[node] == self.time {
                break steps + self.distance[node];
            }
            match self.parent[node] {
                TERMINAL => {
                    self.checked[node] = self.time;
                    self.distance[node] = 1;
                    break steps + 1;
                }
                NONE => return None,
                _ => {}
            }
            node = self.up(node)?.0;
            steps += 1;
        };
        let (mut node, mut left) = (start, total);
        while self.checked[node] != self.time {
            self.checked[node] = self.time;
            self.distance[node] = left;
            left -= 1;
            node = self.up(node)?.0;
        }
        Some(total)
    }

    fn set_free(&mut self, node: usize) {
        for direction in 0..8 {
            let Some(next) = self.neighbour(node, direction) else {
                continue;
            };
            if self.tree[next] != self.tree[node] {
                continue;
            }
            if self.room(next, node, 7 - direction) > 0.0 {
                self.active.push_back(next);
            }
            if self.parent[next] == direction_byte(7 - direction) {
                self.cut_off(next);
            }
        }
        self.tree[node] = Tree::Free;
        self.parent[node] = NONE;
    }
}

fn direction_byte(direction: usize) -> u8 {
    u8::try_from(direction).unwrap_or(NONE)
}

#[cfg(test)]
mod tests {
    use super::Grid;

    #[test]
    fn the_cut_runs_along_the_weak_links() {
        // Two pixels want to be in, two want to be out, two do not care; the weak link is between the second and
        // the third column.
        let (width, height) = (6, 1);
        let terminal = vec![5.0, 0.0, 0.0, 0.0, 0.0, -5.0];
        let mut links = vec![[0.0; 8]; width * height];
        for (x, strength) in [4.0, 0.5, 4.0, 4.0, 4.0].into_iter().enumerate() {
            links[x][4] = strength;
            links[x + 1][3] = strength;
        }
        assert_eq!(
            Grid::new(width, height, terminal, links).cut(),
            [true, true, false, false, false, false]
        );
    }
}

//! Grids of numbers: masks, and the blurs that shadows and soft edges are made of.

/// A grid of numbers, mostly 0 to 1.
#[derive(Debug, Clone)]
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) values: Vec<f32>,
}

impl Plane {
    /// All zero.
    pub(super) fn new(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            values: vec![0.0; width * height],
        }
    }

    /// The value at a place; outside it is 0.
    pub(super) fn at(&self, x: i32, y: i32) -> f32 {
        match (usize::try_from(x), usize::try_from(y)) {
            (Ok(x), Ok(y)) if x < self.width && y < self.height => self.values[y * self.width + x],
            _ => 0.0,
        }
    }

    /// The value between four places.
    pub(super) fn sample(&self, x: f32, y: f32) -> f32 {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "places in a picture are far below i32's limits"
        )]
        let (left, top) = (x.floor() as i32, y.floor() as i32);
        let (fx, fy) = (x - x.floor(), y - y.floor());
        let upper = self.at(left, top) * (1.0 - fx) + self.at(left + 1, top) * fx;
        let lower = self.at(left, top + 1) * (1.0 - fx) + self.at(left + 1, top + 1) * fx;
        upper * (1.0 - fy) + lower * fy
    }

    /// Blurred by three box filters, which together are close to a Gaussian of this radius. The edge is mirrored.
    pub(super) fn blurred(mut self, radius: usize) -> Self {
        if radius > 0 {
            for _ in 0..3 {
                self = self.boxed(radius);
            }
        }
        self
    }

    /// The mean over a square of `2 * radius + 1`.
    pub(super) fn boxed(&self, radius: usize) -> Self {
        let mut across = Self::new(self.width, self.height);
        for (from, to) in self
            .values
            .chunks(self.width)
            .zip(across.values.chunks_mut(self.width))
        {
            box_line(from, to, radius);
        }
        across.boxed_down(radius)
    }

    /// The mean over `2 * radius + 1` rows. All columns go down together, row by row: column by column would fetch
    /// every value from far memory.
    fn boxed_down(&self, radius: usize) -> Self {
        let last = self.height - 1;
        let row = |y: usize| &self.values[y.min(last) * self.width..][..self.width];
        let share = share(radius);
        let mut sums = vec![0.0; self.width];
        for i in 0..=2 * radius {
            for (sum, value) in sums.iter_mut().zip(row(i.saturating_sub(radius))) {
                *sum += value;
            }
        }
        let mut result = Self::new(self.width, self.height);
        for (y, to) in result.values.chunks_mut(self.width).enumerate() {
            let (coming, going) = (row(y + radius + 1), row(y.saturating_sub(radius)));
            for (((to, sum), coming), going) in to.iter_mut().zip(&mut sums).zip(coming).zip(going) {
                *to = *sum * share;
                *sum += coming - going;
            }
        }
        result
    }

    /// The largest connected area above one half, with what it encloses; the rest is 0.
    pub(super) fn main_area(&self) -> Self {
        let inside: Vec<bool> = self.values.iter().map(|value| *value > 0.5).collect();
        let areas = self.areas(&inside);
        let mut result = Self::new(self.width, self.height);
        let Some(largest) = areas.iter().max_by_key(|area| area.len()) else {
            return result;
        };
        let enough = largest.len() / 6;
        for area in areas.iter().filter(|area| area.len() >= enough) {
            for place in area {
                result.values[*place] = 1.0;
            }
        }
        let outside: Vec<bool> = result.values.iter().map(|value| *value < 0.5).collect();
        for hole in self
            .areas(&outside)
            .iter()
            .filter(|area| !self.touches_edge(area))
        {
            for place in hole {
                result.values[*place] = 1.0;
            }
        }
        result
    }

    fn touches_edge(&self, area: &[usize]) -> bool {
        area.iter().any(|place| {
            let (x, y) = (place % self.width, place / self.width);
            x == 0 || y == 0 || x + 1 == self.width || y + 1 == self.height
        })
    }

    fn areas(&self, inside: &[bool]) -> Vec<Vec<usize>> {
        let mut seen = vec![false; inside.len()];
        let mut areas = Vec::new();
        for start in 0..inside.len() {
            if seen[start] || !inside[start] {
                continue;
            }
            seen[start] = true;
            let mut area = vec![start];
            let mut next = 0;
            while next < area.len() {
                let place = area[next];
                next += 1;
                let x = place % self.width;
                let around = [
                    (x > 0).then(|| place - 1),
                    (x + 1 < self.width).then(|| place + 1),
                    place.checked_sub(self.width),
                    Some(place + self.width).filter(|below| *below < inside.len()),
                ];
                for neighbour in around.into_iter().flatten().filter(|place| inside[*place]) {
                    if !seen[neighbour] {
                        seen[neighbour] = true;
                        area.push(neighbour);
                    }
                }
            }
            areas.push(area);
        }
        areas
    }

    /// The smallest rectangle around all values above `limit`: left, top, right, bottom (the last two excluded).
    pub(super) fn bounds(&self, limit: f32) -> Option<[usize; 4]> {
        let mut bounds: Option<[usize; 4]> = None;
        for (place, _) in self
            .values
            .iter()
            .enumerate()
            .filter(|(_, value)| **value > limit)
        {
            let (x, y) = (place % self.width, place / self.width);
            let [left, top, right, bottom] = bounds.unwrap_or([x, y, x + 1, y + 1]);
            bounds = Some([left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1)]);
        }
        bounds
    }
}

/// What each of `2 * radius + 1` values adds to their mean.
fn share(radius: usize) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "a radius is a few thousand at most")]
    let count = (2 * radius + 1) as f32;
    1.0 / count
}

/// A running mean along a line. Beyond the ends the line goes on as it ends.
fn box_line(from: &[f32], to: &mut [f32], radius: usize) {
    let last = from.len() - 1;
    let share = share(radius);
    let mut sum: f32 = (0..=2 * radius)
        .map(|i| from[i.saturating_sub(radius).min(last)])
        .sum();
    for (i, value) in to.iter_mut().enumerate() {
        *value = sum * share;
        sum += from[(i + radius + 1).min(last)] - from[i.saturating_sub(radius).min(last)];
    }
}

#[cfg(test)]
mod tests {
    use super::Plane;

    #[test]
    fn blurring_keeps_the_sum_of_what_is_far_from_the_edge() {
        let mut plane = Plane::new(41, 41);
        plane.values[20 * 41 + 20] = 1.0;
        let blurred = plane.blurred(3);
        assert!((blurred.values.iter().sum::<f32>() - 1.0).abs() < 1e-3);
        assert!(blurred.at(20, 20) > blurred.at(24, 20) && blurred.at(24, 20) > 0.0);
    }

    #[test]
    fn the_main_area_has_no_holes_and_no_specks() {
        let mut plane = Plane::new(12, 12);
        for y in 2..9 {
            for x in 2..9 {
                plane.values[y * 12 + x] = 1.0;
            }
        }
        plane.values[5 * 12 + 5] = 0.0;
        plane.values[11 * 12 + 11] = 1.0;
        let area = plane.main_area();
        assert!(area.at(5, 5) > 0.5 && area.at(11, 11) < 0.5);
        assert_eq!(area.bounds(0.5), Some([2, 2, 9, 9]));
    }
}

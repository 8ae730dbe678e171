//! What happens next: events in the order of their moments, and of being planned where those are the same.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// Milliseconds since the first midnight.
pub(crate) type Moment = u64;

const SECOND: Moment = 1_000;

/// Something planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry<E> {
    at: Moment,
    /// Counts what was planned, so that a run has one order.
    number: u64,
    event: E,
}

/// Everything that is planned.
///
/// Jobs that wait ask every few minutes, which is some ten million events in a day. They lie in one heap for each second, and
/// only the present second is kept in order.
#[derive(Debug)]
pub(crate) struct Agenda<E> {
    present: BinaryHeap<Reverse<Entry<E>>>,
    second: Moment,
    later: VecDeque<Vec<Entry<E>>>,
    planned: u64,
}

impl<E: Copy + Ord> Agenda<E> {
    pub(crate) const fn new() -> Self {
        Self {
            present: BinaryHeap::new(),
            second: 0,
            later: VecDeque::new(),
            planned: 0,
        }
    }

    /// Plans an event; one of the past happens now.
    pub(crate) fn plan(&mut self, at: Moment, event: E) {
        self.planned += 1;
        let entry = Entry {
            at,
            number: self.planned,
            event,
        };
        let ahead = usize::try_from((at / SECOND).saturating_sub(self.second)).unwrap_or(usize::MAX);
        if ahead == 0 {
            self.present.push(Reverse(entry));
            return;
        }
        if self.later.len() < ahead {
            self.later.resize_with(ahead, Vec::new);
        }
        self.later[ahead - 1].push(entry);
    }

    /// The next event; `None` at the end.
    pub(crate) fn next(&mut self) -> Option<(Moment, E)> {
        while self.present.is_empty() {
            let next = self.later.pop_front()?;
            self.second += 1;
            self.present.extend(next.into_iter().map(Reverse));
        }
        self.present.pop().map(|Reverse(entry)| (entry.at, entry.event))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_in_the_order_of_their_moments_and_then_of_being_planned() {
        let mut agenda = Agenda::new();
        for (at, event) in [
            (2_500, 'c'),
            (900, 'a'),
            (2_500, 'd'),
            (2_400, 'b'),
            (90_000, 'e'),
        ] {
            agenda.plan(at, event);
        }
        let order: String = std::iter::from_fn(|| agenda.next())
            .map(|(_, event)| event)
            .collect();
        assert_eq!(order, "abcde");
    }

    #[test]
    fn what_is_planned_for_the_present_second_still_happens_in_it() {
        let mut agenda = Agenda::new();
        agenda.plan(5_100, 1);
        agenda.plan(5_900, 3);
        assert_eq!(agenda.next(), Some((5_100, 1)));
        agenda.plan(5_200, 2);
        assert_eq!(agenda.next(), Some((5_200, 2)));
        assert_eq!(agenda.next(), Some((5_900, 3)));
        assert_eq!(agenda.next(), None);
    }
}

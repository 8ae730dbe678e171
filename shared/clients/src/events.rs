//! Event filters in rows: the names of their types, or nothing where every type is wanted.

use packshot_domain::webhook::{EventFilter, EventType};

/// A filter's names.
pub(crate) fn names(filter: &EventFilter) -> Option<Vec<String>> {
    let types = filter.named()?;
    Some(types.iter().map(|one| one.as_str().to_owned()).collect())
}

/// The filter of these names; `None` where one of them is not a type's.
pub(crate) fn filter(names: Option<Vec<String>>) -> Option<EventFilter> {
    let Some(names) = names else {
        return Some(EventFilter::default());
    };
    let types: Option<Vec<EventType>> = names.iter().map(|name| EventType::parse(name)).collect();
    types.map(EventFilter::only)
}

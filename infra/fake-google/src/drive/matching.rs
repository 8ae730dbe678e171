//! Which files a search finds, and in which order.

use std::cmp::Ordering;

use super::error::DriveError;
use super::file::{File, Home};
use super::query::{Comparison, Flag, Query, TextField, TimeField};
use super::store::{Store, Viewer};

impl Store {
    /// Whether a search finds a file.
    pub(super) fn matches(&self, file: &File, query: &Query, viewer: &Viewer) -> bool {
        match query {
            Query::And(left, right) => self.matches(file, left, viewer) && self.matches(file, right, viewer),
            Query::Or(left, right) => self.matches(file, left, viewer) || self.matches(file, right, viewer),
            Query::Not(inner) => !self.matches(file, inner, viewer),
            Query::Text(TextField::Name, comparison, text) => fits_name(&file.name, *comparison, text),
            Query::Text(TextField::MimeType, comparison, text) => {
                fits_type(&file.mime_type, *comparison, text)
            }
            Query::Time(field, comparison, time) => {
                let own = match field {
                    TimeField::Created => file.created,
                    TimeField::Modified => file.modified,
                };
                fits_order(own.cmp(time), *comparison)
            }
            Query::Flag(Flag::Trashed, wanted) => self.is_trashed(file) == *wanted,
            Query::Flag(Flag::Starred, wanted) => !*wanted,
            Query::Flag(Flag::SharedWithMe, wanted) => is_shared_with(file, &viewer.email) == *wanted,
            Query::InParents(id) => {
                let folder = self.find(id, &viewer.email).map(|folder| folder.id.as_str());
                folder.is_some() && file.parent.as_deref() == folder
            }
            Query::InOwners(email) => {
                let email = if email == "me" { &viewer.email } else { email };
                file.home == Home::MyDrive(email.clone())
            }
            Query::AppProperty(key, value) => file.app_properties.get(key) == Some(value),
        }
    }
}

/// Whether somebody shared it with this person by name.
pub(super) fn is_shared_with(file: &File, email: &str) -> bool {
    file.shared_with.contains_key(email) && file.home != Home::MyDrive(email.to_owned())
}

/// `contains` finds the beginning of a word, and of the ones after it.
fn fits_name(name: &str, comparison: Comparison, text: &str) -> bool {
    match comparison {
        Comparison::Contains => {
            let (name, text) = (words(name), words(text));
            let Some((last, first)) = text.split_last() else {
                return false;
            };
            name.windows(text.len()).any(|part| {
                let (end, begin) = part.split_last().unwrap_or((last, first));
                begin == first && end.starts_with(last.as_str())
            })
        }
        Comparison::Equal => name == text,
        _ => name != text,
    }
}

fn words(text: &str) -> Vec<String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn fits_type(own: &str, comparison: Comparison, text: &str) -> bool {
    match comparison {
        Comparison::Contains => own.contains(text),
        Comparison::Equal => own == text,
        _ => own != text,
    }
}

fn fits_order(order: Ordering, comparison: Comparison) -> bool {
    match comparison {
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
        Comparison::Unequal => order.is_ne(),
        Comparison::Equal | Comparison::Contains => order.is_eq(),
    }
}

/// The order of a list: keys with their direction, ended by the id.
#[derive(Debug)]
pub(super) struct Sorting(Vec<(Key, bool)>);

#[derive(Debug, Clone, Copy)]
enum Key {
    Name,
    NaturalName,
    Folder,
    Created,
    Modified,
}

impl Sorting {
    /// Reads `orderBy`.
    pub(super) fn parse(text: &str) -> Result<Self, DriveError> {
        let keys = text.split(',').filter(|key| !key.trim().is_empty()).map(|key| {
            let mut parts = key.split_whitespace();
            let known = match parts.next().unwrap_or_default() {
                "name" => Key::Name,
                "name_natural" => Key::NaturalName,
                "folder" => Key::Folder,
                "createdTime" => Key::Created,
                "modifiedTime" | "modifiedByMeTime" | "recency" => Key::Modified,
                _ => return Err(DriveError::invalid("orderBy")),
            };
            match (parts.next(), parts.next()) {
                (None, None) => Ok((known, false)),
                (Some("desc"), None) => Ok((known, true)),
                _ => Err(DriveError::invalid("orderBy")),
            }
        });
        Ok(Self(keys.collect::<Result<_, _>>()?))
    }

    /// Which of two files comes first. Without a key the order is that of ids, which is none to rely on.
    pub(super) fn compare(&self, left: &File, right: &File) -> Ordering {
        let by_key = |(key, descending): &(Key, bool)| {
            let order = match key {
                Key::Name => left.name.to_lowercase().cmp(&right.name.to_lowercase()),
                Key::NaturalName => natord::compare_ignore_case(&left.name, &right.name),
                Key::Folder => right.is_folder().cmp(&left.is_folder()),
                Key::Created => left.created.cmp(&right.created),
                Key::Modified => left.modified.cmp(&right.modified),
            };
            if *descending { order.reverse() } else { order }
        };
        let keyed = self.0.iter().map(by_key).find(|order| order.is_ne());
        keyed.unwrap_or_else(|| left.id.cmp(&right.id))
    }
}

#[cfg(test)]
mod tests {
    use super::{Comparison, fits_name};

    #[test]
    fn a_name_is_found_by_the_beginnings_of_its_words() {
        let finds = |text| fits_name("Espresso cup, front-2.jpg", Comparison::Contains, text);
        for text in ["esp", "cup", "Espresso cu", "front", "cup front 2", "jpg"] {
            assert!(finds(text), "{text}");
        }
        for text in ["presso", "up", "cup espresso", "Esp cup", ""] {
            assert!(!finds(text), "{text}");
        }
    }
}

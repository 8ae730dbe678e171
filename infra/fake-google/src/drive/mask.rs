//! Partial answers: `fields=nextPageToken,files(id,capabilities/canDownload)`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::error::DriveError;

/// Which fields of an object are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Mask {
    everything: bool,
    fields: BTreeMap<String, Self>,
}

impl Mask {
    /// Reads a selector. Names that `known` does not have at the first level are refused.
    pub(super) fn parse(text: &str, known: &[&str]) -> Result<Self, DriveError> {
        let mut rest = text;
        let mask = list(&mut rest).filter(|_| rest.is_empty());
        let mask = mask.ok_or_else(|| refusal(text))?;
        match mask.unknown(known) {
            Some(name) => Err(refusal(name)),
            None => Ok(mask),
        }
    }

    /// The first name that is not among those known; `*` is.
    pub(super) fn unknown(&self, known: &[&str]) -> Option<&str> {
        self.fields
            .keys()
            .map(String::as_str)
            .find(|name| !known.contains(name))
    }

    /// Whether a field is wanted, or something in it.
    pub(super) fn wants(&self, name: &str) -> bool {
        self.everything || self.fields.contains_key(name)
    }

    /// The mask for what is in a field.
    pub(super) fn inside(&self, name: &str) -> Self {
        match self.fields.get(name) {
            Some(mask) => mask.clone(),
            None => Self {
                everything: self.everything,
                fields: BTreeMap::new(),
            },
        }
    }

    /// Takes away what is not wanted.
    pub(super) fn apply(&self, value: Value) -> Value {
        if self.everything {
            return value;
        }
        match value {
            Value::Array(items) => items.into_iter().map(|item| self.apply(item)).collect(),
            Value::Object(fields) => {
                let wanted = fields.into_iter().filter_map(|(name, value)| {
                    let mask = self.fields.get(&name)?;
                    Some((name, mask.apply(value)))
                });
                Value::Object(wanted.collect::<Map<_, _>>())
            }
            other => other,
        }
    }
}

fn refusal(name: &str) -> DriveError {
    DriveError::parameter(
        "fields",
        "invalidParameter",
        format!("Invalid field selection {name}"),
    )
}

/// Selectors with commas between. A field that is named without more is wanted whole.
fn list(rest: &mut &str) -> Option<Mask> {
    let mut mask = Mask::default();
    loop {
        selector(rest, &mut mask)?;
        match rest.strip_prefix(',') {
            Some(after) => *rest = after,
            None => return Some(mask),
        }
    }
}

fn selector(rest: &mut &str, mask: &mut Mask) -> Option<()> {
    *rest = rest.trim_start();
    let end = rest
        .find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '*')
        .unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    *rest = after;
    if name == "*" {
        mask.everything = true;
        return Some(());
    }
    if name.is_empty() || name.contains('*') {
        return None;
    }
    let inner = mask.fields.entry(name.to_owned()).or_default();
    if let Some(after) = rest.strip_prefix('/') {
        *rest = after;
        selector(rest, inner)
    } else if let Some(after) = rest.strip_prefix('(') {
        *rest = after;
        let listed = list(rest)?;
        inner.everything |= listed.everything;
        inner.fields.extend(listed.fields);
        *rest = rest.strip_prefix(')')?;
        Some(())
    } else {
        inner.everything = true;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Mask;

    const KNOWN: [&str; 3] = ["files", "kind", "nextPageToken"];

    #[test]
    fn fields_are_chosen_at_every_depth() {
        let mask = Mask::parse("nextPageToken,files(id,capabilities/canDownload)", &KNOWN).expect("is good");
        let whole = json!({"kind": "k", "nextPageToken": "t", "files": [{"id": "1", "name": "n",
            "capabilities": {"canDownload": true, "canEdit": false}}]});
        assert_eq!(
            mask.apply(whole),
            json!({"nextPageToken": "t", "files": [{"id": "1", "capabilities": {"canDownload": true}}]})
        );
        assert!(mask.inside("files").wants("id") && !mask.inside("files").wants("size"));
        let all = Mask::parse("files(*)", &KNOWN).expect("is good");
        assert!(all.inside("files").wants("size"));
    }

    #[test]
    fn selectors_that_make_no_sense_are_refused() {
        for text in ["", "files(id", "files)", "unknown", "files,,kind", "files(id))"] {
            assert!(Mask::parse(text, &KNOWN).is_err(), "{text}");
        }
    }
}

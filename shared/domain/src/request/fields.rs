//! Reading a JSON object field by field while collecting everything that is wrong with it.

use serde_json::{Map, Value};

use super::FieldError;

/// A JSON object, which of its fields have been asked for, and what was wrong so far.
pub(super) struct Fields<'a> {
    prefix: String,
    object: &'a Map<String, Value>,
    known: Vec<&'static str>,
    errors: Vec<FieldError>,
}

impl<'a> Fields<'a> {
    pub(super) const fn new(object: &'a Map<String, Value>) -> Self {
        Self {
            prefix: String::new(),
            object,
            known: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// The value of a field; absent and `null` are the same.
    fn value(&mut self, name: &'static str) -> Option<&'a Value> {
        self.known.push(name);
        self.object.get(name).filter(|value| !value.is_null())
    }

    /// A text of 1 to `longest` characters, trimmed; an empty one counts as absent, as forms send it.
    pub(super) fn text(&mut self, name: &'static str, longest: usize) -> Option<String> {
        let value = self.value(name)?;
        let Some(text) = value.as_str() else {
            self.refuse(name, "wrong_type", "must be a string");
            return None;
        };
        let text = text.trim();
        if text.chars().count() > longest {
            self.refuse(
                name,
                "too_long",
                format!("must be at most {longest} characters long"),
            );
            return None;
        }
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Yes or no; no where it is absent.
    pub(super) fn flag(&mut self, name: &'static str) -> bool {
        let Some(value) = self.value(name) else {
            return false;
        };
        if !value.is_boolean() {
            self.refuse(name, "wrong_type", "must be true or false");
        }
        *value == Value::Bool(true)
    }

    /// A whole number within bounds.
    pub(super) fn integer(&mut self, name: &'static str, least: u64, most: u64) -> Option<u64> {
        let value = self.value(name)?;
        let number = value.as_u64().filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.refuse(
                name,
                "out_of_range",
                format!("must be a whole number from {least} to {most}"),
            );
        }
        number
    }

    /// One of the named values.
    pub(super) fn one_of(&mut self, name: &'static str, choices: &[&str]) -> Option<&'a str> {
        let value = self.value(name)?;
        let text = value.as_str().filter(|text| choices.contains(text));
        if text.is_none() {
            self.refuse(
                name,
                "unknown_value",
                format!("must be one of {}", choices.join(", ")),
            );
        }
        text
    }

    /// The items of an array; none where it is absent.
    pub(super) fn list(&mut self, name: &'static str) -> Vec<&'a Value> {
        match self.value(name) {
            None => Vec::new(),
            Some(Value::Array(items)) => items.iter().collect(),
            Some(_) => {
                self.refuse(name, "wrong_type", "must be an array");
                Vec::new()
            }
        }
    }

    /// The items of an array that may not be empty; `None` where it is absent.
    pub(super) fn some_of(&mut self, name: &'static str) -> Option<Vec<&'a Value>> {
        let items = self.list(name);
        if items.is_empty() && self.object.get(name).is_some_and(Value::is_array) {
            self.refuse(name, "required", "must name at least one, or be left out");
        }
        (!items.is_empty()).then_some(items)
    }

    /// An object with any keys.
    pub(super) fn map(&mut self, name: &'static str) -> Option<&'a Map<String, Value>> {
        let value = self.value(name)?;
        if !value.is_object() {
            self.refuse(name, "wrong_type", "must be an object");
        }
        value.as_object()
    }

    /// An object with known keys; give it back to [`Fields::absorb`] when it is read.
    pub(super) fn object(&mut self, name: &'static str) -> Option<Self> {
        let object = self.map(name)?;
        Some(Self {
            prefix: format!("{}{name}.", self.prefix),
            object,
            known: Vec::new(),
            errors: Vec::new(),
        })
    }

    /// Takes over the errors of an inner object.
    pub(super) fn absorb(&mut self, mut inner: Self) {
        inner.refuse_unknown();
        self.errors.append(&mut inner.errors);
    }

    pub(super) fn refuse(&mut self, name: impl AsRef<str>, code: &'static str, message: impl Into<String>) {
        let field = format!("{}{}", self.prefix, name.as_ref());
        self.errors.push(FieldError::new(field, code, message));
    }

    pub(super) fn has_error(&self, field: &str) -> bool {
        self.errors.iter().any(|error| error.field == field)
    }

    fn refuse_unknown(&mut self) {
        let unknown: Vec<&String> = self
            .object
            .keys()
            .filter(|key| !self.known.contains(&key.as_str()))
            .collect();
        for key in unknown {
            self.refuse(key, "unknown_field", "is not a field of this request");
        }
    }

    /// All that is wrong, unknown fields included.
    pub(super) fn finish(mut self) -> Result<(), Vec<FieldError>> {
        self.refuse_unknown();
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(self.errors)
        }
    }
}

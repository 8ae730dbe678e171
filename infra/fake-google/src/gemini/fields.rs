//! Checks a JSON body against a message the way Google's servers do (proto3 JSON), and brings its names into camelCase.
//!
//! Names are accepted in camelCase and `snake_case`, mixed at will. An unknown name or a value of the wrong type
//! refuses the whole body; all of them are told at once, with paths in `snake_case` and map entries as
//! `properties[0].value`, which is how the real service words it.

use serde_json::{Map, Value};

use crate::error::ApiError;

/// The type of a field.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// `TYPE_STRING`.
    Text,
    /// `TYPE_BYTES`: base64 in either alphabet, checked where it is used.
    Bytes,
    /// `TYPE_INT32` or `TYPE_INT64`: a number or a decimal text.
    Integer,
    /// `TYPE_FLOAT`.
    Number,
    /// `TYPE_BOOL`.
    Flag,
    /// An enum with these names.
    Enum(&'static [&'static str]),
    /// Another message.
    Message(&'static Message),
    /// `repeated`.
    List(&'static Self),
    /// `map<string, …>`: keys are data and stay as they are.
    Map(&'static Self),
    /// `google.protobuf.Struct`, or a part of the interface that this server does not look into.
    Any,
}

/// A message: its fields' names in camelCase, and their types.
#[derive(Debug)]
pub(crate) struct Message {
    /// The fields.
    pub fields: &'static [(&'static str, Kind)],
}

/// Checks `body` and gives it back with all names in camelCase.
pub(crate) fn normalise(body: Value, message: &'static Message) -> Result<Value, ApiError> {
    let mut violations = Vec::new();
    let normal = walk(body, Kind::Message(message), "", &mut violations);
    if violations.is_empty() {
        Ok(normal)
    } else {
        Err(ApiError::bad_fields(&violations))
    }
}

type Violations = Vec<(String, String)>;

fn walk(value: Value, kind: Kind, path: &str, violations: &mut Violations) -> Value {
    match (kind, value) {
        (_, Value::Null) => Value::Null,
        (Kind::Message(message), Value::Object(fields)) => walk_message(fields, message, path, violations),
        (Kind::List(item), Value::Array(items)) => {
            let walked = items.into_iter().enumerate();
            walked
                .map(|(n, value)| walk(value, *item, &format!("{path}[{n}]"), violations))
                .collect()
        }
        // Proto3 JSON takes a lone value for a list of one; Google's own REST samples rely on it for `parts`.
        (Kind::List(item), single) => {
            Value::Array(vec![walk(single, *item, &format!("{path}[0]"), violations)])
        }
        (Kind::Map(item), Value::Object(entries)) => {
            let walked = entries.into_iter().enumerate();
            let entry =
                |(n, (key, value))| (key, walk(value, *item, &format!("{path}[{n}].value"), violations));
            Value::Object(walked.map(entry).collect())
        }
        (kind, value) => {
            if !is_scalar_of(kind, &value) {
                let shown = value.to_string();
                let text = format!("Invalid value at '{path}' ({}), {shown}", type_name(kind));
                violations.push((path.to_owned(), text));
            }
            value
        }
    }
}

fn walk_message(
    fields: Map<String, Value>,
    message: &'static Message,
    path: &str,
    violations: &mut Violations,
) -> Value {
    let mut normal = Map::new();
    for (name, value) in fields {
        let camel = camel_case(&name);
        let Some((_, kind)) = message.fields.iter().find(|(known, _)| *known == camel) else {
            let place = if path.is_empty() {
                String::new()
            } else {
                format!(" at '{path}'")
            };
            let text =
                format!("Invalid JSON payload received. Unknown name \"{name}\"{place}: Cannot find field.");
            violations.push((path.to_owned(), text));
            continue;
        };
        let dot = if path.is_empty() { "" } else { "." };
        let walked = walk(
            value,
            *kind,
            &format!("{path}{dot}{}", snake_case(&camel)),
            violations,
        );
        if !walked.is_null() {
            normal.insert(camel, walked);
        }
    }
    Value::Object(normal)
}

fn is_scalar_of(kind: Kind, value: &Value) -> bool {
    match kind {
        Kind::Text | Kind::Bytes => value.is_string(),
        Kind::Integer => value.is_i64() || value.as_str().is_some_and(|text| text.parse::<i64>().is_ok()),
        Kind::Number => value.is_number() || value.as_str().is_some_and(|text| text.parse::<f64>().is_ok()),
        Kind::Flag => value.is_boolean(),
        Kind::Enum(names) => {
            value.is_u64()
                || value
                    .as_str()
                    .is_some_and(|text| names.iter().any(|n| n.eq_ignore_ascii_case(text)))
        }
        Kind::Any => true,
        Kind::Message(_) | Kind::List(_) | Kind::Map(_) => false,
    }
}

fn type_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "TYPE_STRING",
        Kind::Bytes => "TYPE_BYTES",
        Kind::Integer => "TYPE_INT64",
        Kind::Number => "TYPE_FLOAT",
        Kind::Flag => "TYPE_BOOL",
        Kind::Enum(_) => "TYPE_ENUM",
        Kind::Message(_) | Kind::List(_) | Kind::Map(_) | Kind::Any => "TYPE_MESSAGE",
    }
}

fn camel_case(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut raise = false;
    for letter in name.chars() {
        match letter {
            '_' if !camel.is_empty() => raise = true,
            letter if raise => {
                camel.extend(letter.to_uppercase());
                raise = false;
            }
            letter => camel.push(letter),
        }
    }
    camel
}

fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

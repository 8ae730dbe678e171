//! Schemas of the API's description (JSON Schema 2020-12, as OpenAPI 3.1 has them) in words.

use serde_json::Value;

use crate::docs::markdown;

/// A field, a parameter or a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) name: String,
    /// What it holds, as HTML.
    pub(super) kind: String,
    /// True if it must be there.
    pub(super) is_required: bool,
    /// What it means, as HTML.
    pub(super) description: String,
    /// Its bounds, each as HTML.
    pub(super) bounds: Vec<String>,
}

/// The fields of an object.
pub(super) fn fields(schema: &Value) -> Vec<Field> {
    let required: Vec<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let properties = schema["properties"].as_object().into_iter().flatten();
    let mut fields: Vec<Field> = properties
        .map(|(name, property)| field(name, property, required.contains(&name.as_str())))
        .collect();
    // Whoever writes a request looks for what it must have; the rest stays in the description's order.
    fields.sort_by_key(|field| !field.is_required);
    fields
}

/// A field with this schema.
pub(super) fn field(name: &str, schema: &Value, is_required: bool) -> Field {
    Field {
        name: name.to_owned(),
        kind: kind(schema),
        is_required,
        description: markdown::inline(description(schema)),
        bounds: bounds(schema),
    }
}

/// The description of a schema, which `oneOf` with `null` keeps one level below.
fn description(schema: &Value) -> &str {
    let below = alternatives(schema).find_map(|one| one["description"].as_str());
    schema["description"].as_str().or(below).unwrap_or_default()
}

/// What a value is, as HTML, with a link where it is a type of its own.
pub(super) fn kind(schema: &Value) -> String {
    if let Some(name) = reference(schema) {
        return format!("<a href=\"#{}\">{name}</a>", type_anchor(name));
    }
    let mut alternatives = alternatives(schema).filter(|one| one["type"] != "null");
    if let Some(one) = alternatives.next() {
        return kind(one);
    }
    match type_name(schema) {
        "array" => format!("array of {}", kind(&schema["items"])),
        "object" if !schema["additionalProperties"].is_null() => {
            format!("object with {} values", kind(&schema["additionalProperties"]))
        }
        name => match schema["format"].as_str() {
            Some("int32" | "int64") | None => name.to_owned(),
            Some("binary") => "file".to_owned(),
            Some(format) => format!("{name}, {format}"),
        },
    }
}

/// The name of the type that a schema refers to.
pub(super) fn reference(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

/// The anchor of a type's section.
pub(super) fn type_anchor(name: &str) -> String {
    format!("type-{name}")
}

fn alternatives(schema: &Value) -> impl Iterator<Item = &Value> {
    schema["oneOf"].as_array().into_iter().flatten()
}

/// `["string", "null"]` is a string that may be left out.
fn type_name(schema: &Value) -> &str {
    let one_of_several = || {
        let names = schema["type"].as_array()?;
        names
            .iter()
            .filter_map(Value::as_str)
            .find(|name| *name != "null")
    };
    schema["type"].as_str().or_else(one_of_several).unwrap_or("any")
}

fn bounds(schema: &Value) -> Vec<String> {
    let mut bounds = Vec::new();
    if let Some(values) = schema["enum"].as_array() {
        let values: Vec<String> = values.iter().filter_map(Value::as_str).map(code).collect();
        bounds.push(format!("one of {}", values.join(", ")));
    }
    bounds.extend(range(schema, ["minimum", "maximum"], ""));
    bounds.extend(range(schema, ["minLength", "maxLength"], " characters"));
    bounds.extend(range(schema, ["minItems", "maxItems"], " entries"));
    if let Some(pattern) = schema["pattern"].as_str() {
        bounds.push(match alternation(pattern) {
            Some(values) => format!("one of {}", values.map(code).collect::<Vec<_>>().join(", ")),
            None => format!("must match {}", code(pattern)),
        });
    }
    if !schema["default"].is_null() {
        bounds.push(format!("{} where it is left out", code(text(&schema["default"]))));
    }
    if !schema["example"].is_null() && !schema["example"].is_object() {
        bounds.push(format!("for example {}", code(text(&schema["example"]))));
    }
    bounds
}

/// The words of a pattern that is a plain choice between words: `^(pending|ready)$`.
fn alternation(pattern: &str) -> Option<impl Iterator<Item = &str>> {
    let words = pattern.strip_prefix("^(")?.strip_suffix(")$")?;
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_-|".contains(letter);
    words.chars().all(is_plain).then(|| words.split('|'))
}

fn range(schema: &Value, [least, most]: [&str; 2], unit: &str) -> Option<String> {
    let number = |name: &str| schema[name].as_i64();
    match (number(least), number(most)) {
        (Some(least), Some(most)) => Some(format!("{least} to {most}{unit}")),
        // That a count is not negative goes without saying.
        (Some(0) | None, None) => None,
        (Some(least), None) => Some(format!("at least {least}{unit}")),
        (None, Some(most)) => Some(format!("at most {most}{unit}")),
    }
}

fn code(text: impl AsRef<str>) -> String {
    let mut escaped = String::new();
    for letter in text.as_ref().chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            letter => escaped.push(letter),
        }
    }
    format!("<code>{escaped}</code>")
}

/// A value as one writes it: texts without quotation marks.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_named_as_people_would() {
        for (schema, expected) in [
            (json!({"type": "string"}), "string"),
            (
                json!({"type": ["string", "null"], "format": "date-time"}),
                "string, date-time",
            ),
            (json!({"type": "integer", "format": "int64"}), "integer"),
            (
                json!({"type": "array", "items": {"type": "string", "format": "binary"}}),
                "array of file",
            ),
            (
                json!({"oneOf": [{"$ref": "#/components/schemas/Cost"}, {"type": "null"}]}),
                "<a href=\"#type-Cost\">Cost</a>",
            ),
            (
                json!({"type": "object", "additionalProperties": {"type": "string"}}),
                "object with string values",
            ),
        ] {
            assert_eq!(kind(&schema), expected, "{schema}");
        }
    }

    #[test]
    fn bounds_are_told_in_words() {
        let schema = json!({"type": "integer", "minimum": 1, "maximum": 10, "default": 10});
        assert_eq!(
            bounds(&schema),
            ["1 to 10", "<code>10</code> where it is left out"]
        );
        assert_eq!(
            bounds(&json!({"pattern": "^(pending|ready)$"})),
            ["one of <code>pending</code>, <code>ready</code>"]
        );
        assert_eq!(
            bounds(&json!({"pattern": "^[0-9]+$"})),
            ["must match <code>^[0-9]+$</code>"]
        );
        assert_eq!(bounds(&json!({"minimum": 0})), Vec::<String>::new());
        assert_eq!(bounds(&json!({"maxLength": 200})), ["at most 200 characters"]);
    }

    #[test]
    fn what_must_be_there_comes_first() {
        let schema = json!({
            "required": ["size"],
            "properties": {"name": {"type": "string", "description": "Its `name`."}, "size": {"type": "integer"}},
        });
        let fields = fields(&schema);
        let names: Vec<_> = fields
            .iter()
            .map(|field| (field.name.as_str(), field.is_required))
            .collect();
        assert_eq!(names, [("size", true), ("name", false)]);
        assert_eq!(fields[1].description, "Its <code>name</code>.");
    }
}

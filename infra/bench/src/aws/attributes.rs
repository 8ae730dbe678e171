//! Plain JSON as a row's attributes (<https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html>).

use serde_json::{Map, Value, json};

/// The fields of an object.
pub(super) fn attributes(row: &Value) -> Value {
    let fields = row.as_object().into_iter().flatten();
    fields
        .map(|(name, value)| (name.clone(), attribute(value)))
        .collect::<Map<_, _>>()
        .into()
}

fn attribute(value: &Value) -> Value {
    match value {
        Value::Null => json!({"NULL": true}),
        Value::Bool(flag) => json!({"BOOL": flag}),
        Value::Number(number) => json!({"N": number.to_string()}),
        Value::String(text) => json!({"S": text}),
        Value::Array(items) => json!({"L": items.iter().map(attribute).collect::<Vec<_>>()}),
        Value::Object(_) => json!({"M": attributes(value)}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_json_becomes_attributes() {
        let row = json!({"version": 3, "images": [{"id": "a"}], "archive": null, "done": true});
        assert_eq!(
            attributes(&row),
            json!({
                "version": {"N": "3"},
                "images": {"L": [{"M": {"id": {"S": "a"}}}]},
                "archive": {"NULL": true},
                "done": {"BOOL": true},
            })
        );
    }
}

//! Makes JSON that satisfies a schema: `responseSchema` (OpenAPI, upper-case types) or `responseJsonSchema`.

use serde_json::{Map, Value, json};

use super::brief::Brief;
use super::shots::{self, Shot, plain};
use super::wording::words;

/// How deep a schema is followed; the real service refuses deep ones.
const DEEPEST: usize = 16;

/// Names of lists that are one entry a picture.
const SHOT_LISTS: [&str; 6] = ["shots", "shotlist", "images", "pictures", "photos", "prompts"];

/// Entries of such a list when the schema does not say how many.
const USUAL_SHOTS: usize = 10;

/// Makes an answer. `shots` overrules the number of shots that the schema asks for.
pub(crate) fn answer(schema: &Value, brief: &Brief, shots: Option<usize>) -> Value {
    let mut writer = Writer {
        root: schema,
        brief,
        shots,
        rounds: Vec::new(),
    };
    let first = writer.shot(0, &[]);
    writer.value(
        schema,
        "",
        &Place {
            index: 0,
            depth: 0,
            shot: &first,
        },
    )
}

struct Writer<'a> {
    root: &'a Value,
    brief: &'a Brief,
    shots: Option<usize>,
    /// Kinds handed out so far in the list being written, to know a kind's round.
    rounds: Vec<String>,
}

/// Where in the answer a value stands.
struct Place<'a> {
    index: usize,
    depth: usize,
    shot: &'a Shot,
}

impl Writer<'_> {
    fn value(&mut self, schema: &Value, name: &str, place: &Place<'_>) -> Value {
        if place.depth > DEEPEST {
            return Value::Null;
        }
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            let pointer = target.strip_prefix('#').unwrap_or_default();
            let found = self.root.pointer(pointer).cloned().unwrap_or(Value::Null);
            return self.value(
                &found,
                name,
                &Place {
                    depth: place.depth + 1,
                    ..*place
                },
            );
        }
        if let Some(fixed) = schema.get("const") {
            return fixed.clone();
        }
        let alternatives = schema
            .get("anyOf")
            .or_else(|| schema.get("oneOf"))
            .and_then(Value::as_array);
        if let Some(first) = alternatives.and_then(|all| all.iter().find(|one| type_of(one) != "null")) {
            return self.value(
                first,
                name,
                &Place {
                    depth: place.depth + 1,
                    ..*place
                },
            );
        }
        if let Some(allowed) = schema
            .get("enum")
            .and_then(Value::as_array)
            .filter(|all| !all.is_empty())
        {
            return self.choose(allowed, name, place);
        }
        match type_of(schema).as_str() {
            "object" => self.object(schema, place),
            "array" => self.array(schema, name, place),
            "integer" => number(schema, name, place.index, true),
            "number" => number(schema, name, place.index, false),
            "boolean" => Value::Bool(true),
            "null" => Value::Null,
            _ => self.text(schema, name, place),
        }
    }

    fn object(&mut self, schema: &Value, place: &Place<'_>) -> Value {
        let mut object = Map::new();
        for (name, property) in schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let value = self.value(
                property,
                name,
                &Place {
                    depth: place.depth + 1,
                    ..*place
                },
            );
            object.insert(name.clone(), value);
        }
        for name in schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            object
                .entry(name)
                .or_insert_with(|| json!(words(name, place.index, place.shot, self.brief)));
        }
        Value::Object(object)
    }

    fn array(&mut self, schema: &Value, name: &str, place: &Place<'_>) -> Value {
        let items = schema
            .get("items")
            .cloned()
            .unwrap_or_else(|| json!({"type": "STRING"}));
        let is_shots = SHOT_LISTS.contains(&plain(name).as_str()) || (name.is_empty() && place.depth == 0);
        let count = self.length(schema, name, is_shots);
        let prefix: Vec<Value> = schema
            .get("prefixItems")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let allowed = allowed_kinds(&items);
        let outer = std::mem::take(&mut self.rounds);
        let list = (0..count)
            .map(|index| {
                let shot = if is_shots {
                    self.shot(index, &allowed)
                } else {
                    place.shot.clone()
                };
                let item = prefix.get(index).unwrap_or(&items);
                self.value(
                    item,
                    name,
                    &Place {
                        index,
                        depth: place.depth + 1,
                        shot: &shot,
                    },
                )
            })
            .collect();
        self.rounds = outer;
        list
    }

    fn length(&self, schema: &Value, name: &str, is_shots: bool) -> usize {
        let bound = |key: &str| {
            schema
                .get(key)
                .and_then(whole)
                .map(|bound| usize::try_from(bound).unwrap_or(0))
        };
        let usual = match plain(name).as_str() {
            _ if is_shots => USUAL_SHOTS,
            "colors" | "colours" | "palette" => self.brief.colours.len().max(1),
            _ => 3,
        };
        let bounded = usual
            .max(bound("minItems").unwrap_or(0))
            .min(bound("maxItems").unwrap_or(usize::MAX));
        self.shots.filter(|_| is_shots).unwrap_or(bounded)
    }

    fn shot(&mut self, index: usize, allowed: &[String]) -> Shot {
        let kind = shots::kind_for(index, allowed);
        let round = self.rounds.iter().filter(|before| **before == kind).count();
        self.rounds.push(kind.clone());
        shots::plan(index, &kind, round, self.brief)
    }

    fn choose(&self, allowed: &[Value], name: &str, place: &Place<'_>) -> Value {
        let words = words(name, place.index, place.shot, self.brief);
        let fitting = allowed
            .iter()
            .find(|value| value.as_str().is_some_and(|text| plain(text) == plain(&words)));
        fitting.unwrap_or(&allowed[place.index % allowed.len()]).clone()
    }

    fn text(&self, schema: &Value, name: &str, place: &Place<'_>) -> Value {
        match schema.get("format").and_then(Value::as_str) {
            Some("date-time") => return json!("2026-11-22T10:00:00Z"),
            Some("date") => return json!("2026-11-22"),
            Some("time") => return json!("10:00:00Z"),
            _ => {}
        }
        let mut words = words(name, place.index, place.shot, self.brief);
        let bound = |key: &str| {
            schema
                .get(key)
                .and_then(whole)
                .and_then(|bound| usize::try_from(bound).ok())
        };
        while words.chars().count() < bound("minLength").unwrap_or(0) {
            words.push_str(" Same light, same place.");
        }
        Value::String(
            words
                .chars()
                .take(bound("maxLength").unwrap_or(usize::MAX))
                .collect(),
        )
    }
}

/// What a list's entries allow as their kind.
fn allowed_kinds(items: &Value) -> Vec<String> {
    let properties = items.get("properties").and_then(Value::as_object);
    let kind = properties
        .into_iter()
        .flatten()
        .find(|(name, _)| matches!(plain(name).as_str(), "kind" | "type"));
    let allowed = kind
        .and_then(|(_, schema)| schema.get("enum"))
        .and_then(Value::as_array);
    allowed
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// A schema's type in lower case; of several, the first that is not null.
fn type_of(schema: &Value) -> String {
    let named = match schema.get("type") {
        Some(Value::Array(names)) => names
            .iter()
            .filter_map(Value::as_str)
            .find(|name| *name != "null"),
        Some(name) => name.as_str(),
        None => None,
    };
    match named {
        Some(name) => name.to_ascii_lowercase(),
        None if schema.get("properties").is_some() => "object".to_owned(),
        None if schema.get("items").is_some() => "array".to_owned(),
        None => "string".to_owned(),
    }
}

fn number(schema: &Value, name: &str, index: usize, integer: bool) -> Value {
    let bound = |key: &str| {
        schema
            .get(key)
            .and_then(|bound| bound.as_f64().or_else(|| bound.as_str()?.parse().ok()))
    };
    let position = u32::try_from(index + 1).map_or(1.0, f64::from);
    let usual = if plain(name).contains("confidence") {
        0.9
    } else {
        position
    };
    let value = usual
        .max(bound("minimum").unwrap_or(f64::MIN))
        .min(bound("maximum").unwrap_or(f64::MAX));
    if !integer {
        return json!(value);
    }
    // A whole number between two bounds that are not whole lies above the lower one.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a schema's bounds on whole numbers fit i64"
    )]
    let whole = value.ceil() as i64;
    json!(whole)
}

/// A bound that proto3 JSON may have sent as text.
fn whole(value: &Value) -> Option<i64> {
    value
        .as_i64()
        .or_else(|| value.as_str().and_then(|text| text.parse().ok()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::answer;
    use crate::gemini::brief::Brief;

    fn brief() -> Brief {
        Brief {
            title: "Cup".to_owned(),
            titled: true,
            colours: vec!["red".to_owned()],
            ..Brief::default()
        }
    }

    #[test]
    fn a_shot_list_has_the_asked_length_kinds_and_ratios() {
        let schema = json!({"type": "OBJECT", "required": ["shots"], "properties": {"shots": {
            "type": "ARRAY", "minItems": "12", "maxItems": 12, "items": {"type": "OBJECT", "properties": {
                "title": {"type": "STRING", "maxLength": 6},
                "kind": {"type": "STRING", "enum": ["studio", "in_use"]},
                "prompt": {"type": "STRING", "minLength": 400},
                "aspect_ratio": {"type": "STRING", "enum": ["1:1", "9:16"]},
                "alt": {"type": "STRING"}}}}}});
        let answer = answer(&schema, &brief(), None);
        let shots = answer["shots"].as_array().expect("is a list");
        assert_eq!(shots.len(), 12);
        let prompts: std::collections::BTreeSet<_> =
            shots.iter().map(|shot| shot["prompt"].to_string()).collect();
        assert_eq!(prompts.len(), 12, "prompts repeat");
        for shot in shots {
            assert!(["studio", "in_use"].contains(&shot["kind"].as_str().expect("is text")));
            assert!(["1:1", "9:16"].contains(&shot["aspect_ratio"].as_str().expect("is text")));
            assert!(shot["title"].as_str().expect("is text").chars().count() <= 6);
            assert!(shot["prompt"].as_str().expect("is text").chars().count() >= 400);
        }
    }

    #[test]
    fn json_schemas_with_references_and_bounds_are_followed() {
        let schema = json!({"type": "object", "$defs": {"tone": {"enum": ["warm"]}}, "required": ["extra"],
            "properties": {"tone": {"$ref": "#/$defs/tone"}, "n": {"type": "integer", "minimum": 40.5},
                "maybe": {"type": ["string", "null"]}, "either": {"anyOf": [{"type": "null"}, {"type": "boolean"}]},
                "colors": {"type": "array", "items": {"type": "string"}}}});
        let answer = answer(&schema, &brief(), None);
        assert_eq!(answer["tone"], "warm");
        assert_eq!(answer["n"], 41);
        assert!(answer["maybe"].is_string() && answer["either"].is_boolean() && answer["extra"].is_string());
        assert_eq!(answer["colors"], json!(["red"]));
    }

    #[test]
    fn a_fault_may_ask_for_a_wrong_count() {
        let schema = json!({"type": "OBJECT", "properties": {"shots": {"type": "ARRAY", "minItems": 10, "maxItems": 10,
            "items": {"type": "OBJECT", "properties": {"title": {"type": "STRING"}}}}}});
        assert_eq!(
            answer(&schema, &brief(), Some(7))["shots"]
                .as_array()
                .map(Vec::len),
            Some(7)
        );
    }
}

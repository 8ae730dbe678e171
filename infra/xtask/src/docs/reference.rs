//! The reference: every operation of `docs/openapi.json` with its parameters, bodies and answers, and every type.

use askama::Template;
use serde_json::Value;

use crate::docs::ROOT;
use crate::docs::book::Page;
use crate::docs::code::Block;
use crate::docs::markdown::{self, Heading};
use crate::docs::schema::{self, Field, type_anchor};
use crate::error::Error;

const TITLE: &str = "API reference";

#[derive(Template)]
#[template(path = "reference.html")]
struct Reference {
    title: &'static str,
    introduction: Vec<String>,
    version: String,
    groups: Vec<Group>,
    types: Vec<Type>,
}

/// The operations on one kind of thing.
struct Group {
    name: String,
    anchor: String,
    description: String,
    operations: Vec<Operation>,
}

struct Operation {
    anchor: String,
    title: String,
    method: String,
    path: String,
    description: String,
    parameters: Vec<Parameter>,
    bodies: Vec<Body>,
    answers: Vec<Answer>,
    /// The example of the first answer that has one, in its frame.
    example: Option<String>,
}

struct Parameter {
    place: &'static str,
    field: Field,
}

struct Body {
    content_type: String,
    description: String,
    fields: Vec<Field>,
    /// In its frame.
    example: Option<String>,
}

struct Answer {
    status: String,
    description: String,
    /// What the body is, as HTML; empty where there is none.
    kind: String,
    headers: Vec<String>,
}

struct Type {
    name: String,
    anchor: String,
    description: String,
    fields: Vec<Field>,
}

/// The page, from the description as it is written.
pub(super) fn page(text: &str) -> Result<Page, Error> {
    let document: Value = serde_json::from_str(text)
        .map_err(|error| Error::Found(format!("docs/openapi.json is no JSON: {error}")))?;
    let reference = Reference::read(&document);
    let content = reference
        .render()
        .map_err(|error| Error::Found(format!("the reference cannot be written: {error}")))?;
    let headings = reference.headings();
    let types = reference.types.iter().map(|one| one.anchor.clone());
    Ok(Page {
        address: format!("{ROOT}/api"),
        title: TITLE.to_owned(),
        summary: "Every operation of the Packshot API with its parameters, bodies, answers and examples."
            .to_owned(),
        anchors: headings
            .iter()
            .map(|heading| heading.anchor.clone())
            .chain(types)
            .collect(),
        headings,
        links: vec![format!("{ROOT}/openapi.json"), format!("{ROOT}/errors")],
        content,
    })
}

impl Reference {
    fn read(document: &Value) -> Self {
        let schemas = &document["components"]["schemas"];
        let info = &document["info"];
        let groups = entries(&document["tags"]).map(|tag| {
            let name = string(&tag["name"]);
            Group {
                anchor: markdown::anchor(&name),
                description: markdown::inline(&string(&tag["description"])),
                operations: operations(document, &name),
                name,
            }
        });
        Self {
            title: TITLE,
            introduction: string(&info["description"])
                .split("\n\n")
                .map(markdown::inline)
                .collect(),
            version: string(&info["version"]),
            groups: groups.collect(),
            types: members(schemas)
                .map(|(name, schema)| Type {
                    name: name.clone(),
                    anchor: type_anchor(name),
                    description: markdown::inline(&string(&schema["description"])),
                    fields: schema::fields(schema),
                })
                .collect(),
        }
    }

    fn headings(&self) -> Vec<Heading> {
        let heading = |level, anchor: &str, text: &str| Heading {
            level,
            anchor: anchor.to_owned(),
            text: text.to_owned(),
        };
        let mut headings = Vec::new();
        for group in &self.groups {
            headings.push(heading(2, &group.anchor, &group.name));
            let operations = group.operations.iter();
            headings.extend(operations.map(|operation| heading(3, &operation.anchor, &operation.title)));
        }
        headings.push(heading(2, "types", "Types"));
        headings
    }
}

fn operations(document: &Value, tag: &str) -> Vec<Operation> {
    let schemas = &document["components"]["schemas"];
    let mut found = Vec::new();
    for (path, item) in members(&document["paths"]) {
        for (method, operation) in members(item) {
            if entries(&operation["tags"]).any(|one| one == tag) {
                found.push(read_operation(schemas, path, method, operation));
            }
        }
    }
    found
}

fn read_operation(schemas: &Value, path: &str, method: &str, operation: &Value) -> Operation {
    let id = string(&operation["operationId"]);
    let answers = members(&operation["responses"]);
    let good = answers.clone().filter(|(status, _)| status.starts_with('2'));
    Operation {
        title: operation["summary"]
            .as_str()
            .map_or_else(|| title(&id), str::to_owned),
        anchor: id,
        method: method.to_uppercase(),
        path: path.to_owned(),
        description: markdown::inline(&string(&operation["description"])),
        parameters: entries(&operation["parameters"]).map(parameter).collect(),
        bodies: members(&operation["requestBody"]["content"])
            .map(|(content_type, content)| body(schemas, content_type, content))
            .collect(),
        example: good
            .filter_map(|(_, answer)| content(answer))
            .find_map(|content| example_of(schemas, content)),
        answers: answers
            .map(|(status, answer)| read_answer(status, answer))
            .collect(),
    }
}

/// `list_jobs` as a title: `List jobs`.
fn title(id: &str) -> String {
    let words = id.replace('_', " ");
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

fn parameter(parameter: &Value) -> Parameter {
    let place = match parameter["in"].as_str() {
        Some("path") => "in the path",
        Some("header") => "header",
        _ => "in the query",
    };
    let mut field = schema::field(
        &string(&parameter["name"]),
        &parameter["schema"],
        parameter["required"] == true,
    );
    field.description = markdown::inline(&string(&parameter["description"]));
    Parameter { place, field }
}

fn body(schemas: &Value, content_type: &str, content: &Value) -> Body {
    let schema = resolved(schemas, &content["schema"]);
    Body {
        content_type: content_type.to_owned(),
        description: markdown::inline(&string(&schema["description"])),
        fields: schema::fields(schema),
        example: example_of(schemas, content),
    }
}

fn read_answer(status: &str, answer: &Value) -> Answer {
    Answer {
        status: status.to_owned(),
        description: markdown::inline(&string(&answer["description"])),
        kind: content(answer).map_or_else(String::new, |content| schema::kind(&content["schema"])),
        headers: members(&answer["headers"])
            .filter(|(name, _)| !EVERYWHERE.contains(&name.as_str()))
            .map(|(name, _)| name.clone())
            .collect(),
    }
}

/// Headers of every answer; the page tells them once.
const EVERYWHERE: [&str; 3] = ["RateLimit", "RateLimit-Policy", "x-request-id"];

fn content(answer: &Value) -> Option<&Value> {
    members(&answer["content"]).next().map(|(_, content)| content)
}

/// A body's own example, or that of its type.
fn example_of(schemas: &Value, content: &Value) -> Option<String> {
    let own = example(&content["example"]);
    own.or_else(|| example(&resolved(schemas, &content["schema"])["example"]))
}

fn example(value: &Value) -> Option<String> {
    if value.is_null() {
        return None;
    }
    let text = serde_json::to_string_pretty(value).expect("JSON can be written");
    Some(markdown::frame(&Block::new("json", text)))
}

fn resolved<'a>(schemas: &'a Value, schema: &'a Value) -> &'a Value {
    schema::reference(schema).map_or(schema, |name| &schemas[name])
}

fn string(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn entries(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> + Clone {
    value.as_object().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> Value {
        serde_json::from_str(include_str!("../../../../docs/openapi.json")).expect("the description is JSON")
    }

    #[test]
    fn every_operation_and_every_type_is_on_the_page() {
        let document = written();
        let page = page(&document.to_string()).expect("it can be written");
        let mut count = 0;
        for (path, item) in members(&document["paths"]) {
            for (method, operation) in members(item) {
                let anchor = string(&operation["operationId"]);
                assert!(page.anchors.contains(&anchor), "{method} {path}");
                assert!(
                    page.content.contains(&format!("id=\"{anchor}\"")),
                    "{method} {path}"
                );
                count += 1;
            }
        }
        assert!(count > 10, "{count}");
        for (name, _) in members(&document["components"]["schemas"]) {
            assert!(page.content.contains(&format!("id=\"type-{name}\"")), "{name}");
        }
    }

    #[test]
    fn links_to_types_lead_to_them() {
        let page = page(&written().to_string()).expect("it can be written");
        for part in page.content.split("href=\"#").skip(1) {
            let anchor = part.split('"').next().unwrap_or_default();
            assert!(page.content.contains(&format!("id=\"{anchor}\"")), "{anchor}");
        }
    }

    #[test]
    fn a_title_is_made_of_the_operations_name() {
        assert_eq!(title("list_webhook_deliveries"), "List webhook deliveries");
    }
}

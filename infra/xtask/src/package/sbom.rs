//! Bills of material: what the archives and the page are made of, in the form of `CycloneDX` 1.5
//! (<https://cyclonedx.org/docs/1.5/json/>), for whoever must know whether an advisory is about them.
//!
//! The crates come from cargo, the packages of the page from npm, which writes the form itself. The tool for cargo is on no
//! registry as a program (docs/decisions/0008), and what it would do is the one function below.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::command;
use crate::error::Error;
use crate::workspace::Workspace;

/// The package whose programs are in the archives.
const FUNCTIONS: &str = "packshot-functions";

/// Writes `functions.cdx.json` and `page.cdx.json` into a folder.
pub(super) fn write(workspace: &Workspace, folder: &Path) -> Result<(), Error> {
    let arguments = ["metadata", "--format-version", "1", "--locked"];
    let metadata = command::capture(&mut command::cargo(workspace, &arguments))?;
    let metadata: Value = serde_json::from_str(&metadata).map_err(unreadable("cargo"))?;
    save(&folder.join("functions.cdx.json"), &of_crates(&metadata))?;
    let mut npm = Command::new("npm");
    npm.args([
        "sbom",
        "--sbom-format",
        "cyclonedx",
        "--omit",
        "dev",
        "--package-lock-only",
    ])
    .current_dir(workspace.root.join("web"));
    let page: Value = serde_json::from_str(&command::capture(&mut npm)?).map_err(unreadable("npm"))?;
    save(&folder.join("page.cdx.json"), &page)
}

fn unreadable(who: &'static str) -> impl FnOnce(serde_json::Error) -> Error {
    move |error| Error::Found(format!("what {who} says of the packages cannot be read: {error}"))
}

fn save(path: &Path, bill: &Value) -> Result<(), Error> {
    std::fs::write(path, format!("{bill:#}\n")).map_err(Error::file("write", path))
}

/// The bill of all crates that the functions are built of, by what `cargo metadata` says. Crates that only tests and build
/// scripts need are not in the programs.
fn of_crates(metadata: &Value) -> Value {
    let packages: BTreeMap<&str, &Value> = list(&metadata["packages"])
        .map(|package| (text(&package["id"]), package))
        .collect();
    let root = packages
        .values()
        .find(|package| package["name"] == FUNCTIONS)
        .map_or("", |package| text(&package["id"]));
    let edges = edges(metadata);
    let mut reached = BTreeSet::new();
    let mut next = vec![root];
    while let Some(id) = next.pop() {
        if reached.insert(id) {
            next.extend(edges.get(id).into_iter().flatten());
        }
    }
    let component = |id: &&str| packages.get(*id).map(|package| component(package));
    let others = reached.iter().filter(|id| **id != root);
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": component(&root).map(|mut component| {
            component["type"] = "application".into();
            component
        })},
        "components": others.filter_map(component).collect::<Vec<_>>(),
        "dependencies": reached.iter().map(|id| {
            let on = edges.get(id).into_iter().flatten();
            json!({"ref": id, "dependsOn": on.collect::<Vec<_>>()})
        }).collect::<Vec<_>>(),
    })
}

/// Which crates a crate is linked with.
fn edges(metadata: &Value) -> BTreeMap<&str, BTreeSet<&str>> {
    let is_linked = |dependency: &&Value| list(&dependency["dep_kinds"]).any(|kind| kind["kind"].is_null());
    list(&metadata["resolve"]["nodes"])
        .map(|node| {
            let on = list(&node["deps"]).filter(is_linked);
            (
                text(&node["id"]),
                on.map(|dependency| text(&dependency["pkg"])).collect(),
            )
        })
        .collect()
}

fn component(package: &Value) -> Value {
    let (name, version) = (text(&package["name"]), text(&package["version"]));
    let mut component = json!({
        "type": "library",
        "bom-ref": package["id"],
        "name": name,
        "version": version,
        "purl": format!("pkg:cargo/{name}@{version}"),
    });
    if let Some(licence) = package["license"].as_str() {
        // Some crates still write the alternative with a slash.
        component["licenses"] = json!([{"expression": licence.replace('/', " OR ")}]);
    }
    component
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_linked_is_on_the_bill() {
        let package =
            |name: &str| json!({"id": name, "name": name, "version": "1.0.0", "license": "MIT/Apache-2.0"});
        let dependency = |name: &str, kind: Value| json!({"pkg": name, "dep_kinds": [{"kind": kind}]});
        let metadata = json!({
            "packages": [package(FUNCTIONS), package("serde"), package("itoa"), package("insta"), package("cc")],
            "resolve": {"nodes": [
                {"id": FUNCTIONS, "deps": [
                    dependency("serde", Value::Null), dependency("insta", json!("dev")), dependency("cc", json!("build")),
                ]},
                {"id": "serde", "deps": [dependency("itoa", Value::Null)]},
            ]},
        });
        let bill = of_crates(&metadata);
        let names: Vec<&str> = list(&bill["components"])
            .map(|component| text(&component["name"]))
            .collect();
        assert_eq!(names, ["itoa", "serde"]);
        assert_eq!(bill["metadata"]["component"]["name"], FUNCTIONS);
        assert_eq!(
            bill["components"][0]["licenses"],
            json!([{"expression": "MIT OR Apache-2.0"}])
        );
        assert_eq!(bill["components"][1]["purl"], "pkg:cargo/serde@1.0.0");
    }
}

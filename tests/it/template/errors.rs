//! Every code that the API answers with, by our handlers or by API Gateway, is explained, and so is every reason of a job
//! that fails and of an image that is not made.

use std::collections::{BTreeMap, BTreeSet};

use packshot_domain::{failure::FailureCode, image::ImageFailureReason, job::SavingFailure};
use packshot_functions::api::problem::kinds;
use serde_json::Value;

use super::{repository, template};

fn document() -> String {
    std::fs::read_to_string(repository().join("docs/errors.md")).expect("the file is there")
}

/// The sections of `docs/errors.md` by their code, which is the anchor that `type` leads to.
fn sections() -> BTreeMap<String, String> {
    let text = document();
    let parts = text.split("\n### ").skip(1);
    let sections = parts.map(|part| {
        let (code, rest) = part.split_once('\n').expect("a heading has a line of its own");
        let rest = rest.split_once("\n## ").map_or(rest, |(section, _)| section);
        (code.to_owned(), rest.to_owned())
    });
    sections.collect()
}

/// The status that a section tells first: `**422**`.
fn status(section: &str) -> Option<u16> {
    section
        .trim_start()
        .strip_prefix("**")?
        .split_once("**")?
        .0
        .parse()
        .ok()
}

/// What API Gateway answers by itself: its codes with their status.
fn gateways() -> BTreeMap<String, u16> {
    let template = template();
    let problems = template["Mappings"]["Problems"].as_object().expect("problems");
    let codes = problems.values().map(|problem| {
        let rest = problem["Rest"].as_str().expect("a text");
        let between = |from: &str, to: &str| {
            let (_, after) = rest.split_once(from).expect("it is there");
            after.split_once(to).expect("it ends").0.to_owned()
        };
        let status = between("\"status\":", ",").parse().expect("a status");
        (between("#", "\""), status)
    });
    codes.collect()
}

#[test]
fn every_error_is_explained_with_its_status() {
    let ours = kinds::ALL
        .iter()
        .map(|kind| (kind.code.to_owned(), kind.status.as_u16()));
    let all: BTreeMap<String, u16> = ours.chain(gateways()).collect();
    let explained: BTreeMap<String, u16> = sections()
        .into_iter()
        .map(|(code, section)| {
            let status = status(&section).unwrap_or_else(|| panic!("{code} tells no status"));
            (code, status)
        })
        .collect();
    assert_eq!(all, explained, "left: the API; right: docs/errors.md");
}

#[test]
fn every_explanation_says_what_to_do_and_has_an_example() {
    for (code, section) in sections() {
        assert!(section.contains("\n\nWhat to do: "), "{code}");
        let (_, example) = section
            .split_once("```json\n")
            .unwrap_or_else(|| panic!("{code} has no example"));
        let example = example.split_once("```").expect("the block ends").0;
        let problem: Value = serde_json::from_str(example).unwrap_or_else(|error| panic!("{code}: {error}"));
        assert_eq!(problem["code"], code.as_str());
        assert_eq!(problem["type"], format!("/docs/errors#{code}"));
        assert_eq!(problem["status"], status(&section).expect("a status"), "{code}");
        let says_so = section.contains(", worth repeating.");
        assert_eq!(problem["retryable"], says_so, "{code}");
        if let Some(kind) = kinds::ALL.iter().find(|kind| kind.code == code) {
            assert_eq!(problem["title"], kind.title, "{code}");
            assert_eq!(problem["retryable"], kind.is_retryable(), "{code}");
        }
    }
}

/// The first cells of the table under a heading.
fn table(heading: &str) -> BTreeSet<String> {
    let text = document();
    let (_, below) = text
        .split_once(&format!("\n## {heading}\n"))
        .expect("the heading is there");
    let section = below.split_once("\n## ").map_or(below, |(section, _)| section);
    let cells = section
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    cells.map(|(cell, _)| cell.to_owned()).collect()
}

#[test]
fn every_reason_of_a_job_and_of_an_image_is_explained() {
    let codes = FailureCode::ALL.iter().map(|code| code.as_str().to_owned());
    assert_eq!(codes.collect::<BTreeSet<_>>(), table("Jobs that fail"));
    let reasons = ImageFailureReason::ALL.map(|reason| reason.as_str().to_owned());
    assert_eq!(BTreeSet::from(reasons), table("Images that are not made"));
    let reasons = SavingFailure::ALL.map(|reason| reason.as_str().to_owned());
    assert_eq!(
        BTreeSet::from(reasons),
        table("Images that are not saved to Google Drive")
    );
}

//! Every code that the API answers with, by our handlers or by API Gateway, is explained.

use std::collections::BTreeMap;

use packshot_functions::api::problem::kinds;

use super::{repository, template};

/// The codes of the table in `docs/errors.md` with their status.
fn explained() -> BTreeMap<String, u16> {
    let text = std::fs::read_to_string(repository().join("docs/errors.md")).expect("the file is there");
    let rows = text.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| `")?.split('|');
        let code = cells.next()?.trim().trim_end_matches('`').to_owned();
        Some((code, cells.next()?.trim().parse().ok()?))
    });
    rows.collect()
}

#[test]
fn every_error_is_explained_with_its_status() {
    let ours = kinds::ALL
        .iter()
        .map(|kind| (kind.code.to_owned(), kind.status.as_u16()));
    let template = template();
    let problems = template["Mappings"]["Problems"].as_object().expect("problems");
    let gateways = problems.values().map(|problem| {
        let rest = problem["Rest"].as_str().expect("a text");
        let between = |from: &str, to: &str| {
            let (_, after) = rest.split_once(from).expect("it is there");
            after.split_once(to).expect("it ends").0.to_owned()
        };
        let status = between("\"status\":", ",").parse().expect("a status");
        (between("#", "\""), status)
    });
    let all: BTreeMap<String, u16> = ours.chain(gateways).collect();
    assert_eq!(all, explained(), "left: the API; right: docs/errors.md");
}

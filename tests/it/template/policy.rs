//! What the page may load from elsewhere.

use std::collections::BTreeMap;

use packshot_tests::stack::Stack;
use serde_json::Value;

use super::{on_aws, template};

/// Photos are put into the bucket by the page, and shown by it from there; nothing else is foreign where people look through
/// their Drive on our own page.
#[tokio::test]
async fn the_page_may_show_photos_from_where_it_puts_them() {
    let stack = Stack::connect().await;
    let (_, headers, _) = stack.api.fetch(&format!("{}/docs", stack.base_url())).await;
    let policy = headers["content-security-policy"].to_str().expect("text");
    let directives: BTreeMap<&str, Vec<&str>> = policy
        .split(';')
        .filter_map(|directive| {
            let mut words = directive.split_whitespace();
            Some((words.next()?, words.collect()))
        })
        .collect();
    let bucket = &directives["connect-src"][1..];
    assert!(!bucket.is_empty(), "{policy}");
    assert_eq!(
        directives["img-src"][..3],
        ["'self'", "data:", "blob:"],
        "{policy}"
    );
    assert_eq!(&directives["img-src"][3..], bucket, "{policy}");
    assert_eq!(directives["default-src"], ["'self'"], "{policy}");
    for covered in ["script-src", "style-src", "font-src", "frame-src"] {
        assert!(!directives.contains_key(covered), "{policy}");
    }
}

/// Google's Picker is let in where it is used, and nowhere else.
#[test]
fn google_is_part_of_the_page_only_where_photos_are_picked() {
    let template = on_aws(&template());
    let headers = &template["Resources"]["PageHeaders"]["Properties"]["ResponseHeadersPolicyConfig"];
    let policy = &headers["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"];
    let policy = &policy["Fn::Sub"];
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    assert!(!text(&policy[0]).contains("google"), "{policy}");
    for (name, source) in [
        ("Picker", "script-src 'self' https://apis.google.com "),
        ("PickerImages", "https://*.googleusercontent.com"),
    ] {
        let arms = &policy[1][name]["Fn::If"];
        assert_eq!(arms[0], "UsesPicker", "{name}");
        assert!(text(&arms[1]).contains(source), "{name}");
        assert_eq!(arms[2], "", "{name}");
    }
    assert_eq!(
        template["Conditions"]["UsesPicker"]["Fn::Equals"],
        serde_json::json!([{"Ref": "DriveScope"}, "drive.file"])
    );
}

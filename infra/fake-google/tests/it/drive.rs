//! Drive as an app looks through it: folders, searches, pages, descriptions.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::person::{READONLY, SELLER, form, text};
use crate::server::Server;

const IMAGES: &str = "mimeType contains 'image/' and trashed = false";

pub(crate) async fn reader(server: &Server, email: &str) -> String {
    server.token(email, &format!("openid {READONLY}")).await
}

/// An account of its own with a little of everything.
pub(crate) async fn prepared(server: &Server) -> (String, Value) {
    let bytes = STANDARD.encode("no picture at all");
    let drive = json!({
        "files": [
            {"name": "Cup", "folder": true, "children": [
                {"name": "front view.jpg", "picture": {"seed": "cup", "width": 320, "height": 200}, "modified_time": "2026-03-01T00:00:00Z"},
                {"name": "back.png", "picture": {"seed": "cup", "width": 100, "height": 300}, "modified_time": "2026-02-01T00:00:00Z"},
                {"name": "broken.jpg", "content_base64": bytes},
                {"name": "huge.jpg", "text": "tiny", "size": 5_000_000_000_u64},
                {"name": "it's.txt", "text": "0123456789"},
                {"name": "binned.jpg", "text": "x", "trashed": true},
                {"name": "locked.jpg", "text": "x", "can_download": false},
                {"name": "bad.jpg", "text": "x", "abusive": true},
                {"name": "To the cup", "shortcut_to": "Cup/front view.jpg"},
                {"name": "To nowhere", "shortcut_to": "1gone"},
                {"name": "Inner", "folder": true, "children": [{"name": "deep.jpg", "text": "x"}]},
            ]},
        ],
        "shared_with_me": [
            {"name": "Supplier", "folder": true, "children": [{"name": "supplied.jpg", "text": "x"}]},
            {"name": "keyed.jpg", "text": "x", "resource_key": "0-key", "shared_by_link": true},
        ],
        "shared_drives": [{"name": "Team", "files": [{"name": "Vase", "folder": true, "children": [{"name": "vase.jpg", "text": "x"}]}]}],
    });
    let ids = server.add_account("prepared@example.net", &drive).await;
    (reader(server, "prepared@example.net").await, ids)
}

#[tokio::test]
async fn the_sample_is_walked_folder_by_folder() {
    let server = Server::start().await;
    let token = reader(&server, SELLER).await;
    let folder = "mimeType = 'application/vnd.google-apps.folder'";
    let at_root = server
        .names(&token, &[("q", &format!("'root' in parents and {folder}"))])
        .await;
    assert_eq!(at_root, ["Products"]);
    let products = format!("name = 'Products' and {folder}");
    let (_, list) = server
        .call_json(&format!("/drive/v3/files?{}", form(&[("q", &products)])), &token)
        .await;
    assert_eq!(
        list["files"][0],
        json!({"kind": "drive#file", "id": list["files"][0]["id"], "name": "Products",
        "mimeType": "application/vnd.google-apps.folder"})
    );
    let inside = format!("'{}' in parents", text(&list["files"][0]["id"]));
    let names = server.names(&token, &[("q", &inside), ("orderBy", "name")]).await;
    assert_eq!(
        names,
        [
            "Catalogue",
            "Ceramic vase",
            "Espresso cup",
            "Long series",
            "Nothing yet"
        ]
    );
    let none = reader(&server, "empty-drive@example.com").await;
    assert!(server.names(&none, &[]).await.is_empty());
}

#[tokio::test]
async fn searches_find_what_they_describe() {
    let server = Server::start().await;
    let (token, ids) = prepared(&server).await;
    let cup = text(&ids["Cup"]);
    let cases = [
        ("name = 'it\\'s.txt'", vec!["it's.txt"]),
        ("name contains 'vie'", vec!["front view.jpg"]),
        ("name contains 'ront'", vec![]),
        ("trashed = true", vec!["binned.jpg"]),
        ("sharedWithMe = true", vec!["Supplier"]),
        ("modifiedTime < '2026-02-15T00:00:00'", vec!["back.png"]),
        (
            "mimeType = 'image/png' or name = 'Inner'",
            vec!["Inner", "back.png"],
        ),
        (
            "mimeType = 'application/vnd.google-apps.shortcut'",
            vec!["To nowhere", "To the cup"],
        ),
    ];
    for (query, names) in cases {
        assert_eq!(server.names(&token, &[("q", query)]).await, names, "{query}");
    }
    let query = format!("'{cup}' in parents and {IMAGES} and not name contains 'b'");
    let names = server.names(&token, &[("q", &query)]).await;
    assert_eq!(names, ["front view.jpg", "huge.jpg", "locked.jpg"]);
}

#[tokio::test]
async fn parameters_that_make_no_sense_are_refused() {
    let server = Server::start().await;
    let (token, _) = prepared(&server).await;
    for (name, value, status, location) in [
        ("q", "name =", 400, "q"),
        ("q", "'1unknown' in parents", 404, "fileId"),
        ("fields", "files(id", 400, "fields"),
        ("fields", "files(colour)", 400, "fields"),
        ("pageSize", "0", 400, "pageSize"),
        ("pageSize", "1001", 400, "pageSize"),
        ("pageToken", "made-up", 400, "pageToken"),
        ("orderBy", "colour", 400, "orderBy"),
        ("corpora", "everything", 400, "corpora"),
        ("corpora", "drive", 400, "driveId"),
        (
            "includeItemsFromAllDrives",
            "true",
            400,
            "includeItemsFromAllDrives",
        ),
    ] {
        let path = format!("/drive/v3/files?{}", form(&[(name, value)]));
        let (got, body) = server.call_json(&path, &token).await;
        let error = &body["error"]["errors"][0];
        assert_eq!(
            (got, &error["location"]),
            (status, &json!(location)),
            "{name}={value}: {body}"
        );
        assert_eq!(body["error"]["code"], status);
    }
}

#[tokio::test]
async fn pages_cover_everything_once() {
    let server = Server::start().await;
    let token = reader(&server, SELLER).await;
    let mut names = Vec::new();
    let mut page = String::new();
    loop {
        let mut parameters = vec![
            ("q", "name contains 'series' and mimeType contains 'image/'"),
            ("orderBy", "name_natural"),
            ("pageSize", "10"),
            ("fields", "nextPageToken,files/name"),
        ];
        if !page.is_empty() {
            parameters.push(("pageToken", &page));
        }
        let (_, list) = server
            .call_json(&format!("/drive/v3/files?{}", form(&parameters)), &token)
            .await;
        let files = list["files"].as_array().expect("is a list");
        names.extend(files.iter().map(|file| text(&file["name"])));
        match list.get("nextPageToken") {
            Some(next) => page = text(next),
            None => break,
        }
    }
    let expected: Vec<String> = (1..=28).map(|n| format!("series {n}.jpg")).collect();
    assert_eq!(names, expected);
    // A token belongs to its search.
    let other = form(&[("q", "trashed = true"), ("pageToken", &page)]);
    assert_eq!(
        server
            .call_json(&format!("/drive/v3/files?{other}"), &token)
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn descriptions_have_the_fields_that_were_asked_for() {
    let server = Server::start().await;
    let (token, ids) = prepared(&server).await;
    let described = async |path: &str, fields: &str| {
        let query = form(&[("fields", fields)]);
        let call = server
            .call_json(&format!("/drive/v3/files/{}?{query}", text(&ids[path])), &token)
            .await;
        call.1
    };
    assert_eq!(
        described(
            "Cup/front view.jpg",
            "name,imageMediaMetadata(width,height),capabilities/canDownload,parents"
        )
        .await,
        json!({"name": "front view.jpg", "imageMediaMetadata": {"width": 320, "height": 200},
            "capabilities": {"canDownload": true}, "parents": [ids["Cup"]]})
    );
    assert_eq!(
        described("Cup/huge.jpg", "size,sha256Checksum").await,
        json!({"size": "5000000000", "sha256Checksum": sha256("tiny")})
    );
    let broken = described(
        "Cup/broken.jpg",
        "mimeType,thumbnailLink,hasThumbnail,imageMediaMetadata",
    )
    .await;
    assert_eq!(broken, json!({"mimeType": "image/jpeg", "hasThumbnail": false}));
    assert_eq!(
        described("Cup/To the cup", "shortcutDetails").await,
        json!({"shortcutDetails": {"targetId": ids["Cup/front view.jpg"], "targetMimeType": "image/jpeg"}})
    );
    assert_eq!(
        described("Cup/To nowhere", "shortcutDetails").await,
        json!({"shortcutDetails": {"targetId": "1gone"}})
    );
    let whole = described("Cup/it's.txt", "*").await;
    assert_eq!(
        (&whole["size"], &whole["md5Checksum"]),
        (&json!("10"), &json!("781e5e245d69b566979b86e28d23f2c7"))
    );
}

fn sha256(text: &str) -> String {
    use sha2::{Digest as _, Sha256};
    hex::encode(Sha256::digest(text))
}

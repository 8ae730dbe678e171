//! Drive as an app reads it: lists, searches, bytes, thumbnails.

use std::io::Cursor;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::{Value, json};

use crate::person::{READONLY, SELLER, form, text};
use crate::server::Server;

const IMAGES: &str = "mimeType contains 'image/' and trashed = false";

async fn reader(server: &Server, email: &str) -> String {
    server.token(email, &format!("openid {READONLY}")).await
}

/// An account of its own with a little of everything.
async fn prepared(server: &Server) -> (String, Value) {
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
            {"name": "keyed.jpg", "text": "x", "resource_key": "0-key"},
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
        ("sharedWithMe = true", vec!["Supplier", "keyed.jpg"]),
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
        let names: Vec<_> = names.into_iter().filter(|name| *name != "keyed.jpg").collect();
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

#[tokio::test]
async fn bytes_come_whole_or_in_part() {
    let server = Server::start().await;
    let (token, ids) = prepared(&server).await;
    let get = async |path: &str, range: Option<&str>| {
        let url = format!("/drive/v3/files/{}?alt=media", text(&ids[path]));
        let mut request = server.request(Method::GET, &url).bearer_auth(&token);
        if let Some(range) = range {
            request = request.header("range", range);
        }
        request.send().await.expect("answers")
    };
    let whole = get("Cup/it's.txt", None).await;
    assert_eq!(whole.headers()["content-type"], "text/plain");
    assert_eq!(whole.text().await.expect("is text"), "0123456789");
    for (range, part, text) in [
        ("bytes=2-4", "bytes 2-4/10", "234"),
        ("bytes=7-", "bytes 7-9/10", "789"),
        ("bytes=-2", "bytes 8-9/10", "89"),
    ] {
        let reply = get("Cup/it's.txt", Some(range)).await;
        assert_eq!(
            (reply.status().as_u16(), reply.headers()["content-range"].to_str()),
            (206, Ok(part))
        );
        assert_eq!(reply.text().await.expect("is text"), text);
    }
    assert_eq!(get("Cup/it's.txt", Some("bytes=10-")).await.status(), 416);
    for (path, reason) in [
        ("Cup", "fileNotDownloadable"),
        ("Cup/To the cup", "fileNotDownloadable"),
        ("Cup/locked.jpg", "cannotDownloadFile"),
        ("Cup/bad.jpg", "cannotDownloadAbusiveFile"),
    ] {
        let reply = get(path, None).await;
        assert_eq!(reply.status(), 403, "{path}");
        let body: Value = reply.json().await.expect("is JSON");
        assert_eq!(body["error"]["errors"][0]["reason"], reason);
    }
    let risky = format!(
        "/drive/v3/files/{}?alt=media&acknowledgeAbuse=true",
        text(&ids["Cup/bad.jpg"])
    );
    assert_eq!(server.call(Method::GET, &risky, &token).await.status(), 200);
}

#[tokio::test]
async fn thumbnails_are_small_pictures_for_some_hours() {
    let server = Server::start().await;
    let (token, ids) = prepared(&server).await;
    let path = format!(
        "/drive/v3/files/{}?fields=thumbnailLink",
        text(&ids["Cup/front view.jpg"])
    );
    let (_, file) = server.call_json(&path, &token).await;
    let link = text(&file["thumbnailLink"]);
    assert!(link.starts_with(&server.url) && link.ends_with("=s220"));
    for (link, size) in [
        (link.clone(), (220, 138)),
        (link.replace("=s220", "=s64"), (64, 40)),
    ] {
        let reply = server.call(Method::GET, &link, &token).await;
        assert_eq!(reply.headers()["content-type"], "image/jpeg");
        let bytes = reply.bytes().await.expect("are bytes");
        let reader = image::ImageReader::new(Cursor::new(bytes))
            .with_guessed_format()
            .expect("is a picture");
        assert_eq!(reader.into_dimensions().expect("is a picture"), size);
    }
    let stranger = reader(&server, SELLER).await;
    assert_eq!(server.call(Method::GET, &link, &stranger).await.status(), 404);
    let without = server.request(Method::GET, &link).send().await.expect("answers");
    assert_eq!(without.status(), 401);
}

#[tokio::test]
async fn shared_drives_are_seen_by_those_who_ask_for_them() {
    let server = Server::start().await;
    let (token, ids) = prepared(&server).await;
    let vase = text(&ids["Team/Vase/vase.jpg"]);
    let plain = format!("/drive/v3/files/{vase}");
    assert_eq!(server.call_json(&plain, &token).await.0, 404);
    let (status, file) = server
        .call_json(&format!("{plain}?supportsAllDrives=true&fields=driveId"), &token)
        .await;
    assert_eq!((status, &file["driveId"]), (200, &ids["Team"]));
    let (_, drives) = server.call_json("/drive/v3/drives?pageSize=10", &token).await;
    assert_eq!(drives["drives"][0]["name"], "Team");
    let (status, drive) = server
        .call_json(&format!("/drive/v3/drives/{}", text(&ids["Team"])), &token)
        .await;
    assert_eq!((status, &drive["name"]), (200, &json!("Team")));
    let both = [
        ("supportsAllDrives", "true"),
        ("includeItemsFromAllDrives", "true"),
    ];
    let search = |more: &[(&'static str, String)]| {
        let mut all: Vec<(&str, String)> = both.map(|(name, value)| (name, value.to_owned())).into();
        all.extend(more.iter().cloned());
        all
    };
    let names = async |parameters: Vec<(&str, String)>| {
        let borrowed: Vec<(&str, &str)> = parameters
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        server.names(&token, &borrowed).await
    };
    let in_drive = search(&[("corpora", "drive".to_owned()), ("driveId", text(&ids["Team"]))]);
    assert_eq!(names(in_drive).await, ["Vase", "vase.jpg"]);
    let inside = search(&[("q", format!("'{}' in parents", text(&ids["Team/Vase"])))]);
    assert_eq!(names(inside).await, ["vase.jpg"]);
    let all = search(&[
        ("corpora", "allDrives".to_owned()),
        ("q", "name contains 'vase'".to_owned()),
    ]);
    assert_eq!(names(all).await, ["Vase", "vase.jpg"]);
    assert!(
        server
            .names(&token, &[("q", "name contains 'vase'")])
            .await
            .is_empty()
    );
    let member = reader(&server, "workspace@example.org").await;
    let (_, drives) = server.call_json("/drive/v3/drives", &member).await;
    assert!(
        drives["drives"]
            .as_array()
            .expect("is a list")
            .iter()
            .any(|drive| drive["name"] == "Studio")
    );
}

#[tokio::test]
async fn accounts_see_nothing_of_one_another() {
    let server = Server::start().await;
    let (token, ids) = prepared(&server).await;
    let other = reader(&server, SELLER).await;
    let path = format!("/drive/v3/files/{}", text(&ids["Cup/it's.txt"]));
    assert_eq!(server.call_json(&path, &token).await.0, 200);
    let (status, body) = server.call_json(&path, &other).await;
    assert_eq!(
        (status, &body["error"]["errors"][0]["reason"]),
        (404, &json!("notFound"))
    );
    // What was shared is seen with all that is in it; a keyed file to those who have the key.
    let supplied = format!("/drive/v3/files/{}", text(&ids["Supplier/supplied.jpg"]));
    assert_eq!(server.call_json(&supplied, &token).await.0, 200);
    let keyed = text(&ids["keyed.jpg"]);
    let path = format!("/drive/v3/files/{keyed}");
    assert_eq!(server.call_json(&path, &token).await.0, 404);
    let request = server.request(Method::GET, &path).bearer_auth(&token);
    let request = request.header("x-goog-drive-resource-keys", format!("{keyed}/0-key"));
    assert_eq!(request.send().await.expect("answers").status(), 200);
}

#[tokio::test]
async fn drive_fails_as_it_is_told() {
    let server = Server::start().await;
    let (token, ids) = prepared(&server).await;
    let path = format!("/drive/v3/files/{}", text(&ids["Cup/it's.txt"]));
    let media = format!("{path}?alt=media");
    server
        .set_faults(&json!({
            "drive_list": [{"status": 403, "reason": "userRateLimitExceeded", "account": "prepared@example.net"}],
            "drive_get": [{"status": 500}, {"status": 401}],
            "drive_media": [{"truncate_after": 4}, {"drop_reply": true}],
        }))
        .await;
    let (status, body) = server.call_json("/drive/v3/files", &token).await;
    let error = &body["error"]["errors"][0];
    assert_eq!(
        (status, &error["domain"], &error["reason"]),
        (403, &json!("usageLimits"), &json!("userRateLimitExceeded"))
    );
    assert_eq!(
        server.call_json(&path, &token).await.1["error"]["errors"][0]["reason"],
        "backendError"
    );
    assert_eq!(
        server.call_json(&path, &token).await.1["error"]["errors"][0]["reason"],
        "authError"
    );
    let cut = server.call(Method::GET, &media, &token).await;
    assert_eq!(cut.headers()["content-length"], "10");
    assert!(cut.bytes().await.is_err());
    assert!(
        server
            .request(Method::GET, &media)
            .bearer_auth(&token)
            .send()
            .await
            .is_err()
    );
    assert_eq!(server.call(Method::GET, &media, &token).await.status(), 200);
    let calls = server.calls("drive_media").await;
    assert_eq!(
        (calls.len(), &calls[0]["account"]),
        (3, &json!("prepared@example.net"))
    );
}

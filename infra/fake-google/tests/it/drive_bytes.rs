//! Bytes and thumbnails of files, shared drives, and what one account sees of another.

use std::io::Cursor;

use reqwest::Method;
use serde_json::{Value, json};

use crate::drive::{prepared, reader};
use crate::person::{SELLER, text};
use crate::server::Server;

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
        assert_eq!(reply.status(), 206);
        assert_eq!(reply.headers()["content-range"], part);
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

#[tokio::test]
async fn an_account_that_is_put_again_loses_what_it_had() {
    let server = Server::start().await;
    let (token, ids) = prepared(&server).await;
    let again = json!({"files": [{"name": "only.jpg", "text": "x"}]});
    server.add_account("prepared@example.net", &again).await;
    assert_eq!(server.names(&token, &[]).await, ["only.jpg"]);
    for gone in ["Cup", "Supplier", "Team/Vase"] {
        let path = format!("/drive/v3/files/{}?supportsAllDrives=true", text(&ids[gone]));
        assert_eq!(server.call_json(&path, &token).await.0, 404, "{gone}");
    }
}

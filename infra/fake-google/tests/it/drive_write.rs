//! Drive as an app writes to it, and what `drive.file` shows of it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::person::{FILE, READONLY, SELLER, form, text};
use crate::server::Server;

const FOLDER: &str = "application/vnd.google-apps.folder";

impl Server {
    async fn create(&self, token: &str, path: &str, body: &Value) -> (u16, Value) {
        let request = self.request(Method::POST, path).bearer_auth(token).json(body);
        let reply = request.send().await.expect("answers");
        (reply.status().as_u16(), reply.json().await.expect("is JSON"))
    }

    async fn one_id(&self, token: &str) -> String {
        let (status, ids) = self.call_json("/drive/v3/files/generateIds?count=1", token).await;
        assert_eq!(status, 200, "{ids}");
        text(&ids["ids"][0])
    }
}

fn reason(body: &Value) -> String {
    text(&body["error"]["errors"][0]["reason"])
}

#[tokio::test]
async fn each_call_needs_its_scope() {
    let server = Server::start().await;
    let none = server.token(SELLER, "openid").await;
    let (status, body) = server.call_json("/drive/v3/files", &none).await;
    assert_eq!(
        (status, reason(&body)),
        (403, "insufficientPermissions".to_owned())
    );
    assert_eq!(
        body["error"]["details"][0]["reason"],
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    );
    let readonly = server.token(SELLER, &format!("openid {READONLY}")).await;
    let made = server
        .create(&readonly, "/drive/v3/files", &json!({"name": "x"}))
        .await;
    assert_eq!(
        (made.0, reason(&made.1)),
        (403, "insufficientPermissions".to_owned())
    );
    let file = server
        .token("second-seller@example.com", &format!("openid {FILE}"))
        .await;
    assert_eq!(server.call_json("/drive/v3/drives", &file).await.0, 403);
    let (status, body) = server.call_json("/drive/v3/files", "ya29.made-up").await;
    assert_eq!((status, reason(&body)), (401, "authError".to_owned()));
}

#[tokio::test]
async fn an_app_with_drive_file_sees_its_own_and_what_it_was_handed() {
    let server = Server::start().await;
    let email = "picker@example.net";
    let drive = json!({"files": [{"name": "Cup", "folder": true, "children": [
        {"name": "a.jpg", "text": "x"}, {"name": "b.jpg", "text": "x"}]}]});
    let ids = server.add_account(email, &drive).await;
    let token = server.token(email, &format!("openid {FILE}")).await;
    let (cup, first) = (text(&ids["Cup"]), text(&ids["Cup/a.jpg"]));
    let path = format!("/drive/v3/files/{first}");
    assert_eq!(server.call_json(&path, &token).await.0, 404);
    assert!(server.names(&token, &[]).await.is_empty());
    let into = json!({"name": "x", "parents": [cup]});
    assert_eq!(server.create(&token, "/drive/v3/files", &into).await.0, 404);
    server
        .post("/__drive/pick", &json!({"email": email, "file_id": first}))
        .await;
    assert_eq!(server.call_json(&path, &token).await.0, 200);
    assert_eq!(server.names(&token, &[]).await, ["a.jpg"]);
    // A folder that was handed over opens itself, not what is in it.
    server
        .post("/__drive/pick", &json!({"email": email, "file_id": cup}))
        .await;
    assert_eq!(server.names(&token, &[]).await, ["Cup", "a.jpg"]);
    let (status, made) = server.create(&token, "/drive/v3/files", &into).await;
    assert_eq!(status, 200, "{made}");
    assert_eq!(server.names(&token, &[]).await, ["Cup", "a.jpg", "x"]);
    let unknown = server
        .post("/__drive/pick", &json!({"email": SELLER, "file_id": first}))
        .await;
    assert_eq!(unknown.0, 404);
}

#[tokio::test]
async fn folders_are_made_once_and_found_again() {
    let server = Server::start().await;
    let token = server.token(SELLER, &format!("openid {FILE}")).await;
    let id = server.one_id(&token).await;
    let body = json!({"id": id, "name": "Packshot", "mimeType": FOLDER, "appProperties": {"job": "job_01"}});
    let (status, made) = server.create(&token, "/drive/v3/files", &body).await;
    assert_eq!(
        (status, made),
        (
            200,
            json!({"kind": "drive#file", "id": id, "name": "Packshot", "mimeType": FOLDER})
        )
    );
    let again = server.create(&token, "/drive/v3/files", &body).await;
    assert_eq!((again.0, reason(&again.1)), (409, "fileIdInUse".to_owned()));
    let foreign = json!({"id": "1chosen-by-hand", "name": "x"});
    assert_eq!(server.create(&token, "/drive/v3/files", &foreign).await.0, 400);
    let query = "appProperties has { key='job' and value='job_01' } and trashed = false";
    assert_eq!(server.names(&token, &[("q", query)]).await, ["Packshot"]);
    assert!(
        server
            .names(&token, &[("q", &query.replace("_01", "_02"))])
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn bytes_are_uploaded_in_several_ways() {
    let server = Server::start().await;
    let token = server.token(SELLER, &format!("openid {FILE}")).await;
    let id = server.one_id(&token).await;
    let related = format!(
        "--cut\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{}\r\n--cut\r\nContent-Type: image/png\r\n\r\nabc\r\n--cut--",
        json!({"id": id, "name": "a.png"})
    );
    let path = "/upload/drive/v3/files?uploadType=multipart&fields=id,size,mimeType";
    let send = async || {
        let request = server
            .request(Method::POST, path)
            .bearer_auth(&token)
            .body(related.clone());
        let request = request.header("content-type", "multipart/related; boundary=cut");
        request.send().await.expect("answers")
    };
    let made: Value = send().await.json().await.expect("is JSON");
    assert_eq!(made, json!({"id": id, "size": "3", "mimeType": "image/png"}));
    assert_eq!(send().await.status(), 409);
    let media = server
        .call(Method::GET, &format!("/drive/v3/files/{id}?alt=media"), &token)
        .await;
    assert_eq!(media.text().await.expect("is text"), "abc");

    let opening = server
        .request(Method::POST, "/upload/drive/v3/files?uploadType=resumable")
        .bearer_auth(&token);
    let begun = opening
        .json(&json!({"name": "b.txt", "mimeType": "text/plain"}))
        .send()
        .await
        .expect("answers");
    let url = begun.headers()["location"].to_str().expect("is text").to_owned();
    let put = async |range: &str, bytes: &'static str| {
        let request = server.request(Method::PUT, &url).bearer_auth(&token).body(bytes);
        request
            .header("content-range", range)
            .send()
            .await
            .expect("answers")
    };
    let first = put("bytes 0-2/5", "abc").await;
    assert_eq!(first.status(), 308);
    assert_eq!(first.headers()["range"], "bytes=0-2");
    assert_eq!(put("bytes 4-4/5", "e").await.status(), 400);
    let last: Value = put("bytes 3-4/5", "de").await.json().await.expect("is JSON");
    assert_eq!(last["name"], "b.txt");
    let again: Value = put("bytes */5", "").await.json().await.expect("is JSON");
    assert_eq!(again["id"], last["id"]);
}

#[tokio::test]
async fn people_s_permissions_hold_for_the_app() {
    let server = Server::start().await;
    let email = "writer@example.net";
    let team = |name: &str, role: &str| json!({"name": name, "role": role, "files": [{"name": "Vase", "folder": true}]});
    let drive = json!({"files": [{"name": "Cup", "folder": true}, {"name": "note.txt", "text": "x"}],
        "shared_drives": [team("Read", "reader"), team("Write", "writer")]});
    let ids = server.add_account(email, &drive).await;
    let token = server.token(email, &format!("openid {READONLY} {FILE}")).await;
    let into = async |parent: &str, path: &str| {
        let made = server
            .create(&token, path, &json!({"name": "new", "parents": [ids[parent]]}))
            .await;
        (made.0, made.1["error"]["errors"][0]["reason"].clone())
    };
    let (plain, all) = ("/drive/v3/files", "/drive/v3/files?supportsAllDrives=true");
    assert_eq!(into("Cup", plain).await, (200, Value::Null));
    assert_eq!(into("note.txt", plain).await, (403, json!("parentNotAFolder")));
    assert_eq!(into("Write/Vase", plain).await, (404, json!("notFound")));
    assert_eq!(into("Write/Vase", all).await, (200, Value::Null));
    assert_eq!(
        into("Read/Vase", all).await,
        (403, json!("insufficientFilePermissions"))
    );
}

#[tokio::test]
async fn only_the_app_s_own_files_can_be_deleted() {
    let server = Server::start().await;
    let email = "deleter@example.net";
    let ids = server
        .add_account(email, &json!({"files": [{"name": "note.txt", "text": "x"}]}))
        .await;
    let token = server.token(email, &format!("openid {READONLY} {FILE}")).await;
    let delete = async |id: &str| {
        let reply = server
            .call(Method::DELETE, &format!("/drive/v3/files/{id}"), &token)
            .await;
        reply.status().as_u16()
    };
    assert_eq!(delete(&text(&ids["note.txt"])).await, 403);
    let (_, folder) = server
        .create(
            &token,
            "/drive/v3/files",
            &json!({"name": "f", "mimeType": FOLDER}),
        )
        .await;
    let inside = json!({"name": "i.txt", "parents": [folder["id"]]});
    let (_, inside) = server.create(&token, "/drive/v3/files", &inside).await;
    assert_eq!(delete(&text(&folder["id"])).await, 204);
    assert_eq!(delete(&text(&inside["id"])).await, 404);
    let query = form(&[("q", "trashed = false")]);
    let (_, left) = server
        .call_json(&format!("/drive/v3/files?{query}"), &token)
        .await;
    assert_eq!(left["files"].as_array().map(Vec::len), Some(1));
}

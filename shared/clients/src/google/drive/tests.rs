//! The wire: what is sent, and what answers mean.

use std::{
    io,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use packshot_domain::drive::FileRef;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use wiremock::{
    Mock, MockServer, Request, ResponseTemplate,
    matchers::{body_string_contains, header, method, path, query_param, query_param_contains},
};

use super::*;

fn token() -> SecretString {
    SecretString::from("ya29.token")
}

fn reference(id: &str) -> FileRef {
    FileRef::plain(id.parse().expect("an id"))
}

async fn drive() -> (MockServer, Drive) {
    let server = MockServer::start().await;
    let drive = Drive::new(&server.uri()).expect("an address");
    (server, drive)
}

fn photo(id: &str) -> Value {
    json!({"id": id, "name": "cup.jpg", "mimeType": "image/jpeg", "size": "1234",
        "capabilities": {"canDownload": true}, "parents": ["folder"]})
}

#[tokio::test]
async fn a_folder_is_listed_with_shared_drives_and_with_what_shortcuts_point_to() {
    let (server, drive) = drive().await;
    let shortcut = |id: &str, kind: &str| {
        json!({"id": id, "name": id, "mimeType": "application/vnd.google-apps.shortcut",
            "shortcutDetails": {"targetId": "target", "targetMimeType": kind, "targetResourceKey": "0-key"}})
    };
    Mock::given(method("GET"))
        .and(path("/drive/v3/files"))
        .and(header("authorization", "Bearer ya29.token"))
        .and(header("x-goog-drive-resource-keys", "folder/0-abc"))
        .and(query_param("supportsAllDrives", "true"))
        .and(query_param("includeItemsFromAllDrives", "true"))
        .and(query_param("pageSize", "50"))
        .and(query_param("pageToken", "next"))
        .and(query_param_contains("q", "'folder' in parents"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({
            "nextPageToken": "after", "incompleteSearch": true,
            "files": [photo("one"), shortcut("picture", "image/png"), shortcut("text", "text/plain")],
        })))
        .expect(1)
        .mount(&server)
        .await;
    let folder = FileRef {
        resource_key: "0-abc".parse().ok(),
        ..reference("folder")
    };
    let listing = Listing {
        place: Place::Folder(&folder),
        kinds: Kinds::Images,
        text: None,
        page_token: Some("next"),
        page_size: 50,
    };
    let page = drive.list(&token(), &listing).await.expect("a page");
    assert_eq!(page.next_page_token.as_deref(), Some("after"));
    assert!(page.is_incomplete);
    let names: Vec<&str> = page.files.iter().map(|file| file.reference.id.as_str()).collect();
    assert_eq!(names, ["one", "picture"], "the shortcut to a text is left out");
    assert_eq!(page.files[0].size, Some(1234));
    let target = page.files[1].target();
    assert_eq!((target.id.as_str(), page.files[1].is_image()), ("target", true));
    assert_eq!(
        target
            .resource_key
            .as_ref()
            .map(packshot_domain::drive::ResourceKey::as_str),
        Some("0-key")
    );
}

#[tokio::test]
async fn trouble_that_passes_is_tried_again_and_a_long_wait_is_told() {
    let (server, drive) = drive().await;
    let limited = json!({"error": {"code": 403, "errors": [{"reason": "userRateLimitExceeded"}]}});
    let at = || Mock::given(method("GET")).and(path("/drive/v3/files/one"));
    at().respond_with(ResponseTemplate::new(403).set_body_json(&limited))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    at().respond_with(ResponseTemplate::new(200).set_body_json(photo("one")))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    at().respond_with(ResponseTemplate::new(429).insert_header("retry-after", "60"))
        .expect(1)
        .mount(&server)
        .await;
    let file = reference("one");
    assert_eq!(drive.file(&token(), &file).await.expect("a file").name, "cup.jpg");
    let error = drive.file(&token(), &file).await.expect_err("a refusal");
    assert_eq!(error.retry_after(), Some(Duration::from_mins(1)));
}

#[tokio::test]
async fn a_redirect_is_not_followed_with_a_token() {
    let (server, drive) = drive().await;
    Mock::given(path("/drive/v3/files/one"))
        .respond_with(
            ResponseTemplate::new(302).insert_header("location", format!("{}/elsewhere", server.uri())),
        )
        .mount(&server)
        .await;
    Mock::given(path("/elsewhere"))
        .respond_with(ResponseTemplate::new(200))
        .expect(0)
        .mount(&server)
        .await;
    let error = drive
        .file(&token(), &reference("one"))
        .await
        .expect_err("a refusal");
    assert!(
        matches!(error, DriveError::Refused { status: 302, .. }),
        "{error:?}"
    );
}

async fn read(mut download: MediaDownload) -> Result<Vec<u8>, DriveError> {
    let mut whole = Vec::new();
    while let Some(part) = download.chunk().await? {
        whole.extend_from_slice(&part);
    }
    Ok(whole)
}

/// A server that gives these answers, one a connection, byte for byte; and what it was asked.
async fn server_of(answers: Vec<String>) -> io::Result<(Drive, Arc<Mutex<Vec<String>>>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let drive = Drive::new(&format!("http://{}", listener.local_addr()?)).expect("an address");
    let asked = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&asked);
    tokio::spawn(async move {
        for answer in answers {
            let (mut connection, _) = listener.accept().await?;
            let mut request = vec![0; 4096];
            let length = connection.read(&mut request).await?;
            let text = String::from_utf8_lossy(&request[..length]).to_ascii_lowercase();
            heard.lock().expect("not poisoned").push(text);
            connection.write_all(answer.as_bytes()).await?;
        }
        io::Result::Ok(())
    });
    Ok((drive, asked))
}

#[tokio::test]
async fn a_download_that_breaks_goes_on_where_it_broke() {
    let whole = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\nconnection: close\r\n\r\n0123";
    let rest = "HTTP/1.1 206 Partial Content\r\ncontent-length: 6\r\ncontent-range: bytes 4-9/10\r\nconnection: close\r\n\r\n456789";
    let (drive, asked) = server_of(vec![whole.to_owned(), rest.to_owned()])
        .await
        .expect("a server");
    let download = drive
        .download(&token(), &reference("one"), 10)
        .await
        .expect("opened");
    assert_eq!(read(download).await.expect("whole"), b"0123456789");
    let asked = asked.lock().expect("not poisoned");
    assert!(
        asked[0].starts_with("get /drive/v3/files/one?alt=media&"),
        "{asked:?}"
    );
    assert!(
        !asked[0].contains("range: ") && asked[1].contains("range: bytes=4-"),
        "{asked:?}"
    );
}

#[tokio::test]
async fn a_server_that_begins_anew_is_read_from_where_it_broke() {
    let broken = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\nconnection: close\r\n\r\n0123";
    let whole = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\nconnection: close\r\n\r\n0123456789";
    let (drive, _) = server_of(vec![broken.to_owned(), whole.to_owned()])
        .await
        .expect("a server");
    let download = drive
        .download(&token(), &reference("one"), 10)
        .await
        .expect("opened");
    assert_eq!(read(download).await.expect("whole"), b"0123456789");
}

#[tokio::test]
async fn a_file_that_changed_meanwhile_is_not_mixed() {
    let broken = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\nconnection: close\r\n\r\n0123";
    let other = "HTTP/1.1 206 Partial Content\r\ncontent-length: 7\r\ncontent-range: bytes 4-10/11\r\nconnection: close\r\n\r\n4567890";
    let answers = [broken, other, other, other].map(str::to_owned).to_vec();
    let (drive, _) = server_of(answers).await.expect("a server");
    let download = drive
        .download(&token(), &reference("one"), 20)
        .await
        .expect("opened");
    assert!(matches!(read(download).await, Err(DriveError::Unreadable(_))));
}

#[tokio::test]
async fn no_more_is_read_than_the_caller_takes() {
    let declared = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\nconnection: close\r\n\r\n0123456789";
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\na\r\n0123456789\r\n0\r\n\r\n";
    let (drive, _) = server_of(vec![declared.to_owned(), chunked.to_owned()])
        .await
        .expect("a server");
    let error = drive
        .download(&token(), &reference("one"), 9)
        .await
        .expect_err("refused");
    assert!(matches!(error, DriveError::TooLarge));
    let download = drive
        .download(&token(), &reference("one"), 9)
        .await
        .expect("opened");
    assert!(matches!(read(download).await, Err(DriveError::TooLarge)));
}

#[tokio::test]
async fn a_thumbnail_is_fetched_in_the_size_that_is_asked_for() {
    let (server, drive) = drive().await;
    let mut file = photo("one");
    file["thumbnailLink"] = json!(format!("{}/thumbnails/one=s220", server.uri()));
    Mock::given(path("/drive/v3/files/one"))
        .respond_with(ResponseTemplate::new(200).set_body_json(file))
        .mount(&server)
        .await;
    let picture = ResponseTemplate::new(200).set_body_raw(b"picture".to_vec(), "image/jpeg");
    Mock::given(path("/thumbnails/one=s400"))
        .and(header("authorization", "Bearer ya29.token"))
        .respond_with(picture)
        .expect(1)
        .mount(&server)
        .await;
    let thumbnail = drive
        .thumbnail(&token(), &reference("one"), 400)
        .await
        .expect("a picture");
    assert_eq!(
        (thumbnail.content_type.as_str(), &thumbnail.bytes[..]),
        ("image/jpeg", &b"picture"[..])
    );
}

#[tokio::test]
async fn folders_and_files_are_made_under_ids_that_were_asked_for_first() {
    let (server, drive) = drive().await;
    Mock::given(path("/drive/v3/files/generateIds"))
        .and(query_param("count", "2"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"ids": ["new-folder", "new-file"]})))
        .mount(&server)
        .await;
    Mock::given(method("POST"))
        .and(path("/drive/v3/files"))
        .respond_with(|request: &Request| {
            let body: Value = request.body_json().expect("JSON");
            assert_eq!(body["id"], "new-folder");
            assert_eq!(body["parents"], json!(["folder"]));
            ResponseTemplate::new(200).set_body_json(json!({"id": "new-folder", "name": body["name"],
                "mimeType": body["mimeType"], "webViewLink": "https://drive.google.com/x"}))
        })
        .mount(&server)
        .await;
    Mock::given(method("POST"))
        .and(path("/upload/drive/v3/files"))
        .and(query_param("uploadType", "multipart"))
        .and(body_string_contains("\"id\":\"new-file\""))
        .and(body_string_contains(
            "\r\nContent-Type: image/png\r\n\r\npicture\r\n--packshot-",
        ))
        .respond_with(ResponseTemplate::new(409))
        .mount(&server)
        .await;
    let ids = drive.new_ids(&token(), 2).await.expect("ids");
    let parent = reference("folder");
    let folder = NewFolder {
        id: &ids[0],
        name: "Packshot",
        parent: &parent,
    };
    let made = drive.create_folder(&token(), &folder).await.expect("a folder");
    assert!(made.is_folder() && made.web_link.is_some());
    let file = NewFile {
        id: &ids[1],
        name: "01.png",
        parent: &parent,
        mime_type: "image/png",
        description: None,
        bytes: Bytes::from_static(b"picture"),
    };
    let again = drive.upload(&token(), &file).await.expect_err("it is there");
    assert!(matches!(again, DriveError::AlreadyThere));
}

#[tokio::test]
async fn a_large_file_goes_in_a_session_that_is_taken_up_where_it_broke() {
    let (server, drive) = drive().await;
    let session = format!("{}/upload/session", server.uri());
    Mock::given(method("POST"))
        .and(query_param("uploadType", "resumable"))
        .respond_with(ResponseTemplate::new(200).insert_header("location", session))
        .expect(1)
        .mount(&server)
        .await;
    let at = || Mock::given(method("PUT")).and(path("/upload/session"));
    let size = 6 * 1024 * 1024;
    at().and(header("content-range", format!("bytes 0-{}/{size}", size - 1)))
        .respond_with(ResponseTemplate::new(503))
        .expect(1)
        .mount(&server)
        .await;
    at().and(header("content-range", format!("bytes */{size}")))
        .respond_with(ResponseTemplate::new(308).insert_header("range", "bytes=0-999"))
        .expect(1)
        .mount(&server)
        .await;
    at().and(header("content-range", format!("bytes 1000-{}/{size}", size - 1)))
        .respond_with(ResponseTemplate::new(200).set_body_json(photo("new-file")))
        .expect(1)
        .mount(&server)
        .await;
    let (id, parent) = ("new-file".parse().expect("an id"), reference("folder"));
    let file = NewFile {
        id: &id,
        name: "01.png",
        parent: &parent,
        mime_type: "image/png",
        description: Some("A cup"),
        bytes: Bytes::from(vec![7; size]),
    };
    let made = drive.upload(&token(), &file).await.expect("a file");
    assert_eq!(made.reference.id, id);
}

//! What a job that went well has left behind, everywhere.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Cursor, Read},
};

use image::ImageFormat;
use packshot_tests::stack::Stack;
use serde_json::Value;
use sha2::{Digest, Sha256};
use zip::ZipArchive;

/// Makes sure that a completed job of this many photos is whole: its images, its archive, its owner's mail, and
/// nothing done twice at Gemini.
pub(super) async fn assert_whole(stack: &Stack, job: &Value, photos: usize) {
    let id = job["id"].as_str().expect("an id");
    assert_eq!(
        (&job["status"], &job["progress"]),
        (&"completed".into(), &100.into()),
        "{job}"
    );
    assert!(job["error"].is_null() && job["finished_at"].is_string(), "{job}");
    assert_gemini_was_asked_once(stack, id, photos).await;
    let pictures = stack.google.pictures(id).await;
    let images = job["images"].as_array().expect("images");
    assert_eq!(pictures.len(), images.len(), "one picture an image");
    for image in images {
        assert_image(stack, image, &pictures[image["id"].as_str().expect("an id")]).await;
    }
    let addresses: BTreeSet<&str> = images.iter().filter_map(|image| image["url"].as_str()).collect();
    let distinct: BTreeSet<&Vec<u8>> = pictures.values().collect();
    assert_eq!(
        (addresses.len(), distinct.len()),
        (images.len(), images.len()),
        "no image twice"
    );
    assert_archive(stack, job, &pictures).await;
    let mails = stack.mailbox.to(&stack.user.email).await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    let html = mails[0]["BodyHtml"].as_str().expect("an HTML part");
    let thumbnails = images.iter().filter_map(|image| image["thumbnail_url"].as_str());
    assert!(thumbnails.into_iter().all(|url| html.contains(url)), "{html}");
}

async fn assert_gemini_was_asked_once(stack: &Stack, id: &str, photos: usize) {
    let mut uploads: Vec<String> = (1..=photos)
        .map(|number| format!("{id}-photo-{number}"))
        .collect();
    uploads.push(format!("{id}-requests"));
    assert_eq!(stack.google.uploads(id).await, uploads);
    let calls = stack.google.calls().await;
    let count = |operation: &str| calls.iter().filter(|call| call["operation"] == operation).count();
    let begun = calls
        .iter()
        .filter(|call| call["operation"] == "upload_file" && call["displayName"].is_string());
    assert_eq!(begun.count(), photos + 1, "each file is sent once");
    assert_eq!(
        (
            count("generate_content"),
            count("create_batch"),
            count("download")
        ),
        (1, 1, 1)
    );
    assert_eq!(stack.google.batches(id).await.len(), 1);
}

/// An image is Gemini's, byte for byte, and its thumbnail is small.
async fn assert_image(stack: &Stack, image: &Value, picture: &[u8]) {
    assert_eq!(image["status"], "ready", "{image}");
    let file = fetched(
        stack,
        &image["url"],
        image["content_type"].as_str().expect("a type"),
    )
    .await;
    assert!(
        file == picture,
        "the file at {} is not what Gemini sent",
        image["url"]
    );
    assert_eq!(image["bytes"], picture.len(), "{image}");
    let pixels = image::load_from_memory(&file).expect("a picture");
    assert_eq!(
        (&image["width"], &image["height"]),
        (&pixels.width().into(), &pixels.height().into())
    );
    for text in ["title", "kind", "prompt", "alt"] {
        assert!(
            image[text].as_str().is_some_and(|text| !text.is_empty()),
            "{text}: {image}"
        );
    }

    let thumbnail = fetched(stack, &image["thumbnail_url"], "image/webp").await;
    assert_eq!(
        image::guess_format(&thumbnail).expect("a picture"),
        ImageFormat::WebP
    );
    let small = image::load_from_memory(&thumbnail).expect("a picture");
    assert_eq!(small.width().max(small.height()), 512);
}

/// The archive has each image under its number, and a manifest that says the same as the API.
async fn assert_archive(stack: &Stack, job: &Value, pictures: &BTreeMap<String, Vec<u8>>) {
    let file = fetched(stack, &job["links"]["archive"], "application/zip").await;
    let mut archive = ZipArchive::new(Cursor::new(file)).expect("a zip file");
    let manifest: Value = serde_json::from_slice(&entry(&mut archive, "manifest.json")).expect("JSON");
    assert_eq!(
        (&manifest["job_id"], &manifest["metadata"]),
        (&job["id"], &job["metadata"])
    );
    let listed = manifest["images"].as_array().expect("images");
    for (image, listed) in job["images"].as_array().expect("images").iter().zip(listed) {
        for name in [
            "id",
            "index",
            "title",
            "kind",
            "prompt",
            "alt",
            "width",
            "height",
            "bytes",
            "content_type",
        ] {
            assert_eq!(listed[name], image[name], "{name}");
        }
        let name = listed["file"].as_str().expect("a file name");
        assert!(
            image["url"]
                .as_str()
                .is_some_and(|url| url.ends_with(&format!("/{name}"))),
            "{name}: {image}"
        );
        let bytes = entry(&mut archive, name);
        assert!(
            bytes == pictures[listed["id"].as_str().expect("an id")],
            "{name} in the archive"
        );
        assert_eq!(listed["sha256"], hex::encode(Sha256::digest(&bytes)));
    }
    assert_eq!(
        (archive.len(), listed.len()),
        (pictures.len() + 1, pictures.len())
    );
}

fn entry(archive: &mut ZipArchive<Cursor<Vec<u8>>>, name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    archive
        .by_name(name)
        .expect("the entry is there")
        .read_to_end(&mut bytes)
        .expect("the entry is whole");
    bytes
}

/// A stored file, whose address never shows anything else.
async fn fetched(stack: &Stack, url: &Value, content_type: &str) -> Vec<u8> {
    let url = url.as_str().expect("an address");
    let (status, headers, bytes) = stack.api.fetch(url).await;
    assert_eq!(
        (status, headers["content-type"].to_str().ok()),
        (200, Some(content_type)),
        "{url}"
    );
    assert_eq!(
        headers["cache-control"], "public, max-age=31536000, immutable",
        "{url}"
    );
    bytes
}

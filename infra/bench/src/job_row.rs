//! A job as a row of the table, as `packshot_clients::jobs` writes it, for functions that read one.

use serde_json::{Value, json};

/// Whose job it is: the user of the sample events.
pub(crate) const USER: &str = "user_01m4wzavcvfjnrx2v8a7q9d0ze";
/// The job: that of the sample events.
pub(crate) const JOB: &str = "job_01m83z7kcve3yt4m9xw2n8b7cg";
/// How many images it has.
pub(crate) const IMAGES: usize = 10;
/// The number that leads to its images.
pub(crate) const IMAGES_TOKEN: &str = "9f2c4e6a8b0d1f3e5a7c9b1d3f5e7a90";

/// Its row's partition key.
pub(crate) fn partition() -> String {
    format!("USER#{USER}")
}

/// Its row's sort key.
pub(crate) fn sort() -> String {
    format!("JOB#{JOB}")
}

/// The id of one of its images, which is also the key of its line in the batch.
pub(crate) fn image_id(index: usize) -> String {
    format!("img_01m83z7kcve3yt4m9xw2n8b7c{index}")
}

/// What an image shows.
pub(crate) fn prompt(index: usize) -> String {
    const KINDS: [&str; IMAGES] = [
        "studio",
        "lifestyle",
        "close-up",
        "flat lay",
        "in use",
        "scale",
        "packaging",
        "detail",
        "group",
        "seasonal",
    ];
    format!(
        "Kind: {}. A stoneware espresso cup, 60 ml, hand-glazed in moss green with a raw clay foot, in soft daylight from the \
         left, the glaze's runs and speckles sharp, the handle to the right, generous space around it, no text, no hands, no \
         other cups; the colours as in the photo. Variation {index}.",
        KINDS[index % IMAGES]
    )
}

/// The job while its batch is done and its images are not yet stored.
pub(crate) fn generating(batch: &str) -> Value {
    let mut row = row("generating", 90);
    row["batch"] =
        json!({"name": batch, "submitted_at": "2026-11-23T10:30:11Z", "total": IMAGES, "done": IMAGES});
    row["active"] = json!("ACTIVE");
    row["images"] = (0..IMAGES)
        .map(|index| json!({"id": image_id(index), "state": "pending", "attempt": 0}))
        .collect();
    row
}

/// The job when all is done.
pub(crate) fn completed() -> Value {
    let mut row = row("completed", 100);
    row["finished_at"] = json!("2026-11-23T10:52:40Z");
    row["archive"] = json!("images.zip");
    row["actual_micro_usd"] = json!(335_000);
    row["images"] = (0..IMAGES)
        .map(|index| {
            json!({
                "id": image_id(index),
                "state": "ready",
                "attempt": 0,
                "extension": "jpg",
                "width": 2048,
                "height": 2048,
                "bytes": 1_234_567,
                "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            })
        })
        .collect();
    row
}

fn row(status: &str, progress: u8) -> Value {
    let shots: Vec<Value> = (0..IMAGES)
        .map(|index| {
            json!({
                "title": format!("Picture {}", index + 1),
                "kind": "studio",
                "prompt": prompt(index),
                "aspect_ratio": "1:1",
                "alt": "A moss green espresso cup of stoneware in soft daylight",
            })
        })
        .collect();
    json!({
        "schema": 1,
        "job_id": JOB,
        "user_id": USER,
        "version": 7,
        "status": status,
        "progress": progress,
        "created_at": "2026-11-23T10:29:08Z",
        "updated_at": "2026-11-23T10:40:08Z",
        "history": [
            {"status": "queued", "at": "2026-11-23T10:29:08Z"},
            {"status": "strategy", "at": "2026-11-23T10:29:09Z"},
            {"status": "batch_submitted", "at": "2026-11-23T10:30:11Z"},
            {"status": "generating", "at": "2026-11-23T10:31:20Z"},
        ],
        "deadline_at": "2026-11-24T10:29:08Z",
        "on_late": "fail",
        "brief": {
            "title": "Espresso cup, moss green",
            "description": "A cup of stoneware, 60 ml, glazed by hand.",
            "count": IMAGES,
            "aspect_ratio": "1:1",
            "image_size": "2K",
        },
        "photos": [{"upload": "upl_01m83z7kcve3yt4m9xw2n8b7cg"}],
        "metadata": {"sku": "CUP-60-MOSS"},
        "images_token": IMAGES_TOKEN,
        "estimated_micro_usd": 335_000,
        "images": [],
        "shots": shots,
        "prepared": [{"key": format!("uploads/{USER}/{JOB}/photo-1.jpg"), "content_type": "image/jpeg", "bytes": 900_000}],
    })
}

//! How much memory the two functions take that decode pictures: a few at a time, however many there are.
//!
//! The kernel's own account of the function's process is read, so this runs on Linux only.

use std::fs;

use packshot_tests::{pictures, stack::Stack};
use serde_json::json;

/// Prints and answers the largest resident set of any process of this function so far, in megabytes.
#[expect(clippy::print_stdout, reason = "the number is what these tests are for")]
fn printed_peak(function: &str, work: &str) -> u64 {
    let peak = peak_megabytes(function);
    println!("{function}: {peak} MB at most for {work}");
    peak
}

fn peak_megabytes(function: &str) -> u64 {
    let name = format!("AWS_LAMBDA_FUNCTION_NAME=packshot-dev-{function}\0");
    let processes = fs::read_dir("/proc")
        .expect("a list of processes")
        .flatten()
        .map(|entry| entry.path());
    let peaks = processes.filter_map(|process| {
        let environment = fs::read(process.join("environ")).ok()?;
        String::from_utf8_lossy(&environment)
            .contains(&name)
            .then_some(())?;
        let status = fs::read_to_string(process.join("status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().trim_end_matches(" kB").parse::<u64>().ok()
    });
    peaks.max().expect("the function has run on this machine") / 1024
}

#[tokio::test]
async fn ten_images_of_8_mb_are_collected_two_at_a_time() {
    let stack = Stack::connect().await;
    let row = json!({"pad_bytes": 8_000_000});
    let rows: serde_json::Map<String, serde_json::Value> =
        (1..=10).map(|n| (n.to_string(), row.clone())).collect();
    stack.google.faults(json!({"batch": {"rows": rows}})).await;

    for size in ["2K", "4K"] {
        let id = stack
            .api
            .start_job(json!({"count": 10, "image_size": size}))
            .await;
        let job = stack.api.finished_job(&id).await;
        let images = job["images"].as_array().expect("images");
        let large = images
            .iter()
            .filter(|image| image["bytes"].as_u64() >= Some(8_000_000))
            .count();
        assert_eq!((large, images.len()), (10, 10), "{job:#}");
    }

    let peak = printed_peak("collect-images", "10 x 8 MB at 2K and 4K");
    // Two files and a line with a third are 27 MB, their few pixels 6, and the program itself about 40 without optimization. All
    // pixels of a picture of 4096 x 4096 would be 48 MB more; an allocator that keeps what was freed goes beyond as well.
    assert!(peak < 110, "collect-images took {peak} MB");
}

#[tokio::test]
async fn a_photo_of_fifty_megapixels_fits_into_memory() {
    let stack = Stack::connect().await;
    let photo = pictures::deep_png(7071, 7071);
    let upload = stack.api.upload("image/png", &photo).await;
    let id = stack.api.start_job(json!({"images": [upload], "count": 1})).await;
    assert_eq!(stack.api.finished_job(&id).await["status"], "completed");

    let peak = printed_peak(
        "plan-strategy",
        "a photo of 50 megapixels of four 16-bit channels",
    );
    // Its pixels are 400 MB as they come and 200 MB at 8 bits a channel; a copy of either more does not fit into 1024 MB
    // with the file and the program.
    assert!(peak < 800, "plan-strategy took {peak} MB");
}

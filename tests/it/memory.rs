//! How much memory collect-images takes: one image at a time, however large the result file is.
//!
//! The kernel's own account of the function's process is read, so this runs on Linux only.

use std::fs;

use packshot_tests::stack::Stack;
use serde_json::json;

/// The largest resident set of any process of this function so far, in megabytes.
fn peak_megabytes(function: &str) -> u64 {
    let name = format!("AWS_LAMBDA_FUNCTION_NAME={function}\0");
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
async fn ten_images_of_8_mb_are_collected_one_at_a_time() {
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

    let peak = peak_megabytes("packshot-dev-collect-images");
    #[expect(clippy::print_stdout, reason = "the number is what this test is for")]
    {
        println!("collect-images: {peak} MB at most for 10 x 8 MB at 2K and 4K");
    }
    // One picture of 4096 x 4096 pixels is 48 MB, its file 8, and the program itself about 40 without optimization.
    // Two pictures at a time, or an allocator that keeps what was freed, go beyond.
    assert!(peak < 160, "collect-images took {peak} MB");
}

//! `cargo lambda invoke`, as developers try a function that `cargo lambda watch` serves.

use std::{env, path::PathBuf, process::Output};

use serde_json::{Value, json};
use tokio::{fs, process::Command};

/// The functions that a running `cargo lambda watch` serves.
#[derive(Debug, Clone)]
pub(crate) struct CargoLambda {
    program: PathBuf,
    port: String,
}

impl CargoLambda {
    /// The one that `cargo xtask test watch` has started; `None` where the functions of the stack are meant.
    #[expect(
        clippy::disallowed_methods,
        reason = "the test program's own settings, read in one place"
    )]
    pub(crate) fn from_env() -> Option<Self> {
        Some(Self {
            program: env::var_os("PACKSHOT_CARGO_LAMBDA")?.into(),
            port: env::var("PACKSHOT_WATCH_PORT").ok()?,
        })
    }

    /// Invokes a function with an event; `Err` is the error that it answered.
    pub(crate) async fn invoke(&self, function: &str, event: &Value) -> Result<Value, Value> {
        let file = env::temp_dir().join(format!("packshot-event-{:016x}.json", rand::random::<u64>()));
        fs::write(&file, event.to_string()).await.expect("written");
        let invoked = Command::new(&self.program)
            .args(["lambda", "invoke", function, "--data-file"])
            .arg(&file)
            .args(["--invoke-address", "127.0.0.1", "--invoke-port", &self.port])
            .output()
            .await;
        fs::remove_file(&file).await.expect("removed");
        let output = invoked.expect("cargo-lambda runs");
        if output.status.success() {
            Ok(serde_json::from_slice(&output.stdout).expect("JSON"))
        } else {
            Err(error_of(&output))
        }
    }
}

/// The error as Lambda would have it. It is printed for people: its type, and its message in a box.
fn error_of(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let mut lines = text.lines().map(str::trim);
    let kind = lines.find_map(|line| line.strip_prefix("Error: "));
    let message: Vec<&str> = lines
        .skip_while(|line| !line.starts_with('×'))
        .take_while(|line| !line.is_empty())
        .map(|line| line.trim_start_matches(['×', '│']).trim())
        .collect();
    let kind = kind.unwrap_or_else(|| panic!("no error of a function: {text}"));
    json!({"errorType": kind, "errorMessage": message.join(" ")})
}

//! `cargo xtask up` and `cargo xtask down`.

use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::time::Duration;

use crate::console::{say, seconds};
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::stack::{self, Stack};
use crate::workspace::Workspace;

/// How often the logs are looked at in the foreground.
const LOOK: Duration = Duration::from_millis(300);

/// What `up` can be told.
#[derive(Debug, clap::Args)]
pub(crate) struct Up {
    /// Leave it running in the background instead of showing its logs until Ctrl-C
    #[arg(long, short)]
    detach: bool,
    /// Build nothing: start what `build` has left, with the programs beside this one. For containers, which hold no compiler
    #[arg(long)]
    built: bool,
    /// Listen on every network interface, as a container must whose ports are published, and not on loopback alone
    #[arg(long)]
    all_interfaces: bool,
}

/// Brings the stack up, and stays with it unless told otherwise.
pub(crate) async fn up(workspace: &Workspace, arguments: &Up) -> Result<(), Error> {
    let mut stack = Stack::of_person(workspace);
    if arguments.built {
        stack = stack.with_built_programs();
    }
    if arguments.all_interfaces {
        stack = stack.on_all_interfaces();
    }
    let begun = std::time::Instant::now();
    // Before anything is started, so that Ctrl-C at any moment ends what was.
    let mut interrupt = Interrupt::listen()?;
    let result = tokio::select! {
        result = stack.up() => result,
        () = interrupt.asked() => Err(Error::Interrupted),
    };
    let up = match result {
        // Ctrl-C reaches the programs that we run as well, so their failure may come first.
        Err(Error::Interrupted) => {
            stack.down()?;
            return Err(Error::Interrupted);
        }
        Err(_) if interrupt.was_asked() => return Err(Error::Interrupted),
        result => result?,
    };
    let verb = match (up.was_running, up.has_changed) {
        (false, _) => "Packshot is up",
        (true, true) => "Packshot was up and has been deployed again",
        (true, false) => "Packshot was up; nothing had changed",
    };
    say(format!("\n{verb} ({}).\n", seconds(begun.elapsed())));
    describe(&stack, &up.file);
    if arguments.detach || up.was_running {
        say("\nEnd it with `cargo xtask down`.");
        return Ok(());
    }
    say("\nCtrl-C ends it. What the parts say:\n");
    follow(&stack.logs(), &mut interrupt).await;
    let count = stack.down()?;
    say(format!("\nEnded {count} processes."));
    Ok(())
}

/// Ends the stack, and those that may have survived a crash of `test`, `load` or `chaos`.
pub(crate) fn down(workspace: &Workspace) -> Result<(), Error> {
    let mut count = 0;
    for stack in Stack::all(workspace) {
        count += stack.down()?;
    }
    say(match count {
        0 => "Nothing was running.".to_owned(),
        1 => "Ended 1 process.".to_owned(),
        _ => format!("Ended {count} processes."),
    });
    Ok(())
}

fn describe(stack: &Stack, file: &stack::StackFile) {
    let gemini = if stack.uses_real_gemini() {
        format!("{} (the real one; jobs cost money)", file.gemini_url)
    } else {
        format!(
            "{} (embedded; set GEMINI_API_KEY for the real one)",
            file.google_url
        )
    };
    let waits = if stack.uses_real_gemini() {
        "as on AWS"
    } else {
        "a tenth of those on AWS: 1.5 s for 15 s"
    };
    for (label, value) in [
        ("API", format!("{}/api/v1", file.base_url)),
        ("documents", format!("{}/docs", file.base_url)),
        ("API key", file.api_key.clone()),
        ("user", file.user_email.clone()),
        (
            "AWS",
            format!(
                "{} (MiniStack; key and secret `test`, region us-east-1)",
                file.aws_endpoint
            ),
        ),
        ("mails", format!("{}/_ministack/ses/messages", file.aws_endpoint)),
        ("Gemini", gemini),
        ("waits", waits.to_owned()),
        ("details", stack.file().display().to_string()),
        ("logs", stack.logs().display().to_string()),
    ] {
        say(format!("  {label:<9} {value}"));
    }
    say(format!(
        "\nTry it:\n  cargo xtask demo --photo <FILE>\n  curl -H 'x-api-key: {}' {}/api/v1/jobs",
        file.api_key, file.base_url
    ));
}

/// Prints what is added to the logs until the end is asked for.
async fn follow(logs: &Path, interrupt: &mut Interrupt) {
    let mut files: Vec<_> = std::fs::read_dir(logs)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let mut file = std::fs::File::open(entry.path()).ok()?;
            file.seek(SeekFrom::End(0)).ok()?;
            Some((entry.path().file_stem()?.to_string_lossy().into_owned(), file))
        })
        .collect();
    loop {
        for (name, file) in &mut files {
            let mut added = Vec::new();
            if file.read_to_end(&mut added).is_ok() {
                for line in String::from_utf8_lossy(&added).lines() {
                    say(format!("{name:>12} | {line}"));
                }
            }
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = interrupt.asked() => return,
        }
    }
}

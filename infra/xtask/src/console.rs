//! What a person sees while a command works: one line a step, moving on a terminal, plain elsewhere.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Prints a line. That nobody reads it any more, as in `cargo xtask up | head`, must not stop the work.
pub(crate) fn say(text: impl AsRef<str>) {
    let _ = writeln!(std::io::stdout(), "{}", text.as_ref());
}

/// Prints a heading before output that another program writes.
pub(crate) fn heading(text: impl AsRef<str>) {
    say(format!("\n== {}", text.as_ref()));
}

/// True where a moving line can be drawn.
pub(crate) fn is_terminal() -> bool {
    std::io::stderr().is_terminal()
}

/// A step under way.
#[derive(Debug)]
pub(crate) struct Step {
    label: String,
    started: Instant,
    spinner: ProgressBar,
}

impl Step {
    /// A step during which another program writes to the terminal: it shows nothing until it ends.
    pub(crate) fn behind(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            started: Instant::now(),
            spinner: ProgressBar::hidden(),
        }
    }

    /// Shows that a step has begun.
    pub(crate) fn begin(label: impl Into<String>) -> Self {
        let label = label.into();
        let spinner = if is_terminal() {
            ProgressBar::new_spinner()
        } else {
            ProgressBar::hidden()
        };
        spinner.set_style(
            ProgressStyle::with_template("  {spinner} {msg}").expect("the template is a constant"),
        );
        spinner.set_message(label.clone());
        spinner.enable_steady_tick(Duration::from_millis(120));
        Self {
            label,
            started: Instant::now(),
            spinner,
        }
    }

    /// Shows more of what the step does now.
    pub(crate) fn update(&self, detail: &str) {
        self.spinner.set_message(format!("{}: {detail}", self.label));
    }

    /// Leaves the line of a step that has ended well.
    pub(crate) fn end(self, detail: impl AsRef<str>) {
        self.spinner.finish_and_clear();
        let time = self.started.elapsed();
        say(format!(
            "  {:<20} {:<50} {:>6}",
            self.label,
            detail.as_ref(),
            seconds(time)
        ));
    }
}

impl Drop for Step {
    /// A step that failed leaves no moving line behind; the error says the rest.
    fn drop(&mut self) {
        self.spinner.finish_and_clear();
    }
}

/// A duration as people say it: `0.4 s`, `12 s`, `3 min 20 s`.
pub(crate) fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    match whole {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..120 => format!("{whole} s"),
        _ => format!("{} min {} s", whole / 60, whole % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_people_say_them() {
        assert_eq!(seconds(Duration::from_millis(430)), "0.4 s");
        assert_eq!(seconds(Duration::from_secs(75)), "75 s");
        assert_eq!(seconds(Duration::from_secs(200)), "3 min 20 s");
    }
}

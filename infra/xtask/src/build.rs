//! `cargo xtask build`: what `up` builds before it starts anything, for images and for machines that go off the network.

use crate::console::Step;
use crate::error::Error;
use crate::page;
use crate::python::{Tools, Venv};
use crate::stack::Programs;
use crate::workspace::Workspace;

/// What `build` can be told.
#[derive(Debug, clap::Args)]
pub(crate) struct Build {
    /// Only these parts
    #[arg(value_enum)]
    parts: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// The functions and the other programs of the workspace
    Programs,
    /// MiniStack and the AWS command line
    Python,
    /// The web page
    Page,
}

impl Build {
    fn includes(&self, part: Part) -> bool {
        self.parts.is_empty() || self.parts.contains(&part)
    }
}

/// Builds what is asked for, else all of it.
pub(crate) fn build(workspace: &Workspace, build: &Build) -> Result<(), Error> {
    if build.includes(Part::Programs) {
        Programs::build(workspace)?;
    }
    if build.includes(Part::Python) {
        Venv::ready(workspace, Tools::LocalStack)?;
    }
    if build.includes(Part::Page) {
        let step = Step::begin("Page");
        let folder = page::build(workspace)?;
        step.end(folder.display().to_string());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_parts_are_built_unless_some_are_named() {
        let all = Build { parts: Vec::new() };
        assert!(all.includes(Part::Programs) && all.includes(Part::Python) && all.includes(Part::Page));
        let one = Build {
            parts: vec![Part::Python],
        };
        assert!(one.includes(Part::Python) && !one.includes(Part::Programs) && !one.includes(Part::Page));
    }
}

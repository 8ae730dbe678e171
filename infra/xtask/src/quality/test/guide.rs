//! The guide's examples, run as they are printed: for each page and language one program, made of the page's blocks in
//! their order, in a folder of its own with the photos that the guide speaks of.

mod photos;
mod receivers;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::command;
use crate::console::say;
use crate::demo::receiver::Receiver;
use crate::docs::book::{self, CHAPTERS};
use crate::docs::code::{self, Block, Language, Purpose};
use crate::error::Error;
use crate::node;
use crate::python::Venv;
use crate::quality::{Report, Verdict};
use crate::stack::StackFile;
use crate::workspace::Workspace;

/// How long the program of a page may take.
const PATIENCE: Duration = Duration::from_mins(3);
/// How often it is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// Runs every example, and the receivers of webhooks.
pub(super) async fn run(workspace: &Workspace, stack: &StackFile, report: &mut Report) -> Result<(), Error> {
    let receiver = Receiver::start().await?;
    let bench = Bench {
        workspace,
        stack,
        callback_url: receiver.url().to_owned(),
        directory: workspace.state_directory().join("test/guide"),
    };
    for language in Language::ALL {
        let name = match language {
            Language::Shell => "the guide's examples, curl",
            Language::Python => "the guide's examples, Python",
            Language::TypeScript => "the guide's examples, Node",
        };
        report.step(name, || bench.run_pages(language))?;
    }
    report.step("webhooks, libraries of others", || {
        let check = receivers::check(&bench);
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(check))
    })
}

/// What the programs are run with.
struct Bench<'a> {
    workspace: &'a Workspace,
    stack: &'a StackFile,
    /// A receiver that takes every webhook.
    callback_url: String,
    directory: PathBuf,
}

impl Bench<'_> {
    fn run_pages(&self, language: Language) -> Result<Verdict, Error> {
        let mut count = 0;
        for chapter in CHAPTERS {
            let program = program(&self.blocks(chapter)?, language).map_err(|word| {
                Error::Found(format!(
                    "{chapter}.md: nobody knows what `{word}` after a fence means"
                ))
            })?;
            if program.is_empty() {
                continue;
            }
            say(format!("  {chapter}"));
            let folder = self.folder(&format!("{chapter}-{}", language.word()), language)?;
            let file = folder.join(format!("example.{}", ending(language)));
            std::fs::write(&file, program).map_err(Error::file("write", &file))?;
            self.run_program(language, &folder, &file)?;
            count += 1;
        }
        if count == 0 {
            return Err(Error::Found(format!(
                "the guide has no example in {}",
                language.word()
            )));
        }
        Ok(Verdict::Passed)
    }

    fn blocks(&self, chapter: &str) -> Result<Vec<Block>, Error> {
        let file = book::guide(&self.workspace.root.join("docs"), chapter);
        let text = std::fs::read_to_string(&file).map_err(Error::file("read", &file))?;
        Ok(code::blocks(&text))
    }

    /// A new folder with the photos, and for Node with its packages.
    fn folder(&self, name: &str, language: Language) -> Result<PathBuf, Error> {
        let folder = self.directory.join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder).map_err(Error::file("remove", &folder))?;
        }
        std::fs::create_dir_all(&folder).map_err(Error::file("create", &folder))?;
        photos::lay(&folder)?;
        if language == Language::TypeScript {
            let packages = self.workspace.root.join("tests/guide/js");
            node::ready(self.workspace, &packages)?;
            for name in ["node_modules", "package.json"] {
                let link = folder.join(name);
                std::os::unix::fs::symlink(packages.join(name), &link)
                    .map_err(Error::file("create", &link))?;
            }
        }
        Ok(folder)
    }

    fn run_program(&self, language: Language, folder: &Path, file: &Path) -> Result<(), Error> {
        let output = folder.join("output.txt");
        let mut child = self.start(language, folder, file, &output, &[])?;
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = child.0.try_wait().map_err(Error::file("read", file))? {
                break status;
            }
            if begun.elapsed() > PATIENCE {
                return Err(Error::Found(format!(
                    "{} has not ended after {} s; see {}",
                    file.display(),
                    PATIENCE.as_secs(),
                    output.display()
                )));
            }
            std::thread::sleep(LOOK);
        };
        if status.success() {
            return Ok(());
        }
        let printed = std::fs::read(&output).unwrap_or_default();
        Err(Error::Program {
            program: file.display().to_string(),
            status,
            output: command::last_lines(&String::from_utf8_lossy(&printed), 30),
        })
    }

    /// Starts a program of this language with the variables that the guide speaks of, and more.
    fn start(
        &self,
        language: Language,
        folder: &Path,
        file: &Path,
        output: &Path,
        more: &[(&str, String)],
    ) -> Result<Running, Error> {
        let mut command = match language {
            Language::Shell => {
                let mut bash = Command::new("bash");
                bash.arg("-euo").arg("pipefail");
                bash
            }
            Language::Python => {
                let requirements = self.workspace.root.join("tests/guide/python/requirements.txt");
                Command::new(Venv::of_file(self.workspace, "guide", &requirements)?.program("python"))
            }
            Language::TypeScript => {
                let mut node = Command::new(node::ready(
                    self.workspace,
                    &self.workspace.root.join("tests/guide/js"),
                )?);
                node.args(["--import", "tsx"]);
                node
            }
        };
        let printed = std::fs::File::create(output).map_err(Error::file("write", output))?;
        let errors = printed.try_clone().map_err(Error::file("write", output))?;
        command
            .arg(file)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(printed)
            .stderr(errors)
            .env("PACKSHOT_URL", &self.stack.base_url)
            .env("PACKSHOT_API_KEY", &self.stack.api_key)
            .env("CALLBACK_URL", &self.callback_url)
            .env("NO_PROXY", "127.0.0.1,localhost")
            .envs(more.iter().map(|(name, value)| (name, value)));
        command.spawn().map(Running).map_err(|source| Error::Start {
            program: command::name(&command),
            source,
        })
    }
}

/// A program that is ended when it is no longer needed.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended by itself needs no end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn ending(language: Language) -> &'static str {
    match language {
        Language::Shell => "sh",
        Language::Python => "py",
        Language::TypeScript => "ts",
    }
}

/// The program that a page's blocks make; empty where there are none. The error is a word that is not known.
fn program(blocks: &[Block], language: Language) -> Result<String, String> {
    let mut program = String::new();
    for block in blocks {
        match &block.purpose {
            Purpose::Unknown(word) => return Err(word.clone()),
            Purpose::Run if block.language() == Some(language) => {
                program.push_str(&block.text);
                program.push('\n');
            }
            _ => {}
        }
    }
    Ok(program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_made_of_what_is_run_in_its_language() {
        let blocks = code::blocks(
            "```sh\na\n```\n```python\nb\n```\n```sh shown\nc\n```\n```sh pending\nd\n```\n```sh\ne\n```\n",
        );
        assert_eq!(program(&blocks, Language::Shell), Ok("a\n\ne\n\n".to_owned()));
        assert_eq!(program(&blocks, Language::TypeScript), Ok(String::new()));
        let slip = code::blocks("```sh shwon\na\n```\n");
        assert_eq!(program(&slip, Language::Python), Err("shwon".to_owned()));
    }
}

//! Shell scripts: those that git knows or would take in.

use std::process::Command;

use crate::command;
use crate::error::Error;
use crate::python::Venv;
use crate::quality::Verdict;
use crate::workspace::Workspace;

/// Has every shell script read by bash and by shellcheck.
pub(super) fn check(workspace: &Workspace, tools: &Venv) -> Result<Verdict, Error> {
    let scripts = files(workspace)?
        .into_iter()
        .filter(|path| is_script(workspace, path))
        .collect::<Vec<_>>();
    for script in &scripts {
        command::run(
            Command::new("bash")
                .arg("-n")
                .arg(script)
                .current_dir(&workspace.root),
        )?;
    }
    if !scripts.is_empty() {
        let mut shellcheck = Command::new(tools.program("shellcheck"));
        command::run(shellcheck.args(&scripts).current_dir(&workspace.root))?;
    }
    Ok(Verdict::Passed)
}

/// Every file of the checkout that git does not ignore.
pub(super) fn files(workspace: &Workspace) -> Result<Vec<String>, Error> {
    let mut git = Command::new("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(&workspace.root);
    let list = command::capture(&mut git)?;
    let files = list
        .split_terminator('\0')
        .filter(|path| workspace.root.join(path).is_file());
    Ok(files.map(str::to_owned).collect())
}

fn is_script(workspace: &Workspace, path: &str) -> bool {
    use std::io::Read;
    let mut start = [0; 32];
    let read = std::fs::File::open(workspace.root.join(path)).and_then(|mut file| file.read(&mut start));
    let start = String::from_utf8_lossy(&start[..read.unwrap_or(0)]).into_owned();
    let first_line = start.lines().next().unwrap_or_default();
    first_line.starts_with("#!") && (first_line.ends_with("bash") || first_line.ends_with("/sh"))
}

//! `cargo xtask simulate`: a day of jobs against the quotas, on paper. `docs/scale.md` says what its numbers mean.

use crate::command;
use crate::error::Error;
use crate::workspace::Workspace;

/// The program, in the package of the same name.
const PROGRAM: &str = "packshot-simulate";

/// What `simulate` can be told: whatever the program can.
#[derive(Debug, clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Simulate {
    /// Options of the simulation; `--help` lists them
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTION")]
    options: Vec<String>,
}

/// Builds the program and runs it.
pub(crate) fn simulate(workspace: &Workspace, simulate: &Simulate) -> Result<(), Error> {
    let mut cargo = command::cargo(workspace, &arguments());
    command::run(cargo.args(&simulate.options))
}

/// Without a package, which means all of the workspace: so what is built has the features that everything else is built with.
const fn arguments() -> [&'static str; 5] {
    ["run", "--quiet", "--bin", PROGRAM, "--"]
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct CommandLine {
        #[command(flatten)]
        simulate: Simulate,
    }

    #[test]
    fn every_option_is_passed_on() {
        let line = ["simulate", "--jobs-a-day", "500", "--json", "--help"];
        let parsed = CommandLine::try_parse_from(line).expect("whatever the program may know");
        assert_eq!(parsed.simulate.options, line[1..]);
    }

    #[test]
    fn options_come_after_those_of_cargo() {
        assert_eq!(arguments().last(), Some(&"--"));
    }
}

//! The stacks that there are: a person's, the test suite's, one for many jobs, and one to which things happen.

use std::net::Ipv4Addr;

use super::{Gemini, Stack};
use crate::workspace::Workspace;

impl Stack {
    /// The stack that a person uses. Its waits take a tenth of their time: 1.5 s where AWS waits 15 s.
    pub(crate) fn of_person(workspace: &Workspace) -> Self {
        let gemini = match &workspace.environment.gemini_api_key {
            Some(api_key) => Gemini::Real {
                api_key: api_key.clone(),
            },
            None => Gemini::Fake,
        };
        Self {
            workspace: workspace.clone(),
            directory: workspace.state_directory(),
            // Google's batches take minutes: asking it ten times as often would only cost quota.
            wait_scale: if matches!(gemini, Gemini::Fake) {
                "0.1"
            } else {
                "1"
            },
            reconcile_minutes: 5,
            has_usual_ports: true,
            host: Ipv4Addr::LOCALHOST,
            is_built: false,
            has_faults: false,
            gemini,
        }
    }

    /// The stack that the test suite has to itself. It waits for nothing and always uses the embedded Gemini.
    pub(crate) fn of_tests(workspace: &Workspace) -> Self {
        Self {
            workspace: workspace.clone(),
            directory: workspace.state_directory().join("test"),
            wait_scale: "0",
            // Tests leave things half done, and have it look when they are ready.
            reconcile_minutes: 60,
            has_usual_ports: false,
            host: Ipv4Addr::LOCALHOST,
            is_built: false,
            has_faults: false,
            gemini: Gemini::Fake,
        }
    }

    /// A stack like the test suite's, for many jobs at a time.
    pub(crate) fn of_load(workspace: &Workspace) -> Self {
        Self {
            directory: workspace.state_directory().join("load"),
            ..Self::of_tests(workspace)
        }
    }

    /// A stack like the test suite's, to which things happen: between its functions and AWS is a proxy that can be asked for
    /// faults, and its AWS can be restarted.
    pub(crate) fn of_chaos(workspace: &Workspace) -> Self {
        Self {
            directory: workspace.state_directory().join("chaos"),
            has_faults: true,
            ..Self::of_tests(workspace)
        }
    }

    /// Every stack of a workspace: whatever may still run there.
    pub(crate) fn all(workspace: &Workspace) -> [Self; 4] {
        [
            Self::of_person(workspace),
            Self::of_tests(workspace),
            Self::of_load(workspace),
            Self::of_chaos(workspace),
        ]
    }

    /// The same stack, from programs that were built before.
    pub(crate) fn with_built_programs(self) -> Self {
        Self {
            is_built: true,
            ..self
        }
    }

    /// The same stack, reachable from other machines or from outside of a container.
    pub(crate) fn on_all_interfaces(self) -> Self {
        Self {
            host: Ipv4Addr::UNSPECIFIED,
            ..self
        }
    }
}

//! The machine that a run took place on, as far as it explains the figures.

use procfs::{CpuInfo, Current, Meminfo};
use serde::Serialize;

/// A machine.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Machine {
    /// How many processors it has.
    pub processors: usize,
    /// Their model.
    pub model: String,
    /// Its memory, in megabytes.
    pub memory_megabytes: u64,
    /// Its system.
    pub system: String,
}

impl Machine {
    /// The one that this runs on.
    pub(super) fn this() -> Self {
        let cpus = CpuInfo::current().ok();
        let model = cpus
            .as_ref()
            .and_then(|cpus| cpus.model_name(0))
            .map(str::to_owned);
        let memory = Meminfo::current().map_or(0, |memory| memory.mem_total / 1024 / 1024);
        let system = procfs::sys::kernel::Version::current().ok();
        Self {
            processors: cpus.map_or(0, |cpus| cpus.num_cores()),
            model: model.unwrap_or_else(|| "unknown".to_owned()),
            memory_megabytes: memory,
            system: system.map_or_else(
                || "unknown".to_owned(),
                |version| format!("Linux {}.{}.{}", version.major, version.minor, version.patch),
            ),
        }
    }
}

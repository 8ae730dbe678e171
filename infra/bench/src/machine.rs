//! The machine that the figures are of.

use std::fmt;

use procfs::Current;
use serde::Serialize;

use crate::error::Error;

/// What a reader needs to know of the machine.
#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    /// The processor's own name.
    processor: String,
    /// How many of its cores there are for us.
    cores: usize,
    /// Its memory, in bytes.
    memory_bytes: u64,
    /// The kernel's release.
    kernel: String,
    /// How many programs wanted to run in the last minute before the measurements.
    load: f32,
}

impl Machine {
    /// This machine.
    pub(crate) fn look() -> Result<Self, Error> {
        let unreadable =
            |error: procfs::ProcError| Error::missing("/proc", format!("this runs on Linux ({error})"));
        let processors = procfs::CpuInfo::current().map_err(unreadable)?;
        let memory = procfs::Meminfo::current().map_err(unreadable)?;
        let load = procfs::LoadAverage::current().map_err(unreadable)?;
        Ok(Self {
            processor: processors.model_name(0).unwrap_or("unknown").to_owned(),
            cores: processors.num_cores(),
            memory_bytes: memory.mem_total,
            kernel: std::fs::read_to_string("/proc/sys/kernel/osrelease")
                .map_err(Error::file("read", "/proc/sys/kernel/osrelease"))?
                .trim()
                .to_owned(),
            load: load.one,
        })
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gigabytes = self.memory_bytes >> 30;
        write!(
            formatter,
            "{}, {} cores, {gigabytes} GiB, Linux {}, load {:.1} before",
            self.processor, self.cores, self.kernel, self.load
        )
    }
}

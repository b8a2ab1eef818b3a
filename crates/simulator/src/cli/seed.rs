//! `baton-simulator seed`: a world as a file.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use anyhow::Context;
use baton_simulator::seed::{self, Plan};
use clap::Args;
use jiff::Timestamp;

use super::{Crowd, measure, say};

#[derive(Args)]
pub(super) struct Seed {
    #[command(flatten)]
    crowd: Crowd,
    /// Where the world goes; the simulator takes it with `--world`.
    #[arg(long)]
    out: PathBuf,
    /// The world's moment, for example 2026-10-05T09:00:00Z. Ages count from it, and so do busy hours.
    #[arg(long)]
    at: Option<Timestamp>,
}

impl Seed {
    pub fn run(self) -> anyhow::Result<()> {
        let Crowd { customers, messages, seed } = self.crowd;
        let mut plan = Plan::new(customers, messages, seed);
        if let Some(at) = self.at {
            plan.at_ms = at.as_millisecond();
        }
        let watch = measure::Watch::start();
        let path = &self.out;
        let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
        let written = seed::write(&plan, BufWriter::with_capacity(1 << 20, file))
            .with_context(|| format!("cannot write {}", path.display()))?;
        let size = std::fs::metadata(path)?.len();
        say(&format!(
            "{}: {customers} customers, {written} messages, {} in {}",
            path.display(),
            measure::megabytes(size),
            watch.told(),
        ))
    }
}

//! `baton-simulator load`: a simulator that loads its receiver, says how it went, and ends.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use baton_simulator::{Load, LoadReport, Simulator};
use clap::Args;

use super::say;
use super::serve::Serve;

/// The fields that make a message an event for the receiver.
const FIELDS: &[&str] = &["messages", "standby"];

#[derive(Args)]
pub(super) struct LoadRun {
    #[command(flatten)]
    serve: Serve,
    /// Events a second.
    #[arg(long)]
    rate: u32,
    /// For so many seconds.
    #[arg(long)]
    seconds: u32,
    /// How many new customers write them.
    #[arg(long, default_value_t = 200)]
    writers: u32,
    /// Where the ids of the acknowledged messages go, one a line.
    #[arg(long)]
    acknowledged: Option<PathBuf>,
}

impl LoadRun {
    pub async fn run(self) -> anyhow::Result<()> {
        anyhow::ensure!(self.serve.has_callback(), "give the receiver's address with --callback-url");
        let simulator = self.serve.start().await?;
        for page in simulator.world().pages {
            simulator.subscribe(&page.id, &simulator.app_id(), FIELDS)?;
        }
        let load =
            Load { customers: self.writers, seed: self.serve.seed(), ..Load::new(self.rate, self.seconds) };
        let patience = Duration::from_secs(u64::from(self.seconds) + 120);
        simulator.start_load(&load)?;
        let report = simulator
            .wait_for(patience, |simulator| simulator.load_report().filter(|report| !report.is_running))
            .await?;
        if let Some(path) = &self.acknowledged {
            write_ids(path, &simulator)?;
        }
        say(&serde_json::to_string_pretty(&report)?)?;
        let LoadReport { sent, acknowledged, .. } = report;
        simulator.stop().await;
        anyhow::ensure!(
            acknowledged == sent,
            "{} of {sent} events were not acknowledged",
            sent - acknowledged
        );
        Ok(())
    }
}

fn write_ids(path: &PathBuf, simulator: &Simulator) -> anyhow::Result<()> {
    let mut text = String::new();
    for mid in simulator.acknowledged() {
        writeln!(text, "{mid}")?;
    }
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

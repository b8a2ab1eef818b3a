//! What the program can be asked to do.

mod load;
mod measure;
mod seed;
mod serve;

use std::io::Write;

use anyhow::Context;
use clap::{Args, Parser, Subcommand};

/// A local Meta: Graph, webhooks, a bot, the customer's phone and the control room.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
pub struct Cli {
    #[command(subcommand)]
    ask: Option<Ask>,
    #[command(flatten)]
    serve: serve::Serve,
}

#[derive(Subcommand)]
enum Ask {
    /// Make a world of any size and write it to a file.
    Seed(seed::Seed),
    /// Send so many events a second to a receiver on this machine and count what it acknowledged.
    Load(Box<load::LoadRun>),
}

/// How many people and words, and by which dice.
#[derive(Args)]
struct Crowd {
    /// How many customers.
    #[arg(long)]
    customers: u32,
    /// How many messages, all threads together.
    #[arg(long)]
    messages: u64,
    /// Decides everything else: the same number makes the same world.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Cli {
    /// Does what was asked.
    ///
    /// # Errors
    /// With what can be done about it.
    pub async fn run(self) -> anyhow::Result<()> {
        match self.ask {
            None => self.serve.run().await,
            Some(Ask::Seed(seed)) => seed.run(),
            Some(Ask::Load(load)) => load.run().await,
        }
    }
}

fn say(line: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{line}").context("cannot write to the terminal")
}

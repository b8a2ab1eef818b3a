//! Measures what is promised and writes one file of JSON for each part, from which `scripts/bench.mjs` makes the tables
//! and the page.

use std::path::PathBuf;

use baton_load_tests::pipeline::{stages, steady};
use baton_load_tests::report::Section;
use baton_load_tests::store::{ingest, reading, search, update};
use baton_load_tests::window::{board, measure};
use baton_load_tests::world::Size;
use baton_load_tests::{catch_up, join, sending};
use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(about = "Measures what is promised as a ratio.")]
struct Args {
    /// Where results go; measured files go into a folder beside them, on the same disk.
    #[arg(long, global = true, default_value = "target/bench-output")]
    out: PathBuf,
    /// The same seed gives the same world.
    #[arg(long, global = true, default_value_t = 20_261_121)]
    seed: u64,
    /// How often each thing is measured, in turn with its reference.
    #[arg(long, global = true, default_value_t = 5)]
    rounds: usize,
    /// How many messages the store holds.
    #[arg(long, global = true, default_value_t = 200_000)]
    messages: u64,
    /// In how many threads; fifty messages a thread when it is not said.
    #[arg(long, global = true)]
    threads: Option<u64>,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Entries into the store.
    Ingest {
        /// How many.
        #[arg(long, default_value_t = 40_000)]
        entries: usize,
    },
    /// Search as you type.
    Search,
    /// Opening threads, pages of lists.
    Reading,
    /// The first start after an update.
    Update,
    /// A desk that was away.
    CatchUp {
        /// How many entries it missed.
        #[arg(long, default_value_t = 100_000)]
        entries: usize,
    },
    /// Many desks that join at once.
    Relay {
        /// How many entries the log has.
        #[arg(long, default_value_t = 100_000)]
        entries: usize,
        /// How many desks.
        #[arg(long, default_value_t = 200)]
        desks: usize,
    },
    /// A reply: from the key to the bubble, and to *sent*.
    Sending {
        /// How many replies a round.
        #[arg(long, default_value_t = 60)]
        replies: usize,
        /// Only what needs no window.
        #[arg(long)]
        without_window: bool,
    },
    /// The supervisor's board, and the way of a webhook onto it.
    Board {
        /// How many open threads.
        #[arg(long, default_value_t = 10_000)]
        open_threads: u64,
        /// How many agents.
        #[arg(long, default_value_t = 200)]
        agents: u64,
    },
    /// The window, and the way of a webhook into it.
    Window {
        /// For how many seconds nothing happens.
        #[arg(long, default_value_t = 60)]
        idle_seconds: u64,
        /// How many messages go through the stages, one by one.
        #[arg(long, default_value_t = 200)]
        staged: usize,
        /// For how many seconds 300 messages a second are posted.
        #[arg(long, default_value_t = 20)]
        steady_seconds: u64,
        /// In how many seconds an hour's messages reach the open window.
        #[arg(long, default_value_t = 120)]
        tail_seconds: u64,
        /// How often an hour's messages come, each time to a window that was just opened.
        #[arg(long, default_value_t = 5)]
        tail_rounds: usize,
        /// How many frames a list is scrolled in each round: ten rows a frame, so 10 000 go through 100 000 threads.
        #[arg(long, default_value_t = 240)]
        frames: usize,
        /// Only the parts of the pipeline that need no window.
        #[arg(long)]
        without_window: bool,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let work = args.out.join("files");
    std::fs::create_dir_all(&work)?;
    let mut size = Size::of(args.messages);
    size.threads = args.threads.unwrap_or(size.threads);
    match args.what {
        What::Ingest { entries } => {
            let asked = ingest::Asked { seed: args.seed, entries, rounds: args.rounds };
            ingest::measure(&work, asked).await?.write(&args.out)
        }
        What::Search => search::measure(&work, args.seed, size, args.rounds).await?.write(&args.out),
        What::Reading => {
            let (beside_sql, growth) = reading::measure(&work, args.seed, size, args.rounds).await?;
            beside_sql.write(&args.out)?;
            growth.write(&args.out)
        }
        What::Update => update::measure(&work, args.seed, size, args.rounds).await?.write(&args.out),
        What::CatchUp { entries } => {
            catch_up::measure(&work, args.seed, entries, args.rounds).await?.write(&args.out)
        }
        What::Relay { entries, desks } => {
            join::measure(&work, args.seed, (entries, desks), args.rounds).await?.write(&args.out)
        }
        What::Sending { replies, without_window } => {
            let asked = sending::Asked { rounds: args.rounds, replies, without_window };
            sending::measure(&args.out, asked).await?.write(&args.out)
        }
        What::Board { open_threads, agents } => {
            let asked = board::Asked { threads: open_threads, agents, rounds: args.rounds };
            board::measure(&work, asked).await?.write(&args.out)
        }
        What::Window {
            idle_seconds,
            staged,
            steady_seconds,
            tail_seconds,
            tail_rounds,
            frames,
            without_window,
        } => {
            let mut pipeline = Section::new(
                "pipeline",
                "A webhook becomes a row",
                "From before the POST until the frame with the row, through relay, stream, store and notice, into the real \
                 window. The reference is a bare pipeline: a server that syncs what is posted and sends it to a page in a bare \
                 WebKitGTK window, in turn. The stages are measured without the window, one message at a time.",
            );
            stages::measure(&work, args.seed, staged, &mut pipeline).await?;
            steady::measure(&work, args.seed, (steady_seconds, args.rounds), &mut pipeline).await?;
            // What needs no window is told even where there is none.
            pipeline.write(&args.out)?;
            if !without_window {
                let asked = measure::Asked {
                    seed: args.seed,
                    size,
                    rounds: args.rounds,
                    frames,
                    idle_seconds,
                    tail_seconds,
                    tail_rounds,
                };
                measure::measure(&args.out, &work, asked, &mut pipeline).await?.write(&args.out)?;
            }
            pipeline.write(&args.out)
        }
    }
}

//! How a simulator begins: its clock, its three apps, its first token, and the demo world if wanted.

use std::sync::Arc;

use baton_messenger::AppId;
use secrecy::SecretString;

use crate::bot::{BOT_APP, BOT_NAME, BotSettings};
use crate::clock::Clock;
use crate::config::{Config, Start};
use crate::deliver::Queues;
use crate::demo;
use crate::handle::SimulatorError;
use crate::seed::{self, SeedFileError};
use crate::sim::Sim;
use crate::world::World;
use crate::world::app::{App, Callback, Receiver, all_fields};
use crate::world::page::Subscription;
use crate::world::token::Holder;

/// The heart of a new simulator.
///
/// # Errors
/// No HTTP client can be made, or the world's file cannot be read.
pub(crate) fn build(config: &Config) -> Result<Arc<Sim>, SimulatorError> {
    let clock = Clock::starting_at(config.start_ms);
    let desk_app = AppId::from(config.app_id.as_str());
    let mut world = World::default();
    for app in apps(config) {
        world.apps.insert(app.id.clone(), app);
    }
    world.mint_token(&desk_app, Holder::User, clock.now_ms());
    fill(&mut world, &config.start, &desk_app, clock.now_ms())?;
    let queues = Queues::new(config.retry_pauses.clone(), config.receiver_patience)?;
    let bot =
        BotSettings { pause: config.bot_pause, answers_without_routing: config.bot_answers_without_routing };
    Ok(Sim::new(world, clock, queues, bot, desk_app))
}

fn fill(world: &mut World, start: &Start, desk_app: &AppId, now_ms: i64) -> Result<(), SimulatorError> {
    match start {
        Start::Empty => {}
        Start::Demo => demo::fill(world, desk_app, now_ms),
        Start::Seeded(plan) => {
            demo::add_accounts(world, desk_app, now_ms);
            for thread in plan.threads() {
                seed::settle(world, thread, desk_app, now_ms)?;
            }
        }
        Start::File(path) => {
            demo::add_accounts(world, desk_app, now_ms);
            let file = std::fs::File::open(path).map_err(SeedFileError::from)?;
            let (_, threads) = seed::read(std::io::BufReader::with_capacity(1 << 20, file))?;
            for thread in threads {
                seed::settle(world, thread?, desk_app, now_ms)?;
            }
        }
    }
    Ok(())
}

fn apps(config: &Config) -> [App; 3] {
    let receiver = match &config.callback_url {
        Some(url) => Receiver::Callback(Callback { url: url.clone(), fields: all_fields() }),
        None => Receiver::Nobody,
    };
    let app = |id: &str, name: &str, secret: SecretString, receiver| App {
        id: AppId::from(id),
        name: name.to_owned(),
        secret,
        receiver,
    };
    let unused = || SecretString::from(uuid::Uuid::new_v4().to_string());
    [
        app(&config.app_id, &config.app_name, config.app_secret.clone(), receiver),
        app(BOT_APP, BOT_NAME, unused(), Receiver::Bot),
        app(baton_messenger::id::PAGE_INBOX, "Page Inbox", unused(), Receiver::Nobody),
    ]
}

/// The bot hears everything of a Page that a bot needs.
pub(crate) fn bot_subscription() -> Subscription {
    Subscription { fields: all_fields(), failing_since_ms: None }
}

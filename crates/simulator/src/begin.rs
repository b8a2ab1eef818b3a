//! How a simulator begins: its clock, its apps, its first token, and the demo world if wanted.

use std::sync::Arc;

use baton_messenger::{AppId, Platform, id};
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
use crate::world::account::Subscription;
use crate::world::app::{App, AppKind, Receiver};
use crate::world::token::{Holder, Token};
use crate::world::topic::all_fields;

/// The app of Meta's AI agent. Meta names none; this one is made up.
pub(crate) const AI_AGENT: &str = "990000000000001";

/// The heart of a new simulator that answers at `base`.
///
/// # Errors
/// No HTTP client can be made, or the world's file cannot be read.
pub(crate) fn build(config: &Config, base: &str) -> Result<Arc<Sim>, SimulatorError> {
    let clock = Clock::starting_at(config.start_ms);
    let clock = if config.time_stands { clock.standing() } else { clock };
    clock.advance(config.earlier.as_ref().map_or(0, |earlier| earlier.clock_ahead_ms));
    let desk_app = AppId::from(config.app_id.as_str());
    let mut world = World::default();
    base.clone_into(&mut world.files.base);
    world.limits = config.limits.clone();
    for app in apps(config) {
        world.apps.insert(app.id.clone(), app);
    }
    world.mint_token(&desk_app, Holder::User, clock.now_ms());
    if let Some(earlier) = &config.earlier {
        for (page, text) in &earlier.tokens {
            let token = Token::lasting(&desk_app, Holder::Page(page.clone()), clock.now_ms());
            world.keep_token_as(text, token);
        }
    }
    fill(&mut world, config, &desk_app, clock.now_ms())?;
    let queues = Queues::new(config.retry_pauses.clone(), config.receiver_patience)?;
    let bot =
        BotSettings { pause: config.bot_pause, answers_without_routing: config.bot_answers_without_routing };
    Ok(Sim::new(world, clock, queues, bot, desk_app))
}

fn fill(world: &mut World, config: &Config, desk_app: &AppId, now_ms: i64) -> Result<(), SimulatorError> {
    match &config.start {
        Start::Empty => {}
        Start::Demo if config.earlier.is_some() => demo::fill_without_past(world, desk_app, now_ms),
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

pub(crate) fn apps(config: &Config) -> [App; 5] {
    let app = |id: &str, name: &str, kind| App {
        id: AppId::from(id),
        name: name.to_owned(),
        kind,
        secret: SecretString::from(uuid::Uuid::new_v4().to_string()),
        requires_proof: false,
        redirects: Vec::new(),
        pages: Receiver::Nobody,
        instagram: Receiver::Nobody,
    };
    let mut ours =
        App { secret: config.app_secret.clone(), ..app(&config.app_id, &config.app_name, AppKind::Ours) };
    if let Some(url) = &config.callback_url {
        ours.set_callbacks(url);
    }
    let bot = App { pages: Receiver::Bot, instagram: Receiver::Bot, ..app(BOT_APP, BOT_NAME, AppKind::Bot) };
    [
        ours,
        bot,
        app(id::PAGE_INBOX, "Page Inbox", AppKind::MetaInbox),
        app(id::INSTAGRAM_INBOX, "Instagram Inbox", AppKind::MetaInbox),
        app(AI_AGENT, "Meta AI agent", AppKind::AiAgent),
    ]
}

/// The bot hears everything of a Page that a bot needs.
pub(crate) fn bot_subscription() -> Subscription {
    Subscription { fields: all_fields(Platform::Messenger), failing_since_ms: None }
}

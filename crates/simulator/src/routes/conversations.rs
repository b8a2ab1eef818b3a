//! The Conversations API (docs/meta.md 3): threads, their messages, one message.
//!
//! Details are given for the 20 newest messages of a thread only. Older ones are listed by id and time; asked
//! for by id they are refused as if they had been deleted. Instagram's requests are not listed after 30 quiet days.

use std::sync::Arc;

use baton_messenger::{AccountId, CustomerId, Mid};
use serde_json::{Value, json};

use super::Outcome;
use super::message_json::{account_person, message_json, person};
use super::nodes::shown;
use super::paging::{self, Wish};
use super::params::GraphCall;
use super::speaker::{of_platform, own};
use crate::clock::{DAY_MS, graph_time};
use crate::fields::{self, Field};
use crate::sim::Sim;
use crate::world::account::Account;
use crate::world::refusals::Refusal;
use crate::world::send::check_readable;
use crate::world::show::snippet;
use crate::world::thread::{Message, Thread};
use crate::world::token::Token;
use crate::world::{World, ownership};

/// Details exist for this many newest messages.
const DETAILED: usize = 20;
/// A request on Instagram is listed until it was quiet for this long.
const REQUEST_LISTED_MS: i64 = 30 * DAY_MS;

/// `GET /{page}/conversations`.
pub(super) fn list(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    let speaker = own(call, token)?;
    let wanted = call.text("fields").unwrap_or_else(|| "id,updated_time".into());
    let wanted = fields::parse(&wanted)?;
    let only = call.text("user_id").map(CustomerId::from);
    let platform = call.text("platform");
    sim.look(|world, now_ms| {
        let Some(account) = of_platform(world, speaker, platform.as_deref())? else {
            return Ok(json!({"data": []}).into());
        };
        let account = readable(world, &account)?;
        let mut threads = account.threads_newest_first();
        threads.retain(|t| only.as_ref().is_none_or(|id| &t.customer.id == id) && is_listed(t, now_ms));
        let keys: Vec<&str> = threads.iter().map(|t| t.id.as_str()).collect();
        let link = |extra: &[(&str, &str)]| call.link(sim.base_url(), &call.path_text(), extra);
        let (range, paging) = paging::cut(&keys, &Wish::of(call), link)?;
        let look = Look { sim, call, token, world, account, now_ms };
        let data = threads[range].iter().map(|t| look.conversation(t, &wanted)).collect::<Result<_, _>>()?;
        Ok(paging::edge(data, paging).into())
    })
}

fn is_listed(thread: &Thread, now_ms: i64) -> bool {
    let is_quiet_request = thread.is_request && now_ms - thread.updated_ms() >= REQUEST_LISTED_MS;
    !thread.is_spam && !is_quiet_request
}

/// `GET /{conversation}`.
pub(super) fn conversation(
    sim: &Arc<Sim>,
    call: &GraphCall,
    token: &Token,
    id: &str,
) -> Result<Outcome, Refusal> {
    let wanted = call.text("fields").unwrap_or_else(|| "id,updated_time".into());
    let wanted = fields::parse(&wanted)?;
    sim.look(|world, now_ms| {
        let (account, thread) = find(world, token, id)?;
        let look = Look { sim, call, token, world, account, now_ms };
        look.conversation(thread, &wanted).map(Outcome::from)
    })
}

/// `GET /{conversation}/messages`.
pub(super) fn messages(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    let wanted = call.text("fields").unwrap_or_else(|| "id,created_time".into());
    let wanted = fields::parse(&wanted)?;
    sim.look(|world, now_ms| {
        let (account, thread) = find(world, token, &call.path[0])?;
        let look = Look { sim, call, token, world, account, now_ms };
        look.messages(thread, &wanted, &Wish::of(call)).map(Outcome::from)
    })
}

/// `GET /{mid}`.
pub(super) fn message(
    sim: &Arc<Sim>,
    call: &GraphCall,
    token: &Token,
    mid: &str,
) -> Result<Outcome, Refusal> {
    let mid = Mid::from(mid);
    let whole = sim.look(|world, now_ms| {
        for account in spoken_for(world, token)? {
            let Some(thread) = account.threads.values().find(|t| t.message(&mid).is_some()) else { continue };
            readable(world, &account.id)?;
            let newest = thread.readable();
            let place = newest.iter().position(|m| m.mid == mid).filter(|place| *place < DETAILED);
            let message = newest[place.ok_or_else(|| Refusal::of("message_too_old"))?];
            return Ok(message_json(world, account, thread, message, now_ms));
        }
        Err(Refusal::of("object_missing"))
    })?;
    shown(call, &with_asked_shares(call, whole)?, "id,created_time")
}

/// Shares are told only to those who name their fields (docs/meta.md 3.4).
fn with_asked_shares(call: &GraphCall, mut whole: Value) -> Result<Value, Refusal> {
    let wanted = fields::parse(&call.text("fields").unwrap_or_else(|| "id".into()))?;
    drop_unasked_shares(&mut whole, &wanted);
    Ok(whole)
}

fn drop_unasked_shares(whole: &mut Value, wanted: &[Field]) {
    let are_asked = wanted.iter().any(|f| f.name == "shares" && f.sub.is_some());
    if let (false, Some(message)) = (are_asked, whole.as_object_mut()) {
        message.remove("shares");
    }
}

/// What every answer about conversations is made from.
struct Look<'a> {
    sim: &'a Sim,
    call: &'a GraphCall,
    token: &'a Token,
    world: &'a World,
    account: &'a Account,
    now_ms: i64,
}

impl Look<'_> {
    fn conversation(&self, thread: &Thread, wanted: &[Field]) -> Result<Value, Refusal> {
        let mut whole = self.facts(thread);
        if let Some(edge) = wanted.iter().find(|f| f.name == "messages") {
            let wish = Wish {
                limit: edge.arg("limit").and_then(|n| n.parse().ok()),
                after: edge.arg("after").map(str::to_owned),
                before: edge.arg("before").map(str::to_owned),
                is_uneven: self.call.has_uneven_pages,
            };
            let by_default = fields::parse("id,created_time")?;
            whole["messages"] = self.messages(thread, edge.sub.as_ref().unwrap_or(&by_default), &wish)?;
        }
        // The messages edge has chosen its fields already: it is taken whole.
        let plain: Vec<Field> = wanted
            .iter()
            .map(|f| if f.name == "messages" { Field { sub: None, ..f.clone() } } else { f.clone() })
            .collect();
        Ok(fields::pick(&whole, &plain))
    }

    fn facts(&self, thread: &Thread) -> Value {
        let people = json!({"data": [person(self.account, thread), account_person(self.account)]});
        let number = thread.id.trim_start_matches("t_");
        let mut whole = json!({
            "id": thread.id,
            "link": format!("/{}/inbox/{number}/?section=messages", self.account.id),
            "updated_time": graph_time(thread.updated_ms()),
            "message_count": thread.messages.len(),
            "unread_count": thread.unread_count(),
            "can_reply": self.world.can_reply(&self.account.id, &thread.customer.id, self.now_ms),
            "is_subscribed": true,
            "scoped_thread_key": thread.id,
            "participants": people.clone(),
            "senders": people,
        });
        if !self.account.is_instagram() {
            whole["snippet"] = snippet(thread).into();
        }
        if self.account.routing.is_on() {
            let owner = ownership::owner(thread, self.now_ms).map(|(app, _)| app);
            whole["is_owner"] = (owner == Some(&self.token.app)).into();
        }
        whole
    }

    fn messages(&self, thread: &Thread, wanted: &[Field], wish: &Wish) -> Result<Value, Refusal> {
        let newest_first: Vec<&Message> = thread.readable();
        let keys: Vec<&str> = newest_first.iter().map(|m| m.mid.as_str()).collect();
        let path = format!("/{}/messages", thread.id);
        let names: Vec<&str> = wanted.iter().map(|f| f.name.as_str()).collect();
        let names = names.join(",");
        let link = |extra: &[(&str, &str)]| {
            let mut all = extra.to_vec();
            if self.call.path_text() != path {
                all.push(("fields", &names));
            }
            self.call.link(self.sim.base_url(), &path, &all)
        };
        let (range, paging) = paging::cut(&keys, wish, link)?;
        let start = range.start;
        let data = newest_first[range].iter().enumerate().map(|(i, message)| {
            let mut whole = if start + i < DETAILED {
                message_json(self.world, self.account, thread, message, self.now_ms)
            } else {
                json!({"id": message.mid.as_str(), "created_time": graph_time(message.at_ms)})
            };
            drop_unasked_shares(&mut whole, wanted);
            fields::pick(&whole, wanted)
        });
        Ok(paging::edge(data.collect(), paging))
    }
}

fn readable<'a>(world: &'a World, id: &AccountId) -> Result<&'a Account, Refusal> {
    let account = world.account(id)?;
    if !world.may(id, "MESSAGING") {
        return Err(Refusal::of("permission_missing"));
    }
    check_readable(account)?;
    Ok(account)
}

/// The token's account, and the Instagram account of its Page.
fn spoken_for<'a>(world: &'a World, token: &Token) -> Result<Vec<&'a Account>, Refusal> {
    let own = token.account().ok_or_else(|| Refusal::of("object_missing"))?;
    Ok(std::iter::once(world.account(own)?).chain(world.instagram_of(own)).collect())
}

fn find<'a>(world: &'a World, token: &Token, id: &str) -> Result<(&'a Account, &'a Thread), Refusal> {
    for account in spoken_for(world, token)? {
        if let Some(thread) = account.threads.values().find(|t| t.id == id) {
            return Ok((readable(world, &account.id)?, thread));
        }
    }
    Err(Refusal::of("object_missing"))
}

/// Whether this id is a thread's.
pub(super) fn is_thread(world: &World, token: &Token, id: &str) -> bool {
    spoken_for(world, token)
        .is_ok_and(|accounts| accounts.iter().any(|a| a.threads.values().any(|t| t.id == id)))
}

/// The account whose thread or message has this id.
pub(super) fn account_of_thread(world: &World, token: &Token, id: &str) -> Option<AccountId> {
    let mid = Mid::from(id);
    let has = |thread: &Thread| thread.id == id || thread.message(&mid).is_some();
    let accounts = spoken_for(world, token).ok()?;
    // Only Instagram's ids can belong to another account than the token's own.
    let found = accounts.into_iter().filter(|_| id.starts_with("aWdf")).find(|a| a.threads.values().any(has));
    found.map(|account| account.id.clone())
}

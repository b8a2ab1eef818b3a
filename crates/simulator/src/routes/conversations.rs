//! The Conversations API (docs/meta.md 3): threads, their messages, one message.
//!
//! Details are given for the 20 newest messages of a thread only. Older ones are listed by id and time; asked
//! for by id they are refused as if they had been deleted.

use std::sync::Arc;

use baton_messenger::{AccountId, CustomerId, Mid};
use serde_json::{Map, Value, json};

use super::Outcome;
use super::nodes::shown;
use super::paging::{self, Wish};
use super::params::GraphCall;
use crate::clock::graph_time;
use crate::fields::{self, Field};
use crate::sim::Sim;
use crate::world::page::Page;
use crate::world::refusals::Refusal;
use crate::world::show::snippet;
use crate::world::thread::{Author, Message, Thread};
use crate::world::token::Token;
use crate::world::{World, ownership};

/// Details exist for this many newest messages.
const DETAILED: usize = 20;

/// `GET /{page}/conversations`.
pub(super) fn list(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    let page_id = own_page(call, token)?;
    if call.text("platform").is_some_and(|platform| platform != "messenger") {
        return Ok(json!({"data": []}).into());
    }
    let wanted = call.text("fields").unwrap_or_else(|| "id,updated_time".into());
    let wanted = fields::parse(&wanted)?;
    let only = call.text("user_id").map(CustomerId::from);
    sim.look(|world, now_ms| {
        let page = readable(world, page_id)?;
        let mut threads = page.threads_newest_first();
        threads.retain(|t| only.as_ref().is_none_or(|id| &t.customer.id == id));
        let keys: Vec<&str> = threads.iter().map(|t| t.id.as_str()).collect();
        let link = |extra: &[(&str, &str)]| call.link(sim.base_url(), &call.path_text(), extra);
        let (range, paging) = paging::cut(&keys, &Wish::of(call), link)?;
        let look = Look { sim, call, token, world, page, now_ms };
        let data = threads[range].iter().map(|t| look.conversation(t, &wanted)).collect::<Result<_, _>>()?;
        Ok(paging::edge(data, paging).into())
    })
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
        let (page, thread) = find(world, token, id)?;
        let look = Look { sim, call, token, world, page, now_ms };
        look.conversation(thread, &wanted).map(Outcome::from)
    })
}

/// `GET /{conversation}/messages`.
pub(super) fn messages(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    let wanted = call.text("fields").unwrap_or_else(|| "id,created_time".into());
    let wanted = fields::parse(&wanted)?;
    sim.look(|world, now_ms| {
        let (page, thread) = find(world, token, &call.path[0])?;
        let look = Look { sim, call, token, world, page, now_ms };
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
    let whole = sim.look(|world, _| {
        let page_id = token.page().ok_or_else(|| Refusal::of("object_missing"))?;
        let page = readable(world, page_id)?;
        let found = page.threads.values().find_map(|t| {
            let back = t.messages.iter().rev().position(|m| m.mid == mid)?;
            Some((t, back))
        });
        let (thread, back) = found.ok_or_else(|| Refusal::of("object_missing"))?;
        if back >= DETAILED {
            return Err(Refusal::of("message_too_old"));
        }
        Ok(message_json(page, thread, &thread.messages[thread.messages.len() - 1 - back]))
    })?;
    shown(call, &whole, "id,created_time")
}

/// What every answer about conversations is made from.
struct Look<'a> {
    sim: &'a Sim,
    call: &'a GraphCall,
    token: &'a Token,
    world: &'a World,
    page: &'a Page,
    now_ms: i64,
}

impl Look<'_> {
    fn conversation(&self, thread: &Thread, wanted: &[Field]) -> Result<Value, Refusal> {
        let people = json!({"data": [person(thread), page_person(self.page)]});
        let mut whole = json!({
            "id": thread.id,
            "link": format!("/{}/inbox/{}/?section=messages", self.page.id, &thread.id[2..]),
            "updated_time": graph_time(thread.updated_ms()),
            "message_count": thread.messages.len(),
            "unread_count": thread.unread_count(),
            "snippet": snippet(thread),
            "can_reply": self.world.can_reply(&self.page.id, &thread.customer.id, self.now_ms),
            "is_subscribed": true,
            "scoped_thread_key": thread.id,
            "participants": people.clone(),
            "senders": people,
        });
        if self.page.routing.is_on() {
            let owner = ownership::owner(thread, self.now_ms).map(|(app, _)| app);
            whole["is_owner"] = (owner == Some(&self.token.app)).into();
        }
        if let Some(edge) = wanted.iter().find(|f| f.name == "messages") {
            let wish = Wish {
                limit: edge.arg("limit").and_then(|n| n.parse().ok()),
                after: edge.arg("after").map(str::to_owned),
                before: edge.arg("before").map(str::to_owned),
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

    fn messages(&self, thread: &Thread, wanted: &[Field], wish: &Wish) -> Result<Value, Refusal> {
        let newest_first: Vec<&Message> = thread.messages.iter().rev().collect();
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
            let whole = if start + i < DETAILED {
                message_json(self.page, thread, message)
            } else {
                json!({"id": message.mid.as_str(), "created_time": graph_time(message.at_ms)})
            };
            fields::pick(&whole, wanted)
        });
        Ok(paging::edge(data.collect(), paging))
    }
}

fn own_page<'a>(call: &GraphCall, token: &'a Token) -> Result<&'a AccountId, Refusal> {
    let page = token.page().ok_or_else(|| Refusal::of("object_missing"))?;
    if call.path[0] == "me" || call.path[0] == page.as_str() {
        return Ok(page);
    }
    Err(Refusal::of("object_missing"))
}

fn readable<'a>(world: &'a World, page: &AccountId) -> Result<&'a Page, Refusal> {
    let page = world.page(page)?;
    if page.may("MESSAGING") { Ok(page) } else { Err(Refusal::of("permission_missing")) }
}

fn find<'a>(world: &'a World, token: &Token, id: &str) -> Result<(&'a Page, &'a Thread), Refusal> {
    let page = token.page().ok_or_else(|| Refusal::of("object_missing"))?;
    let page = readable(world, page)?;
    let thread = page.threads.values().find(|t| t.id == id);
    Ok((page, thread.ok_or_else(|| Refusal::of("object_missing"))?))
}

fn person(thread: &Thread) -> Value {
    let customer = &thread.customer;
    json!({
        "name": customer.name(), "email": format!("{}@facebook.com", customer.id), "id": customer.id.as_str(),
    })
}

fn page_person(page: &Page) -> Value {
    json!({"name": page.name, "email": format!("{}@facebook.com", page.id), "id": page.id.as_str()})
}

/// A message with every field it has (docs/meta.md 3.4); what has no content is left out.
fn message_json(page: &Page, thread: &Thread, message: &Message) -> Value {
    let (from, to) = match message.author {
        Author::Customer => (person(thread), page_person(page)),
        Author::App(_) => (page_person(page), person(thread)),
    };
    let mut whole = Map::new();
    whole.insert("id".into(), message.mid.as_str().into());
    whole.insert("created_time".into(), graph_time(message.at_ms).into());
    whole.insert("from".into(), from);
    whole.insert("to".into(), json!({"data": [to]}));
    whole.insert("message".into(), message.text.clone().unwrap_or_default().into());
    whole.insert("tags".into(), json!({"data": [{"name": "inbox"}, {"name": "source:chat"}]}));
    if let Some(mid) = &message.reply_to {
        whole.insert("reply_to".into(), json!({"mid": mid.as_str(), "is_self_reply": false}));
    }
    let reactions = reactions_json(page, thread, message);
    if !reactions.is_empty() {
        whole.insert("reactions".into(), json!({"data": reactions}));
    }
    if !message.attachments.is_empty() {
        whole.insert("attachments".into(), attachments_json(message));
    }
    Value::Object(whole)
}

fn reactions_json(page: &Page, thread: &Thread, message: &Message) -> Vec<Value> {
    let customer = message.reaction.as_ref().map(|r| {
        json!({"reaction": r.emoji, "users": [{"id": thread.customer.id.as_str(), "name": thread.customer.name()}]})
    });
    let business = message
        .page_reaction
        .as_ref()
        .map(|r| json!({"reaction": r.emoji, "users": [{"id": page.id.as_str(), "name": page.name}]}));
    customer.into_iter().chain(business).collect()
}

fn attachments_json(message: &Message) -> Value {
    let items = message.attachments.iter().enumerate().map(|(at, attachment)| {
        let url = attachment.pointer("/payload/url").cloned().unwrap_or(Value::Null);
        let id = format!("44{:013}", message.at_ms % 10_000_000_000 * 10 + at as i64);
        match attachment["type"].as_str() {
            Some("image") => json!({
                "id": id, "mime_type": "image/jpeg", "name": "image.jpg", "size": 48211,
                "image_data": {
                    "width": 960, "height": 720, "max_width": 960, "max_height": 720, "url": url,
                    "preview_url": url, "image_type": 1, "render_as_sticker": false,
                },
            }),
            Some("video") => json!({
                "id": id, "mime_type": "video/mp4", "name": "clip.mp4", "size": 1_204_550,
                "video_data": {
                    "width": 720, "height": 1280, "length": 12, "video_type": 1, "url": url, "preview_url": url,
                    "rotation": 0,
                },
            }),
            _ => json!({
                "id": id, "mime_type": "application/octet-stream", "name": "file", "size": 90210,
                "file_url": url,
            }),
        }
    });
    json!({"data": items.collect::<Vec<_>>()})
}

//! Who controls a thread, and what each control call does (docs/meta.md 5.2, 5.3). Written from that
//! page, not from our own policy.
//!
//! ```text
//!                customer writes (routing on: the default app)
//!                pass · take · request (routing off)
//!        ┌──────┐ ─────────────────────────────────────────▶ ┌───────┐ ─┐ pass · take
//!        │ idle │                                             │ owned │  │ (another owner)
//!        └──────┘ ◀───────────────────────────────────────── └───────┘ ◀┘
//!                release · lapse: 24 h after the later of the customer's
//!                last message and the act that gave control; an extend
//!                sets its own time
//! ```
//!
//! Neither release nor lapse makes an event. Lapse is never stored: it is read off the clock.

use baton_messenger::AppId;

use super::page::{Page, Routing};
use super::refusals::Refusal;
use super::thread::Thread;
use crate::clock::DAY_MS;

/// What is known of a thread's control. Ask [`owner`] instead of matching: a stored owner may have lapsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Control {
    Idle,
    Owned {
        app: AppId,
        /// When the act happened that gave control.
        given_ms: i64,
        extended: Option<Extension>,
    },
}

/// An owner's wish to keep the thread longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extension {
    pub asked_ms: i64,
    pub until_ms: i64,
}

/// Who owns the thread at `now_ms`, and until when. `None`: idle.
pub(crate) fn owner(thread: &Thread, now_ms: i64) -> Option<(&AppId, i64)> {
    let Control::Owned { app, given_ms, extended } = &thread.control else { return None };
    let expires_ms = expiry(thread.last_customer_ms, *given_ms, *extended);
    (now_ms < expires_ms).then_some((app, expires_ms))
}

fn expiry(last_customer_ms: Option<i64>, given_ms: i64, extended: Option<Extension>) -> i64 {
    let since_ms = last_customer_ms.unwrap_or(given_ms).max(given_ms);
    match extended {
        None => since_ms + DAY_MS,
        // A message after the extension counts 24 h again, and never shortens what was granted.
        Some(e) if since_ms > e.asked_ms => e.until_ms.max(since_ms + DAY_MS),
        Some(e) => e.until_ms,
    }
}

/// Whether `app` may send into the thread now.
pub(crate) fn check_send(page: &Page, thread: &Thread, app: &AppId, now_ms: i64) -> Result<(), Refusal> {
    let may = match (owner(thread, now_ms), &page.routing) {
        (Some((owner, _)), _) => owner == app,
        (None, Routing::On { default_app, .. }) => default_app == app,
        (None, Routing::Off) => true,
    };
    if may { Ok(()) } else { Err(Refusal::of("not_thread_owner_send")) }
}

/// A customer's message into an idle thread makes the default app the owner.
pub(crate) fn customer_wrote(routing: &Routing, thread: &mut Thread, now_ms: i64) {
    if owner(thread, now_ms).is_some() {
        return;
    }
    thread.control = match routing.default_app() {
        Some(app) => owned(app, now_ms),
        None => Control::Idle,
    };
}

/// Control freshly given to `app`.
pub(crate) fn owned(app: &AppId, now_ms: i64) -> Control {
    Control::Owned { app: app.clone(), given_ms: now_ms, extended: None }
}

/// A control call that changed something, and whom to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    Passed { from: Option<AppId>, to: AppId },
    Taken { from: Option<AppId>, by: AppId },
    Requested { owner: AppId, by: AppId },
    Silent,
}

/// `pass_thread_control`: the owner, or any app while the thread is idle. An owner cannot name itself.
pub(crate) fn pass(
    routing: &Routing,
    thread: &mut Thread,
    app: &AppId,
    target: Option<&AppId>,
    now_ms: i64,
) -> Result<Change, Refusal> {
    let from = owner(thread, now_ms).map(|(owner, _)| owner.clone());
    if from.as_ref().is_some_and(|owner| owner != app) {
        return Err(Refusal::control("Only the app that owns the thread may pass it."));
    }
    let Some(target) = target.or(routing.default_app()) else {
        return Err(Refusal::control("target_app_id is needed: this Page has no default app."));
    };
    if from.as_ref() == Some(target) {
        return Err(Refusal::control("The owner cannot pass the thread to itself."));
    }
    thread.control = owned(target, now_ms);
    Ok(Change::Passed { from, to: target.clone() })
}

/// `take_thread_control`: only with routing on, by an app that the Page's admin allowed to take.
pub(crate) fn take(
    routing: &Routing,
    thread: &mut Thread,
    app: &AppId,
    now_ms: i64,
) -> Result<Change, Refusal> {
    let Routing::On { may_take, .. } = routing else {
        return Err(Refusal::of("take_blocked_no_default_app"));
    };
    if !may_take.contains(app) {
        return Err(Refusal::of("take_blocked_no_default_app"));
    }
    let from = owner(thread, now_ms).map(|(owner, _)| owner.clone());
    if from.as_ref() == Some(app) {
        return Err(Refusal::control("The app owns this thread already."));
    }
    thread.control = owned(app, now_ms);
    Ok(Change::Taken { from, by: app.clone() })
}

/// `request_thread_control`: only with routing off; in an idle thread the first to ask gets it.
pub(crate) fn request(
    routing: &Routing,
    thread: &mut Thread,
    app: &AppId,
    now_ms: i64,
) -> Result<Change, Refusal> {
    if routing.is_on() {
        return Err(Refusal::control("Requests are not available while Conversation Routing is on."));
    }
    match owner(thread, now_ms).map(|(owner, _)| owner.clone()) {
        Some(owner) if &owner == app => Err(Refusal::control("The app owns this thread already.")),
        Some(owner) => Ok(Change::Requested { owner, by: app.clone() }),
        None => {
            thread.control = owned(app, now_ms);
            Ok(Change::Passed { from: None, to: app.clone() })
        }
    }
}

/// `release_thread_control`: the owner only; makes no event.
pub(crate) fn release(thread: &mut Thread, app: &AppId, now_ms: i64) -> Result<Change, Refusal> {
    check_owner(thread, app, now_ms)?;
    thread.control = Control::Idle;
    Ok(Change::Silent)
}

/// `extend_thread_control`: the owner only, up to seven days; makes no event.
pub(crate) fn extend(
    thread: &mut Thread,
    app: &AppId,
    duration_s: i64,
    now_ms: i64,
) -> Result<Change, Refusal> {
    check_owner(thread, app, now_ms)?;
    if !(1..=604_800).contains(&duration_s) {
        return Err(Refusal::bad_parameter("duration must be between 1 and 604800 seconds."));
    }
    if let Control::Owned { extended, .. } = &mut thread.control {
        *extended = Some(Extension { asked_ms: now_ms, until_ms: now_ms + duration_s * 1000 });
    }
    Ok(Change::Silent)
}

fn check_owner(thread: &Thread, app: &AppId, now_ms: i64) -> Result<(), Refusal> {
    match owner(thread, now_ms) {
        Some((owner, _)) if owner == app => Ok(()),
        _ => Err(Refusal::control("The app does not own this thread.")),
    }
}

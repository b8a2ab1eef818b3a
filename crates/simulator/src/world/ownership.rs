//! Who controls a thread, and what each control call does (docs/meta.md 5.2, 5.3). Written from that
//! page, not from our own policy.
//!
//! ```text
//!                customer writes (routing on: the default app; roles: the primary receiver)
//!                pass · take · request (routing off)
//!        ┌──────┐ ─────────────────────────────────────────▶ ┌───────┐ ─┐ pass · take
//!        │ idle │                                             │ owned │  │ (another owner)
//!        └──────┘ ◀───────────────────────────────────────── └───────┘ ◀┘
//!                release · lapse: 24 h after the later of the customer's
//!                last message and the act that gave control; an extend
//!                sets its own time
//! ```
//!
//! Neither release nor lapse makes an event. Lapse is never stored: it is read off the clock. With roles an idle
//! thread is the primary receiver's: it passes and sends there, and a request goes to it.

use baton_messenger::AppId;

use super::refusals::Refusal;
use super::routing::Routing;
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
pub(crate) fn may_send(routing: &Routing, thread: &Thread, app: &AppId, now_ms: i64) -> bool {
    match (owner(thread, now_ms), routing.default_app()) {
        (Some((owner, _)), _) => owner == app,
        (None, Some(default_app)) => default_app == app,
        (None, None) => true,
    }
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

/// Control given to `app` for a fixed time, as a campaign gives it.
pub(crate) fn owned_until(app: &AppId, now_ms: i64, until_ms: i64) -> Control {
    let extended = Some(Extension { asked_ms: now_ms, until_ms });
    Control::Owned { app: app.clone(), given_ms: now_ms, extended }
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
    let from = holder(routing, thread, now_ms);
    if from.as_ref().is_some_and(|owner| owner != app) {
        return Err(Refusal::control("Only the app that owns the thread may pass it."));
    }
    let Some(target) = target.or(routing.default_app()) else {
        return Err(Refusal::control("target_app_id is needed: this account has no default app."));
    };
    if from.as_ref() == Some(target) {
        return Err(Refusal::control("The owner cannot pass the thread to itself."));
    }
    if !routing.knows(target) {
        return Err(Refusal::control("The target has no role on this account."));
    }
    thread.control = owned(target, now_ms);
    Ok(Change::Passed { from, to: target.clone() })
}

/// `take_thread_control`: with routing on by an app that the admin allowed to take; with roles by the primary
/// receiver.
pub(crate) fn take(
    routing: &Routing,
    thread: &mut Thread,
    app: &AppId,
    now_ms: i64,
) -> Result<Change, Refusal> {
    match routing {
        Routing::On { may_take, .. } if may_take.contains(app) => {}
        Routing::Roles { primary, .. } if primary == app => {}
        Routing::Roles { .. } => return Err(Refusal::of("take_only_primary")),
        Routing::On { .. } | Routing::Off => return Err(Refusal::of("take_blocked_no_default_app")),
    }
    let from = owner(thread, now_ms).map(|(owner, _)| owner.clone());
    if from.as_ref() == Some(app) {
        return Err(Refusal::control("The app owns this thread already."));
    }
    thread.control = owned(app, now_ms);
    Ok(Change::Taken { from, by: app.clone() })
}

/// `request_thread_control`: never with routing on. With routing off the first to ask gets an idle thread; with
/// roles secondary receivers ask, and the primary one hears of it while nobody owns the thread.
pub(crate) fn request(
    routing: &Routing,
    thread: &mut Thread,
    app: &AppId,
    now_ms: i64,
) -> Result<Change, Refusal> {
    match routing {
        Routing::On { .. } => {
            return Err(Refusal::control("Requests are not available while Conversation Routing is on."));
        }
        Routing::Roles { secondary, .. } if !secondary.contains(app) => {
            return Err(Refusal::of("request_only_secondary"));
        }
        Routing::Roles { .. } | Routing::Off => {}
    }
    match holder(routing, thread, now_ms) {
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

/// The owner; with roles an idle thread counts as the primary receiver's.
fn holder(routing: &Routing, thread: &Thread, now_ms: i64) -> Option<AppId> {
    let stands_in = if routing.has_roles() { routing.default_app() } else { None };
    owner(thread, now_ms).map(|(owner, _)| owner).or(stands_in).cloned()
}

fn check_owner(thread: &Thread, app: &AppId, now_ms: i64) -> Result<(), Refusal> {
    match owner(thread, now_ms) {
        Some((owner, _)) if owner == app => Ok(()),
        _ => Err(Refusal::control("The app does not own this thread.")),
    }
}

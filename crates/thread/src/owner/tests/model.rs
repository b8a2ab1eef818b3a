//! The rules of docs/meta.md 5.2 once more, as one table over owner and act, with the time of lapse beside it.

use super::*;

/// Who owns the thread and until when, read off the whole list at once.
pub(super) fn owner(evidence: &[Evidence], facts: &AccountFacts, now_ms: i64) -> (Owner, Option<i64>) {
    let nobody = nobody(facts);
    let first = if facts.routing == RoutingMode::Off { Owner::Unmanaged } else { Owner::Unknown };
    let (mut holder, mut until) = (first, None::<i64>);
    // When the holder last changed, and by which act of control, if the last one was such.
    let (mut since, mut by) = (i64::MIN, None::<Cause>);
    for piece in evidence {
        let now = piece.at_ms;
        if until.is_some_and(|end| end <= now) {
            (since, by) = (until.unwrap_or(since), None);
            (holder, until) = (nobody.clone(), None);
        }
        if now.saturating_sub(since) < 2_000 && comes_from_before(by, &holder, &piece.act) {
            continue;
        }
        let mut act = act_of_control(&piece.act);
        if let Some((next, end)) = after(&holder, until, piece, facts) {
            if next != holder && is_answer_of_meta(&piece.act) {
                act = Some(Cause::Read);
            }
            if next != holder || act == Some(Cause::Released) {
                since = now;
            }
            if next != holder || act.is_some() {
                by = act;
            }
            (holder, until) = (next, end);
        }
        if matches!(piece.act, Act::Learned { source: OwnerSource::Extended, .. }) {
            by = None;
        }
    }
    if until.is_some_and(|end| end <= now_ms) { (nobody, None) } else { (holder, until) }
}

fn nobody(facts: &AccountFacts) -> Owner {
    if facts.routing == RoutingMode::Off { Owner::Unmanaged } else { Owner::Idle }
}

fn act_of_control(act: &Act) -> Option<Cause> {
    match act {
        Act::Passed { .. } | Act::Learned { source: OwnerSource::Passed, .. } => Some(Cause::Passed),
        Act::Taken { .. } | Act::Learned { source: OwnerSource::Took, .. } => Some(Cause::Taken),
        Act::Learned { source: OwnerSource::Released, .. } => Some(Cause::Released),
        _ => None,
    }
}

fn is_answer_of_meta(act: &Act) -> bool {
    matches!(act, Act::Learned { source: OwnerSource::ThreadOwner | OwnerSource::IsOwner, .. })
}

/// Words heard where the owner before the act was heard.
fn comes_from_before(by: Option<Cause>, holder: &Owner, act: &Act) -> bool {
    let ours = |app: &Option<AppId>| app.as_ref().is_some_and(|app| who(app) == Owner::Ours);
    let was_ours = match (by, holder) {
        (Some(Cause::Taken | Cause::Read), Owner::Ours) => false,
        (Some(Cause::Passed), Owner::Other { .. } | Owner::MetaInbox) => true,
        (Some(Cause::Released), Owner::Idle | Owner::Unmanaged) => true,
        _ => return false,
    };
    match act {
        Act::CustomerWrote { heard } => (*heard == Heard::Messaging) == was_ours,
        Act::AppAnswered { app, .. } if ours(app) => was_ours,
        Act::AppAnswered { heard, .. } => (*heard == Heard::Messaging) == was_ours,
        _ => false,
    }
}

/// What a piece of evidence makes of it; none when nothing changes.
fn after(
    holder: &Owner,
    until: Option<i64>,
    piece: &Evidence,
    facts: &AccountFacts,
) -> Option<(Owner, Option<i64>)> {
    let day = Some(piece.at_ms + DAY);
    let longer = Some(until.map_or(piece.at_ms + DAY, |end| end.max(piece.at_ms + DAY)));
    let elsewhere = matches!(holder, Owner::Other { .. } | Owner::MetaInbox);
    let is_first = facts.routing == RoutingMode::HopV2 && facts.role == Some(AppRole::PrimaryReceiver);
    let is_off = facts.routing == RoutingMode::Off;
    let default = match facts.default_app.as_ref() {
        _ if is_off => None,
        _ if is_first => Some(Owner::Ours),
        app => app.map(who),
    };
    let is_old = facts.routing == RoutingMode::HopV2;
    let nobody = nobody(facts);
    let default_is_another = default.as_ref().is_some_and(|default| *default != Owner::Ours);
    let nameless = Owner::Other { app: None };
    match &piece.act {
        Act::CustomerWrote { heard: Heard::Messaging } => match (holder, &default) {
            (Owner::Ours, _) => Some((Owner::Ours, longer)),
            (_, Some(_)) => Some((Owner::Ours, day)),
            (_, None) if is_old => Some((Owner::Ours, day)),
            (_, None) => Some((nobody, None)),
        },
        Act::CustomerWrote { heard: Heard::Standby } => match (holder, default) {
            (holder, _) if elsewhere => Some((holder.clone(), longer)),
            (Owner::Ours, _) | (_, None | Some(Owner::Ours)) => Some((nameless, day)),
            (_, Some(default)) => Some((default, day)),
        },
        Act::AppAnswered { app: Some(app), .. } if who(app) == Owner::Ours => {
            accepted(holder, default_is_another, is_off, day)
        }
        Act::AppAnswered { heard: Heard::Messaging, .. } if is_off => elsewhere.then_some((nobody, None)),
        Act::AppAnswered { app: Some(app), heard } => {
            let speaks_for_itself = *heard == Heard::Standby || who(app) == Owner::MetaInbox;
            (speaks_for_itself && who(app) != *holder).then(|| (who(app), day))
        }
        Act::AppAnswered { app: None, heard } => {
            (*heard == Heard::Standby && !elsewhere).then_some((nameless, day))
        }
        Act::Requested { .. } => None,
        Act::Passed { to, .. } | Act::Taken { to, .. } => {
            Some(to.as_ref().map_or((Owner::Unknown, None), |app| (who(app), day)))
        }
        Act::Learned { seen, source, until_ms, .. } => {
            let seen = match seen {
                OwnerSeen::Ours => Owner::Ours,
                OwnerSeen::Idle => nobody.clone(),
                OwnerSeen::Other { app } => app.as_ref().map_or(nameless.clone(), who),
            };
            let told = |owner: Owner, end: Option<i64>| {
                let end = if owner == nobody { end } else { until_ms.or(end) };
                Some((owner, end))
            };
            let read = |seen: Owner| {
                if seen == *holder || (seen == nameless && elsewhere) {
                    return told(holder.clone(), until);
                }
                let end = if seen == nobody { None } else { day };
                told(seen, end)
            };
            match source {
                OwnerSource::Took | OwnerSource::Passed => told(seen, day),
                OwnerSource::Released => Some((nobody.clone(), None)),
                OwnerSource::Requested => None,
                OwnerSource::Extended => Some((Owner::Ours, until_ms.or(day))),
                OwnerSource::ThreadOwner => read(seen),
                OwnerSource::IsOwner => match holder {
                    _ if seen == Owner::Ours => read(seen),
                    Owner::Ours if !default_is_another => told(Owner::Unknown, None),
                    _ if *holder == nobody => told(nobody.clone(), None),
                    _ => read(seen),
                },
                OwnerSource::SendRefused => {
                    let by_name = if matches!(seen, Owner::Other { .. } | Owner::MetaInbox) {
                        seen
                    } else {
                        nameless.clone()
                    };
                    let expected = elsewhere || (*holder == Owner::Idle && default_is_another);
                    let is_news = by_name != *holder && (by_name != nameless || !expected);
                    is_news.then_some((by_name, day))
                }
                OwnerSource::SendAccepted => accepted(holder, default_is_another, is_off, day),
            }
        }
    }
}

/// A send went through: with another default app only an owner may send; otherwise an idle thread lets us too.
fn accepted(
    holder: &Owner,
    default_is_another: bool,
    is_off: bool,
    day: Option<i64>,
) -> Option<(Owner, Option<i64>)> {
    match holder {
        Owner::Ours => None,
        Owner::Other { .. } | Owner::MetaInbox if is_off => Some((Owner::Unmanaged, None)),
        _ if default_is_another => Some((Owner::Ours, day)),
        Owner::Other { .. } | Owner::MetaInbox => Some((Owner::Unknown, None)),
        _ => None,
    }
}

fn who(app: &AppId) -> Owner {
    match app.as_str() {
        BATON => Owner::Ours,
        PAGE_INBOX => Owner::MetaInbox,
        _ => Owner::Other { app: Some(app.clone()) },
    }
}

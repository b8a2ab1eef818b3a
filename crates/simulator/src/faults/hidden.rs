//! What an answer tells of rights and tokens while a rule has taken them away.

use baton_messenger::{AccountId, AppId};
use serde_json::{Value, json};

use super::case::CallKind;
use super::effect::{Effect, Moment, Right};
use super::{Case, Faults};
use crate::sim::Sim;
use crate::world::refusals::Refusal;
use crate::world::token::death;

/// Takes out of an answer what no longer holds.
pub(super) fn hide(sim: &Sim, app: Option<&AppId>, kind: CallKind, answer: &mut Value) {
    let now_ms = sim.clock.now_ms();
    match kind {
        CallKind::Accounts => {
            for account in answer.get_mut("data").and_then(Value::as_array_mut).into_iter().flatten() {
                hide_tasks(&sim.faults, app, account, now_ms);
            }
        }
        CallKind::Account => hide_tasks(&sim.faults, app, answer, now_ms),
        CallKind::DebugToken => hide_scopes(&sim.faults, app, answer, now_ms),
        _ => {}
    }
}

fn hide_tasks(faults: &Faults, app: Option<&AppId>, account: &mut Value, now_ms: i64) {
    let id = account.get("id").and_then(Value::as_str).map(AccountId::from);
    let gone = gone_rights(faults, app, id.as_ref(), now_ms);
    if let Some(tasks) = account.get_mut("tasks").and_then(Value::as_array_mut) {
        tasks.retain(|task| !gone.iter().filter_map(|right| right.task()).any(|gone| task == gone));
    }
}

fn hide_scopes(faults: &Faults, app: Option<&AppId>, answer: &mut Value, now_ms: i64) {
    let Some(data) = answer.get_mut("data").and_then(Value::as_object_mut) else { return };
    let page = data.get("profile_id").and_then(Value::as_str).map(AccountId::from);
    let case = Case { page: page.as_ref(), app, ..Case::default() };
    if let Some(Effect::TokenDead { subcode }) = faults.standing(Moment::Token, case, now_ms).first()
        && data.get("is_valid") == Some(&json!(true))
    {
        let refusal = Refusal::of(death(*subcode).unwrap_or("token_invalid"));
        data.retain(|name, _| matches!(name.as_str(), "app_id" | "type"));
        let error = json!({"code": refusal.code, "message": refusal.text, "subcode": refusal.subcode});
        data.extend([
            ("error".to_owned(), error),
            ("is_valid".to_owned(), false.into()),
            ("scopes".to_owned(), json!([])),
        ]);
        return;
    }
    let gone = gone_rights(faults, app, page.as_ref(), now_ms);
    let is_gone = |name: &Value| gone.iter().any(|right| name == right.scope());
    if let Some(scopes) = data.get_mut("scopes").and_then(Value::as_array_mut) {
        scopes.retain(|scope| !is_gone(scope));
    }
    if let Some(granular) = data.get_mut("granular_scopes").and_then(Value::as_array_mut) {
        granular.retain(|entry| !entry.get("scope").is_some_and(is_gone));
    }
}

fn gone_rights(faults: &Faults, app: Option<&AppId>, page: Option<&AccountId>, now_ms: i64) -> Vec<Right> {
    let case = Case { page, app, ..Case::default() };
    let standing = faults.standing(Moment::Call, case, now_ms).into_iter();
    let rights = standing.filter_map(|effect| match effect {
        Effect::RightRemoved { right } => Some(right),
        _ => None,
    });
    rights.collect()
}

impl Right {
    /// The task of a Page that goes with it.
    fn task(self) -> Option<&'static str> {
        match self {
            Self::PagesMessaging => Some("MESSAGING"),
            Self::PagesManageMetadata => Some("MODERATE"),
            Self::BusinessAssetUserProfileAccess => None,
        }
    }

    /// The name of the permission.
    fn scope(self) -> &'static str {
        match self {
            Self::PagesMessaging => "pages_messaging",
            Self::PagesManageMetadata => "pages_manage_metadata",
            Self::BusinessAssetUserProfileAccess => "business_asset_user_profile_access",
        }
    }
}

//! Sender actions (docs/meta.md 4.6). They need the thread, but not the window.

use baton_messenger::{AccountId, AppId, CustomerId, Mid, Platform};

use super::check_account;
use crate::world::acts::react::reaction;
use crate::world::refusals::Refusal;
use crate::world::{World, ownership};

/// How long the phone shows that somebody types.
const TYPING_MS: i64 = 20_000;

/// One sender action.
#[derive(Debug, Clone)]
pub(crate) enum SenderAction {
    TypingOn,
    TypingOff,
    MarkSeen,
    React { mid: Mid, name: String },
    Unreact { mid: Mid },
}

impl World {
    /// Does a sender action as `app`. The account's own reactions make no event.
    pub fn act(
        &mut self,
        account_id: &AccountId,
        customer: &CustomerId,
        app: &AppId,
        action: SenderAction,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        let account = self.account(account_id)?;
        let platform = account.platform;
        check_account(account)?;
        let thread = self.thread(account_id, customer)?;
        if !ownership::may_send(&account.routing, thread, app, now_ms) {
            return Err(Refusal::of(match platform {
                Platform::Messenger => "not_thread_owner_send",
                Platform::Instagram => "not_thread_owner_instagram_action",
            }));
        }
        let thread = self.thread_mut(account_id, customer)?;
        match action {
            SenderAction::TypingOn => thread.typing_until_ms = now_ms + TYPING_MS,
            SenderAction::TypingOff => thread.typing_until_ms = 0,
            SenderAction::MarkSeen => thread.business_seen_ms = thread.updated_ms(),
            SenderAction::React { mid, name } => {
                if platform == Platform::Instagram && name != "love" {
                    return Err(Refusal::bad_parameter("On Instagram the reaction is love."));
                }
                let message = thread.message_mut(&mid).filter(|m| !m.is_deleted);
                message.ok_or_else(|| Refusal::of("message_too_old"))?.page_reaction =
                    Some(reaction(platform, &name));
            }
            SenderAction::Unreact { mid } => {
                let message = thread.message_mut(&mid).filter(|m| !m.is_deleted);
                message.ok_or_else(|| Refusal::of("message_too_old"))?.page_reaction = None;
            }
        }
        Ok(())
    }
}

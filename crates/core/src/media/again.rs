//! A medium whose link died, asked for anew: Meta gives a fresh link with each read of its message, as long as it gives the
//! message (docs/meta.md 3.2).

use std::sync::Arc;

use baton_graph::{CallError, Urgency};
use baton_messenger::answer::ConversationMessage;
use baton_messenger::error::ErrorClass;
use baton_messenger::{Mid, Words};

use super::error::MediaError;
use super::have::Held;
use crate::apply::AttachmentSaid;
use crate::desk::inner::{Inner, lock};
use crate::store::{AttachmentRow, MediaRef, MediaSource};

impl Inner {
    /// Asks Meta for a fresh link to an attachment and fetches that. What fails leaves everything as it was.
    pub(crate) async fn have_anew(&self, medium: MediaRef) -> Result<Held, MediaError> {
        let MediaRef::Attachment(place) = medium else { return Err(MediaError::Dead) };
        let source = self.store.media_source(medium).await?;
        let mid = self.store.mid_of_media(medium).await?.ok_or(MediaError::Dead)?;
        if !source.may_be_kept {
            return Err(MediaError::Dead);
        }
        let message = self.read_anew(&source, &mid).await?;
        let attachment = self.store.attachment(place).await?;
        let url = link_to(&attachment, &crate::apply::attachments(&message)).ok_or_else(no_more)?;
        let busy = Arc::clone(lock(&self.media.busy).entry(medium).or_default());
        let _alone = busy.lock().await;
        self.fetch_now(medium, &MediaSource { url, ..source }).await
    }

    async fn read_anew(&self, source: &MediaSource, mid: &Mid) -> Result<ConversationMessage, MediaError> {
        let thread = self.thread(source.thread).await?;
        let account = &thread.key.account;
        let credentials = self.credentials(account).await.ok_or_else(no_token)?;
        let asked = self.graph().urgent(Urgency::Opening).message(&credentials, mid).await;
        if let Err(error) = &asked
            && error.is_dead_token()
        {
            self.token_died(account, &credentials).await?;
        }
        asked.map_err(|error| not_given(&error))
    }
}

/// The link to the same attachment in the message as Meta tells it now: at the same place, or the only one of its kind.
fn link_to(attachment: &AttachmentRow, now: &[AttachmentSaid]) -> Option<String> {
    let is_it = |said: &&AttachmentSaid| said.kind == attachment.kind && said.url.is_some();
    let at = usize::try_from(attachment.place.idx).ok()?;
    let mut alike = now.iter().filter(is_it);
    let found = now.get(at).filter(is_it).or_else(|| match (alike.next(), alike.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    });
    found?.url.clone()
}

fn not_given(error: &CallError) -> MediaError {
    match error.class() {
        _ if error.is_dead_token() => no_token(),
        None | Some(ErrorClass::Throttled | ErrorClass::TemporarilyUnavailable) => MediaError::NotAsked {
            words: Words::new("Meta could not be asked for this file just now.", "Try again in a moment."),
            may_pass: true,
        },
        Some(_) => no_more(),
    }
}

fn no_token() -> MediaError {
    MediaError::NotAsked {
        words: Words::new(
            "Meta cannot be asked for this file: this computer has no Page token of the account that Meta accepts.",
            "Once the account is connected again, ask again.",
        ),
        may_pass: false,
    }
}

fn no_more() -> MediaError {
    MediaError::NotAsked {
        words: Words::new(
            "Meta no longer gives this message: it was deleted there, or it is too old.",
            "Ask the customer to send the file again, or look for it in Meta's inbox.",
        ),
        may_pass: false,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::store::AttachmentPlace;

    fn said(kind: &str, url: Option<&str>) -> AttachmentSaid {
        AttachmentSaid { kind: kind.to_owned(), url: url.map(str::to_owned), title: None, payload: None }
    }

    #[rstest]
    #[case::same_place(1, &[said("image", Some("a")), said("image", Some("b"))], Some("b"))]
    #[case::elsewhere_but_alone(1, &[said("image", Some("a"))], Some("a"))]
    #[case::another_kind_there(0, &[said("file", Some("f")), said("image", Some("a"))], Some("a"))]
    #[case::which_one(5, &[said("image", Some("a")), said("image", Some("b"))], None)]
    #[case::without_a_link(0, &[said("image", None)], None)]
    #[case::gone(0, &[], None)]
    fn the_same_attachment_is_found_or_none(
        #[case] idx: i64,
        #[case] now: &[AttachmentSaid],
        #[case] url: Option<&str>,
    ) {
        let attachment = AttachmentRow {
            place: AttachmentPlace { message: 1, idx },
            kind: "image".to_owned(),
            url: Some("old".to_owned()),
            title: None,
            payload: None,
        };
        assert_eq!(link_to(&attachment, now).as_deref(), url);
    }
}

//! What happened without a word, and what stands beside words, in the shape of the page.

use baton_core::store::{Came, Extra, Happened, MediaRef, MessageRow, Pressed, StorySaid};
use baton_messenger::webhook::Origin;

use super::attachments::beside;
use crate::contract::attachment::MediaKind;
use crate::contract::happened::{AnswerView, CameByView, CameView, HappenedView, PressedView, StoryView};

/// What happened; none for a row that somebody said.
pub(super) fn happened(row: &MessageRow) -> Option<HappenedView> {
    Some(match row.extra.happened.clone()? {
        Happened::OptedIn { title, on } => HappenedView::OptedIn { title: title.unwrap_or_default(), on },
        Happened::Came(came) => HappenedView::Came { came: came_view(came, row.number) },
        Happened::AccountLinked { linked } => HappenedView::AccountLinked { linked },
        Happened::Feedback { answers } => {
            HappenedView::Feedback { answers: answers.into_iter().map(answer).collect() }
        }
        Happened::Thumb { good } => HappenedView::Thumb { good },
        Happened::InboxLabel { name, on } => HappenedView::InboxLabel { name, on },
    })
}

/// The ad or link that led to a message.
pub(super) fn came(extra: &Extra, message: i64) -> Option<CameView> {
    extra.came.clone().map(|came| came_view(came, message))
}

/// The story of ours that a message answers.
pub(super) fn story(extra: &Extra, message: i64) -> Option<StoryView> {
    let StorySaid { url, .. } = extra.story.as_ref()?;
    let media = beside(MediaRef::Story { message }, MediaKind::Image, url.as_ref(), true);
    Some(StoryView { media: url.as_ref().map(|_| media) })
}

/// How a text came about.
pub(super) fn pressed(extra: &Extra) -> Option<PressedView> {
    extra.pressed.map(|pressed| match pressed {
        Pressed::QuickReply => PressedView::QuickReply,
        Pressed::Button => PressedView::Button,
        Pressed::Command => PressedView::Command,
    })
}

fn came_view(came: Came, message: i64) -> CameView {
    let picture = beside(MediaRef::Referral { message }, MediaKind::Image, came.picture.as_ref(), false);
    CameView {
        by: match came.by {
            Origin::Ad => CameByView::Ad,
            Origin::LeadAd => CameByView::LeadForm,
            Origin::Link => CameByView::Link,
            Origin::WebsitePlugin => CameByView::Website,
            Origin::Shop => CameByView::Product,
            Origin::Other => CameByView::Other,
        },
        title: came.title.unwrap_or_default(),
        reference: came.reference.unwrap_or_default(),
        media: came.picture.is_some().then_some(picture),
        answers: came.answers.into_iter().map(answer).collect(),
    }
}

fn answer(answered: baton_core::store::Answered) -> AnswerView {
    AnswerView { question: answered.question, answer: answered.answer }
}

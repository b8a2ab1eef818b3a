//! What a webhook tells beside a text: how it came about, which ad led to it, and what happened without a word.

use baton_messenger::webhook::{
    Agreement, Feedback, FeedbackAnswer, InboxLabel, Kind, Message, OfferedReply, Optin, Origin, Postback,
    Referral, Story,
};

use super::extra::{Answered, Came, Extra, Happened, Pressed, StorySaid};

/// What is shown beside a message.
pub(super) fn of_message(message: &Message, inbound: bool) -> Option<Extra> {
    let pressed = match (&message.quick_reply, message.commands.is_empty()) {
        _ if !inbound => None,
        (Some(_), _) => Some(Pressed::QuickReply),
        (None, false) => Some(Pressed::Command),
        (None, true) => None,
    };
    let extra = Extra {
        pressed,
        offered: message.quick_replies.iter().filter_map(offered).collect(),
        came: message.referral.as_ref().map(came),
        story: message.reply_to.as_ref().and_then(|to| to.story.as_ref()).map(story),
        unsupported: message.is_unsupported,
        happened: None,
    };
    extra.if_any()
}

/// What is shown beside the title of a button.
pub(super) fn of_postback(postback: &Postback) -> Extra {
    let came = postback.referral.as_ref().map(came);
    Extra { pressed: Some(Pressed::Button), came, ..Extra::default() }
}

/// What happened, for the kinds that nobody said; none for the others.
pub(super) fn happened(kind: &Kind) -> Option<Happened> {
    match kind {
        Kind::Optin(optin) => Some(opted_in(optin)),
        Kind::Referral(referral) => Some(Happened::Came(came(referral))),
        Kind::AccountLinking(linking) => {
            Some(Happened::AccountLinked { linked: linking.is_linked().unwrap_or(true) })
        }
        Kind::Feedback(feedback) => Some(Happened::Feedback { answers: answers_of(feedback) }),
        Kind::ResponseFeedback(feedback) => {
            Some(Happened::Thumb { good: feedback.is_good().unwrap_or(true) })
        }
        Kind::InboxLabels(label) => inbox_label(label),
        _ => None,
    }
}

pub(super) fn story(story: &Story) -> StorySaid {
    StorySaid { id: story.id.clone(), url: story.url.clone() }
}

/// A reply that asks for a number or an address has no title; Messenger shows the customer's own.
fn offered(reply: &OfferedReply) -> Option<String> {
    reply.title.clone().or_else(|| reply.content_type.clone()).filter(|title| !title.is_empty())
}

fn came(referral: &Referral) -> Came {
    let ad = referral.ads_context_data.as_ref();
    let lead = referral.lead.iter().flat_map(|lead| &lead.answers);
    let by = if referral.lead.is_some() { Origin::LeadAd } else { referral.origin() };
    Came {
        by,
        reference: referral.reference.clone().filter(|reference| !reference.is_empty()),
        title: ad.and_then(|ad| ad.ad_title.clone()),
        picture: ad.and_then(|ad| ad.photo_url.clone().or_else(|| ad.video_url.clone())),
        answers: lead
            .map(|pair| Answered {
                question: pair.question.clone().unwrap_or_default(),
                answer: pair.answer.clone().unwrap_or_default(),
            })
            .collect(),
    }
}

fn opted_in(optin: &Optin) -> Happened {
    let on = optin.agreed_to() != Agreement::MarketingStopped;
    Happened::OptedIn { title: optin.title.clone().filter(|title| !title.is_empty()), on }
}

fn inbox_label(label: &InboxLabel) -> Option<Happened> {
    let name = label.label_name.clone().or_else(|| label.label_id.clone())?;
    Some(Happened::InboxLabel { name, on: label.action.as_deref() != Some("remove") })
}

fn answers_of(feedback: &Feedback) -> Vec<Answered> {
    let questions = feedback.screens.iter().flat_map(|screen| screen.questions.values());
    let mut answers = Vec::new();
    for question in questions {
        add_answer(&mut answers, question);
    }
    answers
}

/// Meta names only the kind of a question, such as `csat`, and keeps the words that were asked to itself.
fn add_answer(answers: &mut Vec<Answered>, question: &FeedbackAnswer) {
    if let Some(answer) = question.payload.clone().filter(|answer| !answer.is_empty()) {
        answers.push(Answered { question: question.kind.clone().unwrap_or_default(), answer });
    }
    if let Some(more) = &question.follow_up {
        add_answer(answers, more);
    }
}

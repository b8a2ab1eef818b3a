//! What an agent is told about each class of error. Meta's own texts are not shown in their place: they are written for
//! developers, or come in a language of Meta's choice.

use super::{ErrorClass, Fixer, GraphError, TokenDeath};
use crate::words::Words;

pub(super) fn of(error: &GraphError) -> Words {
    match error.class() {
        ErrorClass::TokenDead { reason } => token_dead(reason),
        ErrorClass::BadRequest => quoted("Meta did not accept this", error),
        ErrorClass::Unknown => quoted("Meta refused this with an error that Baton does not know", error),
        class => {
            let (what, remedy) = known(class);
            Words::new(what, remedy)
        }
    }
}

pub(super) fn of_late_reply(error: &GraphError) -> Words {
    match error.class() {
        ErrorClass::OutsideWindow => Words::new(
            "Meta did not take this late reply: it says that the time to answer is over.",
            "Wait until the customer writes again. If that was less than 7 days ago, ask an admin to check Meta's Human Agent \
             feature.",
        ),
        _ => of(error),
    }
}

fn known(class: ErrorClass) -> (&'static str, &'static str) {
    about_the_thread(class)
        .or_else(|| about_the_account(class))
        .or_else(|| about_content(class))
        .unwrap_or(("Meta refused this.", asked_of(class.who_can_fix())))
}

/// What can be done by whoever can do something, where nothing more is known of the error.
fn asked_of(fixer: Fixer) -> &'static str {
    match fixer {
        Fixer::Time => "Wait a little. It passes by itself.",
        Fixer::Agent => "Change the message, or tell an admin and give them this error.",
        Fixer::Customer => "Wait until the customer writes again.",
        Fixer::AccountAdmin => "Ask an admin of the account to look at its settings at Meta.",
        Fixer::Operator => "Tell whoever runs Baton, and give them this error.",
        Fixer::Meta => {
            "Try again later. If it stays, nobody but Meta can mend it: give this error to an admin, who can ask there."
        }
    }
}

/// Errors about this customer and this moment.
fn about_the_thread(class: ErrorClass) -> Option<(&'static str, &'static str)> {
    Some(match class {
        ErrorClass::OutsideWindow => (
            "Meta says that the time to answer is over: more than 24 hours have passed since the customer wrote.",
            "Send it as a late reply where that is allowed, or wait until the customer writes again.",
        ),
        ErrorClass::NotOwner => (
            "Another app answers in this thread now, so Meta did not take the message.",
            "Take control of the thread, then send again.",
        ),
        ErrorClass::AutomatedFlow => (
            "Meta is running an automatic question flow with the customer, so nothing else can be sent.",
            "Wait until it has ended, then send again.",
        ),
        ErrorClass::PersonUnavailable => (
            "The customer cannot be reached now. They may have blocked the account or left.",
            "Wait until the customer writes again.",
        ),
        ErrorClass::PersonNotReceiving => (
            "The customer does not receive messages from this account at the moment.",
            "Wait until the customer writes again.",
        ),
        ErrorClass::PersonUnknown => (
            "Meta does not know this customer on this account, so nothing can be sent in this thread.",
            "Look for the customer in Meta's own inbox, and answer there. Should they write again, answer what comes in then.",
        ),
        ErrorClass::ProfileUnavailable => (
            "Meta does not give the name and picture of this customer.",
            "Nothing needs to be done: messages are not affected.",
        ),
        ErrorClass::MessageGone => (
            "Meta no longer gives this message. It was deleted or is too old.",
            "Look for it in Meta's own inbox.",
        ),
        ErrorClass::ObjectMissing => (
            "Meta did not find this, or the app may not see it.",
            "Check in Meta's own inbox whether it is still there.",
        ),
        ErrorClass::TakeUnavailable => (
            "Meta does not allow taking this thread over.",
            "A Page admin can allow it in Meta's settings, under conversation routing.",
        ),
        _ => return None,
    })
}

/// Errors about the account, the app, or Meta itself.
fn about_the_account(class: ErrorClass) -> Option<(&'static str, &'static str)> {
    Some(match class {
        ErrorClass::Throttled => (
            "Too many calls were made to Meta for this account, so it asks us to wait.",
            "Nothing is lost. It goes on by itself.",
        ),
        ErrorClass::MarketingLimit => (
            "A limit for marketing messages is reached.",
            "Wait, or ask an admin to look at the limits in Meta's settings.",
        ),
        ErrorClass::TemporarilyUnavailable => (
            "Meta has a fault at the moment and did not answer clearly.",
            "Wait a little. Baton finds out what became of it.",
        ),
        ErrorClass::MaybeSent => (
            "Meta's answer could not be read. The message may have reached the customer.",
            "Wait a little. Baton finds out whether it was sent.",
        ),
        ErrorClass::PermissionMissing => (
            "The app lacks a right for this account.",
            "Ask an admin to connect the account again and to grant all rights.",
        ),
        ErrorClass::ProfilesNotAllowed => (
            "Meta does not give customers' names to this app yet.",
            "Ask whoever runs Baton to ask Meta for them. Customers can be renamed by hand until then.",
        ),
        ErrorClass::AppInTestMode => (
            "The Meta app is still in test mode, so only its testers can be reached.",
            "Ask whoever runs Baton to finish Meta's app review.",
        ),
        ErrorClass::ProofRequired => (
            "Meta accepts calls of this app only with a proof from the relay, and this one had none.",
            "Check the connection to the relay. If it stays, tell whoever runs Baton.",
        ),
        ErrorClass::InstagramAccessOff => (
            "The owner of the Instagram account has switched off access to messages.",
            "Ask the owner to switch on the access of connected tools to messages in the Instagram app.",
        ),
        ErrorClass::InstagramNotEligible => (
            "Meta does not let this Instagram account use the messaging API.",
            "Ask an admin to check the account's type and age in Meta's settings.",
        ),
        ErrorClass::PageRestricted => (
            "Meta has restricted this Page from sending messages for now.",
            "A Page admin finds the reason and the end date in Meta's support inbox.",
        ),
        ErrorClass::PolicyBlocked => (
            "Meta has blocked this action for now under its policies.",
            "Do not repeat it. A Page admin finds the reason in Meta's support inbox.",
        ),
        ErrorClass::LabelTermsMissing => (
            "A Page admin has not accepted Meta's terms for labels yet.",
            "Ask a Page admin to accept them in Meta's inbox.",
        ),
        ErrorClass::LinkingTokenBad => {
            ("The account of the customer could not be linked.", "Ask the customer to try again.")
        }
        _ => return None,
    })
}

/// Errors about what was to be sent.
fn about_content(class: ErrorClass) -> Option<(&'static str, &'static str)> {
    Some(match class {
        ErrorClass::FileNotFetched => {
            ("Meta could not fetch the file.", "Send it again, or attach the file itself.")
        }
        ErrorClass::FileNotUploaded => ("The file could not be uploaded to Meta.", "Attach it again."),
        ErrorClass::FileUnknown => ("The uploaded file has expired at Meta.", "Attach it again."),
        ErrorClass::FileTooBig => (
            "The file is too big for Meta (8 MB for pictures by address, 25 MB for anything else).",
            "Attach a smaller file.",
        ),
        ErrorClass::VideoBroken => {
            ("Meta could not process the video.", "Attach it again, or in another format.")
        }
        ErrorClass::SeveralImagesUnavailable => {
            ("This account cannot send several pictures in one message yet.", "Send them one by one.")
        }
        ErrorClass::TemplateRefused => {
            ("Meta did not accept the template.", "Check its content, or write text.")
        }
        ErrorClass::DuplicateText => (
            "The same text was just sent, so Meta did not take it again.",
            "Change the text if it should go out twice.",
        ),
        ErrorClass::LinkUnavailable => {
            ("Meta does not share this link at the moment.", "Send it again later.")
        }
        _ => return None,
    })
}

fn token_dead(reason: TokenDeath) -> Words {
    let (why, remedy) = match reason {
        TokenDeath::AppRemoved => ("the app was removed from the account", "Connect the account again."),
        TokenDeath::Checkpoint => (
            "Meta wants the person who connected it to log in on its website first",
            "Ask that person to log in at Meta, then connect the account again.",
        ),
        TokenDeath::PasswordChanged => {
            ("the password of the person who connected it was changed", "Connect the account again.")
        }
        TokenDeath::Expired => ("the access has expired", "Connect the account again."),
        TokenDeath::NotConfirmed => (
            "the Meta account of the person who connected it is not confirmed",
            "Ask that person to confirm the account at Meta, then connect again.",
        ),
        TokenDeath::Revoked => {
            ("the access was ended by a log-out or withdrawn", "Connect the account again.")
        }
        TokenDeath::RoleLost => (
            "the person who connected it no longer has a role on the Page",
            "Ask another Page admin to connect the account again.",
        ),
        TokenDeath::Other => ("Meta no longer accepts the access", "Connect the account again."),
    };
    Words::new(
        format!("The connection to the account is lost: {why}. What customers write still arrives."),
        remedy,
    )
}

fn quoted(opening: &str, error: &GraphError) -> Words {
    let trace = error.trace_id.as_deref().map(|trace| format!(", trace {trace}")).unwrap_or_default();
    Words::new(
        format!(
            "{opening}: \u{201c}{}\u{201d} (error {}{}{trace}).",
            error.message,
            error.code,
            error.subcode_text()
        ),
        asked_of(error.who_can_fix()),
    )
}

//! What stands around a reply's text, put into the body of a part: the first part of a reply answers a message, the last
//! one offers answers.

use baton_messenger::Platform;
use baton_messenger::send::{MessageBody, QuickReply, SendBody, Unsendable};

use crate::store::Frame;

/// The message with the answers that it offers. What comes back with a tap is the title itself.
///
/// # Errors
/// [`Unsendable`] when there are too many, or one is empty or too long.
pub fn offering(message: MessageBody, frame: &Frame, is_last: bool) -> Result<MessageBody, Unsendable> {
    if frame.offers.is_empty() || !is_last {
        return Ok(message);
    }
    message.with_quick_replies(quick_replies(&frame.offers)?)
}

/// The body as an answer to a message. A late reply leaves the message out, see [`SendBody::in_reply_to`].
#[must_use]
pub fn answering(body: SendBody, frame: &Frame, is_first: bool) -> SendBody {
    match &frame.answers {
        Some(mid) if is_first => body.in_reply_to(mid),
        _ => body,
    }
}

/// Whether a channel takes these as answers to one tap.
///
/// # Errors
/// [`Unsendable`] when there are too many, or one is empty or too long.
pub fn check(platform: Platform, offers: &[String]) -> Result<(), Unsendable> {
    if offers.is_empty() {
        return Ok(());
    }
    MessageBody::text(platform, "-")?.with_quick_replies(quick_replies(offers)?)?;
    Ok(())
}

fn quick_replies(offers: &[String]) -> Result<Vec<QuickReply>, Unsendable> {
    offers.iter().map(|title| QuickReply::text(title, title)).collect()
}

#[cfg(test)]
mod tests {
    use baton_messenger::policy::Verdict;
    use baton_messenger::{CustomerId, Mid};
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;

    const PLAIN: Verdict = Verdict::Plain { until_ms: 1 };
    const LATE: Verdict = Verdict::HumanAgent { until_ms: 1 };

    fn frame() -> Frame {
        Frame { answers: Some(Mid::from("m_1")), offers: vec!["Yes".to_owned(), "No".to_owned()] }
    }

    fn sent(verdict: &Verdict, (is_first, is_last): (bool, bool)) -> Value {
        let message = MessageBody::text(Platform::Messenger, "Shall I?").unwrap();
        let message = offering(message, &frame(), is_last).unwrap();
        let body = SendBody::message(&CustomerId::from("1"), verdict, message).unwrap();
        serde_json::to_value(answering(body, &frame(), is_first)).unwrap()
    }

    #[test]
    fn the_first_part_answers_and_the_last_one_offers() {
        let first = sent(&PLAIN, (true, false));
        assert_eq!(
            (&first["reply_to"], &first["message"]["quick_replies"]),
            (&json!({"mid": "m_1"}), &Value::Null)
        );
        let last = sent(&PLAIN, (false, true));
        assert_eq!(last["reply_to"], Value::Null);
        let titles: Vec<&Value> =
            last["message"]["quick_replies"].as_array().unwrap().iter().map(|one| &one["title"]).collect();
        assert_eq!(titles, ["Yes", "No"]);
    }

    #[test]
    fn a_late_reply_answers_no_message() {
        assert_eq!(sent(&LATE, (true, true))["reply_to"], Value::Null);
    }

    #[rstest]
    #[case::none(0, "Yes", true)]
    #[case::most(13, "Yes", true)]
    #[case::too_many(14, "Yes", false)]
    #[case::as_long_as_may_be(1, "twenty letters of it", true)]
    #[case::too_long(1, "twenty-one letters it", false)]
    #[case::empty(1, " ", false)]
    fn channels_take_so_many_of_such_a_length(
        #[case] count: usize,
        #[case] title: &str,
        #[case] takes: bool,
    ) {
        let offers = vec![title.to_owned(); count];
        for platform in [Platform::Messenger, Platform::Instagram] {
            assert_eq!(check(platform, &offers).is_ok(), takes);
        }
    }
}

//! What an agent is told about a part: why it waits, what Meta said, why it came back.

use baton_messenger::error::Help;
use baton_messenger::{Platform, Words};
use baton_protocol::AgentId;

use super::machine::{Leaves, Return, State, Wait};
use crate::control::WayBack;

impl State {
    /// The state in words, where a person needs them.
    #[must_use]
    pub fn agent_words(&self) -> Option<Words> {
        match self {
            Self::Queued { wait: Some(wait), .. } => Some(wait.agent_words()),
            Self::Refused { error, aside: false } => Some(error.agent_words()),
            Self::Refused { error, aside: true } => Some(Words::new(
                format!("You put this reply aside, it was not sent. {}", error.agent_words().what),
                "You can still send it again, or take it back into the composer.",
            )),
            Self::Unknown { looked: false, look_failed: false, .. } => Some(Words::new(
                "It is not certain whether this reply arrived. Baton is finding out.",
                "Wait a little. It is not sent again by itself.",
            )),
            Self::Unknown { looked: true, several_fit: true, .. } => Some(Words::new(
                "It is not certain whether this reply arrived: Meta shows more than one message that could be it.",
                "Look at the thread in Meta's inbox before you send it again or close it.",
            )),
            Self::Unknown { looked: true, .. } => Some(Words::new(
                "It is not certain whether this reply arrived: Meta does not show it.",
                "Ask the customer or look in Meta's inbox, then send it again or close it.",
            )),
            Self::Unknown { looked: false, look_failed: true, .. } => Some(Words::new(
                "It is not certain whether this reply arrived, and Baton could not look at Meta's conversation.",
                "Baton tries again. Ask the customer or look in Meta's inbox, then send it again or close it.",
            )),
            Self::Abandoned { looked: false, look_failed: true, .. } => Some(Words::new(
                "This reply was closed without knowing whether it arrived, and Baton could not look at Meta's conversation.",
                "Ask the customer or look in Meta's inbox before you send it again. If a proof comes, it is shown here.",
            )),
            Self::Abandoned { looked: true, several_fit: true, .. } => Some(Words::new(
                "This reply was closed without knowing whether it arrived: Meta shows more than one message that could be it.",
                "Look at the thread in Meta's inbox before you send it again. If a proof comes, it is shown here.",
            )),
            Self::Abandoned { .. } => Some(Words::new(
                "This reply was closed without knowing whether it arrived.",
                "If a proof comes, it is shown here.",
            )),
            Self::Held { .. }
            | Self::Queued { wait: None, .. }
            | Self::Sending
            | Self::Sent { .. }
            | Self::Returned { .. } => None,
        }
    }
}

impl State {
    /// The state in words, of a part that left, or is to leave, as this: what is said of a late reply never says that it was
    /// none.
    #[must_use]
    pub fn words_as(&self, leaves: Leaves) -> Option<Words> {
        match (self, leaves) {
            (Self::Refused { error, .. }, Leaves::Tagged) => Some(error.late_reply_words()),
            _ => self.agent_words(),
        }
    }

    /// The same of a reply whose customer has written since it was pressed: it will not leave.
    #[must_use]
    pub fn overtaken_words(&self, leaves: Leaves) -> Option<Words> {
        let words = self.words_as(leaves)?;
        Some(match self {
            // What stopped it before does not matter any more.
            Self::Queued { .. } => Words::new(
                "The customer has written since, so this reply does not leave: it comes back to the composer.",
                "",
            ),
            _ => words,
        })
    }
}

impl State {
    /// True when it is not what the agent meant with *Send*, and somebody has to look at it.
    #[must_use]
    pub fn is_setback(&self) -> bool {
        match self {
            Self::Refused { aside, .. } => !aside,
            Self::Unknown { looked, look_failed, .. } => *looked || *look_failed,
            Self::Returned { reason } => *reason != Return::Taken,
            _ => false,
        }
    }

    /// A setback in words, wherever the agent is; none when it is none. `by_customer`: the thread's last word is the
    /// customer's. `winner`: what the agent is called who works on the thread that was moved, see [`State::winner`].
    /// `leaves`: as what the part left.
    #[must_use]
    pub fn setback_words(&self, by_customer: bool, winner: Option<&str>, leaves: Leaves) -> Option<Words> {
        match self {
            Self::Returned { reason } if *reason != Return::Taken => {
                Some(reason.agent_words(by_customer, winner))
            }
            state if state.is_setback() => state.words_as(leaves),
            _ => None,
        }
    }
}

impl State {
    /// Who works on the thread now, where a reply came back because somebody moved it.
    #[must_use]
    pub fn winner(&self) -> Option<AgentId> {
        match self {
            Self::Returned { reason } => reason.winner(),
            _ => None,
        }
    }

    /// The act that helps, where the words alone would leave somebody waiting.
    #[must_use]
    pub fn help(&self, platform: Platform) -> Option<Help> {
        match self {
            Self::Refused { error, aside: false } => Some(error.class().help(platform)),
            Self::Queued { wait: Some(Wait::Token), .. } => Some(Help::Reconnect),
            Self::Unknown { .. } => Some(Help::Inbox),
            _ => None,
        }
    }

    /// What is given to whoever runs Baton: what Meta said, without the customer's words.
    #[must_use]
    pub fn report(&self) -> Option<String> {
        let Self::Refused { error, .. } = self else { return None };
        let trace = error.trace_id.as_deref().unwrap_or("none");
        Some(format!("{error} (trace {trace}, HTTP {})", error.http_status))
    }
}

impl Wait {
    /// What the part waits for.
    #[must_use]
    pub fn agent_words(&self) -> Words {
        match self {
            Self::Relay => Words::new(
                "This reply waits until the relay answers.",
                "It leaves by itself then. It comes back instead where Meta shows that the customer has written, or where it \
                 may no longer be sent.",
            ),
            Self::Network => Words::new(
                "This reply waits until Meta can be reached.",
                "It leaves by itself then. It comes back instead where Meta shows that the customer has written, or where it \
                 may no longer be sent.",
            ),
            Self::Limit { .. } => Words::new(
                "Meta is throttling, so this reply waits.",
                "It leaves by itself. It comes back instead where Meta shows that the customer has written.",
            ),
            Self::Upload => Words::new("The file is on its way to Meta.", "It is sent once Meta has it."),
            Self::Token => Words::new(
                "This reply waits: Meta does not accept this account's Page token.",
                "It leaves by itself once the token works again. It comes back instead where Meta shows that the customer has \
                 written.",
            ),
        }
    }
}

impl Return {
    /// Who works on the thread now, where it came back because somebody moved it.
    #[must_use]
    pub fn winner(&self) -> Option<AgentId> {
        match self {
            Self::ThreadMoved { assignee, .. } => *assignee,
            _ => None,
        }
    }

    /// Why the text is back in the composer. `by_customer`: the thread's last word is the customer's. `winner`: what the
    /// agent is called who works on the thread that was moved; none for whoever reads this.
    #[must_use]
    pub fn agent_words(&self, by_customer: bool, winner: Option<&str>) -> Words {
        match self {
            Self::SomeoneWrote => Words::new(
                if by_customer {
                    "This was not sent: the customer wrote in the meantime."
                } else {
                    "This was not sent: a colleague answered in the meantime."
                },
                "Read what is new, then send again.",
            ),
            Self::CustomerWrote => Words::new(
                "This was not sent: the customer wrote while it waited, and Meta has not brought it here yet.",
                "Wait until it is here, or read it in Meta's inbox, then send again.",
            ),
            Self::ThreadMoved { by_name, .. } => match (by_name.as_deref(), winner) {
                (Some(by), Some(name)) if by != name => Words::new(
                    format!("This was not sent: {by} moved the thread first, and {name} works on it now."),
                    "Look at what changed, then send again if you still should.",
                ),
                (_, Some(name)) => Words::new(
                    format!("This was not sent: the thread changed first, and {name} works on it now."),
                    "Look at what changed, then send again if you still should.",
                ),
                (Some(by), None) => Words::new(
                    format!("This was not sent: {by} moved the thread or changed its status first."),
                    "Look at it again, then send.",
                ),
                (None, None) => Words::new(
                    "This was not sent: the thread was moved or its status changed.",
                    "Look at it again, then send.",
                ),
            },
            Self::SomeoneSends => Words::new(
                "This was not sent: a colleague is sending a reply in this thread.",
                "Wait for it, then decide.",
            ),
            Self::UnknownBefore => Words::new(
                "This was not sent: nobody knows yet whether a colleague's reply arrived.",
                "Send again if it is right all the same.",
            ),
            Self::EarlierPart => Words::new(
                "This was not sent: an earlier part of the same reply did not leave.",
                "Send that part first.",
            ),
            Self::Blocked => Words::new(
                "This was not sent: the customer was blocked in the meantime.",
                "A supervisor can unblock the customer; then send it again.",
            ),
            Self::NotOwner { back } => Words::new(
                "This was not sent: another app holds the thread now.",
                match back {
                    WayBack::Take => "Take control of the thread, then send again.",
                    WayBack::Ask => "Ask for the thread, and send again once it was passed to you.",
                    WayBack::Wait => {
                        "It cannot be taken on this account. Send again later, or answer in Meta's own inbox."
                    }
                },
            ),
            Self::QuestionFlow { back } => Words::new(
                "This was not sent: an automatic flow of questions runs in this thread, and Meta keeps others out meanwhile.",
                match back {
                    WayBack::Take => {
                        "Wait until the customer has answered the questions, or take the thread, then send again."
                    }
                    WayBack::Ask | WayBack::Wait => {
                        "Wait until the customer has answered the questions, then send again."
                    }
                },
            ),
            Self::TakeFailed { what, remedy } | Self::RelayRefused { what, remedy } => {
                Words::new(what.clone(), remedy.clone())
            }
            Self::TagNeeded => Words::new(
                "This was not sent: more than 24 hours have passed since the customer wrote, so it would now be a late \
                 reply.",
                "Send it again if it should leave as a late reply.",
            ),
            Self::TagNotNeeded => Words::new(
                "This was not sent as a late reply: it can be sent as an ordinary one now.",
                "Send it again.",
            ),
            Self::Window { refusal } => refusal.agent_words(),
            Self::Taken => Words::new("You took this reply back before it left.", ""),
            Self::Closed => Words::new(
                "This was not sent: Baton was closed in the seconds in which it could be taken back.",
                "Read it once more, then send it.",
            ),
        }
    }
}

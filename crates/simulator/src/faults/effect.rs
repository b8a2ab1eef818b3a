//! What can go wrong, and the moment at which each is looked up.

use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use super::case::CallKind;

/// What goes wrong. Delays are in simulated milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(tag = "effect", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Effect {
    /// A call is answered with this error (a name of fixtures/graph_errors.json); nothing is done.
    CallRefused {
        /// The error's name.
        error: String,
    },
    /// As [`Effect::CallRefused`], for sends.
    SendRefused {
        /// The error's name.
        error: String,
    },
    /// As [`Effect::CallRefused`], for reads.
    ReadRefused {
        /// The error's name.
        error: String,
    },
    /// A call is refused with a throttle code and full usage headers, which count down to the rule's end.
    Throttled {
        /// The error's name: `rate_app`, `rate_buc_messenger` …
        error: String,
    },
    /// A call is answered with this 5xx status and a body that is no JSON; nothing is done.
    ServerError {
        /// 500 to 599.
        status: u16,
    },
    /// The connection is closed before anything is done.
    CallCut,
    /// Page and user tokens are dead with this subcode of 190, for calls and for `debug_token`.
    TokenDead {
        /// 458, 459, 460, 463, 467 or 492.
        subcode: i64,
    },
    /// A right is gone: calls that need it are refused, and nothing lists it any more.
    RightRemoved {
        /// The right that is gone.
        right: Right,
    },
    /// Sends are refused: Meta has restricted the account.
    PageRestricted,

    /// A send is answered with this error although the message was sent (1/1357046 and its like).
    SendRefusedButSent {
        /// The error's name.
        error: String,
    },
    /// A send is answered with this 5xx status and a body that is no JSON, although the message was sent.
    ServerErrorButDone {
        /// 500 to 599.
        status: u16,
    },
    /// The message is accepted, then the connection is closed without an answer.
    AnswerCut,
    /// The message is accepted, the answer comes later: the echo overtakes it.
    AnswerLate {
        /// By how much.
        ms: u64,
    },
    /// The message is accepted, the answer comes once its echo was acknowledged, after a minute at the latest.
    AnswerAfterEcho,

    /// The answer's body comes in pieces.
    BodySlow {
        /// How long the whole body takes.
        ms: u64,
    },
    /// The connection is closed in the middle of the answer's body.
    BodyCut,

    /// The echo comes later.
    EchoLate {
        /// By how much.
        ms: u64,
    },
    /// The echo never comes.
    EchoNever,

    /// A webhook is never delivered.
    WebhookDropped,
    /// A webhook is delivered twice.
    WebhookTwice {
        /// How much later the second time; 0: right after the first.
        #[serde(default)]
        ms: u64,
    },
    /// A webhook leaves later; what comes after it overtakes it.
    WebhookLate {
        /// By how much.
        ms: u64,
    },
    /// Webhooks are held back and then leave in another order.
    WebhooksShuffled {
        /// How many are held back before they leave.
        count: usize,
        /// How long they are held back at most.
        ms: u64,
    },
    /// Webhooks are held back and then leave in one POST.
    WebhooksTogether {
        /// How many are held back before they leave.
        count: usize,
        /// How long they are held back at most.
        ms: u64,
    },
    /// The first try of a webhook carries a wrong signature.
    WebhookForged,
    /// A webhook is written in one of Meta's loose ways.
    WebhookLoose {
        /// Which.
        form: LooseForm,
    },
    /// A try to deliver a webhook fails as if the receiver had answered so; nothing reaches it. An hour of this ends
    /// the subscription.
    WebhookFails {
        /// The status of the pretended answer; 0: no answer.
        status: u16,
    },

    /// Lists come in pages of uneven length: full, half, empty with a `next`, and so on; the last one is empty and
    /// has no `next`.
    PagesUneven,

    /// A media link that Meta gave out is dead.
    MediaDead,
}

/// The loose ways in which Meta has been seen to write webhooks (docs/meta.md 2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LooseForm {
    /// Times in seconds.
    Seconds,
    /// Times, and the numbers of edits, as text.
    Texts,
    /// No time but the entry's.
    Untimed,
    /// Ids as numbers.
    Numbers,
    /// Members that nobody has heard of, at every level.
    Strangers,
    /// Seconds as text, ids as numbers, and members that nobody has heard of.
    Everything,
}

/// A right that can be taken away (docs/meta.md 1.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// To read and send messages: task `MESSAGING`.
    PagesMessaging,
    /// To subscribe webhooks: task `MODERATE`.
    PagesManageMetadata,
    /// To read a person's name and picture.
    BusinessAssetUserProfileAccess,
}

/// The moments at which rules are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// A call's token is looked at.
    Token,
    /// A call is about to be done.
    Call,
    /// A call was done and is about to be answered.
    Done,
    /// A list is about to be cut into pages.
    List,
    /// An answer's body is about to be written.
    Body,
    /// The sender's own echo sets out.
    Echo,
    /// A webhook is written.
    Form,
    /// Any webhook sets out.
    Webhook,
    /// A webhook is about to be posted.
    Try,
    /// A media link is opened.
    Media,
}

impl Effect {
    pub(crate) fn moment(&self) -> Moment {
        match self {
            Self::TokenDead { .. } => Moment::Token,
            Self::CallRefused { .. }
            | Self::SendRefused { .. }
            | Self::ReadRefused { .. }
            | Self::Throttled { .. }
            | Self::ServerError { .. }
            | Self::CallCut
            | Self::RightRemoved { .. }
            | Self::PageRestricted => Moment::Call,
            Self::SendRefusedButSent { .. }
            | Self::ServerErrorButDone { .. }
            | Self::AnswerCut
            | Self::AnswerLate { .. }
            | Self::AnswerAfterEcho => Moment::Done,
            Self::BodySlow { .. } | Self::BodyCut => Moment::Body,
            Self::EchoLate { .. } | Self::EchoNever => Moment::Echo,
            Self::WebhookDropped
            | Self::WebhookTwice { .. }
            | Self::WebhookLate { .. }
            | Self::WebhooksShuffled { .. }
            | Self::WebhooksTogether { .. }
            | Self::WebhookForged => Moment::Webhook,
            Self::WebhookLoose { .. } => Moment::Form,
            Self::WebhookFails { .. } => Moment::Try,
            Self::PagesUneven => Moment::List,
            Self::MediaDead => Moment::Media,
        }
    }

    /// Its name on the wire.
    pub(crate) fn name(&self) -> &'static str {
        self.into()
    }

    /// The error's name, for effects that answer with one.
    pub(crate) fn error_name(&self) -> Option<&str> {
        match self {
            Self::CallRefused { error }
            | Self::SendRefused { error }
            | Self::SendRefusedButSent { error }
            | Self::ReadRefused { error }
            | Self::Throttled { error } => Some(error),
            _ => None,
        }
    }

    /// Whether this kind of call is meant when the rule names none: what happens to an answer is about sends.
    pub(crate) fn is_about(&self, call: CallKind, is_read: bool) -> bool {
        match self {
            Self::SendRefused { .. }
            | Self::SendRefusedButSent { .. }
            | Self::ServerErrorButDone { .. }
            | Self::AnswerCut
            | Self::AnswerLate { .. }
            | Self::AnswerAfterEcho
            | Self::PageRestricted => call == CallKind::Send,
            Self::ReadRefused { .. } => is_read,
            Self::RightRemoved { right } => right.is_needed_for(call),
            Self::PagesUneven => {
                matches!(call, CallKind::Conversations | CallKind::Messages | CallKind::Accounts)
            }
            _ => true,
        }
    }
}

impl Right {
    fn is_needed_for(self, call: CallKind) -> bool {
        match self {
            Self::PagesMessaging => matches!(
                call,
                CallKind::Send
                    | CallKind::Action
                    | CallKind::Upload
                    | CallKind::Control
                    | CallKind::Owner
                    | CallKind::Conversations
                    | CallKind::Messages
                    | CallKind::Message
            ),
            Self::PagesManageMetadata => call == CallKind::Subscriptions,
            Self::BusinessAssetUserProfileAccess => call == CallKind::Profile,
        }
    }

    /// The name of the refusal of a call that needs this right.
    pub(crate) fn refusal(self) -> &'static str {
        match self {
            Self::PagesMessaging | Self::PagesManageMetadata => "permission_missing",
            Self::BusinessAssetUserProfileAccess => "profile_permission",
        }
    }
}

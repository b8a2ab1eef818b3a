//! The act that helps with each class of error: one for each, so that nobody is left with words alone. Who can fix it is
//! said by [`super::Fixer`]; this is what the agent can press.

use super::ErrorClass;
use crate::id::Platform;
use crate::routing::settings_address;

/// Where people find why Meta restricted a Page or an action, and until when.
const SUPPORT_INBOX: &str = "https://www.facebook.com/support";
/// Where an admin finds the settings of Pages, Instagram accounts and their rights.
const BUSINESS_SETTINGS: &str = "https://business.facebook.com/latest/settings";

/// What the agent can press.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Help {
    /// Send it again.
    SendAgain,
    /// Take its text back into the composer, and change or keep it.
    Change,
    /// Take the thread.
    Take,
    /// Connect the account again.
    Reconnect,
    /// Look in Meta's own inbox.
    Inbox,
    /// Open the page of Meta where an admin can do something, or send its address to one.
    MetaSettings {
        /// The page.
        address: &'static str,
    },
    /// Give the error to whoever runs Baton.
    Tell,
}

impl ErrorClass {
    /// The act that helps most.
    #[must_use]
    pub fn help(self, platform: Platform) -> Help {
        match self {
            Self::AutomatedFlow
            | Self::Throttled
            | Self::TemporarilyUnavailable
            | Self::FileNotFetched
            | Self::FileNotUploaded
            | Self::FileUnknown
            | Self::LinkUnavailable => Help::SendAgain,
            Self::OutsideWindow
            | Self::PersonUnavailable
            | Self::PersonNotReceiving
            | Self::FileTooBig
            | Self::VideoBroken
            | Self::SeveralImagesUnavailable
            | Self::TemplateRefused
            | Self::DuplicateText
            | Self::BadRequest => Help::Change,
            Self::NotOwner => Help::Take,
            Self::TokenDead { .. } | Self::PermissionMissing => Help::Reconnect,
            Self::MaybeSent
            | Self::PersonUnknown
            | Self::ProfileUnavailable
            | Self::LabelTermsMissing
            | Self::MessageGone
            | Self::ObjectMissing => Help::Inbox,
            Self::PageRestricted | Self::PolicyBlocked => Help::MetaSettings { address: SUPPORT_INBOX },
            Self::MarketingLimit | Self::InstagramNotEligible => {
                Help::MetaSettings { address: BUSINESS_SETTINGS }
            }
            Self::TakeUnavailable => Help::MetaSettings { address: settings_address(platform) },
            Self::AppInTestMode
            | Self::ProofRequired
            | Self::InstagramAccessOff
            | Self::ProfilesNotAllowed
            | Self::LinkingTokenBad
            | Self::Unknown => Help::Tell,
        }
    }
}

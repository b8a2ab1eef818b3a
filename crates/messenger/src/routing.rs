//! The ways in which Meta decides which app may answer on an account, and which control calls each of them has
//! (docs/meta.md 5.1–5.3).
//!
//! ```text
//!                 pass   take            request            release   extend
//!  On             yes    yes             –                  yes       yes
//!  Off            yes    –               yes                yes       –
//!  HopV2          yes    first receiver  other receivers    yes       –
//! ```
//!
//! That a mode has a call does not mean that it works now: who holds the thread decides besides.

use serde::{Deserialize, Serialize};

use crate::id::Platform;
use crate::send::ControlCall;

/// The page of Meta's settings where an admin switches routing on, chooses the default app, and says which apps may take
/// control (docs/meta.md 5.1).
#[must_use]
pub fn settings_address(platform: Platform) -> &'static str {
    match platform {
        Platform::Messenger => "https://www.facebook.com/settings?tab=msgr_conversation_routing",
        Platform::Instagram => "https://www.facebook.com/settings?tab=ig_conversation_routing",
    }
}

/// How Meta decides which app may answer on an account.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RoutingMode {
    /// Conversation Routing is on: a thread is owned or idle; a default app may be set; `take` works.
    On,
    /// Zero configuration: every connected app hears everything and may answer. No owner, no `take`, no expiry.
    Off,
    /// The old handover protocol with primary and secondary receivers.
    HopV2,
    /// Not asked yet.
    #[default]
    Unknown,
}

/// The part of an app in the old handover protocol.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AppRole {
    /// Gets threads that nobody holds, and may take any thread.
    PrimaryReceiver,
    /// May ask for a thread.
    SecondaryReceiver,
}

impl RoutingMode {
    /// Whether there is such a call in this mode, for an app with this role (`None`: not known; then both of the
    /// calls that hang on a role may be tried). In a mode that is not known no call can be promised.
    pub fn has(self, call: ControlCall, role: Option<AppRole>) -> bool {
        use ControlCall::{
            ExtendThreadControl, PassThreadControl, ReleaseThreadControl, RequestThreadControl,
            TakeThreadControl,
        };
        match (self, call) {
            (Self::Unknown, _) => false,
            (_, PassThreadControl | ReleaseThreadControl) => true,
            (Self::On, TakeThreadControl | ExtendThreadControl) => true,
            (Self::On, RequestThreadControl) => false,
            (Self::Off, RequestThreadControl) => true,
            (Self::Off | Self::HopV2, ExtendThreadControl) | (Self::Off, TakeThreadControl) => false,
            (Self::HopV2, TakeThreadControl) => role != Some(AppRole::SecondaryReceiver),
            (Self::HopV2, RequestThreadControl) => role != Some(AppRole::PrimaryReceiver),
        }
    }

    /// Whether one app at a time owns a thread, so that others are refused (docs/meta.md 5.2).
    pub fn has_owners(self) -> bool {
        matches!(self, Self::On | Self::HopV2)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use ControlCall::{
        ExtendThreadControl, PassThreadControl, ReleaseThreadControl, RequestThreadControl, TakeThreadControl,
    };

    const ALL: [ControlCall; 5] = [
        PassThreadControl,
        TakeThreadControl,
        RequestThreadControl,
        ReleaseThreadControl,
        ExtendThreadControl,
    ];

    #[rstest]
    #[case::routing(RoutingMode::On, None, &[PassThreadControl, TakeThreadControl, ReleaseThreadControl, ExtendThreadControl])]
    #[case::no_routing(RoutingMode::Off, None, &[PassThreadControl, RequestThreadControl, ReleaseThreadControl])]
    #[case::old_first(RoutingMode::HopV2, Some(AppRole::PrimaryReceiver), &[PassThreadControl, TakeThreadControl, ReleaseThreadControl])]
    #[case::old_other(RoutingMode::HopV2, Some(AppRole::SecondaryReceiver), &[PassThreadControl, RequestThreadControl, ReleaseThreadControl])]
    #[case::old_role_not_known(RoutingMode::HopV2, None, &[PassThreadControl, TakeThreadControl, RequestThreadControl, ReleaseThreadControl])]
    #[case::not_asked(RoutingMode::Unknown, None, &[])]
    fn each_mode_has_its_calls(
        #[case] mode: RoutingMode,
        #[case] role: Option<AppRole>,
        #[case] calls: &[ControlCall],
    ) {
        let has: Vec<_> = ALL.into_iter().filter(|call| mode.has(*call, role)).collect();
        assert_eq!(has, calls);
    }

    #[test]
    fn the_old_protocol_is_written_as_meta_names_it() {
        assert_eq!(serde_json::to_string(&RoutingMode::HopV2).unwrap(), r#""hop_v2""#);
        assert_eq!(RoutingMode::HopV2.to_string(), "hop_v2");
        assert_eq!("primary_receiver".parse(), Ok(AppRole::PrimaryReceiver));
    }
}

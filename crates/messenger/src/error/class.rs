//! The table of docs/meta.md 7.2 as one enum: a class exists where an agent is told something different.

use serde::{Deserialize, Serialize};

use super::GraphError;

/// What an error of Graph means.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumCount,
)]
#[serde(rename_all = "snake_case", tag = "class")]
#[strum(serialize_all = "snake_case")]
pub enum ErrorClass {
    /// The token is dead (102, 190).
    TokenDead {
        /// Why it died.
        reason: TokenDeath,
    },
    /// The time to answer is over (10/2018065, 10/2018278, 10/2534022).
    OutsideWindow,
    /// Another app controls the thread (10/2018300, 100/2534037).
    NotOwner,
    /// An automatic question flow runs (10/2018321).
    AutomatedFlow,
    /// Too many calls (4, 17, 32, 341, 613, 80001, 80002, 80006, 80008).
    Throttled,
    /// A limit of marketing messages (4/2018354, 9/2018352).
    MarketingLimit,
    /// Meta has a fault now (1, 2, 1200, or any 5xx).
    TemporarilyUnavailable,
    /// Meta garbled its own answer; the message may have gone out (1/1357046).
    MaybeSent,
    /// The app has no right to this (10, 200, and relatives).
    PermissionMissing,
    /// The app is not public: only people with a role can be reached (200/2018028).
    AppInTestMode,
    /// Meta wants a proof with every call, and this one had none (100 of type `GraphMethodException`).
    ProofRequired,
    /// The Instagram owner switched off access to messages (200/2534041).
    InstagramAccessOff,
    /// This Instagram account cannot use the API (36103).
    InstagramNotEligible,
    /// The customer cannot be reached (551, 200/1545041).
    PersonUnavailable,
    /// The customer does not receive messages from the Page (10/2018108).
    PersonNotReceiving,
    /// No such person on this account (100/2018001, 100/2534014).
    PersonUnknown,
    /// No profile of this customer is given (100/2018218, 230, 9010).
    ProfileUnavailable,
    /// The app may read no profiles at all (100/2018247).
    ProfilesNotAllowed,
    /// The Page is restricted from sending (10/1893063).
    PageRestricted,
    /// Blocked for abuse or policy (368, 2022).
    PolicyBlocked,
    /// Taking control is not possible on this account (27, 100/2018171, 100/2018234).
    TakeUnavailable,
    /// A Page admin must accept the terms for labels (2/2018344).
    LabelTermsMissing,
    /// Meta could not fetch a file (100/2018008).
    FileNotFetched,
    /// A file could not be uploaded (100/2018047).
    FileNotUploaded,
    /// An uploaded file is gone or not ours (100/2018074).
    FileUnknown,
    /// A file is too big (100/2018109).
    FileTooBig,
    /// A video could not be processed (100/2018294).
    VideoBroken,
    /// Several images in one message are not possible yet (100/2534068).
    SeveralImagesUnavailable,
    /// A template is faulty (100/2018173–2018188, 2018320, 2018328).
    TemplateRefused,
    /// The message was deleted, or is older than the newest twenty (any code with 9000001).
    MessageGone,
    /// The object is missing, or there is no right to it (100/33).
    ObjectMissing,
    /// The same text was just sent (506).
    DuplicateText,
    /// A link cannot be shared now (508/2534122).
    LinkUnavailable,
    /// An account linking token is bad (10303).
    LinkingTokenBad,
    /// Meta did not accept the request (100).
    BadRequest,
    /// A code that is not in the table.
    Unknown,
}

/// Why a token died (docs/meta.md 1.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenDeath {
    /// The person removed the app (458).
    AppRemoved,
    /// The person must log in on the website first (459).
    Checkpoint,
    /// The password was changed (460).
    PasswordChanged,
    /// It expired (463).
    Expired,
    /// The person's account is not confirmed (464).
    NotConfirmed,
    /// Logged out or revoked (467).
    Revoked,
    /// The person behind it lost the role on the Page (492).
    RoleLost,
    /// Any other reason.
    Other,
}

/// Who can make it work again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fixer {
    /// It passes by itself.
    Time,
    /// The agent, by changing or choosing something.
    Agent,
    /// Only the customer, by writing or by a setting of theirs.
    Customer,
    /// An admin of the Page or Instagram account, in Meta's settings.
    AccountAdmin,
    /// Whoever runs Baton and its Meta app.
    Operator,
    /// Only Meta.
    Meta,
}

pub(super) fn of(error: &GraphError) -> ErrorClass {
    if error.subcode == Some(9_000_001) {
        return ErrorClass::MessageGone;
    }
    match error.code {
        1 | 2 | 1200 => server_fault(error),
        4 | 9 if matches!(error.subcode, Some(2_018_352 | 2_018_354)) => ErrorClass::MarketingLimit,
        4 | 17 | 32 | 341 | 613 | 80_001 | 80_002 | 80_006 | 80_008 => ErrorClass::Throttled,
        10 => not_permitted(error.subcode),
        27 => ErrorClass::TakeUnavailable,
        100 => bad_request(error),
        102 | 190 => ErrorClass::TokenDead { reason: token_death(error.subcode) },
        200 => not_granted(error.subcode),
        230 | 9010 => ErrorClass::ProfileUnavailable,
        368 | 2022 => ErrorClass::PolicyBlocked,
        506 => ErrorClass::DuplicateText,
        508 => ErrorClass::LinkUnavailable,
        551 => ErrorClass::PersonUnavailable,
        10_303 => ErrorClass::LinkingTokenBad,
        36_103 => ErrorClass::InstagramNotEligible,
        _ if error.http_status >= 500 => ErrorClass::TemporarilyUnavailable,
        _ => ErrorClass::Unknown,
    }
}

fn server_fault(error: &GraphError) -> ErrorClass {
    match (error.code, error.subcode) {
        (1, Some(1_357_046)) => ErrorClass::MaybeSent,
        (2, Some(2_018_344)) => ErrorClass::LabelTermsMissing,
        _ => ErrorClass::TemporarilyUnavailable,
    }
}

fn not_permitted(subcode: Option<i64>) -> ErrorClass {
    match subcode {
        Some(2_018_065 | 2_018_278 | 2_534_022) => ErrorClass::OutsideWindow,
        Some(2_018_108) => ErrorClass::PersonNotReceiving,
        Some(2_018_300) => ErrorClass::NotOwner,
        Some(2_018_321) => ErrorClass::AutomatedFlow,
        Some(1_893_063) => ErrorClass::PageRestricted,
        _ => ErrorClass::PermissionMissing,
    }
}

fn not_granted(subcode: Option<i64>) -> ErrorClass {
    match subcode {
        Some(1_545_041) => ErrorClass::PersonUnavailable,
        Some(2_018_028) => ErrorClass::AppInTestMode,
        Some(2_534_041) => ErrorClass::InstagramAccessOff,
        _ => ErrorClass::PermissionMissing,
    }
}

fn bad_request(error: &GraphError) -> ErrorClass {
    match error.subcode {
        // Missing proofs have no code of their own; the type is what tells them from a bad parameter
        // (docs/meta.md 1.2).
        None if error.kind.as_deref() == Some("GraphMethodException") => ErrorClass::ProofRequired,
        Some(33) => ErrorClass::ObjectMissing,
        Some(2_018_001 | 2_534_014) => ErrorClass::PersonUnknown,
        Some(2_018_008) => ErrorClass::FileNotFetched,
        Some(2_018_047) => ErrorClass::FileNotUploaded,
        Some(2_018_074) => ErrorClass::FileUnknown,
        Some(2_018_109) => ErrorClass::FileTooBig,
        Some(2_018_294) => ErrorClass::VideoBroken,
        Some(2_018_320 | 2_018_328 | 2_018_173..=2_018_188) => ErrorClass::TemplateRefused,
        Some(2_018_171 | 2_018_234) => ErrorClass::TakeUnavailable,
        Some(2_018_218) => ErrorClass::ProfileUnavailable,
        Some(2_018_247) => ErrorClass::ProfilesNotAllowed,
        Some(2_534_037) => ErrorClass::NotOwner,
        Some(2_534_068) => ErrorClass::SeveralImagesUnavailable,
        _ => ErrorClass::BadRequest,
    }
}

fn token_death(subcode: Option<i64>) -> TokenDeath {
    match subcode {
        Some(458) => TokenDeath::AppRemoved,
        Some(459) => TokenDeath::Checkpoint,
        Some(460) => TokenDeath::PasswordChanged,
        Some(463) => TokenDeath::Expired,
        Some(464) => TokenDeath::NotConfirmed,
        Some(467) => TokenDeath::Revoked,
        Some(492) => TokenDeath::RoleLost,
        _ => TokenDeath::Other,
    }
}

impl ErrorClass {
    /// A short stable name.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Who can make it work again.
    pub fn who_can_fix(self) -> Fixer {
        match self {
            Self::Throttled
            | Self::TemporarilyUnavailable
            | Self::MaybeSent
            | Self::AutomatedFlow
            | Self::LinkUnavailable => Fixer::Time,
            Self::NotOwner
            | Self::PersonUnknown
            | Self::FileNotFetched
            | Self::FileNotUploaded
            | Self::FileUnknown
            | Self::FileTooBig
            | Self::VideoBroken
            | Self::SeveralImagesUnavailable
            | Self::TemplateRefused
            | Self::DuplicateText
            | Self::BadRequest => Fixer::Agent,
            Self::OutsideWindow
            | Self::PersonUnavailable
            | Self::PersonNotReceiving
            | Self::ProfileUnavailable
            | Self::LinkingTokenBad => Fixer::Customer,
            Self::TokenDead { .. }
            | Self::TakeUnavailable
            | Self::PermissionMissing
            | Self::MarketingLimit
            | Self::InstagramAccessOff
            | Self::InstagramNotEligible
            | Self::LabelTermsMissing => Fixer::AccountAdmin,
            Self::ProfilesNotAllowed | Self::AppInTestMode | Self::ProofRequired => Fixer::Operator,
            Self::PageRestricted
            | Self::PolicyBlocked
            | Self::MessageGone
            | Self::ObjectMissing
            | Self::Unknown => Fixer::Meta,
        }
    }
}

//! Ids that Meta hands out, each kind its own type, so that an account's id cannot stand where a
//! customer's belongs.
//!
//! Meta writes ids as JSON strings or as numbers, beyond 2^53 too (docs/meta.md 2.3.1). Both are read, exactly;
//! ids are always written as strings. An id is opaque: nothing here looks inside it.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps the id as Meta wrote it.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Gives the text back.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }

        impl FromStr for $name {
            type Err = Infallible;

            fn from_str(id: &str) -> Result<Self, Infallible> {
                Ok(Self(id.to_owned()))
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(IdText).map(Self)
            }
        }
    };
}

id! {
    /// A Facebook Page or an Instagram Professional account that we serve; `entry.id` of a webhook.
    AccountId
}
id! {
    /// A person as one account sees them: a PSID on Messenger, an IGSID on Instagram. The same human has
    /// another id on every account (docs/meta.md 1.7).
    CustomerId
}
id! {
    /// A message's id; the same in webhooks, in send answers and in Graph.
    Mid
}
id! {
    /// A Meta app: ours, a bot's, or one of Meta's own inboxes.
    AppId
}

id! {
    /// A file that was uploaded to Meta, private to one account; it ends after 90 days (docs/meta.md 4.5).
    AttachmentId
}
id! {
    /// A sticker of Meta (docs/meta.md 4.5).
    StickerId
}
id! {
    /// A name and face under which an agent's messages appear on Messenger (docs/meta.md 4.9).
    PersonaId
}

/// Meta's Page inbox as an owner of threads (docs/meta.md 5.2).
pub const PAGE_INBOX: &str = "263902037430900";
/// Meta's Instagram inbox as an owner of threads (docs/meta.md 5.2).
pub const INSTAGRAM_INBOX: &str = "1217981644879628";
/// Meta's lead form bot (docs/meta.md 5.2).
pub const LEAD_BOT: &str = "413038776280800";

/// Whether this app is one of Meta's own inboxes, where people of the business answer by hand.
pub fn is_meta_inbox(app: &AppId) -> bool {
    matches!(app.as_str(), PAGE_INBOX | INSTAGRAM_INBOX)
}

/// The channel an account belongs to.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Platform {
    /// A Facebook Page; customers write with Messenger.
    Messenger,
    /// An Instagram Professional account.
    Instagram,
}

impl Platform {
    /// The platform behind a webhook's `object`; `None` for objects that are no messaging channel of ours.
    pub fn from_object(object: &str) -> Option<Self> {
        match object {
            "page" => Some(Self::Messenger),
            "instagram" => Some(Self::Instagram),
            _ => None,
        }
    }

    /// The webhook `object` of this platform.
    pub fn object(self) -> &'static str {
        match self {
            Self::Messenger => "page",
            Self::Instagram => "instagram",
        }
    }

    /// The value of the `platform` parameter of Graph calls, also the spelling in our own data.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Reads an id from a JSON string or whole number.
struct IdText;

impl Visitor<'_> for IdText {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id as a string or a whole number")
    }

    fn visit_str<E: de::Error>(self, id: &str) -> Result<String, E> {
        Ok(id.to_owned())
    }

    fn visit_string<E: de::Error>(self, id: String) -> Result<String, E> {
        Ok(id)
    }

    fn visit_u64<E: de::Error>(self, id: u64) -> Result<String, E> {
        Ok(id.to_string())
    }

    fn visit_i64<E: de::Error>(self, id: i64) -> Result<String, E> {
        Ok(id.to_string())
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::string(r#""6200000000000101""#, "6200000000000101")]
    #[case::number("104500000000011", "104500000000011")]
    #[case::beyond_two_to_the_53("9007199254740993", "9007199254740993")]
    #[case::largest_u64("18446744073709551615", "18446744073709551615")]
    fn an_id_is_read_exactly_from_string_or_number(#[case] json: &str, #[case] id: &str) {
        assert_eq!(serde_json::from_str::<AccountId>(json).unwrap().as_str(), id);
    }

    #[rstest]
    #[case("1.5")]
    #[case("1e30")]
    #[case("null")]
    #[case("{}")]
    fn what_is_no_id_is_refused(#[case] json: &str) {
        assert!(serde_json::from_str::<CustomerId>(json).is_err());
    }

    #[test]
    fn an_id_is_always_written_as_a_string() {
        let mid: Mid = serde_json::from_str("42").unwrap();
        assert_eq!(serde_json::to_string(&mid).unwrap(), r#""42""#);
    }

    #[rstest]
    #[case(Platform::Messenger, "page", "messenger")]
    #[case(Platform::Instagram, "instagram", "instagram")]
    fn a_platform_knows_its_object_and_its_name(
        #[case] platform: Platform,
        #[case] object: &str,
        #[case] name: &str,
    ) {
        assert_eq!(platform.object(), object);
        assert_eq!(Platform::from_object(object), Some(platform));
        assert_eq!(platform.to_string(), name);
        assert_eq!(name.parse::<Platform>().unwrap(), platform);
        assert_eq!(serde_json::to_string(&platform).unwrap(), format!("\"{name}\""));
    }

    #[test]
    fn only_metas_inboxes_are_metas_inboxes() {
        assert!(is_meta_inbox(&PAGE_INBOX.into()));
        assert!(is_meta_inbox(&INSTAGRAM_INBOX.into()));
        assert!(!is_meta_inbox(&LEAD_BOT.into()));
        assert!(!is_meta_inbox(&"700555666777888".into()));
    }
}

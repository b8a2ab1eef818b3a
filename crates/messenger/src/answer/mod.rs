//! What Graph answers when it does not refuse.
//!
//! Reading is tolerant: a member that is missing or of another type is absent, and an object whose id cannot be read
//! has none. Times are milliseconds UTC; the Conversations API gives them in whole seconds (docs/meta.md 3.2).

mod account;
mod batch;
mod connect;
mod conversation;
mod message;
mod page;
mod persona;
mod profile;
mod send;
mod token;

pub use account::{
    FeatureStatus, InstagramLink, OwnerApp, PageAccount, SecondaryReceiver, SubscribedApp, ThreadOwner,
};
pub use batch::{BatchHeader, BatchPart};
pub use connect::{AppSubscription, LinkedInstagram, SubscribedField};
pub use conversation::{Conversation, Participant};
pub use message::{
    AttachedFile, AttachedImage, AttachedVideo, Card, ConversationMessage, MessageReaction, MessageStory,
    Share,
};
pub use page::{Cursors, Page, Paging};
pub use persona::{MessengerProfile, Persona, ProfileResult};
pub use profile::{Me, UserProfile};
pub use send::{SendAnswer, Success};
pub use token::{GranularScope, TokenFacts};

#[cfg(test)]
mod tests;

//! A template that Meta has approved, which goes out without a window. Messenger only (docs/meta.md 4.8).

use serde::Serialize;

use super::text::present;
use super::{Field, Recipient, Unsendable};
use crate::id::CustomerId;

/// The body of `POST /{page}/messages` with an approved template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UtilityBody {
    recipient: Recipient,
    messaging_type: Utility,
    message: Message,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Utility {
    Utility,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Message {
    template: Template,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Template {
    name: String,
    language: Language,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    components: Vec<Component>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Language {
    code: String,
}

/// A part of the template with what goes into its gaps. The inner form is a guess (docs/meta.md 14).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Component {
    Body { parameters: Vec<Parameter> },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Parameter {
    Text { text: String },
}

impl UtilityBody {
    /// An approved template in one language, with the texts for its gaps in order.
    ///
    /// # Errors
    /// [`Unsendable::Empty`] without a name or language.
    pub fn new(
        customer: &CustomerId,
        name: impl Into<String>,
        language: impl Into<String>,
        texts: Vec<String>,
    ) -> Result<Self, Unsendable> {
        let parameters: Vec<_> = texts.into_iter().map(|text| Parameter::Text { text }).collect();
        let components =
            if parameters.is_empty() { Vec::new() } else { vec![Component::Body { parameters }] };
        let template = Template {
            name: present(Field::TemplateName, name)?,
            language: Language { code: present(Field::TemplateName, language)? },
            components,
        };
        Ok(Self {
            recipient: customer.into(),
            messaging_type: Utility::Utility,
            message: Message { template },
        })
    }
}

//! Labels that a Page puts on people (docs/meta.md 4.10).

use std::collections::BTreeSet;

use baton_messenger::{AccountId, CustomerId};

use super::World;
use super::refusals::Refusal;

/// One label of one Page.
#[derive(Debug, Clone)]
pub(crate) struct Label {
    pub id: String,
    pub account: AccountId,
    pub name: String,
    pub people: BTreeSet<CustomerId>,
}

impl World {
    /// The id of the label with this name, made when there is none.
    pub fn label_named(&mut self, account: &AccountId, name: &str) -> String {
        let known = self.labels.values().find(|label| &label.account == account && label.name == name);
        if let Some(label) = known {
            return label.id.clone();
        }
        let id = self.new_number(990_000_000_000_000).to_string();
        let label = Label {
            id: id.clone(),
            account: account.clone(),
            name: name.to_owned(),
            people: BTreeSet::new(),
        };
        self.labels.insert(id.clone(), label);
        id
    }

    pub fn label(&self, account: &AccountId, id: &str) -> Result<&Label, Refusal> {
        self.labels.get(id).filter(|l| &l.account == account).ok_or_else(|| Refusal::of("object_missing"))
    }

    pub fn label_mut(&mut self, account: &AccountId, id: &str) -> Result<&mut Label, Refusal> {
        let label = self.labels.get_mut(id).filter(|label| &label.account == account);
        label.ok_or_else(|| Refusal::of("object_missing"))
    }

    /// The labels of a person, in the order in which they were made.
    pub fn labels_of(&self, account: &AccountId, customer: &CustomerId) -> Vec<&Label> {
        let own = self.labels.values().filter(|label| &label.account == account);
        own.filter(|label| label.people.contains(customer)).collect()
    }
}

//! What a fact of the team says. What it does to rows stands in the store; here only control is taken out of it.

use baton_protocol::entry::Entry;
use baton_protocol::team::TeamFact;
use baton_thread::Evidence;

use super::said::{OwnerSaid, Said, Understood};

pub(super) fn understand(entry: &Entry, fact: TeamFact) -> Understood {
    let customer = fact.customer().cloned();
    let mut said = Vec::new();
    if let (Some(customer), Some(evidence)) = (&customer, Evidence::of_fact(&fact, &entry.key)) {
        said.push(Said::Owner(OwnerSaid { customer: customer.clone(), evidence, learned: true }));
    }
    if let TeamFact::CustomerErased { customer, .. } = &fact {
        said.push(Said::Erased { customer: customer.clone() });
    }
    said.push(Said::Team(Box::new(fact)));
    Understood { said, mid: None, customer, understood: true }
}

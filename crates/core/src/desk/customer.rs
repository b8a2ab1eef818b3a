//! Customers by name: a name that an agent writes is told to the whole team, sooner or later.

use baton_protocol::LogName;
use baton_protocol::command::Command;

use super::{Desk, DeskError};
use crate::store::{Reading, StoreError, ThreadId, ThreadRow};

/// Longer names are cut, characters.
const MOST_CHARS: usize = 100;

impl Desk {
    /// Gives a thread's customer a name. It waits in the queue while the relay is away. An empty one goes back to the
    /// name that Meta gives.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn rename_customer(&self, thread: ThreadId, name: &str) -> Result<(), DeskError> {
        let thread = self.inner.thread(thread).await?;
        let customer = thread.key.customer.clone();
        let command = Command::NameCustomer { customer, name: tidy(name), by_hand: true };
        self.inner.tell(&LogName::Account(thread.key.account.clone()), command).await?;
        self.inner.notices.threads([thread.id], self.inner.store.version());
        Ok(())
    }

    /// The name that this desk has given a thread's customer and the team has not heard of yet.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn renaming(reading: &mut Reading, thread: &ThreadRow) -> Result<Option<String>, StoreError> {
        let queued = reading.queued_name(&thread.key).await?;
        let known = thread.customer_name.as_deref().filter(|_| thread.named_by_hand).unwrap_or_default();
        Ok(queued.filter(|name| *name != known))
    }
}

/// A name as it is kept: one line, no space around it.
pub(crate) fn tidy(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MOST_CHARS).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::tidy;

    #[rstest]
    #[case("  Mara   Lindt\n", "Mara Lindt")]
    #[case("\u{1b}[31mMara", "[31mMara")]
    #[case("   ", "")]
    fn a_name_is_one_plain_line(#[case] written: &str, #[case] kept: &str) {
        assert_eq!(tidy(written), kept);
    }

    #[test]
    fn an_endless_name_is_cut() {
        assert_eq!(tidy(&"é".repeat(500)).chars().count(), 100);
    }
}

//! Which logs of a stream are open. Pure.
//!
//! The relay opens one log after the other and then sends its first heartbeat. Until then nobody here knows how far the others
//! are: a desk that calls itself up to date says so of logs that it did not hear of.

use std::collections::BTreeSet;

use baton_protocol::LogName;
use baton_protocol::enrol::AccountRole;

/// Which logs are to be opened, and which were.
#[derive(Debug, Default)]
pub(super) struct Opening {
    readable: BTreeSet<LogName>,
    opened: BTreeSet<LogName>,
}

impl Opening {
    /// A stream begins: none of its logs is open.
    pub(super) fn begins(&mut self) {
        self.opened.clear();
    }

    /// The desk may read these accounts now, besides the workspace.
    pub(super) fn may_read(&mut self, accounts: &[AccountRole]) {
        let logs = accounts.iter().map(|role| LogName::Account(role.account.clone()));
        self.readable = logs.chain([LogName::Workspace]).collect();
    }

    /// The stream opened a log.
    pub(super) fn opened(&mut self, log: LogName) {
        self.opened.insert(log);
    }

    /// A heartbeat came. The relay sends none while a log that it lets this desk read is not open.
    pub(super) fn heartbeat(&mut self) {
        self.opened.extend(self.readable.iter().cloned());
    }

    /// Whether every log is open.
    pub(super) fn is_open(&self) -> bool {
        !self.readable.is_empty() && self.readable.is_subset(&self.opened)
    }
}

#[cfg(test)]
mod tests {
    use baton_messenger::Platform;
    use baton_protocol::AccountId;
    use baton_protocol::enrol::Role;

    use super::*;

    fn role(account: &str) -> AccountRole {
        AccountRole {
            account: AccountId::from(account),
            platform: Platform::Messenger,
            name: String::new(),
            role: Role::Agent,
            connected: true,
        }
    }

    fn log(account: &str) -> LogName {
        LogName::Account(AccountId::from(account))
    }

    #[test]
    fn a_stream_is_open_once_each_of_its_logs_is() {
        let mut opening = Opening::default();
        assert!(!opening.is_open(), "nobody said what there is to open");
        opening.may_read(&[role("1"), role("2")]);
        opening.begins();
        for opened in [LogName::Workspace, log("1")] {
            opening.opened(opened);
            assert!(!opening.is_open());
        }
        opening.opened(log("2"));
        assert!(opening.is_open());
        opening.begins();
        assert!(!opening.is_open(), "the next stream opens them anew");
    }

    #[test]
    fn after_a_heartbeat_nothing_is_waited_for_but_an_account_that_came_since() {
        let mut opening = Opening::default();
        opening.may_read(&[role("1")]);
        opening.begins();
        opening.heartbeat();
        assert!(opening.is_open());
        opening.may_read(&[role("1"), role("2")]);
        assert!(!opening.is_open());
        opening.opened(log("2"));
        assert!(opening.is_open());
        opening.may_read(&[]);
        assert!(opening.is_open(), "what was lost is not waited for");
    }
}

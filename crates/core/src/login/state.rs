//! How the login of this desk stands, in memory.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use baton_messenger::{AccountId, Words};
use baton_protocol::LoginId;
use baton_protocol::enrol::AccountRole;
use baton_protocol::login::LoginFailure;
use secrecy::SecretString;
use tokio::sync::Notify;

use super::grant::{Granted, Grants};
use super::unused;
use crate::desk::inner::lock;

/// How long what somebody granted is kept in memory for them to connect, milliseconds of the boot clock: tokens of a person
/// who went away do not lie about.
const GRANT_LIFE_MS: i64 = 10 * 60 * 1000;

/// How a login stands, for showing it.
#[derive(Debug, Clone)]
pub enum LoginFacts {
    /// Nobody logs in.
    None,
    /// The browser is at Meta's dialog, and nobody has come back.
    Waiting {
        /// When it ends by itself, milliseconds of Meta's clock.
        until_ms: i64,
        /// Whether a browser was opened at it. What became of the browser afterwards nobody tells.
        is_browser_open: bool,
        /// The address for the person to copy: where no browser could be opened, or once the person asked for it.
        to_copy: Option<SecretString>,
    },
    /// The person came back and granted these.
    Choosing {
        /// What each of them is good for.
        granted: Vec<Granted>,
        /// Accounts of this desk that the person did not choose at Meta, and that have no token here.
        not_chosen: Vec<AccountRole>,
    },
    /// It brought nothing.
    Failed {
        /// Why.
        reason: LoginFailure,
        /// In words.
        words: Words,
    },
}

/// A login that waits for the person.
#[derive(Clone)]
pub(crate) struct Waiting {
    pub(crate) login: LoginId,
    pub(crate) address: SecretString,
    /// When it ends by itself, milliseconds of the boot clock.
    pub(crate) until_boot_ms: i64,
    pub(crate) is_browser_open: bool,
    /// The person asked for the address: the browser that was opened is gone, or is the wrong one.
    pub(crate) is_asked_for: bool,
}

impl fmt::Debug for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting").field("login", &self.login).finish_non_exhaustive()
    }
}

/// How it ended: with grants, or with a reason.
#[derive(Debug)]
pub(super) enum End {
    Granted(Grants),
    Failed { reason: LoginFailure, words: Words },
}

#[derive(Debug, Default)]
enum State {
    #[default]
    None,
    Waiting(Waiting),
    Choosing {
        grants: Grants,
        /// Accounts that were tried, and why those that failed did.
        tried: BTreeMap<AccountId, Option<Words>>,
        /// When what was granted is forgotten, milliseconds of the boot clock.
        until_boot_ms: i64,
    },
    Failed {
        reason: LoginFailure,
        words: Words,
    },
}

/// The login of a desk.
#[derive(Debug, Default)]
pub(crate) struct LoginState {
    state: Mutex<State>,
    /// Woken when a login begins, and when the relay says that one ended.
    pub(crate) wake: Notify,
    /// The relay said that it has no login. Until it does, the way that serves nearly everybody is offered.
    is_not_offered: AtomicBool,
}

impl LoginState {
    /// The relay said whether people can log in through it. True when that is news.
    pub(crate) fn offered(&self, is_offered: bool) -> bool {
        self.is_not_offered.swap(!is_offered, Ordering::Relaxed) == is_offered
    }

    pub(super) fn is_offered(&self) -> bool {
        !self.is_not_offered.load(Ordering::Relaxed)
    }

    pub(super) fn waits(&self, waiting: Waiting) {
        *lock(&self.state) = State::Waiting(waiting);
        self.wake.notify_one();
    }

    /// The login that waits, if one does.
    pub(super) fn waiting(&self) -> Option<Waiting> {
        match &*lock(&self.state) {
            State::Waiting(waiting) => Some(waiting.clone()),
            _ => None,
        }
    }

    pub(super) fn address(&self) -> Option<SecretString> {
        self.waiting().map(|waiting| waiting.address)
    }

    pub(super) fn browser(&self, is_open: bool) {
        if let State::Waiting(waiting) = &mut *lock(&self.state) {
            waiting.is_browser_open = is_open;
        }
    }

    pub(super) fn asked_for_address(&self) {
        if let State::Waiting(waiting) = &mut *lock(&self.state) {
            waiting.is_asked_for = true;
        }
    }

    /// The login that was waited for has ended. False when it is waited for no more.
    pub(super) fn ended(&self, login: LoginId, end: End, boot_ms: i64) -> bool {
        let mut state = lock(&self.state);
        if !matches!(&*state, State::Waiting(waiting) if waiting.login == login) {
            return false;
        }
        *state = match end {
            End::Granted(grants) => State::Choosing {
                grants,
                tried: BTreeMap::new(),
                until_boot_ms: boot_ms.saturating_add(GRANT_LIFE_MS),
            },
            End::Failed { reason, words } => State::Failed { reason, words },
        };
        true
    }

    /// When what was granted is forgotten, milliseconds of the boot clock; none when nothing was.
    pub(super) fn forgets_at(&self) -> Option<i64> {
        match &*lock(&self.state) {
            State::Choosing { until_boot_ms, .. } => Some(*until_boot_ms),
            _ => None,
        }
    }

    /// Forgets what was granted when its time is over. True when it was forgotten now.
    pub(super) fn forget_old(&self, boot_ms: i64) -> bool {
        let mut state = lock(&self.state);
        let is_old = matches!(&*state, State::Choosing { until_boot_ms, .. } if boot_ms >= *until_boot_ms);
        if is_old {
            *state = State::Failed { reason: LoginFailure::Expired, words: unused() };
        }
        is_old
    }

    pub(super) fn over(&self) {
        *lock(&self.state) = State::None;
        self.wake.notify_one();
    }

    pub(super) fn grants(&self) -> Option<Grants> {
        match &*lock(&self.state) {
            State::Choosing { grants, .. } => Some(grants.clone()),
            _ => None,
        }
    }

    /// A granted account was connected, or was not for this reason.
    pub(super) fn tried(&self, account: &AccountId, failed: Option<Words>) {
        if let State::Choosing { tried, .. } = &mut *lock(&self.state) {
            tried.insert(account.clone(), failed);
        }
    }

    /// Ends the login when each of these accounts was connected.
    pub(super) fn is_over_when_all(&self, accounts: &[AccountId]) {
        let mut state = lock(&self.state);
        let all = matches!(&*state, State::Choosing { tried, .. }
            if accounts.iter().all(|account| matches!(tried.get(account), Some(None))));
        if all {
            *state = State::None;
        }
    }

    /// How it stands, for a desk with these rights; `now` is the boot clock and Meta's, milliseconds.
    pub(super) fn facts(&self, access: &[AccountRole], (boot_ms, meta_ms): (i64, i64)) -> LoginFacts {
        match &*lock(&self.state) {
            State::None => LoginFacts::None,
            State::Waiting(waiting) => LoginFacts::Waiting {
                until_ms: meta_ms.saturating_add(waiting.until_boot_ms.saturating_sub(boot_ms).max(0)),
                is_browser_open: waiting.is_browser_open,
                to_copy: (waiting.is_asked_for || !waiting.is_browser_open).then(|| waiting.address.clone()),
            },
            State::Choosing { grants, tried, .. } => LoginFacts::Choosing {
                granted: grants.judged(access, tried),
                not_chosen: grants.not_chosen(access),
            },
            State::Failed { reason, words } => LoginFacts::Failed { reason: *reason, words: words.clone() },
        }
    }
}

//! What Meta sends our app of a platform, told to the accounts for which it is news.

use async_trait::async_trait;
use baton_messenger::id::Platform;
use baton_messenger::limits::PAGE_FIELDS;
use baton_protocol::LogName;
use baton_protocol::team::TeamFact;

use super::super::{AppSubscribed, LogError};
use super::writer::{Tx, Work};
use super::{people, snapshot, team};

/// What is to be told.
pub(super) struct Announce {
    pub(super) platform: Platform,
    pub(super) sent: AppSubscribed,
}

#[async_trait]
impl Work for Announce {
    type Answer = usize;

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<usize, LogError> {
        let accounts = people::accounts(tx.conn).await?;
        let ours = accounts.into_iter().filter(|line| line.connected && line.platform == self.platform);
        let mut told = 0;
        for line in ours {
            let log = LogName::Account(line.account.clone());
            if known(tx, &log, self.platform).await?.as_ref() == Some(&self.sent) {
                continue;
            }
            let fact = TeamFact::AppSubscribed {
                subscribed: self.sent.subscribed,
                fields: self.sent.fields.clone(),
            };
            let key = format!("relay:{}", uuid::Uuid::now_v7());
            team::append_account_fact(tx, &line.account, &key, &fact).await?;
            told += 1;
        }
        Ok(told)
    }
}

/// What the account's log says of it. A Page's own subscription names the same fields, so that of a Page nothing said means
/// that all is as it must be; an Instagram account has only this, so that nothing said means that nobody knows.
async fn known(
    tx: &mut Tx<'_>,
    log: &LogName,
    platform: Platform,
) -> Result<Option<AppSubscribed>, LogError> {
    let facts = snapshot::account_facts(tx.conn, log).await?;
    let said = facts.iter().rev().find_map(|entry| match TeamFact::from_body(&entry.body) {
        Ok(TeamFact::AppSubscribed { subscribed, fields }) => Some(AppSubscribed { subscribed, fields }),
        _ => None,
    });
    Ok(match platform {
        Platform::Messenger => said.or_else(|| Some(AppSubscribed::to(PAGE_FIELDS))),
        Platform::Instagram => said,
    })
}

//! Invites by a list: every line is looked at first, the file that will hold the invites is there before they are made, and
//! invites that nobody got are taken back.

use std::path::Path;

use baton_messenger::Words;
use baton_protocol::enrol::Role;
use baton_protocol::people::{InviteAsked, InviteMade, InvitesAsked};
use jiff::Timestamp;
use tokio::fs;
use tokio::io::AsyncWriteExt as _;

use super::evidence::beside;
use super::invite_list::{InviteList, ListedAccount, look};
use super::{Desk, DeskError};
use crate::csv;
use crate::relay_client::RelayClient;

/// The columns of the file with the invites.
pub const COLUMNS: [&str; 4] = ["name", "invite", "good_until", "relay"];

impl Desk {
    /// Looks at a list of people to be invited. Nobody is.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn check_invites(&self, text: &str) -> Result<InviteList, DeskError> {
        let mut accounts = Vec::new();
        for access in self.inner.store.access().await? {
            let told = self.inner.store.account(&access.account).await?.and_then(|row| row.name);
            let name = told.or(Some(access.name).filter(|name| !name.is_empty()));
            accounts.push(ListedAccount {
                name: name.unwrap_or_else(|| access.account.to_string()),
                account: access.account,
                administered: access.role == Role::Admin,
            });
        }
        let team = self.inner.store.roster().await?;
        let names: Vec<String> = team.into_iter().map(|row| row.name).collect();
        Ok(look(text, &accounts, &names))
    }

    /// Invites everybody on a list, or nobody, and writes the invites into a file: one line for each person. Gives how many.
    ///
    /// # Errors
    /// [`DeskError::InviteList`] when a line is wrong; [`DeskError::File`] and [`DeskError::InvitesLeft`] when the file cannot be
    /// written; [`DeskError::Relay`], and after a cut the invites may have been made and stand among the open ones.
    pub async fn import_invites(&self, text: &str, file: &Path) -> Result<usize, DeskError> {
        let list = self.check_invites(text).await?;
        if let Some(fault) = list.faults.first() {
            return Err(DeskError::InviteList(Words::new(
                format!("Line {}: {}", fault.line, fault.what),
                "Nobody was invited. Correct the list, then choose it again.",
            )));
        }
        let invites = list.people.into_iter().map(|person| InviteAsked {
            agent: None,
            name: person.name,
            roles: person.roles,
            valid_ms: person.valid_ms,
            change_roles: false,
        });
        let asked = InvitesAsked { invites: invites.collect() };
        let relay = self.at_relay()?;
        let part = beside(file);
        let opened = private(&part).await.map_err(|error| DeskError::file(&error))?;
        let made = match relay.make_invites(&asked).await {
            Ok(made) => made.invites,
            Err(error) => {
                let _ = fs::remove_file(&part).await;
                return Err(error.into());
            }
        };
        let text = written(&made, &relay.address().to_string());
        if let Err(error) = keep(opened, &text, &part, file).await {
            let _ = fs::remove_file(&part).await;
            return Err(match take_back(&relay, &made).await {
                0 => DeskError::file(&error),
                left => DeskError::InvitesLeft(left),
            });
        }
        Ok(made.len())
    }
}

/// A file for the eyes of its owner.
async fn private(file: &Path) -> std::io::Result<fs::File> {
    let mut options = fs::File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    options.mode(0o600);
    options.open(file).await
}

async fn keep(mut opened: fs::File, text: &str, part: &Path, file: &Path) -> std::io::Result<()> {
    opened.write_all(text.as_bytes()).await?;
    opened.sync_all().await?;
    drop(opened);
    fs::rename(part, file).await
}

/// Nobody has them, so nobody may have them later. Gives how many are left.
async fn take_back(relay: &RelayClient, made: &[InviteMade]) -> usize {
    let mut left = 0;
    for invite in made {
        if relay.take_invite_back(invite.invite).await.is_err() {
            left += 1;
        }
    }
    left
}

fn written(made: &[InviteMade], relay: &str) -> String {
    let mut text = String::new();
    csv::row(&mut text, COLUMNS);
    for invite in made {
        let until = minute(invite.expires_at_ms);
        csv::row(&mut text, [invite.name.as_str(), invite.secret.as_str(), until.as_str(), relay]);
    }
    text
}

/// A moment to the minute in UTC, as tables take it.
fn minute(ms: i64) -> String {
    let moment = Timestamp::from_millisecond(ms).ok();
    moment.map(|moment| moment.strftime("%Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use baton_protocol::InviteId;

    use super::*;

    #[test]
    fn the_file_has_one_line_for_each_person() {
        let made = |name: &str, secret: &str| InviteMade {
            invite: InviteId::new(),
            secret: secret.to_owned(),
            name: name.to_owned(),
            expires_at_ms: 1_791_190_800_000,
        };
        let text =
            written(&[made("Kremer, Ines", "inv_a"), made("=Jonas", "inv_b")], "https://desks.example.com");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines,
            [
                "name,invite,good_until,relay",
                "\"Kremer, Ines\",inv_a,2026-10-05 09:00 UTC,https://desks.example.com",
                "'=Jonas,inv_b,2026-10-05 09:00 UTC,https://desks.example.com",
            ]
        );
    }
}

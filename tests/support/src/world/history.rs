//! A page of history in the relay's log, put there while the relay is away: as if a steward had read it from Graph.

use anyhow::Context as _;
use baton_messenger::answer::ConversationMessage;
use baton_protocol::audit::AuditPage;
use baton_protocol::entry::{EntryKind, chain_next};
use baton_protocol::{DeskId, Mid};
use serde_json::json;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

use super::{Customer, World};

impl World {
    /// Appends a page with these messages, newest first, each said by the customer or else by the account. The relay must
    /// be down.
    ///
    /// # Errors
    /// When the relay's file cannot be written.
    pub async fn history_of(&self, customer: &Customer, said: &[(&Mid, bool, &str)]) -> anyhow::Result<()> {
        let said = said.iter().map(|one| self.message_of_history(customer, one));
        self.history_as_read(customer, said.collect::<Result<_, _>>()?).await
    }

    /// Appends a page with these messages as Graph gave them, newest first. The relay must be down.
    ///
    /// # Errors
    /// When the relay's file cannot be written.
    pub async fn history_as_read(
        &self,
        customer: &Customer,
        messages: Vec<ConversationMessage>,
    ) -> anyhow::Result<()> {
        let log = customer.account().to_string();
        let page = AuditPage {
            customer: customer.id().clone(),
            conversation: "t_1".to_owned(),
            desk: DeskId::new(),
            read_at_ms: self.meta().now_ms(),
            customer_name: None,
            messages,
            is_oldest: true,
            older_withheld: false,
            lacks: Vec::new(),
        };
        let mut file = SqliteConnectOptions::new().filename(self.relay.database()).connect().await?;
        let (head, chain): (i64, String) = sqlx::query_as("select head, chain from log where log = ?")
            .bind(&log)
            .fetch_one(&mut file)
            .await?;
        let (seq, at_ms, key) = (head + 1, self.meta().now_ms(), format!("audit:{}", head + 1));
        let chain = chain_next(&chain, EntryKind::Audit, &key, at_ms);
        sqlx::query(
            "insert into entry (log, seq, at_ms, kind, key, customer, body, chain)
             values (?, ?, ?, 'audit', ?, ?, ?, ?)",
        )
        .bind(&log)
        .bind(seq)
        .bind(at_ms)
        .bind(&key)
        .bind(customer.id().as_str())
        .bind(serde_json::to_string(&page)?)
        .bind(&chain)
        .execute(&mut file)
        .await?;
        sqlx::query("update log set head = ?, chain = ? where log = ?")
            .bind(seq)
            .bind(&chain)
            .bind(&log)
            .execute(&mut file)
            .await?;
        file.close().await.context("the relay's file was not closed")
    }

    fn message_of_history(
        &self,
        customer: &Customer,
        (mid, is_theirs, text): &(&Mid, bool, &str),
    ) -> anyhow::Result<ConversationMessage> {
        let from = if *is_theirs { customer.id().to_string() } else { customer.account().to_string() };
        let seconds = self.meta().now_ms() / 1000;
        Ok(serde_json::from_value(json!({
            "id": mid.as_str(), "message": text, "from": {"id": from}, "created_time": seconds,
        }))?)
    }
}

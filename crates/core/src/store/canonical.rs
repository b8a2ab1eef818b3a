//! All derived tables as text, without this desk's own numbers, for comparing two stores.

use sqlx::AssertSqlSafe;

use super::withheld::is_missing;
use super::{Result, Store};

/// Each derived table with the statement that gives one JSON line per row.
const EXPORTS: &[(&str, &str)] = &[
    (
        "account",
        "SELECT json_array(account, platform, name, page, our_app, fields, connected_ms, connected_seq, removed_seq, routing, default_app, routing_seq, default_app_seq, human_agent, human_agent_seq, waiting_rule, waiting_seq, hand_back, hand_back_seq, token_alive, token_seq, subscribed, fields_seq, names_given, names_seq, app_subscribed, app_fields, app_subscribed_seq, history_paused, history_paused_seq, history_through_ms, history_unread, last_event_ms, policy, policy_reason, policy_ms, policy_key) FROM account",
    ),
    ("connection", "SELECT json_array(account, seq, at_ms) FROM connection"),
    (
        "audited",
        "SELECT json_array(t.account, t.customer, x.read_ms, x.is_whole, x.is_withheld) FROM audited x JOIN thread t USING (thread_id)",
    ),
    (
        "withheld",
        concat!(
            "SELECT json_array(t.account, t.customer, w.mid, w.at_ms, w.seq) FROM withheld w JOIN thread t USING (thread_id) WHERE ",
            is_missing!()
        ),
    ),
    ("app", "SELECT json_array(account, app, name, answers_count, seq) FROM app"),
    ("app_role", "SELECT json_array(account, app, role, at_ms, key) FROM app_role WHERE at_ms >= 0"),
    ("agent", "SELECT json_array(agent, name, seq) FROM agent"),
    ("agent_role", "SELECT json_array(agent, account, role, seq) FROM agent_role"),
    ("desk", "SELECT json_array(desk, agent, name, enrolled_seq, revoked_seq) FROM desk"),
    ("canned_reply", "SELECT json_array(name, text, seq) FROM canned_reply"),
    ("label", "SELECT json_array(label, name, colour, removed, seq) FROM label"),
    (
        "customer",
        "SELECT json_array(account, customer, hand_name, hand_seq, meta_name, meta_seq, audit_name, audit_ms, blocked, spam, blocked_seq, erased_seq) FROM customer",
    ),
    (
        "thread",
        "SELECT json_array(account, customer, assignee, assignee_seq, status, status_seq, reopened, urgent, urgent_seq, last_at_ms, preview_by, preview_agent, preview_app, preview, preview_kind, last_opening_ms, first_unanswered_ms, last_person_ms, acted_ms, inbound_seq, word_seq, delivered_ms, seen_ms, owner, active, waiting_since_ms, needs_reply, unread, sort_ms - iif(needs_reply = 1 AND shut = 1, 4000000000000000, 0) + iif(needs_reply = 1 AND shut = 0 AND urgent = 1, 4000000000000000, 0), asleep_until_ms) FROM thread",
    ),
    (
        "list_count",
        "SELECT json_array(account, assignee, active, needs_reply, sum(threads)) FROM list_count GROUP BY account, assignee, active, needs_reply HAVING sum(threads) <> 0",
    ),
    (
        "message",
        "SELECT json_array(t.account, t.customer, m.key, m.mid, m.at_ms, m.tie, m.kind, m.inbound, m.text, m.app, m.part, m.heard, m.rank, m.told_ms, m.told_key, m.seq, m.opens, m.word, m.person, m.receipt, m.unsent, m.found_late, m.reply_to, m.extra) FROM message m JOIN thread t USING (thread_id)",
    ),
    (
        "attachment",
        "SELECT json_array(t.account, t.customer, m.key, x.idx, x.kind, x.url, x.title, x.payload) FROM attachment x JOIN message m USING (message_id) JOIN thread t USING (thread_id)",
    ),
    (
        "reaction",
        "SELECT json_array(t.account, t.customer, x.mid, x.actor, x.at_ms, x.key, x.emoji, x.on_seq, x.on_ms) FROM reaction x JOIN thread t USING (thread_id)",
    ),
    (
        "message_edit",
        "SELECT json_array(t.account, t.customer, x.mid, x.num, x.at_ms, x.text) FROM message_edit x JOIN thread t USING (thread_id)",
    ),
    (
        "receipt",
        "SELECT json_array(t.account, t.customer, x.mid, x.grade) FROM receipt x JOIN thread t USING (thread_id)",
    ),
    (
        "unsent",
        "SELECT json_array(t.account, t.customer, x.mid) FROM unsent x JOIN thread t USING (thread_id)",
    ),
    (
        "erased",
        "SELECT json_array(t.account, t.customer, x.mid) FROM erased x JOIN thread t USING (thread_id)",
    ),
    (
        "owner_event",
        "SELECT json_array(t.account, t.customer, x.at_ms, x.rank, x.tie, x.act, x.learned, x.after, x.shown) FROM owner_event x JOIN thread t USING (thread_id)",
    ),
    (
        "team_event",
        "SELECT json_array(t.account, t.customer, x.seq, x.at_ms, x.fact, x.body) FROM team_event x JOIN thread t USING (thread_id)",
    ),
    (
        "team_part",
        "SELECT json_array(t.account, t.customer, x.part, x.granted_seq, x.granted_ms, x.reply, x.idx, x.of, x.agent, x.desk, x.text, x.tag, x.unchecked, x.settled_seq, x.settled_rank, x.settlement, x.mid) FROM team_part x JOIN thread t USING (thread_id)",
    ),
    (
        "note",
        "SELECT json_array(t.account, t.customer, x.note, x.at_ms, x.by, x.text, x.mentions, x.supervisors_only, x.seq, x.removed_seq) FROM note x JOIN thread t USING (thread_id)",
    ),
    ("queue_set", "SELECT json_array(account, seq, rules) FROM queue_set"),
    (
        "reply_pending",
        "SELECT json_array(t.account, t.customer, x.desk, x.agent, x.parts, x.at_ms, x.seq) FROM reply_pending x JOIN thread t USING (thread_id)",
    ),
    (
        "handed_draft",
        "SELECT json_array(t.account, t.customer, x.seq, x.at_ms, x.from_agent, x.text, x.files) FROM handed_draft x JOIN thread t USING (thread_id)",
    ),
    (
        "mention",
        "SELECT json_array(t.account, t.customer, x.agent, x.at_ms, x.seq) FROM mention x JOIN thread t USING (thread_id)",
    ),
    (
        "thread_label",
        "SELECT json_array(t.account, t.customer, x.label, x.is_on, x.seq) FROM thread_label x JOIN thread t USING (thread_id)",
    ),
    (
        "label_count",
        "SELECT json_array(label, account, assignee, active, needs_reply, sum(threads)) FROM label_count GROUP BY label, account, assignee, active, needs_reply HAVING sum(threads) <> 0",
    ),
];

impl Store {
    /// Every derived row as one line of text, sorted. Two stores that hold the same set of entries give the same text,
    /// however the entries came.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn canonical_export(&self) -> Result<String> {
        let mut text = String::new();
        for (table, sql) in EXPORTS {
            let mut lines: Vec<String> =
                sqlx::query_scalar(AssertSqlSafe(*sql)).fetch_all(self.read()).await?;
            lines.sort();
            for line in lines {
                text.push_str(table);
                text.push(' ');
                text.push_str(&line);
                text.push('\n');
            }
        }
        Ok(text)
    }
}

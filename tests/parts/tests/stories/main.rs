//! Stories told by Meta, a relay and desks in one process: real HTTP on loopback, real SQLite files.

mod agent_replies;
mod answer_cut_off;
mod bad_webhooks;
mod customer_writes;
mod fixtures;
mod instagram;
mod late_reply;
mod leaves_no_byte;
mod old_protocol;
mod one_moment;
mod operator_looks;
mod proofs;
mod restarts;
mod scene;
mod send_and_done;
mod sleeping;
mod support_asks;
mod take_and_pass_back;
mod taken_in_silence;
mod tokens;
mod two_accounts;
mod two_agents;
mod unmanaged;
mod waiting;
mod what_goes_wrong;
mod window_closed;

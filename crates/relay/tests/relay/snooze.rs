//! How long a thread may sleep, by hand-made calls of each role, and that nobody puts another account's to sleep.

use baton_protocol::command::Command;
use baton_protocol::enrol::Role;
use baton_protocol::error::ErrorCode;
use baton_protocol::snooze::LONGEST_MS;
use baton_protocol::team::Status;
use baton_relay::clock::Clock as _;

use crate::stage::{COFFEE, Desk, MARA, Stage, TEA, customer, plain};

const HOUR: i64 = 60 * 60 * 1000;

fn snooze(until_ms: i64) -> Command {
    Command::SetStatus { customer: customer(MARA), status: Status::Snoozed { until_ms } }
}

async fn refused(desk: &Desk, until_ms: i64) -> (u16, ErrorCode) {
    let (status, no) = desk.ask(TEA, &plain(snooze(until_ms))).await.no();
    (status.as_u16(), no.code)
}

#[tokio::test]
async fn a_thread_sleeps_until_a_moment_to_come_within_a_year() {
    let stage = Stage::new().await;
    let coffee = stage.desk("Tomasz", &[(COFFEE, Role::Admin)]).await;
    for (name, role) in [("Ines", Role::Agent), ("Jonas", Role::Supervisor), ("Petra", Role::Admin)] {
        let desk = stage.desk(name, &[(TEA, role)]).await;
        desk.connect(TEA, "Northwind Tea").await;
        let now = stage.clock.wall_ms();
        assert_eq!(desk.do_it(TEA, snooze(now + HOUR)).await.seqs.len(), 1, "{role}");
        assert_eq!(desk.do_it(TEA, snooze(now + LONGEST_MS)).await.seqs.len(), 1, "{role}");
        for until_ms in [now - HOUR, 0, -1, now + LONGEST_MS + HOUR, i64::MAX] {
            assert_eq!(refused(&desk, until_ms).await, (400, ErrorCode::BadRequest), "{role} {until_ms}");
        }
    }
    assert_eq!(refused(&coffee, stage.clock.wall_ms() + HOUR).await, (404, ErrorCode::NoSuchLog));
}

#[tokio::test]
async fn the_moment_is_to_come_by_the_time_that_entries_get() {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let until_ms = stage.clock.wall_ms() + HOUR;
    let first = plain(snooze(until_ms));
    let told = ines.ask(TEA, &first).await.accepted();
    stage.clock.advance_ms(2 * HOUR);
    assert_eq!(refused(&ines, until_ms).await, (400, ErrorCode::BadRequest));
    assert_eq!(ines.ask(TEA, &first).await.accepted(), told, "a repeat of what was done is told so");
}

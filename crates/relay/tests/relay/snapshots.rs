//! The team's state by pages: the newest of each fact, newest first, as entries of the log.

use baton_protocol::command::Command;
use baton_protocol::enrol::Role;
use baton_protocol::snapshot::{PAGE, ReadMark, Snapshot};
use baton_protocol::team::{Status, TeamFact};
use baton_protocol::{AgentId, routes};

use crate::stage::{Desk, MARA, Stage, TEA, customer};

const JONAS_WEBER: &str = "6200000000000102";

async fn snapshot(desk: &Desk, query: &str) -> Snapshot {
    desk.get(&format!("{}{query}", routes::snapshot(&TEA.into()))).await.map_err(|(_, no)| no).unwrap()
}

async fn assigns(desk: &Desk, of: &str, to: Option<AgentId>) {
    desk.do_it(TEA, Command::Assign { customer: customer(of), assignee: to }).await;
}

#[tokio::test]
async fn it_has_the_newest_of_each_fact_as_it_stands_in_the_log() {
    let mut stage = Stage::new().await;
    let ines = stage.desk("Ines", &[(TEA, Role::Admin)]).await;
    ines.connect(TEA, "Northwind Tea").await;
    let agent = ines.enrolled.agent;
    assigns(&ines, MARA, Some(agent)).await;
    assigns(&ines, JONAS_WEBER, Some(agent)).await;
    ines.do_it(TEA, Command::SetStatus { customer: customer(MARA), status: Status::Done }).await;
    assigns(&ines, MARA, None).await;
    ines.do_it(TEA, Command::NameCustomer { customer: customer(MARA), name: "Mara".into(), by_hand: true })
        .await;

    for restarted in [false, true] {
        if restarted {
            stage.restart().await;
        }
        let ines = ines.at(&stage);
        let log = ines.entries(TEA).await;
        let found = snapshot(&ines, "").await;
        assert_eq!((found.as_of, found.before, found.marks_after), (log.len() as u64, None, None));
        let seqs: Vec<u64> = found.thread_facts.iter().map(|entry| entry.seq).collect();
        assert_eq!(
            seqs,
            [6, 5, 4, 3],
            "named, unassigned, done, the other one assigned; not what was before"
        );
        assert!(found.thread_facts.iter().all(|entry| log.contains(entry)));
        assert_eq!(found.account_facts, log[..1]);
    }

    // What an erasure took the words from is without them here too.
    ines.at(&stage).do_it(TEA, Command::EraseCustomer { customer: customer(MARA) }).await;
    let found = snapshot(&ines.at(&stage), "").await;
    let named = found.thread_facts.iter().find_map(|entry| match TeamFact::from_body(&entry.body).unwrap() {
        TeamFact::CustomerNamed { name, .. } => Some(name),
        _ => None,
    });
    assert_eq!(named.as_deref(), Some(""));
}

#[tokio::test]
async fn it_comes_by_pages() {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let count = u64::from(PAGE) + 3;
    let path = routes::read_marks(&TEA.into());
    for number in 0..count {
        let of = format!("62{number:014}");
        assigns(&ines, &of, Some(ines.enrolled.agent)).await;
        let mark = ReadMark { account: TEA.into(), customer: customer(&of), read_seq: 1 };
        ines.request(reqwest::Method::POST, &path).json(&mark).send().await.unwrap();
    }
    let first = snapshot(&ines, "").await;
    assert_eq!((first.thread_facts.len(), first.read_marks.len()), (PAGE as usize, PAGE as usize));
    let (before, after) = (first.before.unwrap(), first.marks_after.unwrap());
    let second = snapshot(&ines, &format!("?before={before}&marks_after={after}")).await;
    assert_eq!((second.thread_facts.len(), second.read_marks.len()), (3, 3));
    assert_eq!((second.before, second.marks_after, second.account_facts.len()), (None, None, 0));
    let mut seqs: Vec<u64> =
        first.thread_facts.iter().chain(&second.thread_facts).map(|entry| entry.seq).collect();
    assert!(seqs.is_sorted_by(|a, b| a > b));
    seqs.dedup();
    assert_eq!(seqs.len() as u64, count);
}

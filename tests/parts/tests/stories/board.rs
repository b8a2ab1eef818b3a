//! The supervisor's board: threads go from the queue to an agent and back, the agent's desk sees it, and what the board says is
//! what the desks say. Agents have none; what its window shows takes nothing from the inbox.

use baton_commands::contract::board::{
    BoardAgents, BoardColumn, BoardOf, BoardSort, BoardView, BoardWindow, ReadBoard, ReadBoardAgents,
    ReadColumn,
};
use baton_commands::contract::many::{
    Many, ManyAct, ManyDone, ManyUndone, OutcomeView, ThreadBefore, UndoMany,
};
use baton_commands::contract::presence::{Doing, PresenceState, PresenceView, Shows};
use baton_commands::contract::queue::{QueueWayView, SetQueue};
use baton_commands::contract::session::Session;
use baton_commands::contract::{Count, StatusView, ThreadRef};
use baton_protocol::enrol::Role;
use baton_support::world::desk::TestDesk;
use baton_support::{Customer, INES, JONAS, KITE_AND_CO, World, wait};

fn whole(columns: &[BoardOf]) -> ReadBoard {
    let column = |of: &BoardOf| ReadColumn { column: of.clone(), after: None, up_to: None, limit: 50 };
    ReadBoard {
        accounts: Vec::new(),
        channel: None,
        label: None,
        status: None,
        only_waiting: false,
        sort: BoardSort::Breach,
        columns: columns.iter().map(column).collect(),
    }
}

async fn columns(desk: &TestDesk, of: &[BoardOf]) -> anyhow::Result<Vec<BoardColumn>> {
    let view: BoardView = desk.ask("board", whole(of)).await?;
    assert_eq!(view.columns.len(), of.len(), "one for each that was asked for");
    Ok(view.columns)
}

async fn agents(desk: &TestDesk) -> anyhow::Result<BoardAgents> {
    desk.ask("boardAgents", ReadBoardAgents { accounts: Vec::new(), channel: None }).await
}

/// Waits until the board has so many threads in the queue and with an agent, and in their row.
async fn comes_to(desk: &TestDesk, agent: &str, queue: u64, theirs: u64) -> anyhow::Result<Vec<BoardColumn>> {
    let of = [BoardOf::Queue, BoardOf::Agent { agent: agent.to_owned() }];
    wait::until(format!("the board to have {queue} and {theirs}"), async || {
        let read = columns(desk, &of).await.map_err(|error| format!("{error:#}"))?;
        let told = agents(desk).await.map_err(|error| format!("{error:#}"))?;
        let row = told.agents.iter().find(|one| one.agent == agent);
        let totals: Vec<_> = read.iter().map(|column| column.total).collect();
        let is_so = totals == [Some(Count(queue)), Some(Count(theirs))]
            && read.iter().zip([queue, theirs]).all(|(column, many)| column.rows.len() as u64 == many)
            && told.queue.open == Count(queue)
            && row.is_some_and(|row| row.work.open == Count(theirs));
        if is_so { Ok(read) } else { Err(format!("{totals:?}, {told:?}")) }
    })
    .await
}

/// Ines is an admin, Jonas an agent; three customers wrote one after the other, and both desks have their threads.
async fn scene() -> anyhow::Result<(World, TestDesk, TestDesk, Vec<Customer>)> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[KITE_AND_CO]).await?;
    let jonas = world.invited_desk(JONAS, &[KITE_AND_CO], Role::Agent).await?;
    let mut all = Vec::new();
    for at in 0..3 {
        let customer = world.new_customer(KITE_AND_CO)?;
        customer.writes(&format!("Question {at}"))?;
        for desk in [&ines, &jonas] {
            desk.sees(&customer, "the thread", |_| true).await?;
        }
        // At Meta alone: a minute here would look to the desks like a sleep, and who wakes is away for a moment.
        world.meta().advance(std::time::Duration::from_secs(60));
        all.push(customer);
    }
    Ok((world, ines, jonas, all))
}

async fn agent_called(desk: &TestDesk, name: &str) -> anyhow::Result<String> {
    wait::until(format!("{name} to be on the board"), async || {
        let told = agents(desk).await.map_err(|error| format!("{error:#}"))?;
        let found = told.agents.iter().find(|one| one.name == name && one.state == PresenceState::Online);
        found.map(|one| one.agent.clone()).ok_or_else(|| format!("{told:?}"))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_moves_threads_the_agent_has_them_and_an_undo_brings_them_back() -> anyhow::Result<()> {
    let (_world, ines, jonas, customers) = scene().await?;
    let him = agent_called(&ines, JONAS).await?;
    let before = comes_to(&ines, &him, 3, 0).await?;
    let queue = &before[0].rows;
    let waits: Vec<_> = queue.iter().map(|one| one.ends_ms).collect();
    assert!(
        waits.is_sorted() && waits.iter().all(Option::is_some),
        "who wrote first is too late first: {waits:?}"
    );
    let told = agents(&ines).await?;
    assert_eq!(told.queue.waiting, Count(3));
    assert_eq!(told.queue.next_due_ms, waits[0]);
    assert_eq!(told.queue.oldest_wait_ms, queue[0].row.waiting_since_ms);

    let two: Vec<ThreadRef> = queue.iter().take(2).map(|one| one.row.thread).collect();
    let give = Many { threads: two.clone(), act: ManyAct::Assign { to: Some(him.clone()) } };
    let ManyDone { outcomes } = ines.ask("actOnMany", give).await?;
    let befores: Vec<ThreadBefore> = outcomes
        .iter()
        .filter_map(|one| match one.outcome.clone() {
            OutcomeView::Done { before } => Some(ThreadBefore { thread: one.thread, before }),
            _ => None,
        })
        .collect();
    assert_eq!(befores.len(), 2, "{outcomes:?}");
    let moved = comes_to(&ines, &him, 1, 2).await?;
    assert!(moved[1].rows.iter().all(|one| one.agent.as_deref() == Some(him.as_str())));
    for customer in &customers[..2] {
        jonas.sees(customer, "that it is his", |t| t.row.mine).await?;
    }

    // He gives one back meanwhile: his word stands.
    jonas.assigns(&customers[0], false).await?;
    comes_to(&ines, &him, 2, 1).await?;
    let undone: ManyUndone = ines.ask("undoMany", UndoMany { threads: befores }).await?;
    assert_eq!((undone.back, undone.moved.len()), (Count(1), 1), "{undone:?}");
    comes_to(&ines, &him, 3, 0).await?;
    jonas.sees(&customers[1], "that it is nobody's", |t| t.row.assignee.is_none()).await?;
    Ok(())
}

/// Waits until the board says that an agent has so many threads of one that the rules give, and so many more that wait on the
/// customer.
async fn has(desk: &TestDesk, agent: &str, open: u64, on_customer: u64) -> anyhow::Result<()> {
    wait::until(format!("the board to say that they have {open} and {on_customer}"), async || {
        let told = agents(desk).await.map_err(|error| format!("{error:#}"))?;
        let Some(row) = told.agents.iter().find(|one| one.agent == agent) else {
            return Err(format!("{told:?}"));
        };
        let [on] = row.accounts.as_slice() else { return Err(format!("{row:?}")) };
        let is_so = on.account == KITE_AND_CO.id().to_string()
            && (on.open, on.limit, on.full) == (Count(open), Some(Count(1)), open >= 1)
            && (row.work.open, row.work.on_customer) == (Count(open), Count(on_customer));
        if is_so { Ok(()) } else { Err(format!("{row:?}")) }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_as_many_as_the_rules_give_is_full_and_what_waits_on_the_customer_is_not_among_them()
-> anyhow::Result<()> {
    let (_world, ines, jonas, customers) = scene().await?;
    let him = agent_called(&ines, JONAS).await?;
    let rules = SetQueue {
        account: KITE_AND_CO.id().to_string(),
        way: QueueWayView::Manual,
        limit: 1,
        reopen_to_last: true,
        reaction_reopens: false,
        only_assignee_sends: false,
    };
    let _: Session = ines.ask("setQueue", rules).await?;
    has(&ines, &him, 0, 0).await?;
    jonas.assigns(&customers[0], true).await?;
    has(&ines, &him, 1, 0).await?;
    jonas.sets(&customers[0], StatusView::WaitingOnCustomer).await?;
    has(&ines, &him, 0, 1).await?;
    customers[0].writes("And?")?;
    has(&ines, &him, 1, 0).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_has_no_board_and_a_host_without_windows_says_so() -> anyhow::Result<()> {
    let (_world, ines, jonas, _customers) = scene().await?;
    let him = agent_called(&ines, JONAS).await?;
    let his = columns(&jonas, &[BoardOf::All, BoardOf::Agent { agent: him }]).await?;
    assert!(his.iter().all(|column| column.rows.is_empty() && column.total == Some(Count(0))));
    assert_eq!(agents(&jonas).await?.agents, []);
    let opened: BoardWindow = ines.ask("openBoard", ()).await?;
    assert!(!opened.opened);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_boards_window_shows_takes_nothing_from_the_inbox() -> anyhow::Result<()> {
    let (_world, ines, jonas, customers) = scene().await?;
    let mut threads = Vec::new();
    for customer in &customers {
        threads.push(ines.opens(customer).await?.row.thread);
    }
    let shown = async |customer: &Customer| {
        wait::until("Jonas to see what Ines looks at".to_owned(), async || {
            let view: PresenceView = jonas.ask("presence", ()).await.map_err(|error| format!("{error:#}"))?;
            let her = view.people.iter().find(|one| one.name == INES);
            let at = her.and_then(|one| one.looks_at.first()).map(|at| at.customer.clone());
            let is_so = at.as_deref() == Some(customer.id().to_string().as_str());
            if is_so { Ok(()) } else { Err(format!("{at:?}")) }
        })
        .await
    };
    let shows = |thread: Option<ThreadRef>| Shows { thread, doing: Doing::Reads };
    ines.ask::<()>("shows", shows(Some(threads[0]))).await?;
    shown(&customers[0]).await?;
    ines.ask::<()>("showsOnBoard", shows(Some(threads[1]))).await?;
    shown(&customers[1]).await?;
    // The board is closed: what the inbox shows is shown still.
    ines.ask::<()>("showsOnBoard", shows(None)).await?;
    shown(&customers[0]).await?;
    Ok(())
}

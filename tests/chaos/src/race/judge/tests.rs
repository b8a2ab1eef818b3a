use baton_protocol::{CommandId, DeskId};

use super::*;

/// Two agents and a supervisor, each with a desk, and one thread.
struct Race {
    agents: Agents,
    ids: Vec<(AgentId, DeskId)>,
    moves: Vec<Move>,
    asked: Vec<Asked>,
}

impl Race {
    fn new() -> Self {
        let ids: Vec<_> = (0..3).map(|_| (AgentId::new(), DeskId::new())).collect();
        let roles = [Role::Agent, Role::Agent, Role::Supervisor];
        let names = ["Agent 01", "Agent 02", "Agent 03"];
        let agents = ids.iter().zip(roles).zip(names);
        let agents = agents.map(|(((id, _), role), name)| (*id, Agent { name: name.to_owned(), role }));
        Self { agents: agents.collect(), ids, moves: Vec::new(), asked: Vec::new() }
    }

    fn agent(&self, who: usize) -> AgentId {
        self.ids[who].0
    }

    /// Somebody asks to give the thread to somebody.
    fn asks(&mut self, who: usize, seen: u64, to: Option<usize>, told: Vec<Told>) -> CommandId {
        let (command, (agent, desk)) = (CommandId::new(), self.ids[who]);
        let (customer, wanted) = ("mara".into(), Moved::To(to.map(|to| self.agent(to))));
        let command_id = Some(command);
        let asked = Asked { agent, desk, customer, seen, until: seen, wanted, command: command_id, told };
        self.asked.push(asked);
        command
    }

    /// Somebody's desk asks that under an id of its own, and has the thread at a version when it was told.
    fn presses(&mut self, who: usize, (seen, until): (u64, u64), to: Option<usize>, told: Told) {
        let (agent, desk) = self.ids[who];
        let (customer, wanted) = ("mara".into(), Moved::To(to.map(|to| self.agent(to))));
        self.asked.push(Asked {
            agent,
            desk,
            customer,
            seen,
            until,
            wanted,
            command: None,
            told: vec![told],
        });
    }

    /// The log has it.
    fn moves(&mut self, seq: u64, who: usize, to: Option<usize>, command: CommandId) {
        let (agent, desk) = self.ids[who];
        let (key, moved) = (format!("{desk}:{command}:0"), Moved::To(to.map(|to| self.agent(to))));
        let by = Actor::Agent { agent, desk };
        self.moves.push(Move { seq, key, customer: "mara".into(), moved, by });
    }

    fn wins(&mut self, seq: u64, who: usize, seen: u64, to: Option<usize>) {
        let told = vec![Told::Accepted { seqs: vec![seq], version: seq }];
        let command = self.asks(who, seen, to, told);
        self.moves(seq, who, to, command);
    }

    fn conflict(&self, version: u64, with: Option<usize>) -> Told {
        Told::Conflict { version, assignee: with.map(|who| self.agent(who)), status: Status::Open }
    }

    fn judge(&self) -> Vec<Fault> {
        judge(&self.moves, &self.asked, &self.agents)
    }
}

#[test]
fn of_two_who_claim_one_wins_and_the_other_hears_who() {
    let mut race = Race::new();
    race.wins(3, 0, 0, Some(0));
    let lost = race.conflict(3, Some(0));
    race.asks(1, 0, Some(1), vec![lost.clone(), lost]);
    race.wins(5, 2, 3, Some(1));
    race.asks(0, 3, None, vec![Told::Lost("Agent 03 gave this thread to Agent 02 first.".into())]);
    race.asks(0, 5, None, vec![Told::Refused]);
    race.asks(1, 5, Some(1), vec![Told::Accepted { seqs: Vec::new(), version: 5 }]);
    assert_eq!(race.judge(), []);
}

#[test]
fn a_second_winner_is_found() {
    let mut race = Race::new();
    race.wins(3, 0, 0, Some(0));
    race.wins(4, 1, 0, Some(1));
    assert_eq!(race.judge(), [Fault::TwoAssignees { seq: 4 }, Fault::Overtaken { seq: 4 }]);
}

#[test]
fn a_supervisor_who_did_not_see_the_last_move_is_found() {
    let mut race = Race::new();
    race.wins(3, 0, 0, Some(0));
    race.wins(4, 2, 0, Some(1));
    assert_eq!(race.judge(), [Fault::Overtaken { seq: 4 }]);
}

#[test]
fn a_repeat_that_was_carried_out_or_answered_otherwise_is_found() {
    let mut race = Race::new();
    race.wins(3, 2, 0, Some(0));
    let again = race.moves[0].clone();
    race.moves.push(Move { seq: 4, ..again });
    let other = race.conflict(4, Some(0));
    race.asked[0].told.push(other);
    let faults = race.judge();
    assert!(faults.contains(&Fault::Twice { seq: 4 }), "{faults:?}");
    assert!(faults.iter().any(|fault| matches!(fault, Fault::AnotherAnswer { .. })), "{faults:?}");
}

#[test]
fn a_winner_without_an_entry_and_a_loser_with_one_are_found() {
    let mut race = Race::new();
    race.asks(0, 0, Some(0), vec![Told::Accepted { seqs: vec![3], version: 3 }]);
    race.asks(0, 0, Some(0), vec![Told::Accepted { seqs: Vec::new(), version: 0 }]);
    assert!(matches!(race.judge()[..], [Fault::NotThere { .. }, Fault::NotThere { .. }]));

    let mut race = Race::new();
    let command = race.asks(0, 0, Some(0), vec![Told::Refused]);
    race.moves(3, 0, Some(0), command);
    assert_eq!(race.judge(), [Fault::CarriedOut { seq: 3 }]);
}

#[test]
fn what_a_desk_says_is_done_is_in_the_log_as_its_own() {
    let mut race = Race::new();
    race.moves(3, 0, Some(0), CommandId::new());
    race.presses(0, (0, 3), Some(0), Told::Done);
    // It stood so already.
    race.presses(2, (3, 3), Some(0), Told::Done);
    assert_eq!(race.judge(), []);

    // Somebody else gave it so, but later.
    let mut race = Race::new();
    race.presses(0, (0, 0), Some(0), Told::Done);
    race.wins(3, 2, 0, Some(0));
    assert!(matches!(race.judge()[..], [Fault::NotThere { .. }]), "{:?}", race.judge());
}

#[test]
fn what_a_desk_says_was_lost_or_refused_is_not_in_the_log() {
    for told in [Told::Refused, Told::Lost("Agent 01 took this thread first.".into())] {
        let mut race = Race::new();
        race.moves(3, 0, Some(0), CommandId::new());
        race.presses(0, (0, 3), Some(0), told);
        assert!(race.judge().contains(&Fault::CarriedOut { seq: 3 }), "{:?}", race.judge());
    }
    let mut race = Race::new();
    race.moves(3, 0, Some(0), CommandId::new());
    race.presses(0, (0, 0), Some(0), Told::Away);
    assert_eq!(race.judge(), [], "of what was cut either may be");
}

#[test]
fn a_loser_who_is_told_somebody_else_or_another_version_is_found() {
    for (version, with) in [(3, Some(1)), (3, None), (4, Some(0)), (2, Some(0))] {
        let mut race = Race::new();
        race.wins(3, 0, 0, Some(0));
        let lie = race.conflict(version, with);
        race.asks(1, 0, Some(1), vec![lie]);
        assert!(matches!(race.judge()[..], [Fault::Lied { .. }]), "{version} {with:?}: {:?}", race.judge());
    }
    for (words, is_true) in [
        ("Agent 01 took this thread first.", true),
        ("Agent 02 took this thread first.", false),
        ("Agent 01 gave this thread to Agent 03 first.", false),
        ("A colleague took this thread first.", false),
    ] {
        let mut race = Race::new();
        race.wins(3, 0, 0, Some(0));
        race.asks(1, 0, Some(1), vec![Told::Lost(words.to_owned())]);
        assert_eq!(race.judge().is_empty(), is_true, "{words}: {:?}", race.judge());
    }
}

#[test]
fn a_loser_who_got_the_thread_is_called_as_the_window_calls_its_own_agent() {
    let mut race = Race::new();
    race.wins(3, 2, 0, Some(1));
    race.asks(1, 0, None, vec![Told::Lost("Agent 03 gave this thread to you first.".to_owned())]);
    assert_eq!(race.judge(), []);
    race.asks(1, 0, None, vec![Told::Lost("You took this thread first.".to_owned())]);
    assert_eq!(race.judge(), [], "that it is theirs now is true");
    race.asks(0, 0, None, vec![Told::Lost("Agent 03 gave this thread to you first.".to_owned())]);
    assert!(matches!(race.judge()[..], [Fault::Lied { .. }]));
}

#[test]
fn that_somebody_moved_it_is_true_where_anybody_did() {
    let vague = || Told::Lost("Somebody moved the thread or changed its status.".to_owned());
    let mut race = Race::new();
    race.wins(3, 2, 0, Some(0));
    race.wins(4, 2, 3, Some(1));
    race.wins(5, 2, 4, Some(0));
    race.asks(1, 3, None, vec![vague()]);
    assert_eq!(race.judge(), []);
    race.asks(1, 5, None, vec![vague()]);
    assert!(matches!(race.judge()[..], [Fault::Lied { .. }]), "nobody moved it since");
}

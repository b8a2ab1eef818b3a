//! A list of people to be invited, as somebody wrote it in a table. Pure: every line is looked at before anybody is invited.
//!
//! ```text
//! name,role,account,expires_days
//! Jonas Weber,agent,Northwind Tea,14
//! "Kremer, Ines",supervisor,104500000000011,
//! ```
//!
//! The first line names the columns, in any order; `expires_days` may be left out. An account is written by its name or its id.
//! Somebody who works on several accounts has a line for each of them, with the same name: that is one person and one invite.

use std::collections::BTreeMap;

use baton_messenger::AccountId;
use baton_protocol::enrol::Role;
use baton_protocol::people::{INVITE_MOST_MS, INVITE_USUAL_MS, MOST_INVITES, RoleOn, name_of_agent};

use super::people::fault_words;
use crate::csv::{self, Fault, Row};

/// The columns, in the order in which they are explained.
pub const COLUMNS: &[&str] = &["name", "role", "account", "expires_days"];

/// A day, milliseconds.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// The longest list, bytes: far more than the most invites take.
const MOST_BYTES: usize = 1 << 20;

/// An account that a list may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ListedAccount {
    pub(super) account: AccountId,
    /// Its name; the id where it has none yet.
    pub(super) name: String,
    /// Whether whoever invites administers it.
    pub(super) administered: bool,
}

/// Somebody who is to be invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteLine {
    /// The first line that names them, from 1.
    pub line: usize,
    /// The name.
    pub name: String,
    /// The roles, in the order of the lines.
    pub roles: Vec<RoleOn>,
    /// How long the invite is good for, milliseconds.
    pub valid_ms: i64,
    /// True when somebody of the team has this name already: whoever is invited becomes another person.
    pub has_namesake: bool,
}

/// What is wrong with a line. Nobody is invited while there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteFault {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what would be right, as a sentence.
    pub what: String,
}

/// A list, looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InviteList {
    /// Whom it names, as far as their lines are right, in order.
    pub people: Vec<InviteLine>,
    /// What is wrong, in order.
    pub faults: Vec<InviteFault>,
}

/// Looks at a list. `namesakes` are the names of the team.
#[must_use]
pub(super) fn look(text: &str, accounts: &[ListedAccount], namesakes: &[String]) -> InviteList {
    let mut list = InviteList::default();
    if text.len() > MOST_BYTES {
        list.fault(
            1,
            format!("This is larger than any list of {MOST_INVITES} people; is it the right file?"),
        );
        return list;
    }
    let rows = match csv::read(text, csv::separator(text)) {
        Ok(rows) => rows,
        Err(Fault::Unclosed(line)) => {
            list.fault(line, "A quotation mark is opened here and not closed.");
            return list;
        }
        Err(Fault::Stray(line)) => {
            list.fault(
                line,
                "There is a quotation mark where none may be. A field with one in it stands in quotation marks, and the \
                 mark itself is written twice.",
            );
            return list;
        }
    };
    let mut rows = rows.into_iter().filter(|row| row.fields.iter().any(|field| !field.trim().is_empty()));
    let Some(head) = rows.next() else {
        list.fault(
            1,
            format!("There is nothing in it. The first line names the columns: {}.", COLUMNS.join(", ")),
        );
        return list;
    };
    let Some(columns) = Columns::of(&head, &mut list) else { return list };
    let mut seen = Seen::default();
    for row in rows {
        let read = columns.read(&row, accounts);
        match read {
            Ok(line) => seen.add(&mut list, row.line, line, namesakes),
            Err(faults) => faults.into_iter().for_each(|what| list.fault(row.line, what)),
        }
    }
    if list.people.is_empty() && list.faults.is_empty() {
        list.fault(head.line, "There is nobody below the first line.");
    }
    if list.people.len() > MOST_INVITES {
        let line = list.people.get(MOST_INVITES).map_or(1, |person| person.line);
        list.fault(line, format!("A list has at most {MOST_INVITES} people. Make another one of the rest."));
    }
    list.faults.sort_by_key(|fault| fault.line);
    list
}

impl InviteList {
    fn fault(&mut self, line: usize, what: impl Into<String>) {
        self.faults.push(InviteFault { line, what: what.into() });
    }
}

/// Where the columns stand.
struct Columns {
    name: usize,
    role: usize,
    account: usize,
    expires_days: Option<usize>,
    count: usize,
}

/// What one line says.
struct Line {
    name: String,
    on: RoleOn,
    account_name: String,
    valid_ms: i64,
}

impl Columns {
    /// By the first line. None when it is not one; then the list says why.
    fn of(head: &Row, list: &mut InviteList) -> Option<Self> {
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for (place, written) in head.fields.iter().enumerate() {
            let known = written.trim().to_lowercase().replace([' ', '-'], "_");
            let Some(column) = COLUMNS.iter().find(|column| **column == known) else {
                let written = written.trim();
                list.fault(
                    head.line,
                    format!("Nobody knows a column “{written}”. The columns are {}.", COLUMNS.join(", ")),
                );
                continue;
            };
            if places.insert(column, place).is_some() {
                list.fault(head.line, format!("There are two columns “{column}”."));
            }
        }
        for needed in COLUMNS.iter().take(3).filter(|needed| !places.contains_key(**needed)) {
            list.fault(
                head.line,
                format!(
                    "There is no column “{needed}”. The first line names the columns: {}.",
                    COLUMNS.join(", ")
                ),
            );
        }
        if !list.faults.is_empty() {
            return None;
        }
        Some(Self {
            name: *places.get("name")?,
            role: *places.get("role")?,
            account: *places.get("account")?,
            expires_days: places.get("expires_days").copied(),
            count: head.fields.len(),
        })
    }

    fn read(&self, row: &Row, accounts: &[ListedAccount]) -> Result<Line, Vec<String>> {
        // A line may end early; what is missing is empty.
        if row.fields.len() > self.count {
            return Err(vec![format!(
                "This line has {} fields, and the first line names {}. A field with a comma in it stands in quotation marks.",
                row.fields.len(),
                self.count
            )]);
        }
        let field = |place: usize| row.fields.get(place).map_or("", |field| field.trim());
        let mut faults = Vec::new();
        let name = match name_of_agent(field(self.name)) {
            Ok(name) => name.to_owned(),
            Err(fault) => {
                faults.push(format!("Whoever is meant {}.", fault_words(fault)));
                String::new()
            }
        };
        let role = role(field(self.role)).map_err(|what| faults.push(what)).ok();
        let account = account(field(self.account), accounts).map_err(|what| faults.push(what)).ok();
        let days = self.expires_days.map_or("", field);
        let valid_ms = valid_ms(days).map_err(|what| faults.push(what)).ok();
        match (role, account, valid_ms) {
            (Some(role), Some(account), Some(valid_ms)) if faults.is_empty() => Ok(Line {
                name,
                on: RoleOn { account: account.account.clone(), role },
                account_name: account.name.clone(),
                valid_ms,
            }),
            _ => Err(faults),
        }
    }
}

fn role(written: &str) -> Result<Role, String> {
    match written.to_lowercase().as_str() {
        "agent" => Ok(Role::Agent),
        "supervisor" => Ok(Role::Supervisor),
        "admin" => Ok(Role::Admin),
        "" => Err("The role is missing: agent, supervisor or admin.".to_owned()),
        _ => Err(format!("“{written}” is no role. Write agent, supervisor or admin.")),
    }
}

fn account<'a>(written: &str, accounts: &'a [ListedAccount]) -> Result<&'a ListedAccount, String> {
    if written.is_empty() {
        return Err("The account is missing. Write its name or its id.".to_owned());
    }
    let by_id = accounts.iter().find(|known| known.account.as_str() == written);
    let mut found: Vec<&ListedAccount> = by_id.into_iter().collect();
    if found.is_empty() {
        let wanted = written.to_lowercase();
        found = accounts.iter().filter(|known| known.name.to_lowercase() == wanted).collect();
    }
    match found.as_slice() {
        [] => Err(format!(
            "There is no account “{written}” here. Write its name as it stands in Baton, or its id."
        )),
        [one] if one.administered => Ok(*one),
        [one] => Err(format!("You do not administer {}, so you cannot invite anybody to it.", one.name)),
        several => {
            let ids: Vec<&str> = several.iter().map(|known| known.account.as_str()).collect();
            Err(format!(
                "There are {} accounts called “{written}”. Write the id: {}.",
                ids.len(),
                ids.join(" or ")
            ))
        }
    }
}

fn valid_ms(written: &str) -> Result<i64, String> {
    let most = INVITE_MOST_MS / DAY_MS;
    if written.is_empty() {
        return Ok(INVITE_USUAL_MS);
    }
    match written.parse::<i64>() {
        Ok(days) if (1..=most).contains(&days) => Ok(days * DAY_MS),
        _ => Err(format!("“{written}” is no number of days. An invite is good for 1 to {most} days.")),
    }
}

/// Who was named on which line.
#[derive(Default)]
struct Seen(BTreeMap<String, usize>);

impl Seen {
    /// Lines with the same name are one person.
    fn add(&mut self, list: &mut InviteList, line: usize, said: Line, namesakes: &[String]) {
        let key = said.name.to_lowercase();
        let place = self.0.get(&key).copied();
        let Some(person) = place.and_then(|place| list.people.get_mut(place)) else {
            let has_namesake = namesakes.iter().any(|known| known.to_lowercase() == key);
            self.0.insert(key, list.people.len());
            list.people.push(InviteLine {
                line,
                name: said.name,
                roles: vec![said.on],
                valid_ms: said.valid_ms,
                has_namesake,
            });
            return;
        };
        let first = person.line;
        if person.roles.iter().any(|on| on.account == said.on.account) {
            let (name, account) = (person.name.clone(), said.account_name);
            list.fault(
                line,
                format!(
                    "{name} is on line {first} for {account} already. If these are two people, tell their names apart."
                ),
            );
        } else if person.valid_ms != said.valid_ms {
            let name = person.name.clone();
            list.fault(line, format!("{name} has one invite, and line {first} says another number of days."));
        } else {
            person.roles.push(said.on);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    const TEA: &str = "104500000000011";
    const TEA_ON_INSTAGRAM: &str = "17841400000000033";
    const KITES: &str = "104500000000022";
    const BOOKS: &str = "104500000000044";

    fn accounts() -> Vec<ListedAccount> {
        let account = |id: &str, name: &str, administered| ListedAccount {
            account: id.into(),
            name: name.to_owned(),
            administered,
        };
        vec![
            account(TEA, "Northwind Tea", true),
            account(KITES, "Kite & Co", true),
            account(BOOKS, "Harbour Books", false),
        ]
    }

    fn looked(text: &str) -> InviteList {
        look(text, &accounts(), &["Ines Kremer".to_owned()])
    }

    fn faults(text: &str) -> Vec<(usize, String)> {
        looked(text).faults.into_iter().map(|fault| (fault.line, fault.what)).collect()
    }

    fn person(line: usize, name: &str, roles: &[(&str, Role)], days: i64) -> InviteLine {
        let roles = roles.iter().map(|(account, role)| RoleOn { account: (*account).into(), role: *role });
        InviteLine {
            line,
            name: name.to_owned(),
            roles: roles.collect(),
            valid_ms: days * DAY_MS,
            has_namesake: false,
        }
    }

    #[test]
    fn people_are_read_by_the_names_of_the_columns() {
        let text = "\u{feff}Account;Name;ROLE;Expires days\r\n\
                    Northwind Tea;\"Weber; Jonas\";Agent;14\r\n\
                    104500000000022;Maria Silva;supervisor;\r\n\
                    ;;;\r\n";
        let list = looked(text);
        assert!(list.faults.is_empty(), "{list:#?}");
        assert_eq!(
            list.people,
            [
                person(2, "Weber; Jonas", &[(TEA, Role::Agent)], 14),
                person(3, "Maria Silva", &[(KITES, Role::Supervisor)], 7),
            ]
        );
    }

    #[test]
    fn lines_of_the_same_name_are_one_person() {
        let text = "name,role,account\nJonas,agent,Northwind Tea\nMaria,admin,Kite & Co\njonas,supervisor,kite & co\n";
        let list = looked(text);
        assert!(list.faults.is_empty(), "{list:#?}");
        assert_eq!(
            list.people,
            [
                person(2, "Jonas", &[(TEA, Role::Agent), (KITES, Role::Supervisor)], 7),
                person(3, "Maria", &[(KITES, Role::Admin)], 7),
            ]
        );
    }

    #[test]
    fn who_has_a_namesake_in_the_team_is_marked() {
        let list = looked("name,role,account\nines kremer,agent,Northwind Tea\nJonas,agent,Northwind Tea\n");
        let marked: Vec<bool> = list.people.iter().map(|person| person.has_namesake).collect();
        assert!(list.faults.is_empty(), "{list:#?}");
        assert_eq!(marked, [true, false]);
    }

    #[rstest]
    #[case::nothing("", 1, "nothing in it")]
    #[case::only_a_head("name,role,account\n", 1, "nobody below")]
    #[case::no_head("Jonas,agent,Northwind Tea\n", 1, "Nobody knows a column “Jonas”")]
    #[case::column_missing("name,role\nJonas,agent\n", 1, "no column “account”")]
    #[case::column_twice("name,name,role,account\n", 1, "two columns “name”")]
    #[case::unknown_column("name,role,account,shoe\n", 1, "“shoe”")]
    #[case::no_name("name,role,account\n,agent,Northwind Tea\n", 2, "has no name")]
    #[case::not_utf8("name,role,account\nJ\u{fffd}rg,agent,Northwind Tea\n", 2, "cannot be shown")]
    #[case::a_line_in_a_name("name,role,account\n\"Jo\nnas\",agent,Northwind Tea\n", 2, "cannot be shown")]
    #[case::no_role("name,role,account\nJonas,,Northwind Tea\n", 2, "role is missing")]
    #[case::wrong_role("name,role,account\nJonas,boss,Northwind Tea\n", 2, "“boss” is no role")]
    #[case::no_account("name,role,account\nJonas,agent\n", 2, "account is missing")]
    #[case::unknown_account("name,role,account\nJonas,agent,Coffee\n", 2, "no account “Coffee”")]
    #[case::not_administered(
        "name,role,account\nJonas,agent,Harbour Books\n",
        2,
        "do not administer Harbour Books"
    )]
    #[case::no_days(
        "name,role,account,expires_days\nJonas,agent,Northwind Tea,soon\n",
        2,
        "“soon” is no number"
    )]
    #[case::too_long("name,role,account,expires_days\nJonas,agent,Northwind Tea,31\n", 2, "1 to 30 days")]
    #[case::never("name,role,account,expires_days\nJonas,agent,Northwind Tea,0\n", 2, "1 to 30 days")]
    #[case::too_many_fields("name,role,account\nWeber, Jonas,agent,Northwind Tea\n", 2, "has 4 fields")]
    #[case::the_same_twice(
        "name,role,account\nJonas,agent,Northwind Tea\nJonas,admin,Northwind Tea\n",
        3,
        "is on line 2"
    )]
    #[case::other_days(
        "name,role,account,expires_days\nJonas,agent,Northwind Tea,3\nJonas,agent,Kite & Co,4\n",
        3,
        "line 2 says another"
    )]
    #[case::unclosed("name,role,account\n\"Jonas,agent,Northwind Tea\n", 2, "not closed")]
    #[case::stray("name,role,account\nJonas \"Jo\" Weber,agent,Northwind Tea\n", 2, "where none may be")]
    fn each_fault_says_its_line_and_what_would_be_right(
        #[case] text: &str,
        #[case] line: usize,
        #[case] says: &str,
    ) {
        let found = faults(text);
        assert!(found.iter().any(|(at, what)| *at == line && what.contains(says)), "{found:#?}");
    }

    #[test]
    fn every_line_is_looked_at_and_every_fault_of_it_is_told() {
        let text = "name,role,account\n,boss,Coffee\nJonas,agent,Northwind Tea\nMaria,chief,Northwind Tea\n";
        let lines: Vec<usize> = faults(text).into_iter().map(|(line, _)| line).collect();
        assert_eq!(lines, [2, 2, 2, 4]);
        assert_eq!(looked(text).people.len(), 1);
    }

    #[test]
    fn an_account_with_the_name_of_another_one_is_told_by_its_id() {
        let mut accounts = accounts();
        accounts.push(ListedAccount {
            account: TEA_ON_INSTAGRAM.into(),
            name: "Northwind tea".to_owned(),
            administered: true,
        });
        let text = "name,role,account\nJonas,agent,Northwind Tea\n";
        let list = look(text, &accounts, &[]);
        assert!(
            list.faults[0].what.contains(TEA) && list.faults[0].what.contains(TEA_ON_INSTAGRAM),
            "{list:?}"
        );
        let by_id = look(&text.replace("Northwind Tea", TEA_ON_INSTAGRAM), &accounts, &[]);
        assert_eq!(by_id.people, [person(2, "Jonas", &[(TEA_ON_INSTAGRAM, Role::Agent)], 7)]);
    }

    #[test]
    fn a_list_is_not_endless() {
        let mut text = "name,role,account\n".to_owned();
        for n in 0..=MOST_INVITES {
            text.push_str(&format!("Agent {n},agent,Northwind Tea\n"));
        }
        let found = faults(&text);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, MOST_INVITES + 2);
    }

    proptest! {
        /// Whatever the names, a list that a program wrote is read as it was meant.
        #[test]
        fn what_a_program_writes_is_read(names in prop::collection::btree_set("[A-Za-zéß ,;\"']{1,12}", 1..12)) {
            let names: Vec<String> = names
                .iter()
                .map(|name| format!("N{}", name.trim()))
                .collect::<std::collections::BTreeSet<_>>()
                .into_iter()
                .collect();
            let distinct: std::collections::BTreeSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
            prop_assume!(distinct.len() == names.len());
            let mut text = String::new();
            csv::row(&mut text, COLUMNS.iter().copied());
            for name in &names {
                csv::row(&mut text, [name.as_str(), "agent", "Northwind Tea", "3"]);
            }
            let list = looked(&text);
            prop_assert!(list.faults.is_empty(), "{list:?}");
            let read: Vec<&str> = list.people.iter().map(|person| person.name.as_str()).collect();
            prop_assert_eq!(read, names.iter().map(String::as_str).collect::<Vec<_>>());
        }

        /// Nobody is named without an administered account, whatever is in the file.
        #[test]
        fn anything_can_be_looked_at(text in "[nameroleaccount,;\"\r\n\t 0-9]{0,120}") {
            for person in looked(&text).people {
                prop_assert!(!person.roles.is_empty());
                prop_assert!((DAY_MS..=INVITE_MOST_MS).contains(&person.valid_ms));
            }
        }
    }
}

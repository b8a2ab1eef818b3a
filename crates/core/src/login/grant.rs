//! What a person granted at Meta, and what each of it is good for on this desk. Pure.

use std::collections::BTreeMap;
use std::fmt;

use baton_messenger::{AccountId, Platform, Words};
use baton_protocol::enrol::AccountRole;
use baton_protocol::login::{GrantedPage, LoginTokens};
use secrecy::SecretString;

/// An account that the person chose at Meta.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// The account.
    pub account: AccountId,
    /// Its channel.
    pub platform: Platform,
    /// Its name at Meta.
    pub name: String,
    /// True once it was connected with what this login brought.
    pub is_connected: bool,
    /// Why it cannot be connected, or was not; none when it can be or was.
    pub why_not: Option<Words>,
    /// True when it may be tried, for the first time or again.
    pub may_connect: bool,
}

/// Everything that one login brought. `Debug` shows no token.
#[derive(Clone)]
pub struct Grants(Vec<GrantedPage>);

impl fmt::Debug for Grants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pages: Vec<_> = self.0.iter().map(|page| &page.page).collect();
        f.debug_tuple("Grants").field(&pages).finish()
    }
}

impl From<LoginTokens> for Grants {
    fn from(tokens: LoginTokens) -> Self {
        Self(tokens.pages)
    }
}

impl Grants {
    /// The token for an account, and whether the person behind it may subscribe the Page.
    pub(super) fn token_for(&self, account: &AccountId) -> Option<(SecretString, bool)> {
        let page = self.0.iter().find(|page| page.serves.contains(account))?;
        let token = page.token.as_ref()?;
        Some((SecretString::from(token.expose().to_owned()), page.can_subscribe))
    }

    /// Each account that was chosen, with what stands in its way on a desk with these rights.
    pub(super) fn judged(
        &self,
        access: &[AccountRole],
        tried: &BTreeMap<AccountId, Option<Words>>,
    ) -> Vec<Granted> {
        self.accounts()
            .map(|(page, account, platform, name)| {
                let in_the_way = why_not(page, &account, access);
                let outcome = tried.get(&account);
                Granted {
                    is_connected: outcome == Some(&None),
                    may_connect: in_the_way.is_none() && outcome != Some(&None),
                    why_not: in_the_way.or_else(|| outcome.cloned().flatten()),
                    account,
                    platform,
                    name,
                }
            })
            .collect()
    }

    /// Accounts of this desk that were not among those the person chose.
    pub(super) fn not_chosen(&self, access: &[AccountRole]) -> Vec<AccountRole> {
        let chosen: Vec<AccountId> = self.accounts().map(|(_, account, ..)| account).collect();
        access.iter().filter(|mine| !chosen.contains(&mine.account)).cloned().collect()
    }

    /// Each Page, followed by the Instagram account that is linked to it. One that nobody here was invited to is told of
    /// only with its Page: its own name would say nothing.
    fn accounts(&self) -> impl Iterator<Item = (&GrantedPage, AccountId, Platform, String)> {
        self.0.iter().flat_map(|page| {
            let own = (page, page.page.clone(), Platform::Messenger, page.name.clone());
            let linked = page.instagram.as_ref().filter(|linked| page.serves.contains(&linked.account));
            let linked = linked.map(|linked| {
                let name = linked.username.as_ref().map(|username| format!("@{username}"));
                (page, linked.account.clone(), Platform::Instagram, name.unwrap_or_else(|| page.name.clone()))
            });
            // A Page that only carries its Instagram account is no account of this desk, and nothing is wrong with it.
            let only_carries = linked.is_some() && !page.serves.contains(&page.page);
            [(!only_carries).then_some(own), linked].into_iter().flatten()
        })
    }
}

fn why_not(page: &GrantedPage, account: &AccountId, access: &[AccountRole]) -> Option<Words> {
    let Some(mine) = access.iter().find(|mine| mine.account == *account) else {
        return Some(Words::new(
            "This desk was not invited to it.",
            "Ask an admin for an invite that names it.",
        ));
    };
    if !page.can_message {
        return Some(Words::new(
            "You may not answer messages for this account.",
            "Ask an administrator of its Page to let you, then log in again.",
        ));
    }
    // What somebody connected before needs no more than the right to answer.
    if !page.can_subscribe && !mine.connected {
        return Some(Words::new(
            "You may answer messages for this account, and not connect it.",
            "Let somebody log in who manages its Page, or ask an administrator of the Page to let you moderate it.",
        ));
    }
    if !page.serves.contains(account) || page.token.is_none() {
        return Some(Words::new(
            "Meta gave no access to this account.",
            "Log in again, and choose it there.",
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use baton_protocol::enrol::Role;
    use baton_protocol::login::GrantedInstagram;
    use baton_protocol::token::PageToken;
    use rstest::rstest;

    use super::*;

    const PAGE: &str = "104500000000011";
    const INSTAGRAM: &str = "17841400000000033";

    fn page(serves: &[&str]) -> GrantedPage {
        GrantedPage {
            page: PAGE.into(),
            name: "Kettle Corner".to_owned(),
            instagram: Some(GrantedInstagram {
                account: INSTAGRAM.into(),
                username: Some("kettlecorner".to_owned()),
            }),
            can_message: true,
            can_subscribe: true,
            serves: serves.iter().map(|account| AccountId::from(*account)).collect(),
            token: (!serves.is_empty()).then(|| PageToken::new("EAAsecret".to_owned())),
        }
    }

    fn access(account: &str, connected: bool) -> AccountRole {
        let platform = if account == PAGE { Platform::Messenger } else { Platform::Instagram };
        AccountRole { account: account.into(), platform, name: String::new(), role: Role::Agent, connected }
    }

    fn judged(page: GrantedPage, access: &[AccountRole]) -> Vec<(String, bool)> {
        let grants = Grants(vec![page]);
        let judged = grants.judged(access, &BTreeMap::new());
        judged.into_iter().map(|one| (one.name, one.may_connect)).collect()
    }

    #[test]
    fn a_page_and_the_instagram_account_behind_it_are_two() {
        let both = [access(PAGE, false), access(INSTAGRAM, false)];
        let wanted = [("Kettle Corner".to_owned(), true), ("@kettlecorner".to_owned(), true)];
        assert_eq!(judged(page(&[PAGE, INSTAGRAM]), &both), wanted);
    }

    #[test]
    fn a_page_that_only_carries_its_instagram_account_is_not_told_of() {
        let wanted = [("@kettlecorner".to_owned(), true)];
        assert_eq!(judged(page(&[INSTAGRAM]), &[access(INSTAGRAM, false)]), wanted);
    }

    #[rstest]
    #[case::not_invited(page(&[]), &[], "not invited")]
    #[case::may_not_answer(GrantedPage { can_message: false, ..page(&[PAGE]) }, &[access(PAGE, true)], "may not answer")]
    #[case::may_not_connect(GrantedPage { can_subscribe: false, ..page(&[PAGE]) }, &[access(PAGE, false)], "not connect")]
    #[case::no_token(GrantedPage { token: None, ..page(&[PAGE]) }, &[access(PAGE, false)], "no access")]
    fn what_stands_in_the_way_is_told(
        #[case] page: GrantedPage,
        #[case] access: &[AccountRole],
        #[case] says: &str,
    ) {
        let judged = Grants(vec![page]).judged(access, &BTreeMap::new());
        let words = judged[0].why_not.clone().unwrap();
        assert!(words.what.contains(says) && !words.remedy.is_empty(), "{words:?}");
        assert!(!judged[0].may_connect);
    }

    #[test]
    fn who_may_not_connect_a_page_may_answer_for_one_that_is() {
        let answers_only = GrantedPage { can_subscribe: false, ..page(&[PAGE]) };
        assert!(judged(answers_only, &[access(PAGE, true)])[0].1);
    }

    #[test]
    fn one_that_failed_may_be_tried_again_and_one_that_was_connected_not() {
        let grants = Grants(vec![page(&[PAGE, INSTAGRAM])]);
        let failed = Words::new("Meta cannot be reached.", "Try again.");
        let tried = BTreeMap::from([(PAGE.into(), Some(failed.clone())), (INSTAGRAM.into(), None)]);
        let judged = grants.judged(&[access(PAGE, false), access(INSTAGRAM, true)], &tried);
        assert_eq!((judged[0].may_connect, judged[0].why_not.as_ref()), (true, Some(&failed)));
        assert_eq!((judged[1].may_connect, judged[1].is_connected), (false, true));
    }

    #[test]
    fn accounts_that_were_not_chosen_are_told() {
        let other = access("104500000000022", false);
        let grants = Grants(vec![page(&[PAGE])]);
        assert_eq!(grants.not_chosen(&[access(PAGE, true), other.clone()]), [other]);
    }

    #[test]
    fn no_debug_output_shows_a_token() {
        assert!(!format!("{:?}", Grants(vec![page(&[PAGE])])).contains("EAA"));
    }
}

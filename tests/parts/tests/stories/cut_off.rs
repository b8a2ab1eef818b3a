//! A desk that is cut off keeps nothing at its next contact, also when it is killed in the middle; an admin sees how far that is.

use baton_commands::contract::people::{CutOffStageView, CutOffView, DeskState, PeopleView};
use baton_commands::contract::session::{Phase, ProblemKind, Session};
use baton_commands::contract::thread::Author;
use baton_core::keys::{KeyName, KeyStoreError};
use baton_protocol::enrol::Role;
use baton_simulator::Thing;
use baton_support::picture::png;
use baton_support::world::desk::TestDesk;
use baton_support::world::{Seen as _, traces};
use baton_support::{Customer, INES, JONAS, MARA, NORTHWIND_TEA, World, wait};
use secrecy::SecretString;
use serde_json::json;

use crate::people::{invites, lists};

const SAID: &str = "The samovar leaks on the kitchen table";
const DRAFT: &str = "Dear Mara, about the samovar";

/// Ines administers Northwind Tea; Jonas answers there. His desk holds what Mara said, her picture, a draft with a file, and the
/// Page token.
struct Scene {
    world: World,
    ines: TestDesk,
    jonas: TestDesk,
    mara: Customer,
}

async fn scene() -> anyhow::Result<Scene> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let jonas = world.invited_desk(JONAS, &[NORTHWIND_TEA], Role::Agent).await?;
    let mara = world.customer(MARA)?;
    mara.writes(SAID)?;
    let picture = mara.sends(Thing::Image)?;
    jonas.sees(&mara, "what she wrote", |t| t.says(Author::Customer, SAID)).await?;
    jonas.medium(&mara, &picture).await?;
    let thread = jonas.opens(&mara).await?.row.thread;
    let draft = json!({"thread": thread, "text": DRAFT, "basedOn": ""});
    let _: () = jonas.ask("saveDraft", draft).await?;
    jonas.attaches(&mara, "samovar.png", &png(320, 200, [90, 80, 70])?).await?;
    let token = KeyName::PageToken(NORTHWIND_TEA.id());
    wait::until("the Page token", async || {
        if jonas.keys().names().contains(&token) { Ok(()) } else { Err("it is not there".to_owned()) }
    })
    .await?;
    for words in [SAID, DRAFT] {
        assert!(!traces(jonas.folder(), words)?.is_empty());
    }
    Ok(Scene { world, ines, jonas, mara })
}

impl Scene {
    async fn cuts_off(&self) -> anyhow::Result<()> {
        let desk = lists(&self.ines, JONAS, "at all", |_| true).await?;
        let view: PeopleView = self.ines.ask("revokeDesk", json!({"desk": desk.id})).await?;
        assert!(view.away.is_none());
        Ok(())
    }

    async fn reaches(&self, stage: CutOffStageView) -> anyhow::Result<CutOffView> {
        let at = |session: &Session| session.cut_off.as_ref().is_some_and(|cut_off| cut_off.stage == stage);
        let session = self.jonas.finds("that it was cut off", at).await?;
        assert_eq!((session.phase, session.accounts.len()), (Phase::Enrol, 0));
        session.cut_off.ok_or_else(|| anyhow::anyhow!("the session does not say that the desk was cut off"))
    }

    async fn nothing_is_left(&mut self) -> anyhow::Result<()> {
        self.jonas.dies();
        assert!(self.jonas.keys().names().is_empty(), "{:?}", self.jonas.keys());
        for words in [SAID, DRAFT, MARA, "samovar.png"] {
            assert_eq!(traces(self.jonas.folder(), words)?, Vec::<String>::new());
        }
        for name in ["vault", "files"] {
            let left = std::fs::read_dir(self.jonas.folder().join(name)).into_iter().flatten();
            let files = left.flatten().filter(|entry| !entry.path().is_dir()).count();
            assert_eq!(files, 0, "{name}");
        }
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connected_desk_hears_it_at_once_keeps_nothing_and_says_so() -> anyhow::Result<()> {
    let mut scene = scene().await?;
    scene.cuts_off().await?;
    let cut_off = scene.reaches(CutOffStageView::Told).await?;
    assert_eq!((cut_off.agent_name.as_str(), cut_off.drafts.0), (JONAS, 1));
    assert!(!cut_off.words.what.is_empty() && !cut_off.words.action.is_empty());
    assert_eq!(cut_off.relay_address.trim_end_matches('/'), scene.world.relay_address());
    lists(&scene.ines, JONAS, "as wiped", |desk| desk.state == DeskState::Wiped).await?;
    scene.nothing_is_left().await?;

    // Those who stay go on, and the start after that still says what happened.
    scene.ines.sees(&scene.mara, "what she wrote", |t| t.says(Author::Customer, SAID)).await?;
    scene.jonas.comes_back().await?;
    scene.reaches(CutOffStageView::Told).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_is_off_is_listed_until_it_is_started_and_keeps_nothing_then() -> anyhow::Result<()> {
    let mut scene = scene().await?;
    scene.jonas.dies();
    scene.cuts_off().await?;
    let listed = lists(&scene.ines, JONAS, "as cut off", |desk| desk.state == DeskState::CutOff).await?;
    assert!(!listed.connected && listed.seen_ms.is_some(), "{listed:?}");

    scene.jonas.comes_back().await?;
    lists(&scene.ines, JONAS, "as wiped", |desk| desk.state == DeskState::Wiped).await?;
    scene.reaches(CutOffStageView::Told).await?;
    scene.nothing_is_left().await
}

/// The key store does not let go: nobody may claim that nothing is left, and a kill in that state changes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_is_killed_in_the_middle_goes_on_at_the_next_start() -> anyhow::Result<()> {
    let mut scene = scene().await?;
    scene.jonas.keys().fail_with(Some(KeyStoreError::Locked));
    scene.cuts_off().await?;
    let held_up = |session: &Session| {
        let cut_off = session.cut_off.as_ref().filter(|cut_off| cut_off.stage == CutOffStageView::Removing);
        cut_off.is_some_and(|cut_off| cut_off.words.what.contains("not everything could be removed"))
    };
    scene.jonas.finds("that it cannot go on", held_up).await?;
    scene.jonas.dies();
    lists(&scene.ines, JONAS, "as cut off", |desk| desk.state == DeskState::CutOff).await?;

    scene.jonas.keys().fail_with(None);
    scene.jonas.comes_back().await?;
    lists(&scene.ines, JONAS, "as wiped", |desk| desk.state == DeskState::Wiped).await?;
    scene.reaches(CutOffStageView::Told).await?;
    scene.nothing_is_left().await
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_relay_is_away_it_is_told_later() -> anyhow::Result<()> {
    let mut scene = scene().await?;
    // Nothing can be told before the keys are gone, and then the relay is.
    scene.jonas.keys().fail_with(Some(KeyStoreError::Locked));
    scene.cuts_off().await?;
    let removing = |session: &Session| session.cut_off.is_some();
    scene.jonas.finds("that it was cut off", removing).await?;
    scene.world.kills_relay();
    scene.jonas.keys().fail_with(None);
    scene.reaches(CutOffStageView::Removed).await?;
    assert_eq!(scene.jonas.keys().names(), [KeyName::CutOffToken]);
    scene.world.starts_relay().await?;
    scene.jonas.comes_back().await?;
    lists(&scene.ines, JONAS, "as wiped", |desk| desk.state == DeskState::Wiped).await?;
    scene.reaches(CutOffStageView::Told).await?;
    scene.nothing_is_left().await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_invited_again_begins_with_nothing_and_works() -> anyhow::Result<()> {
    let scene = scene().await?;
    scene.cuts_off().await?;
    scene.reaches(CutOffStageView::Told).await?;
    let shown =
        invites(&scene.ines, JONAS, &[(NORTHWIND_TEA, baton_commands::contract::session::RoleView::Agent)])
            .await?;
    let session = scene.jonas.enrols(&shown.relay_address, &SecretString::from(shown.invite)).await?;
    assert_eq!(session.cut_off, None);
    assert!(session.problems.iter().all(|problem| problem.kind != ProblemKind::DeskRevoked));
    scene.jonas.sees(&scene.mara, "what she wrote", |t| t.says(Author::Customer, SAID)).await?;
    assert_eq!(scene.jonas.composer(&scene.mara).await?.draft, "");
    Ok(())
}

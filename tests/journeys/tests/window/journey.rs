//! The main job from end to end.

use std::path::Path;

use baton_journeys_tests::album::Album;
use baton_journeys_tests::stage::Stage;
use baton_journeys_tests::story::Story;
use baton_journeys_tests::telling::Telling;
use baton_support::window::room::{KeyRing, Screen};

#[tokio::test]
async fn a_desk_is_set_up_by_hand_and_does_its_job() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut stage = Stage::set(folder.path(), Screen::Virtual, KeyRing::Open).await?;
    let mut album = Album::open(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("journey"))?;
    let mut telling = Telling::silent();
    stage.open_desk(None).await?;
    let mut story = Story { stage: &mut stage, album: &mut album, telling: &mut telling };
    story.set_up_by_hand().await?;
    story.play().await?;
    stage.close_desk().await
}

//! The main job from end to end, in nine steps: routing on and the bot as default app, then an account without
//! routing, then Instagram.
//!
//! ```text
//! 1 the bot answers ─▶ 2 a person is asked for ─▶ 3 the agent replies ─▶ 4 thirty hours later
//!                                                                            │
//! 8 no routing ◀─ 7 kills ◀─ 6 take, answer, pass back ◀─ 5 past seven days ─┘
//!   └─▶ 9 Instagram
//! ```

mod bot_answers;
mod kills;
mod late_reply;
mod no_routing;
mod on_instagram;
mod person_asked;
mod reply;
mod set_up;
mod take_and_pass;
mod too_late;

use crate::album::Album;
use crate::stage::Stage;
use crate::telling::Telling;

/// What a story is told with.
#[derive(Debug)]
pub struct Story<'a> {
    /// Where it happens.
    pub stage: &'a mut Stage,
    /// Where its pictures go.
    pub album: &'a mut Album,
    /// Where its words go.
    pub telling: &'a mut Telling,
}

impl Story<'_> {
    /// Sets the desk up by hand: address, invite, the token of each account.
    ///
    /// # Errors
    /// When the window does not show what it should.
    pub async fn set_up_by_hand(&mut self) -> anyhow::Result<()> {
        set_up::play(self).await
    }

    /// Plays all nine steps on a desk that is set up.
    ///
    /// # Errors
    /// When the window, the phone or the log does not show what it should.
    pub async fn play(&mut self) -> anyhow::Result<()> {
        bot_answers::play(self).await?;
        person_asked::play(self).await?;
        reply::play(self).await?;
        late_reply::play(self).await?;
        too_late::play(self).await?;
        take_and_pass::play(self).await?;
        kills::play(self).await?;
        no_routing::play(self).await?;
        on_instagram::play(self).await?;
        self.stage.must_run()
    }

    async fn picture(&mut self, what: &str) -> anyhow::Result<()> {
        self.album.take(self.stage.desk()?, what).await
    }
}

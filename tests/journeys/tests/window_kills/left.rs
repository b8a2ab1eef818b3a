//! What a killed window left on its disk, and what follows from it. Pure, but for the look at the disk.
//!
//! ```text
//!   the desk had taken the reply          it is never lost
//!   its draft has the whole text          it stands in the composer again
//!   neither, a moment after the last key  it went with the page: counted apart
//!   neither, later                        lost
//! ```

use std::path::Path;
use std::time::Duration;

use baton_chaos_tests::sends::judge::{Fault, PartSeen, Verdict, judge};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

/// So long after its last letter a text may be in the page alone. The page has it kept as a draft after 300 ms, or sends it at
/// once; the rest is what the way to the disk takes on a busy machine.
pub const KEPT_WITHIN: Duration = Duration::from_millis(1_000);

/// What a desk had on its disk when it was killed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Left {
    /// It had taken the reply: that is in its outbox, or a message by now.
    pub is_taken: bool,
    /// The whole text is in its draft.
    pub is_in_draft: bool,
}

/// How a kill ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// The reply is somewhere.
    Is(Verdict),
    /// It was killed while keys were typed: there was no reply yet.
    StillTyping,
    /// It was killed before the desk took the press or kept the draft, so soon after the last key.
    NotYetKept,
}

/// Judges what became of a reply, by what was left and how long before the kill its last key was typed; none where it came
/// while keys were.
pub fn judge_kill(part: &PartSeen, left: Left, last_key: Option<Duration>) -> Result<End, Fault> {
    let fault = match judge(part, false) {
        Ok(verdict) => return Ok(End::Is(verdict)),
        Err(fault) => fault,
    };
    let nobody_had_it = left == Left::default() && part.got == 0 && part.granted.is_empty();
    match last_key {
        None if nobody_had_it && fault == Fault::Lost => Ok(End::StillTyping),
        Some(ago) if nobody_had_it && fault == Fault::Lost && ago <= KEPT_WITHIN => Ok(End::NotYetKept),
        _ => Err(fault),
    }
}

/// Looks at a copy of the file of a desk that has ended.
pub async fn look(data_dir: &Path, text: &str) -> anyhow::Result<Left> {
    let folder = tempfile::tempdir()?;
    let copy = folder.path().join("desk.sqlite");
    for name in ["desk.sqlite", "desk.sqlite-wal"] {
        let file = data_dir.join(name);
        if file.exists() {
            std::fs::copy(file, folder.path().join(name))?;
        }
    }
    let mut conn = SqliteConnectOptions::new().filename(copy).connect().await?;
    let has = "SELECT EXISTS (SELECT 1 FROM outbox_part WHERE text = ?1 UNION ALL SELECT 1 FROM message WHERE text = ?1)";
    let is_taken = sqlx::query_scalar::<_, bool>(has).bind(text).fetch_one(&mut conn).await?;
    let has = "SELECT EXISTS (SELECT 1 FROM draft WHERE instr(text, ?1) > 0)";
    let is_in_draft = sqlx::query_scalar::<_, bool>(has).bind(text).fetch_one(&mut conn).await?;
    conn.close().await?;
    Ok(Left { is_taken, is_in_draft })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Option<Duration> = Some(Duration::from_millis(200));
    const LATER: Option<Duration> = Some(Duration::from_millis(1_400));

    #[test]
    fn what_the_desk_had_is_never_lost() {
        let gone = PartSeen::default();
        for left in [Left { is_taken: true, is_in_draft: false }, Left { is_taken: false, is_in_draft: true }]
        {
            for last_key in [None, SOON, LATER] {
                assert_eq!(judge_kill(&gone, left, last_key), Err(Fault::Lost), "{left:?} {last_key:?}");
            }
        }
        let kept = PartSeen { is_in_draft: true, ..PartSeen::default() };
        let left = Left { is_taken: false, is_in_draft: true };
        assert_eq!(judge_kill(&kept, left, LATER), Ok(End::Is(Verdict::Kept)));
    }

    #[test]
    fn what_it_never_had_may_go_with_the_page_for_a_moment_alone() {
        let gone = PartSeen::default();
        assert_eq!(judge_kill(&gone, Left::default(), None), Ok(End::StillTyping));
        assert_eq!(judge_kill(&gone, Left::default(), SOON), Ok(End::NotYetKept));
        assert_eq!(judge_kill(&gone, Left::default(), LATER), Err(Fault::Lost));
    }
}

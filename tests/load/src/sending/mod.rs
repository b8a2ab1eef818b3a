//! A reply: from *Send* to the bubble, and to *sent*.

mod bare;
mod desk;
mod window;

use std::path::Path;

use crate::report::{Promise, Row, Section};
use crate::stat::{median, percentile, short};

/// How long from Enter to the painted bubble, milliseconds: one frame of a screen with 60 of them a second.
const FRAME_MS: f64 = 16.7;
/// What Baton may add to the bare call, milliseconds.
const MORE_MS: f64 = 10.0;

/// What is measured.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// How often, in turn with the bare call.
    pub rounds: usize,
    /// How many replies a round.
    pub replies: usize,
    /// Only what needs no window.
    pub without_window: bool,
}

/// Measures both ways.
///
/// # Errors
/// When a program does not start or does not answer.
pub async fn measure(folder: &Path, asked: Asked) -> anyhow::Result<Section> {
    let mut section = Section::new(
        "sending",
        "A reply is sent",
        "Bubble: in the real window on a virtual screen, from the key to the frame with the bubble, which comes after the \
         reply is synced to disk; the reference is one frame. Sent: the desk without a window, from the press to the moment \
         at which the answer is stored, grant of the relay included, undo off, everything on loopback; what it needs beyond \
         the bare Graph call of the same minute, made in turn, is held against 10 ms.",
    );
    to_sent(asked, &mut section).await?;
    // What needs no window is told even where there is none.
    section.write(folder)?;
    if !asked.without_window {
        to_bubble(folder, asked, &mut section).await?;
    }
    Ok(section)
}

async fn to_sent(asked: Asked, section: &mut Section) -> anyhow::Result<()> {
    let measured = desk::measure(asked.rounds, asked.replies).await?;
    let half = |all: &[Vec<f64>]| -> Vec<f64> { all.iter().map(|round| percentile(round, 0.5)).collect() };
    let (ours, bare) = (half(&measured.sent), half(&measured.bare));
    let more: Vec<f64> = ours.iter().zip(&bare).map(|(ours, bare)| ours - bare).collect();
    section.row(
        Row::of(
            "Enter until sent, beyond the bare call, half",
            &more,
            &vec![MORE_MS; more.len()],
            Promise::AtMost(1.0),
        )
        .told(format!("{} ms", short(median(&more))), format!("{MORE_MS} ms"))
        .profiled(measured.stages.clone()),
    );
    section.row(
        Row::of("Enter until sent, half, and the bare call", &ours, &bare, Promise::Told)
            .told(format!("{} ms", short(median(&ours))), format!("{} ms", short(median(&bare)))),
    );
    for (stage, time) in measured.stages {
        section.fact(format!("of it: {stage}"), time);
    }
    Ok(())
}

async fn to_bubble(folder: &Path, asked: Asked, section: &mut Section) -> anyhow::Result<()> {
    let measured = window::measure(&folder.join("files"), asked.rounds, asked.replies).await?;
    let slowest =
        |all: &[Vec<f64>]| -> Vec<f64> { all.iter().map(|round| percentile(round, 0.99)).collect() };
    let half = |all: &[Vec<f64>]| -> f64 { median(&all.concat()) };
    let bubble = slowest(&measured.bubble);
    let profile = vec![
        (
            "Enter until the desk answered that the reply is on disk, half".to_owned(),
            format!("{} ms", short(half(&measured.answered))),
        ),
        (
            "the same, slowest hundredth".to_owned(),
            format!("{} ms", short(median(&slowest(&measured.answered)))),
        ),
        (
            "of it: until the page asks its desk, half".to_owned(),
            format!("{} ms", short(half(&measured.asked))),
        ),
        (
            "of it: until that call is back in the page, half".to_owned(),
            format!("{} ms", short(half(&measured.called))),
        ),
        (
            "Enter until the bubble stands in the page, not painted yet, half".to_owned(),
            format!("{} ms", short(half(&measured.stood))),
        ),
        (
            "Enter until its bubble is painted, half".to_owned(),
            format!("{} ms", short(half(&measured.bubble))),
        ),
        ("Enter until it is painted as sent, half".to_owned(), format!("{} ms", short(half(&measured.sent)))),
    ];
    section.row(
        Row::of(
            "Enter until the bubble is painted, slowest hundredth",
            &bubble,
            &vec![FRAME_MS; bubble.len()],
            Promise::AtMost(1.0),
        )
        .told(format!("{} ms", short(median(&bubble))), format!("{FRAME_MS} ms"))
        .profiled(profile.clone()),
    );
    for (what, time) in profile {
        section.fact(what, time);
    }
    Ok(())
}

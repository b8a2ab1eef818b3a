//! Pictures of a virtual display, as a camera in front of it would take them.
//!
//! Not WebDriver's own: on a machine without a GPU the desk paints in software, and there WebKitWebDriver never
//! answers a screenshot. What the display holds is also what a person sees.

use std::process::Stdio;

use anyhow::Context as _;

use super::until;

/// The display as a PNG, once it has come to rest.
///
/// # Errors
/// When ImageMagick's `import` is missing or the display is gone.
pub async fn of_display(display: &str) -> anyhow::Result<Vec<u8>> {
    let mut last = shoot(display).await?;
    // A page that has drawn nothing new between two looks is done painting. A blinking caret may never rest.
    for _ in 0..8 {
        tokio::time::sleep(std::time::Duration::from_millis(120)).await;
        let next = shoot(display).await?;
        let at_rest = next == last;
        last = next;
        if at_rest {
            break;
        }
    }
    Ok(last)
}

/// The title of the first window on the display that belongs to a program.
///
/// # Errors
/// When `xwininfo` is missing or there is no such window.
pub async fn title_on_display(display: &str, program: &str) -> anyhow::Result<String> {
    let mut command = tokio::process::Command::new("xwininfo");
    command.args(["-display", display, "-root", "-tree"]).stdin(Stdio::null()).kill_on_drop(true);
    let output = command.output().await.context("cannot start `xwininfo` (x11-utils)")?;
    let tree = String::from_utf8_lossy(&output.stdout);
    let class = format!("(\"{program}\"");
    // A line reads: 0x200007 "(1) Baton": ("baton-desk" "Baton-desk")  1280x820+0+0
    let titles = tree.lines().filter(|line| line.contains(&class) && line.contains("1280x820"));
    let title = titles.filter_map(|line| line.split('"').nth(1)).next();
    title.map(str::to_owned).with_context(|| format!("no window of {program}:\n{tree}"))
}

async fn shoot(display: &str) -> anyhow::Result<Vec<u8>> {
    let mut command = tokio::process::Command::new("import");
    command.env("DISPLAY", display).args([
        "-silent",
        "-window",
        "root",
        "-strip",
        "-define",
        "png:exclude-chunks=all",
        "png:-",
    ]);
    command.stdin(Stdio::null()).kill_on_drop(true);
    let output = tokio::time::timeout(until::SHORT, command.output())
        .await
        .context("no picture of the display")?
        .context("cannot start `import` (ImageMagick)")?;
    anyhow::ensure!(output.status.success(), "no picture: {}", String::from_utf8_lossy(&output.stderr));
    Ok(output.stdout)
}

//! Which renderer WebKitGTK uses, chosen before the toolkit starts.
//!
//! With no GPU render node, WebKitGTK's DMA-BUF renderer costs twice the memory and a tenth of the speed, so it is
//! switched off. WebKitGTK reads that from the environment of the process. Changing the environment of a running
//! process is not sound, so the desk starts itself again with the variable set: same process id, once.
//! Whoever sets `WEBKIT_DISABLE_DMABUF_RENDERER` has chosen and is obeyed.

use std::fmt;

/// WebKitGTK's own switch.
#[cfg(target_os = "linux")]
const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
/// Set on the second start, so that there is no third and the choice can be told.
#[cfg(target_os = "linux")]
const CHOSEN: &str = "BATON_RENDERER";

/// The renderer of the window, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renderer {
    /// There is a render node: the web view's own choice.
    Accelerated,
    /// No render node: painted by the processor.
    Software,
    /// The environment said so.
    ByEnvironment,
    /// A platform with one renderer.
    #[cfg(not(target_os = "linux"))]
    Platform,
}

impl fmt::Display for Renderer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Accelerated => "accelerated (a GPU render node was found)",
            Self::Software => "software (no GPU render node; DMA-BUF is off)",
            Self::ByEnvironment => "set by WEBKIT_DISABLE_DMABUF_RENDERER",
            #[cfg(not(target_os = "linux"))]
            Self::Platform => "the platform's",
        })
    }
}

/// What to do at the start, from what is there.
#[cfg(target_os = "linux")]
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Go(Renderer),
    StartAgain,
}

#[cfg(target_os = "linux")]
fn step(chosen_before: bool, switch_set: bool, render_node: bool) -> Step {
    match (chosen_before, switch_set, render_node) {
        (true, _, _) => Step::Go(Renderer::Software),
        (false, true, _) => Step::Go(Renderer::ByEnvironment),
        (false, false, true) => Step::Go(Renderer::Accelerated),
        (false, false, false) => Step::StartAgain,
    }
}

/// Chooses. On a machine without a render node this does not return the first time: the program begins again.
#[cfg(target_os = "linux")]
pub fn choose() -> Renderer {
    let set = |name| std::env::var_os(name).is_some();
    match step(set(CHOSEN), set(SWITCH), has_render_node()) {
        Step::Go(renderer) => renderer,
        Step::StartAgain => start_again(),
    }
}

/// Chooses.
#[cfg(not(target_os = "linux"))]
pub fn choose() -> Renderer {
    Renderer::Platform
}

#[cfg(target_os = "linux")]
fn has_render_node() -> bool {
    std::fs::read_dir("/dev/dri").is_ok_and(|entries| {
        entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("renderD"))
    })
}

#[cfg(target_os = "linux")]
fn start_again() -> Renderer {
    use std::os::unix::process::CommandExt as _;
    if let Ok(program) = std::env::current_exe() {
        // Returns only when the program could not be started; then the web view's own choice has to do.
        let _ = std::process::Command::new(program)
            .args(std::env::args_os().skip(1))
            .env(SWITCH, "1")
            .env(CHOSEN, "software")
            .exec();
    }
    Renderer::Accelerated
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_a_render_node_starts_once_more_and_only_once() {
        assert_eq!(step(false, false, false), Step::StartAgain);
        assert_eq!(step(true, true, false), Step::Go(Renderer::Software));
    }

    #[test]
    fn a_gpu_is_used_and_the_environment_is_obeyed() {
        assert_eq!(step(false, false, true), Step::Go(Renderer::Accelerated));
        assert_eq!(step(false, true, true), Step::Go(Renderer::ByEnvironment));
        assert_eq!(step(false, true, false), Step::Go(Renderer::ByEnvironment));
    }
}

//! What a program and everything it started need: memory and processor.

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context as _;

/// What `/proc` counts in, on every Linux.
const TICKS_A_SECOND: f64 = 100.0;

/// A process with all that it started.
pub(super) fn family(root: u32) -> Vec<u32> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        if let Some(parent) = stat(pid).and_then(|fields| fields.get(1)?.parse().ok()) {
            children.entry(parent).or_default().push(pid);
        }
    }
    let mut family = vec![root];
    let mut next = 0;
    while let Some(pid) = family.get(next) {
        family.extend(children.get(pid).into_iter().flatten());
        next += 1;
    }
    family
}

/// The fields of `/proc/<pid>/stat` after the name: the first is the state, the second the parent.
fn stat(pid: u32) -> Option<Vec<String>> {
    fields(&format!("/proc/{pid}"))
}

/// The same of a process or a thread, by its folder.
fn fields(folder: &str) -> Option<Vec<String>> {
    let text = std::fs::read_to_string(format!("{folder}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(')')?;
    Some(rest.split_whitespace().map(str::to_owned).collect())
}

/// Processor time that a process or a thread has used, by its folder.
fn seconds_of(folder: &str) -> Option<f64> {
    let fields = fields(folder)?;
    let ticks = |place: usize| fields.get(place).and_then(|field| field.parse::<f64>().ok());
    Some((ticks(11)? + ticks(12)?) / TICKS_A_SECOND)
}

/// Its name.
fn name_of(folder: &str) -> String {
    std::fs::read_to_string(format!("{folder}/comm")).unwrap_or_default().trim().to_owned()
}

/// Memory of a program and all it started, in MiB, each shared page counted by its share.
#[must_use]
pub fn memory_mib(root: u32) -> f64 {
    memory_by_program(root).into_values().sum()
}

/// The same by program, by its name.
pub(super) fn memory_by_program(root: u32) -> HashMap<String, f64> {
    let share_kib = |pid: u32| -> Option<f64> {
        let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
        let line = text.lines().find(|line| line.starts_with("Pss:"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    };
    let mut memory = HashMap::new();
    for pid in family(root) {
        let Some(kib) = share_kib(pid) else { continue };
        *memory.entry(name_of(&format!("/proc/{pid}"))).or_default() += kib / 1024.0;
    }
    memory
}

/// Seconds of processor time that a program and all it started have used.
pub(super) fn processor_seconds(root: u32) -> f64 {
    family(root).iter().filter_map(|pid| seconds_of(&format!("/proc/{pid}"))).sum()
}

/// The same by program and thread, by their names; of threads that have not ended.
pub(super) fn processor_by_thread(root: u32) -> HashMap<String, f64> {
    let mut seconds = HashMap::new();
    for pid in family(root) {
        let program = name_of(&format!("/proc/{pid}"));
        for entry in std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten() {
            let folder = entry.path().display().to_string();
            let Some(used) = seconds_of(&folder) else { continue };
            *seconds.entry(format!("{program}: {}", name_of(&folder))).or_default() += used;
        }
    }
    seconds
}

/// When a process began, milliseconds UTC; the system tells it to a hundredth of a second.
pub(super) fn began_ms(pid: u32) -> anyhow::Result<f64> {
    let fields = stat(pid).context("the process is gone")?;
    let ticks: f64 = fields.get(19).context("a process began some time")?.parse()?;
    let uptime = std::fs::read_to_string("/proc/uptime")?;
    let uptime: f64 = uptime.split_whitespace().next().context("an uptime")?.parse()?;
    Ok(now_ms() - (uptime - ticks / TICKS_A_SECOND) * 1e3)
}

/// Milliseconds UTC, as a page's clock tells them.
pub(super) fn now_ms() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64() * 1e3
}

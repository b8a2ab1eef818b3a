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
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(')')?;
    Some(rest.split_whitespace().map(str::to_owned).collect())
}

/// Memory of a program and all it started, in MiB, each shared page counted by its share.
#[must_use]
pub fn memory_mib(root: u32) -> f64 {
    family(root).into_iter().filter_map(share_mib).sum()
}

/// The same by program, by its name.
pub(super) fn memory_by_program(root: u32) -> HashMap<String, f64> {
    let mut memory = HashMap::new();
    for pid in family(root) {
        let Some(mib) = share_mib(pid) else { continue };
        *memory.entry(name_of(&format!("/proc/{pid}/comm"))).or_default() += mib;
    }
    memory
}

fn share_mib(pid: u32) -> Option<f64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = text.lines().find(|line| line.starts_with("Pss:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0)
}

/// Seconds of processor time that a program and all it started have used.
pub(super) fn processor_seconds(root: u32) -> f64 {
    let of = |pid: &u32| -> Option<f64> {
        let fields = stat(*pid)?;
        let ticks = |place: usize| fields.get(place).and_then(|field| field.parse::<f64>().ok());
        Some((ticks(11)? + ticks(12)?) / TICKS_A_SECOND)
    };
    family(root).iter().filter_map(of).sum()
}

/// The same by program and thread, by their names.
pub(super) fn processor_by_thread(root: u32) -> HashMap<String, f64> {
    let mut seconds = HashMap::new();
    for pid in family(root) {
        let program = name_of(&format!("/proc/{pid}/comm"));
        for entry in std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten() {
            let path = entry.path();
            let Ok(text) = std::fs::read_to_string(path.join("stat")) else { continue };
            let Some((_, rest)) = text.rsplit_once(')') else { continue };
            let fields: Vec<&str> = rest.split_whitespace().collect();
            let ticks = |place: usize| fields.get(place).and_then(|field| field.parse::<f64>().ok());
            let thread = name_of(&path.join("comm").display().to_string());
            *seconds.entry(format!("{program}: {thread}")).or_default() +=
                (ticks(11).unwrap_or(0.0) + ticks(12).unwrap_or(0.0)) / TICKS_A_SECOND;
        }
    }
    seconds
}

fn name_of(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_default().trim().to_owned()
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

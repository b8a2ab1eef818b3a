//! A free port on loopback for a program that cannot choose one itself.

use std::net::{Ipv4Addr, TcpListener};
use std::ops::RangeInclusive;

/// Below the ports that the system gives to outgoing connections (32 768 and up), so that none of them takes it before the
/// program does.
const PORTS: RangeInclusive<u16> = 15_000..=31_999;
/// So many are tried.
const TRIES: usize = 200;

/// A port nobody listened on a moment ago.
///
/// # Errors
/// When none is free.
pub fn free_port() -> anyhow::Result<u16> {
    let is_free = |port: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok();
    std::iter::repeat_with(|| fastrand::u16(PORTS))
        .take(TRIES)
        .find(is_free)
        .ok_or_else(|| anyhow::anyhow!("no port is free between {} and {}", PORTS.start(), PORTS.end()))
}

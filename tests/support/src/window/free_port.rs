//! A free port on loopback for a program that cannot choose one itself.

use std::net::{Ipv4Addr, TcpListener};

/// A port nobody listened on a moment ago.
///
/// # Errors
/// When the system has none.
pub fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

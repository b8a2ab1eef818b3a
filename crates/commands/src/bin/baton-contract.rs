//! Writes the TypeScript contract to standard output.

use std::io::Write;

fn main() -> std::io::Result<()> {
    std::io::stdout().lock().write_all(baton_commands::typescript::contract().as_bytes())
}

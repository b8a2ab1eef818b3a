//! What the program says to whoever called it, on standard output and beside it.
//!
//! Nobody has to listen to the end: `baton-relay doctor | head` closes the pipe after a few lines. Then what follows is
//! said to nobody, and the command does and answers what it would have.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};

/// Says a line on standard output, as `format!` would make it.
macro_rules! say {
    ($($word:tt)*) => { $crate::say::line(format_args!($($word)*)) };
}
pub(crate) use say;

/// Says a line on standard output.
///
/// # Errors
/// When it cannot be written for another reason than that nobody listens any more, such as a full disk.
pub(crate) fn line(words: Arguments<'_>) -> io::Result<()> {
    write_line(&mut io::stdout().lock(), words)
}

/// Says a line on standard error, where nothing can be done about one that is not heard.
pub(crate) fn aside(words: Arguments<'_>) {
    let _ = write_line(&mut io::stderr().lock(), words);
}

fn write_line(to: &mut impl Write, words: Arguments<'_>) -> io::Result<()> {
    match to.write_fmt(words).and_then(|()| to.write_all(b"\n")).and_then(|()| to.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        said => said,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fails(ErrorKind);

    impl Write for Fails {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(self.0.into())
        }
    }

    #[test]
    fn one_who_does_not_listen_any_more_is_no_fault_and_a_full_disk_is() {
        assert!(write_line(&mut Fails(ErrorKind::BrokenPipe), format_args!("{}", 1)).is_ok());
        let full = write_line(&mut Fails(ErrorKind::StorageFull), format_args!("{}", 1));
        assert_eq!(full.map_err(|error| error.kind()), Err(ErrorKind::StorageFull));
        let mut heard = Vec::new();
        assert!(write_line(&mut heard, format_args!("{} and {}", 1, 2)).is_ok());
        assert_eq!(heard, b"1 and 2\n");
    }
}

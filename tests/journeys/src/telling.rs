//! The transcript of a story: what people did and what the window said, line by line as it happens.

use std::io::Write;

/// Where the transcript goes.
pub struct Telling {
    out: Box<dyn Write + Send>,
}

impl std::fmt::Debug for Telling {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Telling").finish_non_exhaustive()
    }
}

impl Telling {
    /// A transcript on the terminal.
    #[must_use]
    pub fn aloud() -> Self {
        Self { out: Box::new(std::io::stdout()) }
    }

    /// A transcript nobody hears.
    #[must_use]
    pub fn silent() -> Self {
        Self { out: Box::new(std::io::sink()) }
    }

    /// A step begins.
    ///
    /// # Errors
    /// When nothing can be written.
    pub fn step(&mut self, number: u8, what: &str) -> anyhow::Result<()> {
        Ok(writeln!(self.out, "\n{number}  {what}")?)
    }

    /// Somebody said or did something.
    ///
    /// # Errors
    /// When nothing can be written.
    pub fn line(&mut self, who: &str, what: &str) -> anyhow::Result<()> {
        let what = what.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(writeln!(self.out, "   {who:<12} {what}")?)
    }

    /// What the window shows.
    ///
    /// # Errors
    /// When nothing can be written.
    pub fn window(&mut self, what: &str) -> anyhow::Result<()> {
        self.line("window", what)
    }

    /// A line of its own.
    ///
    /// # Errors
    /// When nothing can be written.
    pub fn plain(&mut self, what: &str) -> anyhow::Result<()> {
        writeln!(self.out, "{what}")?;
        Ok(self.out.flush()?)
    }
}

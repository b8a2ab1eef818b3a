//! Reading a block: it is unpacked as it comes, so that never more than a batch of it is in memory.

use std::collections::VecDeque;
use std::fmt;
use std::io::Write as _;
use std::time::Duration;

use baton_protocol::block::BlockHead;
use baton_protocol::{Entry, LogName, routes};
use bytes::Bytes;
use flate2::write::GzDecoder;
use reqwest::{Method, Response};

use super::RelayError;
use super::client::{ANSWER, RelayClient, accepted, unreachable};

/// The relay makes one block at a time; a crowd of new desks waits for each other.
const MADE: Duration = Duration::from_secs(60);
/// How much is unpacked at once.
const BITE: usize = 8 * 1024;
/// The longest line that is read: an entry is far shorter.
const LONGEST_LINE: usize = 16 * 1024 * 1024;

impl RelayClient {
    /// Begins to read a block of a log.
    ///
    /// # Errors
    /// [`RelayError::Refused`] with `nothing_waiting` while the log has not all of it; [`RelayError`].
    pub async fn block(&self, log: &LogName, block: u64) -> Result<BlockReader, RelayError> {
        let request = self.call(Method::GET, &routes::block(log, block));
        let answer = tokio::time::timeout(MADE, request.send()).await;
        let answer = answer.map_err(|_| cut("no answer in time"))?.map_err(unreachable)?;
        let mut reader = BlockReader {
            response: accepted(answer).await?,
            unpack: Unpack::default(),
            log: log.clone(),
            head: None,
            next: 0,
        };
        reader.read_head().await?;
        Ok(reader)
    }
}

/// A block on its way.
pub struct BlockReader {
    response: Response,
    unpack: Unpack,
    log: LogName,
    head: Option<BlockHead>,
    /// The seq that comes next.
    next: u64,
}

impl fmt::Debug for BlockReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockReader")
            .field("log", &self.log)
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}

impl BlockReader {
    /// What the block says of itself.
    #[must_use]
    pub fn head(&self) -> Option<BlockHead> {
        self.head
    }

    /// The next entries, oldest first: as many as asked for, fewer when they are large or the block ends, none after its
    /// end.
    ///
    /// # Errors
    /// [`RelayError::Unreachable`] when it was cut; what came before is good. [`RelayError::NotARelay`] when it is no block.
    pub async fn next(&mut self, most: usize, most_bytes: usize) -> Result<Vec<Entry>, RelayError> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        let Some(head) = self.head else { return Ok(batch) };
        while self.next <= head.last && batch.len() < most && bytes < most_bytes {
            let line = self.line().await?;
            let entry: Entry = serde_json::from_slice(&line).map_err(|_| RelayError::NotARelay)?;
            if entry.seq != self.next || entry.log != self.log {
                return Err(RelayError::NotARelay);
            }
            self.next += 1;
            bytes += line.len();
            batch.push(entry);
        }
        Ok(batch)
    }

    async fn read_head(&mut self) -> Result<(), RelayError> {
        let line = self.line().await?;
        let head: BlockHead = serde_json::from_slice(&line).map_err(|_| RelayError::NotARelay)?;
        self.next = head.first;
        self.head = Some(head);
        Ok(())
    }

    async fn line(&mut self) -> Result<Vec<u8>, RelayError> {
        loop {
            if let Some(line) = self.unpack.line()? {
                return Ok(line);
            }
            let chunk = tokio::time::timeout(ANSWER, self.response.chunk()).await;
            match chunk.map_err(|_| cut("it came too slowly"))?.map_err(unreachable)? {
                Some(chunk) => self.unpack.packed.push_back(chunk),
                None => return Err(cut("the block was cut")),
            }
        }
    }
}

/// Unpacks a little at a time.
struct Unpack {
    packed: VecDeque<Bytes>,
    decoder: GzDecoder<Vec<u8>>,
    /// Up to where the unpacked bytes were looked through for a line's end.
    looked: usize,
    /// Up to where they were given out.
    given: usize,
}

impl Default for Unpack {
    fn default() -> Self {
        Self { packed: VecDeque::new(), decoder: GzDecoder::new(Vec::new()), looked: 0, given: 0 }
    }
}

impl Unpack {
    /// The next whole line; none before more comes.
    fn line(&mut self) -> Result<Option<Vec<u8>>, RelayError> {
        loop {
            let unpacked = self.decoder.get_ref();
            if let Some(end) = unpacked[self.looked..].iter().position(|byte| *byte == b'\n') {
                let end = self.looked + end;
                let line = unpacked[self.given..end].to_vec();
                self.given = end + 1;
                self.looked = self.given;
                return Ok(Some(line));
            }
            self.looked = unpacked.len();
            if self.looked - self.given > LONGEST_LINE {
                return Err(RelayError::NotARelay);
            }
            let Some(mut chunk) = self.packed.pop_front() else { return Ok(None) };
            let bite = chunk.split_to(chunk.len().min(BITE));
            if !chunk.is_empty() {
                self.packed.push_front(chunk);
            }
            self.decoder.get_mut().drain(..self.given);
            self.looked -= self.given;
            self.given = 0;
            self.decoder
                .write_all(&bite)
                .and_then(|()| self.decoder.flush())
                .map_err(|_| RelayError::NotARelay)?;
        }
    }
}

fn cut(why: &str) -> RelayError {
    RelayError::Unreachable(why.to_owned())
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(lines: &[String]) -> Vec<u8> {
        let mut file = GzEncoder::new(Vec::new(), Compression::default());
        for line in lines {
            file.write_all(line.as_bytes()).unwrap();
            file.write_all(b"\n").unwrap();
        }
        file.finish().unwrap()
    }

    #[test]
    fn lines_come_whole_however_the_bytes_are_cut() {
        let lines: Vec<String> = (0..300).map(|n| format!("{n} {}", "x".repeat(n * 7 % 97))).collect();
        for size in [1, 7, 100, 1 << 20] {
            let (mut unpack, mut found) = (Unpack::default(), Vec::new());
            for chunk in packed(&lines).chunks(size) {
                unpack.packed.push_back(Bytes::copy_from_slice(chunk));
                while let Some(line) = unpack.line().unwrap() {
                    found.push(String::from_utf8(line).unwrap());
                }
            }
            assert_eq!(found, lines, "in pieces of {size}");
        }
    }

    #[test]
    fn what_is_no_gzip_is_no_block() {
        let mut unpack = Unpack::default();
        unpack.packed.push_back(Bytes::from_static(b"<html>Please log in to this network</html>"));
        assert!(unpack.line().is_err());
    }

    /// A whole block of the same letter is a few kilobytes on the wire; it must not become as many megabytes here.
    #[test]
    fn what_is_packed_tightly_is_unpacked_bite_by_bite() {
        let lines = vec!["x".repeat(100_000); 400];
        let (mut unpack, mut largest, mut count) = (Unpack::default(), 0, 0);
        unpack.packed.push_back(Bytes::from(packed(&lines)));
        while let Some(line) = unpack.line().unwrap() {
            assert_eq!(line.len(), 100_000);
            largest = largest.max(unpack.decoder.get_ref().len());
            count += 1;
        }
        assert_eq!(count, lines.len());
        assert!(largest < 400 * 100_000 / 3, "{largest} bytes at once");
    }
}

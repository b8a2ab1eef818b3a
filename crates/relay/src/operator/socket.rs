//! The socket beside the database.

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{Answer, Request, act};
use crate::clock::Clock;
use crate::log::Log;

/// How long one exchange may take.
const DEADLINE: Duration = Duration::from_secs(15);
/// How long a copy of a large log may take.
const COPYING: Duration = Duration::from_secs(3_600);
/// The longest request, bytes.
const LONGEST: u64 = 64 * 1024;

/// Why a running relay could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// No relay runs on this database.
    #[error("no relay is running")]
    NotRunning,
    /// It runs, but did not answer.
    #[error("the running relay did not answer: {0}")]
    NoAnswer(String),
}

/// Listens. The lock of the database is held, so a socket that lies there belongs to nobody.
pub(crate) fn listen(
    path: &Path,
    log: Arc<dyn Log>,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
) -> io::Result<JoinHandle<()>> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    let path = path.to_owned();
    Ok(tokio::spawn(async move {
        loop {
            let stream = tokio::select! {
                () = stop.cancelled() => break,
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => stream,
                    Err(_) => continue,
                },
            };
            // Each on its own: a copy of a large log must not keep others waiting.
            let (log, clock) = (Arc::clone(&log), Arc::clone(&clock));
            tokio::spawn(async move {
                let answered = answer(stream, &*log, &*clock).await;
                if answered.is_err() {
                    tracing::warn!("a question of the operator ended without an answer");
                }
            });
        }
        let _ = std::fs::remove_file(path);
    }))
}

async fn answer(stream: UnixStream, log: &dyn Log, clock: &dyn Clock) -> io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut line = String::new();
    let mut lines = BufReader::new(read.take(LONGEST));
    tokio::time::timeout(DEADLINE, lines.read_line(&mut line))
        .await
        .map_err(|_| io::ErrorKind::TimedOut)??;
    let answer = match serde_json::from_str::<Request>(&line) {
        Ok(request) => match tokio::time::timeout(patience(&request), act(log, clock, request)).await {
            Ok(answer) => answer.unwrap_or_else(|e| Answer::Failed { why: e.to_string() }),
            Err(_) => Answer::Failed { why: "it took too long".to_owned() },
        },
        Err(_) => Answer::Failed { why: "the relay and the command are of different versions".to_owned() },
    };
    let mut line = serde_json::to_string(&answer)?;
    line.push('\n');
    write.write_all(line.as_bytes()).await
}

/// How long carrying it out may take.
fn patience(request: &Request) -> Duration {
    if matches!(request, Request::Backup { .. }) { COPYING } else { DEADLINE }
}

/// Asks a running relay.
///
/// # Errors
/// [`AskError::NotRunning`] when nobody listens.
pub async fn ask(socket: &Path, request: &Request) -> Result<Answer, AskError> {
    let mut stream = UnixStream::connect(socket).await.map_err(|_| AskError::NotRunning)?;
    let no_answer = |e: &dyn std::fmt::Display| AskError::NoAnswer(e.to_string());
    let exchange = async {
        let mut line = serde_json::to_string(request).map_err(|e| no_answer(&e))?;
        line.push('\n');
        stream.write_all(line.as_bytes()).await.map_err(|e| no_answer(&e))?;
        let mut answer = String::new();
        BufReader::new(stream).read_line(&mut answer).await.map_err(|e| no_answer(&e))?;
        serde_json::from_str(&answer).map_err(|e| no_answer(&e))
    };
    match tokio::time::timeout(patience(request) + DEADLINE, exchange).await {
        Ok(answer) => answer,
        Err(_) => Err(AskError::NoAnswer("it took too long".to_owned())),
    }
}

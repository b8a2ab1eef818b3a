//! A relay of bytes: it sends a stream as fast as the desk takes it, counts what went out, and never closes.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use baton_protocol::draft::DraftTold;
use baton_protocol::hello::Hello;
use baton_protocol::routes;
use baton_protocol::stream::{StreamEvent, StreamRequest};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::builders::tea;

/// Little, so that what the desk has not read is not hidden in the system's buffers.
const SEND_BUFFER: u32 = 64 * 1024;

/// What a stream brings, made anew for each stream, and each event as it goes out.
pub type Brings = Box<dyn Fn() -> Box<dyn Iterator<Item = StreamEvent> + Send> + Send + Sync>;

/// The relay.
pub struct RawRelay {
    pub address: String,
    /// What each stream was opened with.
    pub opened: Arc<Mutex<Vec<StreamRequest>>>,
    /// How many events went out, over all streams.
    pub sent: Arc<AtomicUsize>,
    /// Drafts that were told, in order.
    pub drafts: Arc<Mutex<Vec<DraftTold>>>,
    network: Arc<AtomicUsize>,
    in_vain: Arc<AtomicUsize>,
}

struct Told {
    /// Which network it is; connections of another one are dead.
    network: Arc<AtomicUsize>,
    /// Requests that came over dead connections.
    in_vain: Arc<AtomicUsize>,
    hello: Hello,
    brings: Brings,
    opened: Arc<Mutex<Vec<StreamRequest>>>,
    sent: Arc<AtomicUsize>,
    drafts: Arc<Mutex<Vec<DraftTold>>>,
}

impl RawRelay {
    /// Every stream brings these events and then nothing, without an end.
    pub async fn start(hello: Hello, events: &[StreamEvent]) -> Self {
        let events = events.to_vec();
        Self::start_with(hello, Box::new(move || Box::new(events.clone().into_iter()))).await
    }

    /// The same with events of which none is held before it goes out.
    pub async fn start_with(hello: Hello, brings: Brings) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_send_buffer_size(SEND_BUFFER).unwrap();
        socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
        let listener = socket.listen(16).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (opened, sent) = (Arc::<Mutex<_>>::default(), Arc::<AtomicUsize>::default());
        let drafts = Arc::<Mutex<_>>::default();
        let (network, in_vain) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let told = Arc::new(Told {
            network: Arc::clone(&network),
            in_vain: Arc::clone(&in_vain),
            hello,
            brings,
            opened: Arc::clone(&opened),
            sent: Arc::clone(&sent),
            drafts: Arc::clone(&drafts),
        });
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let told = Arc::clone(&told);
                // Whatever the desk breaks off is its own affair.
                tokio::spawn(async move { told.answer(socket).await.ok() });
            }
        });
        Self { address, opened, sent, drafts, network, in_vain }
    }

    /// From now on nothing goes over the connections there are, and none is closed.
    pub fn network_changes(&self) {
        self.network.fetch_add(1, Ordering::SeqCst);
    }

    /// How many requests came over connections that were dead already.
    pub fn asked_in_vain(&self) -> usize {
        self.in_vain.load(Ordering::SeqCst)
    }

    pub fn streams(&self) -> usize {
        self.opened.lock().unwrap().len()
    }
}

impl Told {
    async fn answer(&self, mut socket: TcpStream) -> std::io::Result<()> {
        let network = self.network.load(Ordering::SeqCst);
        // Answered calls leave their connection open for the next one.
        let (mut path, mut body) = request(&mut socket).await?;
        loop {
            if path == routes::HELLO {
                whole(&mut socket, 200, &serde_json::to_vec(&self.hello)?).await?;
            } else if path == routes::of_account(routes::DRAFTS, &tea()) {
                self.drafts.lock().unwrap().push(serde_json::from_slice(&body)?);
                whole(&mut socket, 204, b"").await?;
            } else {
                break;
            }
            (path, body) = request(&mut socket).await?;
            if self.network.load(Ordering::SeqCst) != network {
                self.in_vain.fetch_add(1, Ordering::SeqCst);
                std::future::pending::<()>().await;
            }
        }
        match path.as_str() {
            routes::STREAM => {
                self.opened.lock().unwrap().push(serde_json::from_slice(&body)?);
                let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
                socket.write_all(head.as_bytes()).await?;
                for event in (self.brings)() {
                    let frame = format!("event: {}\ndata: {}\n\n", event.name(), event.data().unwrap());
                    socket.write_all(frame.as_bytes()).await?;
                    self.sent.fetch_add(1, Ordering::SeqCst);
                }
                // As a cable that was pulled: no end is told.
                std::future::pending().await
            }
            _ => whole(&mut socket, 503, b"").await,
        }
    }
}

async fn whole(socket: &mut TcpStream, status: u16, body: &[u8]) -> std::io::Result<()> {
    let head = format!(
        "HTTP/1.1 {status} Said\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    socket.write_all(head.as_bytes()).await?;
    socket.write_all(body).await
}

/// Path and body of a request.
async fn request(socket: &mut TcpStream) -> std::io::Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        if socket.read_buf(&mut bytes).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0);
    while bytes.len() < end + length {
        if socket.read_buf(&mut bytes).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    let path = head.split_whitespace().nth(1).unwrap_or_default().to_owned();
    Ok((path.split('?').next().unwrap_or_default().to_owned(), bytes[end..].to_vec()))
}

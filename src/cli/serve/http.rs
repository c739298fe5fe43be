//! As much of HTTP as one user on one machine needs: a request is read, within limits, and answered once.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A request whose head is longer is refused.
const MOST: usize = 16 * 1024;
/// A request that has not come in whole by then is refused.
const PATIENCE: Duration = Duration::from_secs(5);
/// An answer that has not been taken in whole by then is broken off.
const TAKING: Duration = Duration::from_secs(30);
/// So long is thrown away what comes of a request that was refused.
const LINGERING: Duration = Duration::from_millis(200);

const BAD: &str = "400 Bad Request";
const LONG: &str = "431 Request Header Fields Too Large";

/// What was asked for.
#[derive(Debug, PartialEq)]
pub(super) struct Request {
    /// Whether the content is wanted too, and not its head alone.
    pub(super) whole: bool,
    /// The path, as it came: what is served has plain names.
    pub(super) path: String,
    /// What stands behind `?`.
    pub(super) query: String,
    /// The name under which this server was asked.
    pub(super) host: String,
}

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: &'static str,
    pub(super) kind: &'static str,
    pub(super) more: Vec<(&'static str, String)>,
    pub(super) content: Arc<[u8]>,
}

impl Answer {
    /// Something that is there.
    pub(super) fn of(kind: &'static str, content: impl Into<Vec<u8>>) -> Answer {
        Answer::shared(kind, content.into().into())
    }

    /// The same of what others hold too.
    pub(super) fn shared(kind: &'static str, content: Arc<[u8]>) -> Answer {
        Answer { status: "200 OK", kind, more: Vec::new(), content }
    }

    /// A refusal, which says no more than its name.
    pub(super) fn refusal(status: &'static str) -> Answer {
        Answer { status, kind: "text/plain; charset=utf-8", more: Vec::new(), content: format!("{status}\n").into_bytes().into() }
    }

    /// The same with one more line in its head.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Answer {
        self.more.push((name, value.into()));
        self
    }
}

/// Reads a request.
///
/// # Errors
/// The refusal that it deserves; none where nobody is there to read it.
pub(super) fn read(stream: &mut TcpStream) -> Result<Request, Option<Answer>> {
    let started = Instant::now();
    let mut head = Vec::new();
    let mut piece = [0; 2048];
    loop {
        match parse(&head) {
            Ok(Some(request)) => return Ok(request),
            Ok(None) => {}
            Err(status) => return Err(Some(Answer::refusal(status))),
        }
        if head.len() > MOST {
            return Err(Some(Answer::refusal(LONG)));
        }
        let left = PATIENCE.saturating_sub(started.elapsed());
        if left.is_zero() {
            return Err(Some(Answer::refusal("408 Request Timeout")));
        }
        stream.set_read_timeout(Some(left)).map_err(|_| None)?;
        match stream.read(&mut piece) {
            Ok(0) => return Err(None),
            Ok(count) => head.extend_from_slice(&piece[..count]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted) => {}
            Err(_) => return Err(None),
        }
    }
}

/// Reads the head of a request; none while it is not whole.
fn parse(head: &[u8]) -> Result<Option<Request>, &'static str> {
    let mut fields = [httparse::EMPTY_HEADER; 100];
    let mut request = httparse::Request::new(&mut fields);
    match request.parse(head) {
        Ok(httparse::Status::Complete(_)) => {}
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => return Err(LONG),
        Err(_) => return Err(BAD),
    }
    let whole = match request.method {
        Some("GET") => true,
        Some("HEAD") => false,
        _ => return Err("405 Method Not Allowed"),
    };
    let target = request.path.filter(|it| it.starts_with('/')).ok_or(BAD)?;
    let hosts: Vec<_> = request.headers.iter().filter(|it| it.name.eq_ignore_ascii_case("host")).collect();
    // With two of them, the one that is looked at need not be the one that is meant.
    let [host] = hosts.as_slice() else { return Err(BAD) };
    let host = std::str::from_utf8(host.value).map_err(|_| BAD)?;
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    Ok(Some(Request { whole, path: path.to_owned(), query: query.to_owned(), host: host.to_owned() }))
}

/// Answers, and ends the connection. That nobody listens any more is no fault.
pub(super) fn answer(mut stream: TcpStream, answer: &Answer, whole: bool) {
    let mut head = format!(
        "HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\nCache-Control: no-store\r\n\
         X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nCross-Origin-Resource-Policy: same-origin\r\n\
         X-Frame-Options: SAMEORIGIN\r\n",
        answer.status,
        answer.kind,
        answer.content.len()
    );
    answer.more.iter().for_each(|(name, value)| head.push_str(&format!("{name}: {value}\r\n")));
    head.push_str("\r\n");
    let content: &[u8] = if whole { &answer.content } else { &[] };
    let ends = Instant::now() + TAKING;
    let written = send(&mut stream, head.as_bytes(), ends).and_then(|()| send(&mut stream, content, ends));
    let _ = stream.shutdown(std::net::Shutdown::Write);
    if written.is_some() && !answer.status.starts_with("200") {
        // What was sent and not read would make the other side lose the answer.
        let ends = Instant::now() + LINGERING;
        let mut piece = [0; 4096];
        loop {
            let left = ends.saturating_duration_since(Instant::now());
            if left.is_zero() || stream.set_read_timeout(Some(left)).is_err() || !matches!(stream.read(&mut piece), Ok(1..)) {
                break;
            }
        }
    }
}

/// Sends bytes until a time; none where the other side did not take them.
fn send(stream: &mut TcpStream, mut bytes: &[u8], ends: Instant) -> Option<()> {
    while !bytes.is_empty() {
        let left = ends.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        stream.set_write_timeout(Some(left)).ok()?;
        match stream.write(bytes) {
            Ok(0) => return None,
            Ok(count) => bytes = &bytes[count..],
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::{Request, parse};

    #[test]
    fn a_head_is_read_or_refused() {
        let good = parse(b"GET /a/b?since=3 HTTP/1.1\r\nHost: 127.0.0.1:80\r\nAccept: */*\r\n\r\n");
        let wanted = Request { whole: true, path: "/a/b".into(), query: "since=3".into(), host: "127.0.0.1:80".into() };
        assert_eq!(good, Ok(Some(wanted)));
        for head in ["", "GET", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a\r\n"] {
            assert_eq!(parse(head.as_bytes()), Ok(None), "{head:?} goes on");
        }
        for (head, status) in [
            ("GET  / HTTP/1.1\r\nHost: a", "400"),
            ("GET / HTTP/2\r\nHost: a", "400"),
            ("GET http://a/ HTTP/1.1\r\nHost: a", "400"),
            ("GET / HTTP/1.1", "400"),
            ("GET / HTTP/1.1\r\nHost: a\r\nHost: b", "400"),
            ("GET / HTTP/1.1\r\nHost: a\r\nhost: a", "400"),
            ("GET / HTTP/1.1\r\nHost: a\r\n folded", "400"),
            ("GET / HTTP/1.1\r\nHost : a", "400"),
            ("GET /\u{0} HTTP/1.1\r\nHost: a", "400"),
            ("POST / HTTP/1.1\r\nHost: a", "405"),
        ] {
            let head = format!("{head}\r\n\r\n");
            assert!(parse(head.as_bytes()).is_err_and(|it| it.starts_with(status)), "{head:?}");
        }
        let many = format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", "A: b\r\n".repeat(200));
        assert!(parse(many.as_bytes()).is_err_and(|it| it.starts_with("431")));
        assert!(parse(b"GET / HTTP/1.1\r\nHost: \xff\r\n\r\n").is_err());
    }
}

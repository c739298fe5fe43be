//! The server of `peil serve`: who is answered, what is refused, and that it goes on.

use crate::support::files::root;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server of a small project, stopped when it is done with.
struct Server {
    child: Child,
    folder: PathBuf,
    /// `127.0.0.1:1234`
    host: String,
    token: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const KPIS: &str = "source s { files \"s.csv\"; no persons \"counts\"; columns a }\nkpi mean_a \"Mean of a\" { formula mean(s.a) }\n";

impl Server {
    fn start(name: &str) -> Server {
        Server::with(name, &[])
    }

    /// A server of the small project with more files.
    fn with(name: &str, more: &[(&str, &str)]) -> Server {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("serve").join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(folder.join("templates")).unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
        write("project.peil", "project \"Small\" { peil 1 }\n");
        write("kpis.peil", KPIS);
        write("s.csv", "a\n1\n2\n6\n");
        more.iter().for_each(|(name, text)| write(name, text));
        let mut command = Command::new(env!("CARGO_BIN_EXE_peil"));
        command.args(["serve", folder.to_str().unwrap(), "--today", "2025-01-01"]).current_dir(root()).env_remove("PEIL_DATA");
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let (host, token) = line.trim().trim_start_matches("http://").trim_end_matches('/').split_once('/').unwrap();
        Server { host: host.to_owned(), token: token.to_owned(), child, folder }
    }

    /// Sends bytes as they are; gives what comes back.
    fn send(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(40))).unwrap();
        stream.write_all(bytes).unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn get(&self, path: &str) -> String {
        self.send(format!("GET /{}/{path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.token, self.host).as_bytes())
    }

    /// The state once it is so; one save may be seen as two, and on a busy machine it takes its time.
    fn until(&self, done: impl Fn(&serde_json::Value) -> bool) -> serde_json::Value {
        let mut state = self.state(0);
        for _ in 0..10 {
            if done(&state) {
                return state;
            }
            state = self.state(state["version"].as_u64().unwrap());
        }
        panic!("it never comes about: {state}");
    }

    /// The reports that there are once their version is another than a known one.
    fn state(&self, since: u64) -> serde_json::Value {
        let answer = self.get(&format!("state?since={since}"));
        serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap()
    }
}

#[test]
fn who_knows_the_address_is_answered_and_nobody_else() {
    let server = Server::start("who");
    assert!(server.host.starts_with("127.0.0.1:") && server.token.len() == 32);
    let first = server.state(0);
    assert_eq!((first["trouble"].is_null(), first["reports"][0]["name"].as_str()), (true, Some("report")), "{first}");
    let status = |answer: String| answer.split(' ').nth(1).unwrap_or_default().to_owned();
    let (host, token) = (&server.host, &server.token);
    let shell = server.get("");
    assert!(shell.starts_with("HTTP/1.1 200 OK\r\n") && shell.contains("frame-ancestors 'none'") && shell.contains("no-store"), "{shell}");
    // What is served of a report is the report.
    let page = server.get("r/report.html");
    let out = server.folder.join("out");
    let written = Command::new(env!("CARGO_BIN_EXE_peil"))
        .args(["report", server.folder.to_str().unwrap(), "--today", "2025-01-01", "--out", out.to_str().unwrap()])
        .env_remove("PEIL_DATA")
        .output()
        .unwrap();
    assert!(written.status.success());
    assert!(page.split("\r\n\r\n").nth(1).unwrap() == std::fs::read_to_string(out.join("report.html")).unwrap());
    assert!(page.contains("Mean of a"));
    let long = "x".repeat(20_000);
    for (request, wanted) in [
        (format!("GET /{token} HTTP/1.1\r\nHost: {host}\r\n\r\n"), "308"),
        (format!("HEAD /{token}/ HTTP/1.1\r\nHost: LOCALHOST:{}\r\n\r\n", host.split(':').nth(1).unwrap()), "200"),
        (format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n"), "404"),
        (format!("GET /{}/ HTTP/1.1\r\nHost: {host}\r\n\r\n", "0".repeat(32)), "404"),
        (format!("GET /{token}/r/../../../etc/passwd HTTP/1.1\r\nHost: {host}\r\n\r\n"), "404"),
        (format!("GET /{token}/r/report HTTP/1.1\r\nHost: {host}\r\n\r\n"), "404"),
        // Another name that leads here: a page of the web that was given this address.
        (format!("GET /{token}/ HTTP/1.1\r\nHost: evil.example\r\n\r\n"), "421"),
        (format!("GET /{token}/ HTTP/1.1\r\nHost: evil.example:{}\r\n\r\n", host.split(':').nth(1).unwrap()), "421"),
        (format!("GET /{token}/ HTTP/1.1\r\n\r\n"), "400"),
        (format!("GET /{token}/ HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\n\r\n"), "400"),
        (format!("POST /{token}/ HTTP/1.1\r\nHost: {host}\r\nContent-Length: 3\r\n\r\nabc"), "405"),
        (format!("GET /{token}/ HTTP/1.1\r\nHost: {host}\r\nX: {long}\r\n\r\n"), "431"),
        (format!("GET /{long} HTTP/1.1\r\n"), "431"),
        ("\u{0}\u{1}\r\n\r\n".to_owned(), "400"),
        (format!("GET http://{host}/{token}/ HTTP/1.1\r\nHost: {host}\r\n\r\n"), "400"),
    ] {
        assert_eq!(status(server.send(request.as_bytes())), wanted, "{}", &request[..request.len().min(90)]);
    }
    assert_eq!(status(server.send(b"GET /\xff\xfe HTTP/1.1\r\n\r\n")), "400");
    assert!(server.get("").starts_with("HTTP/1.1 200"), "it goes on");
}

#[test]
fn who_sends_nothing_holds_nobody_up() {
    let server = Server::start("slow");
    let _ = server.state(0);
    let started = Instant::now();
    let mut idle: Vec<TcpStream> = (0..40).map(|_| TcpStream::connect(&server.host).unwrap()).collect();
    idle.iter_mut().for_each(|it| it.write_all(b"GET / HT").unwrap());
    assert!(server.get("").starts_with("HTTP/1.1 200"));
    // They are told that it takes too long, each after the same time.
    let mut answer = String::new();
    idle[0].set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    idle[0].read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(started.elapsed() > Duration::from_secs(4));
}

#[test]
fn a_save_is_told_and_errors_with_it() {
    let server = Server::start("saves");
    let _ = server.state(0);
    let after = |text: &str, done: &dyn Fn(&serde_json::Value) -> bool| {
        std::fs::write(server.folder.join("kpis.peil"), text).unwrap();
        server.until(done);
    };
    after(&KPIS.replace("mean(s.a)", "mean(s.b)"), &|it| {
        it["trouble"].as_str().is_some_and(|it| it.contains("error[unknown-column]") && it.contains("kpis.peil:2:"))
    });
    // What it was can still be read.
    assert!(server.get("r/report.html").contains("Mean of a"));
    after(&KPIS.replace("Mean of a", "Another title"), &|it| it["trouble"].is_null());
    assert!(server.get("r/report.html").contains("Another title"));
}

#[test]
fn a_template_that_fails_stops_its_own_report_alone() {
    let page = |fills: &str| format!("{{% extends \"peil/report.html\" %}}{{% block before_sections %}}{fills}{{% endblock %}}");
    let fails = page("{% set ns = namespace(n=1) %}{{ 1 / (ns.n - 1) }}");
    let reports = "report own \"Own\" { sections brief; template \"own.html\" }\nreport plain \"Plain\" { sections scorecards }\n";
    let server = Server::with("stopped", &[("reports.peil", reports), ("templates/own.html", &fails)]);
    let trouble = |state: &serde_json::Value, at: usize| state["reports"][at]["trouble"].as_str().map(str::to_owned);
    let state = server.until(|it| it["version"] != 0);
    let told = trouble(&state, 0).unwrap();
    assert!(told.contains("error[template-failed]") && told.contains("templates/own.html:1:"), "{told}");
    assert!(state["trouble"].is_null() && trouble(&state, 1).is_none(), "{state}");
    assert_eq!((&state["reports"][0]["page"], &state["reports"][1]["page"]), (&false.into(), &true.into()));
    assert!(server.get("r/own.html").ends_with("\r\n\r\n"), "it was never made");
    assert!(server.get("r/plain.html").contains("Mean of a"));
    let save = |name: &str, text: &str| std::fs::write(server.folder.join(name), text).unwrap();
    save("templates/own.html", &page("As it was"));
    server.until(|it| trouble(it, 0).is_none());
    assert!(server.get("r/own.html").contains("As it was"));
    // It fails again: it stays as it was, and the other is made anew.
    save("templates/own.html", &fails);
    server.until(|it| trouble(it, 0).is_some());
    save("kpis.peil", &KPIS.replace("Mean of a", "Another title"));
    server.until(|it| trouble(it, 0).is_some() && server.get("r/plain.html").contains("Another title"));
    assert!(server.get("r/own.html").contains("As it was"));
}

//! `peil serve`: the reports in a browser on this machine, made again whenever a file of the project is saved.
//!
//! It listens on the loopback alone, answers only to its own names (so that no page of the web can reach it under a name
//! of its own), and only below a path that nobody can guess. Nothing is written to disk. What is served of a report is
//! what `peil report` writes, in a frame; the page around it asks whether something changed.

mod http;

use super::output::Output;
use super::report::{Made, Page};
use super::verbs::{Opened, open_again};
use super::watch::Watching;
use super::{EngineArgs, FINE, Outcome, ProjectArgs};
use crate::diagnostic::Format;
use crate::session::Memory;
use crate::source::Span;
use crate::words::Lang;
use http::{Answer, Request};
use serde_json::json;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What may be connected at a time; more is refused.
const MOST: usize = 64;
/// How long a question whether something changed waits for it to.
const WAIT: Duration = Duration::from_secs(20);
/// The page around a report: its script and its style sheet, questions to this server, the report in a frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// What is served, and where.
#[derive(clap::Args, Clone)]
pub struct ServeArgs {
    /// One report, by its name; without it all of them
    #[arg(long)]
    report: Option<String>,
    /// The port to listen at; without it one that is free
    #[arg(long)]
    port: Option<u16>,
}

/// The reports as they are now.
#[derive(Default)]
struct State {
    /// Grows with each change.
    version: u64,
    reports: Vec<Served>,
    /// What keeps the reports from being made, as it is said.
    trouble: Option<String>,
}

/// A report that is served.
struct Served {
    /// Its place below `r/`, without its ending.
    name: String,
    title: String,
    /// The page, for as many conversations as want it at a time; empty where it was never made.
    page: Arc<[u8]>,
    /// What stops its page, as it is said; the page is then as it was.
    trouble: Option<String>,
}

/// What the threads share.
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    open: AtomicUsize,
    /// The names that this server answers to.
    hosts: Vec<String>,
    /// The first part of every path.
    token: String,
    lang: Lang,
}

/// `peil serve`.
pub fn serve(project: &ProjectArgs, engine: &EngineArgs, args: &ServeArgs, lang: Option<Lang>, output: &mut Output) -> Outcome {
    let opened = open_again(project, Memory::default(), output)?;
    let watching = Watching::new(&opened, output)?;
    let mut memory = opened.memory;
    // The system gives one that is free for 0.
    let port = args.port.unwrap_or(0);
    let unable = |it: std::io::Error| format!("cannot listen on port {port}: {it}");
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|it| output.wrong(&unable(it)))?;
    let port = listener.local_addr().map_err(|it| output.wrong(&unable(it)))?.port();
    let token = token().map_err(|it| output.wrong(&it))?;
    let shared = Arc::new(Shared {
        state: Mutex::default(),
        changed: Condvar::new(),
        open: AtomicUsize::new(0),
        hosts: hosts(port),
        token,
        lang: output.lang,
    });
    let listening = Arc::clone(&shared);
    std::thread::spawn(move || listen(&listener, &listening));
    output.data(&format!("http://{}/{}/\n", shared.hosts[0], shared.token));
    loop {
        memory = refresh(project, engine, args, lang, memory, &shared, output);
        if !watching.wait() {
            return Ok(FINE);
        }
    }
}

/// The names that a browser on this machine asks for; the port that is usual is left out.
fn hosts(port: u16) -> Vec<String> {
    let names = ["127.0.0.1", "localhost"];
    let mut hosts: Vec<String> = names.iter().map(|it| format!("{it}:{port}")).collect();
    if port == 80 {
        hosts.extend(names.map(str::to_owned));
    }
    hosts
}

/// Makes the reports again; what cannot be made stays as it was, with what is wrong.
fn refresh(
    project: &ProjectArgs,
    engine: &EngineArgs,
    args: &ServeArgs,
    lang: Option<Lang>,
    memory: Memory,
    shared: &Shared,
    output: &mut Output,
) -> Memory {
    let started = Instant::now();
    output.listen();
    let opened = open_again(project, memory, output);
    let made = opened.as_ref().map_err(|it| *it).and_then(|opened| {
        let made = Made::read(opened, engine, args.report.as_deref(), lang, output)?;
        let mut said = Vec::new();
        Ok(made.pages().map(|it| served(it, &mut said, opened, output)).collect::<Vec<_>>())
    });
    let heard = output.heard();
    let mut state = shared.state();
    state.version += 1;
    match made {
        Ok(mut reports) => {
            for it in reports.iter_mut().filter(|it| it.trouble.is_some()) {
                it.page = state.reports.iter().find(|old| old.name == it.name).map(|old| Arc::clone(&old.page)).unwrap_or_default();
            }
            let kilobytes = reports.iter().map(|it| it.page.len()).sum::<usize>() / 1000;
            (state.reports, state.trouble) = (reports, None);
            drop(state);
            output.say(&format!("rendered in {:.0} ms: {kilobytes} kB", started.elapsed().as_secs_f64() * 1000.0));
        }
        Err(_) => state.trouble = Some(if heard.is_empty() { "the reports cannot be made".to_owned() } else { heard }),
    }
    shared.changed.notify_all();
    opened.map(|it| it.memory).unwrap_or_default()
}

/// A page as it is served; what stops it is kept beside it, and said where it was not said of another.
fn served(page: Page, said: &mut Vec<(Option<Span>, String)>, opened: &Opened, output: &mut Output) -> Served {
    let (html, trouble) = match page.html {
        Ok(html) => (html, None),
        Err(error) => {
            let sources = &opened.session.sources;
            let fact = error.fact(sources);
            let known = said.iter().find(|it| it.0.is_some() && it.0 == fact.span).map(|it| it.1.clone());
            let text = known.unwrap_or_else(|| {
                output.listen();
                output.findings(std::slice::from_ref(&fact), sources, Format::Human, false);
                let text = output.heard();
                said.push((fact.span, text.clone()));
                text
            });
            (String::new(), Some(text))
        }
    };
    Served { name: page.name, title: page.title, page: html.into_bytes().into(), trouble }
}

/// What nobody can guess: the one thing here that differs from run to run, and it is in no file.
fn token() -> Result<String, String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|it| format!("this machine gives no random numbers: {it}"))?;
    Ok(bytes.iter().map(|it| format!("{it:02x}")).collect())
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // A thread that panicked left whole values behind: they are replaced, never changed in part.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes connections, each to a thread of its own.
fn listen(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        let Ok(stream) = stream else {
            // Too many files are open, most likely: some will be closed.
            std::thread::sleep(Duration::from_millis(50));
            continue;
        };
        let place = Place::take(shared);
        if shared.open.load(Ordering::SeqCst) > MOST {
            continue;
        }
        let shared = Arc::clone(shared);
        let spawned = std::thread::Builder::new().spawn(move || {
            let _place = place;
            converse(stream, &shared);
        });
        // Without a thread there is no answer: the connection is closed.
        drop(spawned);
    }
}

/// One of the places for connections; given back however the conversation ends.
struct Place(Arc<Shared>);

impl Place {
    fn take(shared: &Arc<Shared>) -> Place {
        shared.open.fetch_add(1, Ordering::SeqCst);
        Place(Arc::clone(shared))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

fn converse(mut stream: TcpStream, shared: &Shared) {
    match http::read(&mut stream) {
        Ok(request) => {
            let answer = respond(&request, shared);
            http::answer(stream, &answer, request.whole);
        }
        Err(Some(refusal)) => http::answer(stream, &refusal, true),
        Err(None) => {}
    }
}

fn respond(request: &Request, shared: &Shared) -> Answer {
    if !shared.hosts.contains(&request.host.to_ascii_lowercase()) {
        return Answer::refusal("421 Misdirected Request");
    }
    let path = request.path.trim_start_matches('/');
    let (token, rest) = path.split_once('/').map_or((path, None), |(token, rest)| (token, Some(rest)));
    if !same(token, &shared.token) {
        return Answer::refusal("404 Not Found");
    }
    // Links of the page lead on from its folder.
    let Some(rest) = rest else { return Answer::refusal("308 Permanent Redirect").with("Location", format!("/{}/", shared.token)) };
    match rest {
        "" => Answer::of("text/html; charset=utf-8", shell(shared.lang)).with("Content-Security-Policy", POLICY),
        "serve.js" => Answer::of("text/javascript; charset=utf-8", include_str!("serve/shell.js")),
        "serve.css" => Answer::of("text/css; charset=utf-8", include_str!("serve/shell.css")),
        "state" => state(shared, request.query.strip_prefix("since=").and_then(|it| it.parse().ok()).unwrap_or(0)),
        _ => {
            let name = rest.strip_prefix("r/").and_then(|it| it.strip_suffix(".html"));
            let found = shared.state().reports.iter().find(|it| name == Some(it.name.as_str())).map(|it| Arc::clone(&it.page));
            found.map_or_else(|| Answer::refusal("404 Not Found"), |it| Answer::shared("text/html; charset=utf-8", it))
        }
    }
}

/// Whether two texts are the same, in a time that tells nothing of where they differ.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

/// The reports that there are and what is wrong, once that is another than the one that is known.
fn state(shared: &Shared, known: u64) -> Answer {
    let state = shared.state();
    let waited = shared.changed.wait_timeout_while(state, WAIT, |it| it.version == known || it.version == 0);
    let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
    let reports: Vec<_> = state
        .reports
        .iter()
        .map(|it| json!({"name": it.name, "title": it.title, "page": !it.page.is_empty(), "trouble": it.trouble}))
        .collect();
    let text = json!({"version": state.version, "reports": reports, "trouble": state.trouble}).to_string();
    Answer::of("application/json", text)
}

/// The page around a report; no text of a user is in it.
fn shell(lang: Lang) -> String {
    let texts = [
        ("@lang@", "nl", "en"),
        ("@reports@", "Rapporten", "Reports"),
        ("@report@", "Het rapport", "The report"),
        ("@gone@", "peil serve is gestopt, of antwoordt niet.", "peil serve has stopped, or does not answer."),
        ("@trouble@", "Dit kan niet worden gemaakt", "This cannot be made"),
        ("@behind@", "Wat erachter staat, is het rapport zoals het was.", "What stands behind it is the report as it was."),
        ("@hide@", "Verbergen", "Hide"),
        (
            "@noscript@",
            "Deze bladzijde ververst zichzelf met een script. Zonder script: r/NAAM.html is een rapport.",
            "This page renews itself by a script. Without one: r/NAME.html is a report.",
        ),
    ];
    let mut html = include_str!("serve/shell.html").to_owned();
    for (name, nl, en) in texts {
        html = html.replace(name, if lang == Lang::Nl { nl } else { en });
    }
    html
}

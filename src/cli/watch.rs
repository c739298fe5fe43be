//! `peil watch`: checks again, and renders again, whenever a file of the project is saved.

use super::output::Output;
use super::report::{ReportArgs, render_all};
use super::verbs::{Opened, open_again};
use super::{EngineArgs, FINE, Outcome, ProjectArgs};
use crate::diagnostic::Format;
use crate::session::Memory;
use crate::source::TEMPLATES;
use crate::value::Severity;
use notify::{EventKind, RecursiveMode, Watcher};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// Editors save in several steps; what comes within this time is one save.
const QUIET: Duration = Duration::from_millis(20);

/// `peil watch`.
pub fn watch(project: &ProjectArgs, engine: &EngineArgs, report: &ReportArgs, output: &mut Output) -> Outcome {
    let opened = open_again(project, Memory::default(), output)?;
    let watching = Watching::new(&opened, output)?;
    let mut memory = opened.memory;
    loop {
        memory = refresh(project, engine, report, memory, output);
        if !watching.wait() {
            return Ok(FINE);
        }
    }
}

/// The folders of a project, watched.
pub(super) struct Watching {
    events: Receiver<notify::Result<notify::Event>>,
    /// Watches as long as it is kept.
    _watcher: notify::RecommendedWatcher,
}

impl Watching {
    /// Watches a project, its libraries and its roots of data.
    ///
    /// # Errors
    /// The exit code; what is wrong was said.
    pub(super) fn new(opened: &Opened, output: &mut Output) -> Result<Watching, u8> {
        let mut folders: Vec<PathBuf> = vec![opened.world.root().to_path_buf()];
        folders.extend(opened.world.data_roots().iter().cloned());
        folders.extend(opened.session.libraries.iter().map(|it| opened.world.folder(it)));
        let (sender, events) = channel();
        let watcher = notify::recommended_watcher(move |event| {
            // The receiver goes away with the program.
            let _ = sender.send(event);
        });
        let mut watcher = watcher.map_err(|error| output.wrong(&error.to_string()))?;
        // A folder within another is watched with it.
        let apart: Vec<&PathBuf> = folders
            .iter()
            .enumerate()
            .filter(|(at, it)| {
                !folders
                    .iter()
                    .enumerate()
                    .any(|(other_at, other)| other_at != *at && it.starts_with(other) && (*it != other || other_at < *at))
            })
            .map(|it| it.1)
            .collect();
        for folder in apart {
            if let Err(error) = watcher.watch(folder, RecursiveMode::Recursive) {
                return Err(output.wrong(&format!("{}: {error}", folder.display())));
            }
        }
        Ok(Watching { events, _watcher: watcher })
    }

    /// Waits until a file that matters was written, and until it is quiet again; whether there may be more.
    pub(super) fn wait(&self) -> bool {
        wait(&self.events)
    }
}

/// Waits until a file that matters was written, and until it is quiet again.
fn wait(events: &Receiver<notify::Result<notify::Event>>) -> bool {
    loop {
        match events.recv() {
            Ok(Ok(event)) if matters(&event) => break,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
    loop {
        match events.recv_timeout(QUIET) {
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout) => return true,
            Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
}

fn matters(event: &notify::Event) -> bool {
    let written = matches!(event.kind, EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_));
    let ours = |path: &Path| {
        let ends = path.extension().and_then(|it| it.to_str());
        // What reports are dressed with, whatever its kind.
        let dress = path.components().any(|it| it.as_os_str() == TEMPLATES);
        matches!(ends, Some("peil" | "yaml" | "yml" | "csv" | "parquet")) || dress
    };
    written && event.paths.iter().any(|it| ours(it))
}

fn refresh(project: &ProjectArgs, engine: &EngineArgs, report: &ReportArgs, memory: Memory, output: &mut Output) -> Memory {
    let started = std::time::Instant::now();
    let Ok(opened) = open_again(project, memory, output) else { return Memory::default() };
    let facts = opened.session.diagnostics.sorted();
    output.findings(&facts, &opened.session.sources, Format::Human, true);
    let errors = facts.iter().filter(|it| it.severity == Severity::Error).count();
    let warnings = facts.iter().filter(|it| it.severity == Severity::Warning).count();
    output.say(&format!("checked in {:.1} ms: {errors} errors, {warnings} warnings", started.elapsed().as_secs_f64() * 1000.0));
    if errors == 0 {
        // What is wrong with the data was said; the next save may mend it.
        let _ = render_all(&opened, engine, report, output);
    }
    opened.memory
}

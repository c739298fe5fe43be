//! The stages, wired once for every front door: command line, watch, tests.

use crate::calendar::{Date, Grain, Period};
use crate::check::{self, Checked};
use crate::engine::{self, Options, Table, Weighed};
use crate::eval::{self, Note, Periods};
use crate::insight::evidence::{self, Claimed, Given, Verdict};
use crate::insight::{self, Change, Context, Ladder, Question};
use crate::library::Lent;
use crate::model::{KpiId, RowExpr};
use crate::plan::{Ask, DriverAsk, Plan, Request};
use crate::publish::{self, Hidden, ResultRow, Results, WhatIf, WhyResult};
use crate::report::dress::{Wardrobe, dress};
use crate::source::{FileId, Listed, PROJECT_FILES, Sources, World};
use crate::syntax::{self, Document, Word};
use crate::value::{Code, Diagnostics, Fact};
use crate::{graph, library, model};
use globset::{Glob, GlobSet, GlobSetBuilder};
use std::collections::HashMap;
use std::sync::Arc;

/// A project that was read and checked.
pub struct Session {
    pub sources: Sources,
    pub diagnostics: Diagnostics,
    /// `None` where there is an error.
    pub checked: Option<Checked>,
    /// How many items of each word there are, for the closing line of `check`.
    pub counts: Vec<(Word, usize)>,
    /// The folders of the libraries that are used, from the root of the project.
    pub libraries: Vec<String>,
    /// What its reports are dressed with.
    pub wardrobe: Wardrobe,
}

/// Reads and checks a project.
pub fn open(world: &dyn World) -> Session {
    Memory::once().open(world)
}

/// What was read and resolved of a project, kept from one opening to the next: of what did not change, nothing is parsed
/// or resolved again. Another opening gives the same session with it as without it; what the last one did not use is
/// forgotten.
pub struct Memory {
    reads: Vec<Read>,
    lent: Lent,
    /// `None` where there will be no other opening.
    kept: Option<Kept>,
}

/// What stages keep for another time.
#[derive(Default)]
struct Kept {
    model: model::Kept,
    check: check::Kept,
}

impl Default for Memory {
    fn default() -> Memory {
        Memory { kept: Some(Kept::default()), ..Memory::once() }
    }
}

/// One file, as it was read.
struct Read {
    path: String,
    text: Arc<str>,
    file: FileId,
    document: Arc<Document>,
    found: Diagnostics,
}

impl Memory {
    /// For a project that is opened once: nothing is kept for another time.
    pub fn once() -> Memory {
        Memory { reads: Vec::new(), lent: Lent::default(), kept: None }
    }

    /// How many KPIs the last opening resolved, rather than took over from the one before.
    pub fn resolved(&self) -> usize {
        self.kept.as_ref().map_or(0, |it| it.model.anew())
    }

    /// Reads and checks a project with the libraries that it uses, whichever of its files changed since the last time.
    pub fn open(&mut self, world: &dyn World) -> Session {
        let mut sources = Sources::default();
        let mut diagnostics = Diagnostics::default();
        let mut known: HashMap<FileId, Read> = std::mem::take(&mut self.reads).into_iter().map(|it| (it.file, it)).collect();
        let mut read = |sources: &mut Sources, folder: &str, listed: Vec<Listed>, out: &mut Diagnostics| {
            let files = add(sources, folder, listed, out);
            let mut reads = read_changed(&mut known, sources, &files);
            reads.iter().for_each(|it| out.append(it.found.clone()));
            let documents = reads.iter().map(|it| Arc::clone(&it.document)).collect();
            self.reads.append(&mut reads);
            (files, documents)
        };
        let own: (_, Vec<Arc<Document>>) = read(&mut sources, "", world.definitions(), &mut diagnostics);
        let counts = Word::ALL.into_iter().map(|word| (word, own.1.iter().flat_map(|it| &it.items).filter(|it| it.word == word).count()));
        let counts = counts.filter(|it| it.1 > 0).collect();
        let projects = library::gather(own, world, &mut read, &mut self.lent, &mut sources, &mut diagnostics);
        let model = model::build(&projects, self.kept.as_mut().map(|it| &mut it.model), &mut diagnostics);
        let graph = graph::build(&model, &mut diagnostics);
        let wardrobe = dress(&model, world, &mut sources, &mut diagnostics);
        let kept = self.kept.as_mut().map(|it| (&mut it.check, it.model.stamps()));
        let checked = check::check(model, graph, kept, &mut diagnostics);
        syntax::quoting::settle(&sources, &mut diagnostics);
        diagnostics.fold();
        let libraries = projects.iter().skip(1).map(|it| it.place.folder().to_owned()).filter(|it| !it.is_empty()).collect();
        Session { sources, diagnostics, checked, counts, libraries, wardrobe }
    }
}

/// Adds the files of a project that stands in a folder, but for those that it excludes; gives those that can be read.
fn add(sources: &mut Sources, folder: &str, listed: Vec<Listed>, out: &mut Diagnostics) -> Vec<FileId> {
    let mut files: Vec<FileId> = Vec::new();
    let exclude = excluded(folder, &listed);
    for file in listed {
        if exclude.as_ref().is_some_and(|it| it.is_match(own_path(folder, &file.path))) {
            continue;
        }
        match file.text {
            Ok(text) => files.push(sources.add_in(folder, file.path, text)),
            Err(reason) => {
                let id = sources.add_in(folder, file.path.clone(), "".into());
                let fact = Fact::at(Code::UnreadableFile, crate::source::Span::new(id, 0, 0));
                out.push(fact.with("file", file.path).with("reason", reason));
            }
        }
    }
    files
}

/// Reads the files that are not known as they are now; gives all of them in their order.
fn read_changed(known: &mut HashMap<FileId, Read>, sources: &Sources, files: &[FileId]) -> Vec<Read> {
    // A place holds the number of its file, so a file that moved in the list is read from its first byte.
    let mut reads = Vec::new();
    let mut changed = Vec::new();
    for file in files {
        let source = sources.file(*file);
        match known.remove(file).filter(|it| it.path == source.path) {
            Some(read) if read.text == source.text => reads.push(read),
            before => changed.push((*file, before.map(|it| it.document))),
        }
    }
    reads.append(&mut read_all(sources, &changed));
    reads.sort_by_key(|it| it.file);
    reads
}

/// The path from the folder of the project that a file belongs to.
fn own_path<'p>(folder: &str, path: &'p str) -> &'p str {
    path.strip_prefix(folder).map_or(path, |it| it.trim_start_matches('/'))
}

/// The project's own files of definitions, less those that it excludes.
pub fn listed(world: &dyn World) -> Vec<Listed> {
    let mut listed = world.definitions();
    if let Some(exclude) = excluded("", &listed) {
        listed.retain(|it| !exclude.is_match(&it.path));
    }
    listed
}

/// The files that the project file excludes; it is read for that alone, and reports nothing yet.
fn excluded(folder: &str, listed: &[Listed]) -> Option<GlobSet> {
    let file = listed.iter().find(|it| PROJECT_FILES.contains(&own_path(folder, &it.path)))?;
    let text = file.text.as_ref().ok()?;
    if !text.contains("exclude") {
        return None;
    }
    let mut sources = Sources::default();
    let id = sources.add_in(folder, file.path.clone(), text.clone());
    let document = syntax::read(&sources, id, &mut Diagnostics::default());
    let project = document.items.iter().find(|it| it.word == Word::Project)?;
    let mut set = GlobSetBuilder::new();
    for pattern in project.body.get("exclude")?.items().into_iter().filter_map(|it| it.text()) {
        set.add(Glob::new(pattern).ok()?);
        // A folder's name excludes what is in it.
        set.add(Glob::new(&format!("{}/**", pattern.trim_end_matches('/'))).ok()?);
    }
    set.build().ok()
}

/// Reads files, several at a time, each with what it gave before.
fn read_all(sources: &Sources, files: &[(FileId, Option<Arc<Document>>)]) -> Vec<Read> {
    let read = |(file, before): &(FileId, Option<Arc<Document>>)| {
        let file = *file;
        let mut found = Diagnostics::default();
        let document = Arc::new(syntax::read_again(sources, file, before.as_deref(), &mut found));
        let source = sources.file(file);
        Read { path: source.path.clone(), text: source.text.clone(), file, document, found }
    };
    let workers = std::thread::available_parallelism().map_or(1, |it| it.get()).min(8).min(files.len().max(1));
    let bytes: usize = files.iter().map(|it| sources.file(it.0).text.len()).sum();
    if workers < 2 || bytes < 1 << 14 {
        return files.iter().map(read).collect();
    }
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some(file) = files.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
            done.push(read(file));
        }
        done
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
        let mut all = work();
        for other in others {
            // A panic of a reader is a fault of ours: it goes on here.
            all.append(&mut other.join().unwrap_or_else(|it| std::panic::resume_unwind(it)));
        }
        all
    })
}

/// Figures with the plan that gave them.
pub struct Run {
    pub plan: Plan,
    pub table: Table,
    pub results: Results,
}

/// Reads the data that a request needs, and computes what may be shown. `None` where data could not be read.
pub fn run(
    checked: &Checked,
    request: &Request,
    world: &dyn World,
    options: Options,
    periods: Periods,
    today: Date,
    out: &mut Diagnostics,
) -> Option<Run> {
    let (plan, table) = read(checked, request, world, options, out)?;
    let results = results(checked, &plan, &table, periods, today);
    Some(Run { plan, table, results })
}

/// Plans a request, with the tables that tell what must be hidden.
pub fn plan(checked: &Checked, request: &Request) -> Plan {
    publish::plan(checked, request)
}

/// Reads the data that a request needs, into states.
pub fn read(checked: &Checked, request: &Request, world: &dyn World, options: Options, out: &mut Diagnostics) -> Option<(Plan, Table)> {
    let plan = plan(checked, request);
    let table = engine::scan(checked, &plan, world, options, out)?;
    Some((plan, table))
}

/// What may be shown of what was read.
pub fn results(checked: &Checked, plan: &Plan, table: &Table, periods: Periods, today: Date) -> Results {
    publish::publish(checked, plan, table, eval::evaluate(checked, plan, table, periods, today), today)
}

/// Why a figure moved between two periods. `None` where data could not be read.
///
/// # Errors
/// Why it cannot be told, in a sentence.
pub fn why(
    checked: &Checked,
    question: &Question,
    world: &dyn World,
    options: Options,
    today: Date,
    out: &mut Diagnostics,
) -> Option<Result<WhyResult, String>> {
    let (plan, table) = read(checked, &insight::needs(checked, question), world, options, out)?;
    let found = insight::why(checked, question, &plan, &table, today);
    let hidden = Hidden::of(checked, &plan, &table, today);
    Some(found.map(|it| publish::why(checked, &plan, it, &hidden)))
}

/// What would follow if figures were others, in the last of these periods that is over. `None` where data could not be
/// read.
///
/// # Errors
/// Why it cannot be told, in a sentence.
pub fn whatif(
    checked: &Checked,
    changes: &[Change],
    world: &dyn World,
    options: Options,
    periods: Periods,
    today: Date,
    out: &mut Diagnostics,
) -> Option<Result<WhatIf, String>> {
    let supposing = insight::suppose(checked, changes);
    let run = run(&supposing.checked, &supposing.needs(), world, options, periods, today, out)?;
    let Some(goals) = run.results.goals_last_over(checked, today) else {
        return Some(Err("no figures in this period".to_owned()));
    };
    Some(publish::whatif(&supposing, &run.results, goals.period))
}

/// What is told of a figure, down to its rows.
pub struct Explained {
    /// Each KPI of the formula where it stands, with its figure there; the KPI that is asked for comes first.
    pub figures: Vec<(Context, KpiId, Option<ResultRow>)>,
    /// The way from rows to base of each aggregate where it stands, by its definition, with the period; none of those that
    /// are hidden.
    pub ladders: Vec<(Context, String, Period, Ladder)>,
    /// How rows were weighted, of sources whose weights are made.
    pub weighed: Vec<Weighed>,
}

/// The figures of a KPI, or a part of one, and of all that its formula names, in the last of these periods that is over; with
/// the way from rows to base of each aggregate. `None` where data could not be read.
#[expect(clippy::too_many_arguments, reason = "what is asked, and the world that it is asked of")]
pub fn explain(
    checked: &Checked,
    (kpi, part): &(KpiId, Option<RowExpr>),
    grain: Option<Grain>,
    world: &dyn World,
    options: Options,
    periods: Periods,
    today: Date,
    out: &mut Diagnostics,
) -> Option<Explained> {
    let watched = insight::watched(checked, *kpi, part.as_ref());
    let checked = &watched.checked;
    let mut request = Request::new();
    let ask = |at: &Context, id: KpiId| {
        let grain = eval::reporting_grain(checked, id, grain);
        Ask { kpi: id, part: at.part.clone(), cut: Vec::new(), grain }
    };
    let all = watched.kpis.iter().map(|it| (&it.0, it.2)).chain(watched.aggregates.iter().map(|it| (&it.0, it.2)));
    all.for_each(|(at, id)| _ = request.add(ask(at, id)));
    let (plan, table) = read(checked, &request, world, options, out)?;
    // What a figure looks back at lies before the periods that are asked for.
    let results = results(checked, &plan, &table, Periods::default(), today);
    let calendar = &checked.model.project.calendar;
    let rows_of = |at: &Context, id: KpiId| {
        let ask = ask(at, id);
        results.table(ask.kpi, ask.part.as_ref(), &ask.cut, ask.grain).map(|it| it.rows.as_slice()).unwrap_or_default()
    };
    let last = |rows: &[ResultRow]| {
        let within = || rows.iter().filter(|it| periods.hold(it.period, calendar));
        within().rfind(|it| it.value.is_some() && !it.notes.contains(&Note::Unfinished)).or(within().next_back()).cloned()
    };
    let shown = watched.kpis.first().and_then(|it| last(rows_of(&it.0, it.2))).map(|it| it.period);
    // Of sources with waves the period before is the last one (R7).
    let by_waves = |id: KpiId| checked.sources_of(id).iter().any(|it| checked.model.sources[it.index()].cadence.is_some());
    let figure = |at: &Context, id: KpiId| {
        let rows = rows_of(at, id);
        let known = rows.iter().filter(|it| it.n.is_none_or(|n| n > 0)).map(|it| it.period).collect::<Vec<_>>();
        let period = at.period(shown?, by_waves(id).then_some(&known), calendar)?;
        let found = rows.iter().find(|it| it.period == period).cloned();
        // Of what is known by longer periods alone the last one is told.
        found.or_else(|| last(rows).filter(|it| at.shifts.is_empty() && it.period.grain() != period.grain()))
    };
    let figures = watched.kpis.iter().map(|(at, id, is)| (at.clone(), *id, figure(at, *is))).collect();
    let is_watching = |ask: usize| watched.aggregates.iter().any(|it| it.2 == plan.asks[ask].ask.kpi);
    let all = eval::stated(checked, &plan, &table, today, &|ask, _| is_watching(ask));
    let ladders = watched.aggregates.iter().filter_map(|(at, aggregate, id)| {
        let place = plan.place(&ask(at, *id))?;
        let has_rows = |it: &&eval::Stated| it.cells.iter().flatten().any(|it| it.n() > 0);
        let known = all[place].iter().filter(has_rows).map(|it| it.figure.period).collect::<Vec<_>>();
        let period = at.period(shown?, by_waves(*id).then_some(&known), calendar)?;
        let row = all[place].iter().find(|it| it.figure.period == period)?;
        Some((at.clone(), aggregate.text.clone(), period, publish::ladder(&results.hidden, &plan, place, row)?))
    });
    let ladders = ladders.collect();
    Some(Explained { figures, ladders, weighed: table.weighed })
}

/// Hands over what may be shown row by row, each with the place of its ask in the plan: there may be more of them than
/// is kept at a time.
pub fn each(checked: &Checked, plan: &Plan, table: &Table, periods: Periods, today: Date, take: impl FnMut(usize, ResultRow)) {
    let hidden = Hidden::of(checked, plan, table, today);
    eval::each(checked, plan, table, periods, today, &mut publish::each(checked, plan, &hidden, take));
}

/// What the data say of the claims of an item, `kpi:nps` or `enabler:lanes`, hypotheses too: from what may be shown. `None`
/// where data could not be read; no verdict where there are no figures.
pub fn claims(
    checked: &Checked,
    about: &str,
    world: &dyn World,
    options: Options,
    today: Date,
    out: &mut Diagnostics,
) -> Option<Vec<(Claimed, Option<Verdict>)>> {
    let claims: Vec<Claimed> = evidence::claims(checked, true).into_iter().filter(|it| it.about == about).collect();
    if claims.is_empty() {
        return Some(Vec::new());
    }
    let run = run(checked, &evidence::needs(&claims), world, options, Periods::default(), today, out)?;
    let values = |it: &Ask| {
        let table = run.results.table(it.kpi, it.part.as_ref(), &it.cut, it.grain)?;
        let finished = table.rows.iter().filter(|it| !it.notes.contains(&Note::Unfinished));
        Some(finished.filter_map(|it| Some((it.period, it.value?))).collect())
    };
    let drivers = |it: &DriverAsk| run.results.drivers.iter().map(|it| it.table()).find(|table| table.ask == *it);
    let given = Given { values: &values, drivers: &drivers };
    let verdicts: Vec<Option<Verdict>> = claims.iter().map(|it| evidence::test_by(checked, &given, it)).collect();
    Some(claims.into_iter().zip(verdicts).collect())
}

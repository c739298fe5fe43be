//! Figures of others out of a file: a benchmark a row, each row checked by itself.

use super::text;
use crate::check::{Checked, fit_benchmark};
use crate::model::{BENCHMARK_COLUMNS, Benchmark, DatedFigure, Format};
use crate::source::{DataError, DataFile, Spanned, World};
use crate::value::{Code, Diagnostics, Fact, nearest};

/// A figure out of a file.
#[derive(Clone, Debug)]
pub struct Outside {
    /// The file as it is shown.
    pub file: String,
    /// Its line there, the header being 1.
    pub line: u64,
    /// What the row says, and the item where the row says nothing; its value is in the unit of the KPI.
    pub benchmark: Benchmark,
}

/// The figures in the file of a benchmark, in the order of writing; none where it names no file.
///
/// All that is wrong with the file goes to `out`, row by row; then it gives `None`.
pub fn outside(checked: &Checked, of: &Benchmark, world: &dyn World, out: &mut Diagnostics) -> Option<Vec<Outside>> {
    let Some(named) = &of.file else { return Some(Vec::new()) };
    let files = match world.data(&of.folder, &named.value) {
        Ok(files) => files,
        Err(error) => {
            let fact = match error {
                DataError::Missing => Fact::at(Code::MissingFile, named.span),
                DataError::Outside => Fact::at(Code::OutsideFile, named.span),
                DataError::Unreadable(reason) => {
                    Fact::at(Code::BenchmarkFile, named.span).with("problem", "unreadable").with("reason", reason)
                }
            };
            let library = (!of.folder.is_empty()).then_some(&of.folder);
            out.push(fact.with("file", &named.value).with("source", &of.name).with_some("library", library));
            return None;
        }
    };
    let mut reader = Reader { checked, of, named, rows: Vec::new(), found: Diagnostics::default() };
    for (name, file) in &files {
        reader.file(name, file);
    }
    let sound = !reader.found.has_errors();
    out.append(reader.found);
    sound.then_some(reader.rows)
}

/// The project with the outside figures that stand in files, each kind of figure a benchmark of its own: rows that differ
/// in their period alone are one. `None` where a file cannot be used; why goes to `out`.
pub fn with_outside(checked: &Checked, world: &dyn World, out: &mut Diagnostics) -> Option<Checked> {
    let mut found = Vec::new();
    let mut sound = true;
    for of in checked.model.benchmarks.iter().filter(|it| it.file.is_some()) {
        match outside(checked, of, world, out) {
            Some(rows) => found.extend(kinds(of, rows)),
            None => sound = false,
        }
    }
    sound.then(|| checked.with_benchmarks(found))
}

/// Rows by what they are of, each with a name that tells it from the others.
fn kinds(of: &Benchmark, rows: Vec<Outside>) -> Vec<Benchmark> {
    let said = |it: &Benchmark| {
        [
            it.country.clone(),
            it.variant.as_ref().map(|it| it.value.clone()),
            it.scale.as_ref().map(|it| format!("{}..{}", it.value.0, it.value.1)),
            it.survey.as_ref().map(|it| it.value.name().to_owned()),
        ]
    };
    let mut kinds: Vec<([Option<String>; 4], u64, Benchmark)> = Vec::new();
    for row in rows {
        let (key, line, mut benchmark) = (said(&row.benchmark), row.line, row.benchmark);
        let dated = benchmark.period.zip(benchmark.value.clone()).map(|(period, value)| DatedFigure { period, value, n: benchmark.n });
        let same = |it: &&mut ([Option<String>; 4], u64, Benchmark)| it.0 == key && !it.2.dated.is_empty();
        match (kinds.iter_mut().find(same), dated) {
            (Some(kind), Some(dated)) if kind.2.dated.iter().all(|it| it.period != dated.period) => kind.2.dated.push(dated),
            (_, dated) => {
                benchmark.dated.extend(dated);
                kinds.push((key, line, benchmark));
            }
        }
    }
    let alone = kinds.len() == 1;
    let keys: Vec<[Option<String>; 4]> = kinds.iter().map(|it| it.0.clone()).collect();
    let named = kinds.into_iter().map(|(key, line, mut it)| {
        it.dated.sort_by_key(|it| it.period);
        if let Some(last) = it.dated.last().cloned() {
            (it.value, it.period, it.n) = (Some(last.value), Some(last.period), last.n);
        }
        let differs = (0..key.len()).filter(|at| keys.iter().any(|other| other[*at] != key[*at]));
        let parts: Vec<String> = differs.filter_map(|at| key[at].clone()).collect();
        let twice = keys.iter().filter(|it| **it == key).count() > 1;
        it.which = (!alone).then(|| if parts.is_empty() || twice { format!("line {line}") } else { parts.join(", ") });
        it.name = it.which.as_ref().map_or_else(|| of.name.clone(), |which| format!("{} ({which})", of.name));
        it
    });
    named.collect()
}

struct Reader<'a> {
    checked: &'a Checked,
    of: &'a Benchmark,
    named: &'a Spanned<String>,
    rows: Vec<Outside>,
    found: Diagnostics,
}

impl Reader<'_> {
    fn problem(&self, file: &str, problem: &str) -> Fact {
        let fact = Fact::at(Code::BenchmarkFile, self.named.span).with("problem", problem).with("file", file);
        fact.with("name", &self.of.name).about(format!("benchmark:{}", self.of.name))
    }

    fn file(&mut self, name: &str, file: &DataFile) {
        let text = text::bytes(file).and_then(|it| text::decode(it, &Format::default()).map(|it| it.into_owned()));
        let text = match text {
            Ok(text) => text,
            Err(reason) => return self.found.push(self.problem(name, "unreadable").with("reason", reason)),
        };
        let first = text.lines().next().unwrap_or_default();
        let delimiter = if first.contains(';') && !first.contains(',') { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).delimiter(delimiter).from_reader(text.as_bytes());
        let headers: Vec<String> = match reader.headers() {
            Ok(headers) => headers.iter().map(str::to_owned).collect(),
            Err(error) => return self.found.push(self.problem(name, "unreadable").with("reason", error)),
        };
        if !self.headers(name, &headers) {
            return;
        }
        let before = self.rows.len() + self.found.len();
        for record in reader.records() {
            match record {
                Ok(record) => self.row(name, &headers, &record),
                Err(error) => return self.found.push(self.problem(name, "unreadable").with("reason", error)),
            }
        }
        if self.rows.len() + self.found.len() == before {
            self.found.push(self.problem(name, "empty"));
        }
    }

    /// Whether the columns are words of a benchmark, and the value is among them.
    fn headers(&mut self, name: &str, headers: &[String]) -> bool {
        let before = self.found.len();
        for (at, header) in headers.iter().enumerate() {
            if !BENCHMARK_COLUMNS.contains(&header.as_str()) {
                let fact = self.problem(name, "unknown").with("column", header).with("known", BENCHMARK_COLUMNS.join(", "));
                self.found.push(fact.with_some("similar", nearest(header, BENCHMARK_COLUMNS)));
            } else if headers[..at].contains(header) {
                self.found.push(self.problem(name, "twice").with("column", header));
            }
        }
        // A name that is not known may be the one that is missing.
        if self.found.len() == before && !headers.iter().any(|it| it == "value") {
            self.found.push(self.problem(name, "header"));
        }
        self.found.len() == before
    }

    fn row(&mut self, name: &str, headers: &[String], record: &csv::StringRecord) {
        let line = record.position().map_or(0, csv::Position::line);
        if record.iter().all(str::is_empty) {
            return;
        }
        if record.len() != headers.len() {
            let fact = self.problem(name, "fields").with("line", line).with("fields", record.len());
            return self.found.push(fact.with("header", headers.len()));
        }
        let mut row = Benchmark { file: None, ..self.of.clone() };
        let before = self.found.len();
        for (column, text) in headers.iter().zip(record).filter(|it| !it.1.is_empty()) {
            if let Err(expected) = row.set(column, text, self.named.span) {
                let fact = self.problem(name, "value").with("line", line).with("column", column);
                self.found.push(fact.with("expected", expected).with("found", text));
            }
        }
        if self.found.len() > before {
            return;
        }
        if row.value.is_none() {
            return self.found.push(self.problem(name, "missing").with("line", line));
        }
        let mut unfit = Diagnostics::default();
        fit_benchmark(&self.checked.model, &mut row, &mut unfit);
        for fact in unfit.iter() {
            let problem = if fact.code == Code::BenchmarkNotComparable { "unit" } else { "range" };
            let said = fact.args.iter().filter(|it| !matches!(it.name, "name" | "differs" | "amount"));
            let own = self.problem(name, problem).with("line", line);
            self.found.push(said.fold(own, |own, it| own.with(it.name, &it.value)));
        }
        self.rows.push(Outside { file: name.to_owned(), line, benchmark: row });
    }
}

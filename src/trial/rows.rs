//! The rows of a test as data: a world in memory, and the project with sources that read from it.

use crate::check::Checked;
use crate::model::{DataFiles, Format, KpiKind, Several, Test};
use crate::source::MemoryWorld;

/// The day of rows that tell none, where the test says no period either.
const SOME_DAY: &str = "2000-01-01";
/// What separates several answers in one value.
const SEVERAL: &str = ";";

/// A world that holds the rows of a test, and the project that reads them; `protects` is whether people are protected as
/// the project says, or the rows are taken for what they are: invented.
pub(super) fn world(checked: &Checked, test: &Test, protects: bool) -> (MemoryWorld, Checked) {
    let calendar = &checked.model.project.calendar;
    let day = test.period.map_or_else(|| SOME_DAY.to_owned(), |it| it.start(calendar).to_string());
    let times = times(checked);
    let mut files = Vec::new();
    let mut sources = checked.model.sources.clone();
    for (at, source) in sources.iter_mut().enumerate() {
        let rows = test.rows.iter().find(|it| it.source.index() == at);
        let path = format!("{at}.csv");
        // Columns under their own names, values as Peil writes them: no format of files is between.
        source.cadence = source.cadence.or(source.constant_grain());
        source.folder = String::new();
        source.format = Format::default();
        source.files = vec![DataFiles { pattern: path.clone(), span: source.span, constants: Vec::new() }];
        source.no_persons |= !protects;
        source.planned = false;
        // A few invented rows cannot meet the margins of a population: each has the weight that it begins with.
        source.weighting = None;
        for column in &mut source.columns {
            column.headers = vec![column.name.clone()];
            column.constant = false;
            column.recode.clear();
            column.dates = None;
            column.decimal = None;
            if matches!(column.several, Some(Several::Headers(_))) {
                column.several = Some(Several::Split(SEVERAL.to_owned()));
            }
        }
        let mut text = String::new();
        line(&mut text, source.columns.iter().map(|it| it.name.as_str()));
        for row in rows.map_or(&[][..], |it| &it.rows) {
            let cell = |column: usize| match rows.and_then(|it| it.columns.iter().position(|it| *it == column)) {
                Some(place) => row[place].as_str(),
                // Time plays no part in a test that does not speak of it: all its rows are of one period.
                None if source.time == Some(column) || times.contains(&(at, column)) => day.as_str(),
                None => "",
            };
            line(&mut text, (0..source.columns.len()).map(cell));
        }
        files.push((path, text.into_bytes()));
    }
    (MemoryWorld::new(files), checked.with_sources(sources))
}

fn line<'c>(text: &mut String, cells: impl Iterator<Item = &'c str>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            text.push(',');
        }
        text.push('"');
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    }
    text.push('\n');
}

/// The columns that tell when, each with its source: of aggregates that take another date than their source's.
fn times(checked: &Checked) -> Vec<(usize, usize)> {
    let mut times = Vec::new();
    let mut waiting: Vec<_> = checked.model.kpis.iter().filter_map(|it| it.formula.as_ref()).collect();
    while let Some(it) = waiting.pop() {
        match &it.kind {
            KpiKind::Aggregate(aggregate) => times.extend(aggregate.time.map(|it| (aggregate.source.index(), it))),
            _ => waiting.extend(it.parts()),
        }
    }
    times
}

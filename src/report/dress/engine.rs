//! In what does a template run? An engine that has what templates of pages need, and nothing that reads, shows itself, or
//! grows without end.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use minijinja::value::{Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, escape_formatter, filters, functions, tests};

use crate::diagnostic::turns;
use crate::words::Lang;

/// What Peil's own page may cost: some hundred instructions a KPI, so that a page of thousands still renders and a loop
/// without end does not.
const OWN_FUEL: u64 = 50_000_000;
/// What a page with a project's templates may cost, and what more for each KPI.
const FUEL: u64 = 2_000_000;
const FUEL_PER_KPI: u64 = 50_000;
/// All that the values of a page may come to, what is put aside for later included.
const OUTPUT: usize = 32 << 20;
/// What a page may hold beyond that, since a text that is too much is told at the next value: only there the engine knows its place.
const SLACK: usize = 4 << 20;
/// How deep templates may call one another.
const DEPTH: usize = 60;
/// What is said of a page that is more.
const TOO_LARGE: &str = "the page grows beyond 32 MB";
/// A range of numbers may be so long.
pub(super) const LONGEST_RANGE: u64 = 1_000;

/// The filters that templates have.
pub(super) const FILTERS: [&str; 34] = [
    "abs",
    "batch",
    "capitalize",
    "count",
    "d",
    "default",
    "dictsort",
    "e",
    "escape",
    "first",
    "float",
    "groupby",
    "int",
    "items",
    "join",
    "last",
    "length",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "number",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "select",
    "selectattr",
    "sort",
    "sum",
    "trim",
    "upper",
];

/// The tests that templates have.
pub(super) const TESTS: [&str; 17] = [
    "defined",
    "divisibleby",
    "endingwith",
    "eq",
    "equalto",
    "even",
    "false",
    "ge",
    "gt",
    "in",
    "le",
    "lt",
    "ne",
    "none",
    "odd",
    "startingwith",
    "true",
];

/// The functions that templates have.
pub(super) const FUNCTIONS: [&str; 3] = ["namespace", "range", "super"];

/// An engine for one page at a time, which knows how much of it is written.
#[derive(Debug)]
pub(in crate::report) struct Engine<'s> {
    environment: Environment<'s>,
    written: Arc<AtomicUsize>,
}

impl<'s> Deref for Engine<'s> {
    type Target = Environment<'s>;

    fn deref(&self) -> &Environment<'s> {
        &self.environment
    }
}

impl<'s> DerefMut for Engine<'s> {
    fn deref_mut(&mut self) -> &mut Environment<'s> {
        &mut self.environment
    }
}

impl Engine<'_> {
    /// Returns what takes a page that this engine writes.
    pub(in crate::report) fn page(&self) -> Page {
        self.written.store(0, Ordering::Relaxed);
        Page { bytes: Vec::new(), written: Arc::clone(&self.written) }
    }
}

/// Makes an engine for a page in a language; `kpis` is how many it has, for a page with templates of a project.
pub(in crate::report) fn environment<'s>(lang: Lang, kpis: Option<usize>) -> Engine<'s> {
    let mut engine = Environment::empty();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_auto_escape_callback(|_| AutoEscape::Html);
    match kpis {
        None => engine.set_fuel(Some(OWN_FUEL)),
        Some(kpis) => {
            engine.set_fuel(Some(FUEL + FUEL_PER_KPI * u64::try_from(kpis).unwrap_or(0)));
            engine.set_recursion_limit(DEPTH);
        }
    }
    let printed = Arc::new(AtomicUsize::new(0));
    let written = Arc::new(AtomicUsize::new(0));
    let page = Arc::clone(&written);
    engine.set_formatter(move |out, state, value| {
        let length = match (value.kind(), value.as_str()) {
            // What is not there is not printed.
            (ValueKind::None, _) => return Ok(()),
            (_, Some(text)) => text.len(),
            (ValueKind::Undefined | ValueKind::Number | ValueKind::Bool, _) => 20,
            _ => return Err(Error::new(ErrorKind::InvalidOperation, "a list or record cannot be printed as it is")),
        };
        let all = printed.fetch_add(length, Ordering::Relaxed).max(page.load(Ordering::Relaxed));
        if all + length > OUTPUT {
            return Err(Error::new(ErrorKind::InvalidOperation, TOO_LARGE));
        }
        match value.as_str().filter(|it| it.contains(is_left_out)) {
            // Control codes, and marks that turn the text around them, mean nothing in a page but mischief.
            Some(text) if value.is_safe() => escape_formatter(out, state, &Value::from_safe_string(text.replace(is_left_out, ""))),
            Some(text) => escape_formatter(out, state, &Value::from(text.replace(is_left_out, ""))),
            None => match value.as_str().filter(|it| it.contains("−€")) {
                // A minus stays with its amount.
                Some(text) if !value.is_safe() => escape_formatter(out, state, &Value::from(text.replace("−€", "−\u{2060}€"))),
                _ => escape_formatter(out, state, value),
            },
        }
    });
    add_filters(&mut engine, lang);
    add_tests(&mut engine);
    engine.add_function("range", range);
    engine.add_function("namespace", functions::namespace);
    Engine { environment: engine, written }
}

/// The numbers from one up to another, or from 0 up to one.
///
/// # Errors
/// A step of 0, and more numbers than a range may have.
pub(super) fn range(lower: i64, upper: Option<i64>, step: Option<i64>) -> Result<Vec<i64>, Error> {
    let refused = |reason: &'static str| Err(Error::new(ErrorKind::InvalidOperation, reason));
    let (first, end) = upper.map_or((0, lower), |it| (lower, it));
    let step = step.unwrap_or(1);
    if step == 0 {
        return refused("a range needs a step");
    }
    if first.abs_diff(end) > LONGEST_RANGE {
        return refused("a range has at most 1000 numbers");
    }
    let mut numbers = Vec::new();
    let mut at = first;
    while if step > 0 { at < end } else { at > end } {
        numbers.push(at);
        let Some(next) = at.checked_add(step) else { break };
        at = next;
    }
    Ok(numbers)
}

/// A list in pieces of so many. The engine's own can also fill up the last one, as far as it is told.
fn batch(values: Vec<Value>, count: usize) -> Result<Vec<Vec<Value>>, Error> {
    if count == 0 {
        return Err(Error::new(ErrorKind::InvalidOperation, "a list is cut in pieces of one or more"));
    }
    Ok(values.chunks(count).map(<[Value]>::to_vec).collect())
}

/// Whether a number is so many times another. The engine's own divides by 0.
fn is_divisible_by(value: i64, by: i64) -> bool {
    value.checked_rem(by) == Some(0)
}

fn is_left_out(it: char) -> bool {
    (it.is_control() && !matches!(it, '\n' | '\t' | '\r')) || turns(it)
}

fn add_filters(engine: &mut Environment<'_>, lang: Lang) {
    engine.add_filter("abs", filters::abs);
    engine.add_filter("batch", batch);
    engine.add_filter("capitalize", filters::capitalize);
    engine.add_filter("count", filters::length);
    engine.add_filter("d", filters::default);
    engine.add_filter("default", filters::default);
    engine.add_filter("dictsort", filters::dictsort);
    engine.add_filter("e", filters::escape);
    engine.add_filter("escape", filters::escape);
    engine.add_filter("first", filters::first);
    engine.add_filter("float", filters::float);
    engine.add_filter("groupby", filters::groupby);
    engine.add_filter("int", filters::int);
    engine.add_filter("items", filters::items);
    engine.add_filter("join", filters::join);
    engine.add_filter("last", filters::last);
    engine.add_filter("length", filters::length);
    engine.add_filter("list", filters::list);
    engine.add_filter("lower", filters::lower);
    engine.add_filter("map", filters::map);
    engine.add_filter("max", filters::max);
    engine.add_filter("min", filters::min);
    engine.add_filter("reject", filters::reject);
    engine.add_filter("rejectattr", filters::rejectattr);
    engine.add_filter("replace", filters::replace);
    engine.add_filter("reverse", filters::reverse);
    engine.add_filter("round", filters::round);
    engine.add_filter("select", filters::select);
    engine.add_filter("selectattr", filters::selectattr);
    engine.add_filter("sort", filters::sort);
    engine.add_filter("sum", filters::sum);
    engine.add_filter("trim", filters::trim);
    engine.add_filter("upper", filters::upper);
    // A number as the page's language writes it: `{{ kpis.nps.figure.number | number(1) }}`.
    engine.add_filter("number", move |value: f64, decimals: Option<u8>| lang.number(value, decimals.unwrap_or(0).min(6)));
}

fn add_tests(engine: &mut Environment<'_>) {
    engine.add_test("defined", tests::is_defined);
    engine.add_test("divisibleby", is_divisible_by);
    engine.add_test("endingwith", tests::is_endingwith);
    for name in ["eq", "equalto", "=="] {
        engine.add_test(name, tests::is_eq);
    }
    engine.add_test("even", tests::is_even);
    engine.add_test("false", tests::is_false);
    engine.add_test("ge", tests::is_ge);
    engine.add_test("gt", tests::is_gt);
    engine.add_test("in", tests::is_in);
    engine.add_test("le", tests::is_le);
    engine.add_test("lt", tests::is_lt);
    engine.add_test("ne", tests::is_ne);
    engine.add_test("none", tests::is_none);
    engine.add_test("odd", tests::is_odd);
    engine.add_test("startingwith", tests::is_startingwith);
    engine.add_test("true", tests::is_true);
}

/// Takes what is written until there is too much of it.
#[derive(Debug)]
pub(in crate::report) struct Page {
    bytes: Vec<u8>,
    written: Arc<AtomicUsize>,
}

impl Page {
    /// Returns what was written.
    ///
    /// # Errors
    /// It is more than a page may be.
    pub(in crate::report) fn into_text(self) -> Result<String, Error> {
        if self.bytes.len() > OUTPUT {
            return Err(Error::new(ErrorKind::InvalidOperation, TOO_LARGE));
        }
        Ok(String::from_utf8(self.bytes).unwrap_or_default())
    }
}

impl std::io::Write for Page {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.bytes.len() + bytes.len() > OUTPUT + SLACK {
            return Err(std::io::Error::other(TOO_LARGE));
        }
        self.bytes.extend_from_slice(bytes);
        self.written.store(self.bytes.len(), Ordering::Relaxed);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

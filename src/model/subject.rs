//! What is a finding about, what does an action act on? One thing of several words, told apart by its name.

use super::build::Builder;
use super::types::*;
use super::{ActionId, DriversId, FindingId};
use crate::source::{Span, Spanned};
use crate::syntax::{Node, Word};
use crate::value::{Code, Fact};

/// A thing of the project that something is said of.
#[derive(Clone, Debug)]
pub enum Subject {
    /// A KPI, or a part of one.
    Kpi(KpiRef),
    Goal(GoalId),
    Enabler(EnablerId),
    Touchpoint(TouchpointId),
    Journey(JourneyId),
    Drivers(DriversId),
    /// An answer, such as an item of a driver model.
    Column(SourceId, usize),
}

/// Something that supports a claim (R19).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    Drivers(DriversId),
    /// The series of a KPI.
    Kpi(KpiId),
    Action(ActionId),
    Finding(FindingId),
}

/// The words that a subject may be of.
const SUBJECTS: [Word; 6] = [Word::Kpi, Word::Goal, Word::Enabler, Word::Touchpoint, Word::Journey, Word::Drivers];

/// The subjects that an attribute names; `false` where one of them is not known.
pub(super) fn subjects(builder: &mut Builder<'_>, body: &Node, key: &str, broken: &mut bool) -> Vec<Spanned<Subject>> {
    let mut list = Vec::new();
    for name in builder.names_of(body, key) {
        match subject(builder, &name) {
            Some(it) => list.push(Spanned::new(it, name.span)),
            None => *broken = true,
        }
    }
    list
}

fn subject(builder: &mut Builder<'_>, name: &Spanned<String>) -> Option<Subject> {
    let text = name.value.as_str();
    if text.contains('[') {
        return builder.kpi_ref(text, name.span).map(Subject::Kpi);
    }
    // A column, unless it is the name of something that a library lends.
    let lent = || SUBJECTS.iter().any(|it| builder.names.find(*it, text, name.span.file).is_some());
    if text.contains('.') && !text.contains(':') && !lent() {
        return builder.asked(name).map(|(source, column)| Subject::Column(source, column));
    }
    let (word, at) = one_of(builder, text, name.span, &SUBJECTS)?;
    let id = at as u32;
    Some(match word {
        Word::Goal => Subject::Goal(GoalId(id)),
        Word::Enabler => Subject::Enabler(EnablerId(id)),
        Word::Touchpoint => Subject::Touchpoint(TouchpointId(id)),
        Word::Journey => Subject::Journey(JourneyId(id)),
        Word::Drivers => Subject::Drivers(DriversId(id)),
        _ => Subject::Kpi(builder.kpi_ref(text, name.span)?),
    })
}

/// The item that a name means among those of some words. What is unknown or ambiguous is reported (R3).
pub(super) fn one_of(builder: &mut Builder<'_>, text: &str, span: Span, words: &[Word]) -> Option<(Word, usize)> {
    let (said, name) = match text.split_once(':') {
        Some((word, name)) => (Some(word.trim()), name.trim()),
        None => (None, text.trim()),
    };
    if let Some(said) = said {
        let Some(word) = words.iter().copied().find(|it| it.name() == said) else {
            let known: Vec<&str> = words.iter().map(|it| it.name()).collect();
            let start = span.start as usize;
            let place = Span::new(span.file, start, start + said.len());
            let fact = Fact::at(Code::WrongValue, place).with("key", "the word before a name").with("expected", "choice");
            let fact = fact.with("found", format!("`{said}`")).with("choices", known.join(", "));
            builder.out.push(fact.did_you_mean(said, place, known));
            return None;
        };
        let start = span.end as usize - name.len();
        let place = Span::new(span.file, start, span.end as usize);
        return builder.names.resolve(word, name, place, builder.out).map(|at| (word, at));
    }
    let found: Vec<(Word, usize)> = words.iter().filter_map(|word| Some((*word, builder.names.find(*word, name, span.file)?))).collect();
    match found.as_slice() {
        [one] => Some(*one),
        [] => {
            if !builder.names.is_broken(name) {
                let fact = unknown(builder, name, span, words);
                builder.out.push(fact);
            }
            None
        }
        [first, second, ..] => {
            let meanings: Vec<String> = found.iter().map(|it| format!("`{}:{name}`", it.0.name())).collect();
            let place = |it: &(Word, usize)| builder.names.of(it.0)[it.1].name.span;
            let fact = Fact::at(Code::AmbiguousName, span).with("name", name).with("meanings", meanings.join(", "));
            let fact = fact.with("first", first.0.name()).with("second", second.0.name());
            builder.out.push(fact.label(place(first), "first").label(place(second), "second"));
            None
        }
    }
}

/// The error for a name that none of some words has.
fn unknown(builder: &Builder<'_>, name: &str, span: Span, words: &[Word]) -> Fact {
    let names = &builder.names;
    let known = words.iter().flat_map(|word| names.seen_from(*word, span.file));
    let fact = Fact::at(Code::UnknownName, span).with("name", name).did_you_mean(name, span, known);
    if let Some(similar) = fact.arg("similar") {
        let place = words.iter().find_map(|word| names.find(*word, similar, span.file).map(|at| names.of(*word)[at].name.span));
        return match place {
            Some(place) => fact.label(place, "similar"),
            None => fact,
        };
    }
    let other = Word::ALL.into_iter().find_map(|word| names.find(word, name, span.file).map(|at| (word, names.of(word)[at].name.span)));
    match other {
        Some((word, place)) => {
            let wanted: Vec<String> = words.iter().map(|it| format!("`{}`", it.name())).collect();
            fact.with("other", word.name()).with("wanted", wanted.join(", ")).label(place, "other")
        }
        None => fact,
    }
}

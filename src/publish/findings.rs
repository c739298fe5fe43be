//! Findings with their figures put in, and whether they still hold (R25): by what may be shown, and by nothing else.

use super::{ResultRow, Results, row_in};
use crate::calendar::{Grain, Period};
use crate::check::Checked;
use crate::eval::{Note, Status, holds};
use crate::insight::{Cited, FindingsWatched, Operand, WatchedFinding};
use crate::model::{Comparison, Condition, ConditionKind, FindingId, KpiId, Piece};
use crate::value::Unit;

/// A finding in a period.
#[derive(Clone, Debug)]
pub struct FindingResult {
    pub finding: FindingId,
    /// The period that it is read in.
    pub period: Period,
    pub state: FindingState,
    /// Its texts with figures put in, in the order of the finding's own.
    pub text: Vec<Vec<ToldPiece>>,
    /// The comparisons of its condition, in the order of writing.
    pub condition: Vec<ComparedFigures>,
}

/// Whether a finding holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingState {
    Holds,
    /// Its condition is no longer met: its words are of another time.
    Lapsed,
    /// A figure of its condition is hidden or missing, and the others do not decide.
    Unknown(Absent),
    /// It says no condition.
    Unconditional,
}

impl FindingState {
    /// The word of machine output.
    pub fn name(self) -> &'static str {
        match self {
            FindingState::Holds => "holds",
            FindingState::Lapsed => "lapsed",
            FindingState::Unknown(_) => "unknown",
            FindingState::Unconditional => "unconditional",
        }
    }
}

/// Why a figure is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// It is hidden by the minimum base.
    Hidden,
    /// It would hold a figure of one definition against one of another.
    AcrossChange,
    /// There is no figure in that period.
    NoData,
}

impl Absent {
    /// The words of machine output.
    pub fn name(self) -> &'static str {
        match self {
            Absent::Hidden => Note::Hidden.name(),
            Absent::AcrossChange => Note::AcrossChange.name(),
            Absent::NoData => "no figure in this period",
        }
    }
}

/// A piece of a text.
#[derive(Clone, Debug)]
pub enum ToldPiece {
    Words(String),
    Figure(CitedResult),
}

/// A figure as it may be shown.
#[derive(Clone, Debug)]
pub struct CitedResult {
    /// The figure, or why there is none.
    pub value: Result<f64, Absent>,
    /// The period that it is of.
    pub period: Period,
    /// The KPI that tells how it is written: decimals, words of the unit.
    pub like: KpiId,
    pub unit: Option<Unit>,
    /// Whether it is a change, and so is written with its sign.
    pub is_change: bool,
    /// Whether fewer answered than the indicative base.
    pub few: bool,
}

/// A comparison of a condition: `ces < 4.8`.
#[derive(Clone, Debug)]
pub struct ComparedFigures {
    /// Its figures in the order of writing: two, or three of `between`. None of a number.
    pub figures: Vec<Option<CitedResult>>,
    /// Whether it is true; none where that is not known.
    pub holds: Option<bool>,
}

/// Findings in the period that was asked for, or each in the last one that is over; `results` hold what they need.
pub fn findings(watched: &FindingsWatched, results: &Results) -> Vec<FindingResult> {
    watched.findings.iter().map(|it| Reader { checked: &watched.checked, results }.read(it, watched.period)).collect()
}

struct Reader<'r> {
    checked: &'r Checked,
    results: &'r Results,
}

impl Reader<'_> {
    fn read(&self, of: &WatchedFinding, period: Option<Period>) -> FindingResult {
        let finding = &self.checked.model.findings[of.finding.index()];
        let period = period.unwrap_or_else(|| self.last_over(of));
        let text = finding.text.iter().zip(&of.cited).map(|(passage, figures)| {
            let mut figures = figures.iter();
            let piece = |it: &Piece| match it {
                Piece::Words(it) => Some(ToldPiece::Words(it.text().to_owned())),
                Piece::Figure(_) => Some(match figures.next()? {
                    Operand::Figure(it) => ToldPiece::Figure(self.cited(it, period)),
                    Operand::Number(it) => ToldPiece::Words(it.to_string()),
                    Operand::Nothing => ToldPiece::Words(String::new()),
                }),
            };
            passage.pieces.iter().filter_map(piece).collect()
        });
        let text = text.collect();
        let mut condition = Vec::new();
        let state = match &finding.holds_while {
            None => FindingState::Unconditional,
            Some(holds) => {
                let found: Vec<Side> = of.condition.iter().map(|it| self.side(it, period)).collect();
                match truth(holds, &mut found.iter(), &mut condition) {
                    Some(true) => FindingState::Holds,
                    Some(false) => FindingState::Lapsed,
                    None => FindingState::Unknown(why(&found)),
                }
            }
        };
        FindingResult { finding: of.finding, period, state, text, condition }
    }

    /// The last period that is over and in which a figure of the finding is known or kept from being known; of figures that
    /// name no period, where there are some. What held before a definition changed, or while enough answered, says nothing
    /// of now.
    fn last_over(&self, of: &WatchedFinding) -> Period {
        let calendar = &self.checked.model.project.calendar;
        let all = of.condition.iter().chain(of.cited.iter().flatten());
        let figures: Vec<&Cited> = all.filter_map(|it| if let Operand::Figure(it) = it { Some(it) } else { None }).collect();
        let last = |it: &&Cited| {
            let table = self.results.table(it.ask.kpi, it.ask.part.as_ref(), &it.ask.cut, it.ask.grain)?;
            let told = |it: &&ResultRow| it.value.is_some() || absence(it) != Absent::NoData;
            let over = table.rows.iter().rfind(|it| told(it) && !it.notes.contains(&Note::Unfinished));
            Some(over.or(table.rows.last())?.period).filter(|it| it.grain() != Grain::All)
        };
        let latest = |it: &mut dyn Iterator<Item = Period>| it.max_by_key(|it| (it.end(calendar), it.start(calendar)));
        let open = latest(&mut figures.iter().filter(|it| it.at.is_none()).filter_map(last));
        open.or_else(|| latest(&mut figures.iter().filter_map(|it| it.at))).unwrap_or(Period::ALL)
    }

    fn row(&self, of: &Cited, period: Period) -> Option<&ResultRow> {
        let table = self.results.table(of.ask.kpi, of.ask.part.as_ref(), &of.ask.cut, of.ask.grain)?;
        match of.at {
            // A figure of a named period is of that period alone.
            Some(at) if of.ask.grain != Grain::All => table.rows.iter().find(|it| it.period == at),
            _ => row_in(self.checked, table, period),
        }
    }

    fn cited(&self, of: &Cited, period: Period) -> CitedResult {
        let row = self.row(of, period);
        let value = match row {
            Some(ResultRow { value: Some(value), .. }) => Ok(*value),
            row => Err(row.map_or(Absent::NoData, absence)),
        };
        CitedResult {
            value,
            period: row.map(|it| it.period).or(of.at).unwrap_or(period),
            like: of.like,
            unit: of.unit.clone(),
            is_change: of.is_change,
            few: row.is_some_and(|it| it.judged.status == Status::TooFew),
        }
    }

    fn side(&self, of: &Operand, period: Period) -> Side {
        match of {
            Operand::Number(it) => Side { value: Some(*it), figure: None },
            Operand::Nothing => Side { value: None, figure: None },
            Operand::Figure(it) => {
                let figure = self.cited(it, period);
                Side { value: figure.value.ok(), figure: Some(figure) }
            }
        }
    }
}

/// Why a row has no figure.
fn absence(of: &ResultRow) -> Absent {
    if of.judged.status == Status::Hidden || of.notes.contains(&Note::Hidden) {
        Absent::Hidden
    } else if of.notes.contains(&Note::AcrossChange) {
        Absent::AcrossChange
    } else {
        Absent::NoData
    }
}

/// A side of a comparison.
struct Side {
    value: Option<f64>,
    figure: Option<CitedResult>,
}

/// Whether a condition is met: what is unknown stays unknown where the rest does not decide (Kleene's logic).
fn truth(of: &Condition, sides: &mut std::slice::Iter<'_, Side>, seen: &mut Vec<ComparedFigures>) -> Option<bool> {
    let mut compared = |sides: &[Option<&Side>], holds: Option<bool>| {
        seen.push(ComparedFigures { figures: sides.iter().map(|it| it.and_then(|it| it.figure.clone())).collect(), holds });
        holds
    };
    let value = |it: Option<&Side>| it.and_then(|it| it.value);
    match &of.kind {
        ConditionKind::Not(of) => truth(of, sides, seen).map(|it| !it),
        ConditionKind::And(a, b) => match (truth(a, sides, seen), truth(b, sides, seen)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        },
        ConditionKind::Or(a, b) => match (truth(a, sides, seen), truth(b, sides, seen)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        },
        ConditionKind::Compare { comparison, .. } => {
            let (left, right) = (sides.next(), sides.next());
            let holds = value(left).zip(value(right)).map(|(a, b)| holds(*comparison, a, b));
            compared(&[left, right], holds)
        }
        ConditionKind::Between { .. } => {
            let (of, low, high) = (sides.next(), sides.next(), sides.next());
            let above = value(of).zip(value(low)).map(|(a, b)| holds(Comparison::GreaterEqual, a, b));
            let below = value(of).zip(value(high)).map(|(a, b)| holds(Comparison::LessEqual, a, b));
            let holds = if above == Some(false) || below == Some(false) { Some(false) } else { above.zip(below).map(|it| it.0 && it.1) };
            compared(&[of, low, high], holds)
        }
    }
}

/// Why a condition is not known: a hidden figure before one across a change, and that before a missing one.
fn why(sides: &[Side]) -> Absent {
    let absent: Vec<Absent> = sides.iter().filter_map(|it| it.figure.as_ref()?.value.err()).collect();
    [Absent::Hidden, Absent::AcrossChange].into_iter().find(|it| absent.contains(it)).unwrap_or(Absent::NoData)
}

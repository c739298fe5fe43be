//! What if a figure were another? The figures that are computed from it, by their formulas: from figures that may be
//! shown, and from nothing else.

use super::answers::{Answers, answers as answers_in, answers_of_part, meet};
use crate::calendar::{Grain, Period};
use crate::check::Checked;
use crate::eval::{judged_grain, reporting_grain};
use crate::graph::{Edge, Node};
use crate::model::{Arithmetic, AssumptionId, KpiExpr, KpiId, KpiKind, RowExpr, print_formula, seconds_in};
use crate::plan::{Ask, Request};
use crate::value::{Unit, nearest};
use crate::words::tidy_number;
use std::collections::BTreeMap;

/// Assumptions with ends that are followed together.
const MAX_RANGED: usize = 8;

/// A KPI whose figure is supposed to be another.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub kpi: KpiId,
    pub to: To,
}

/// What the figure is supposed to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum To {
    /// This value.
    Value(f64),
    /// So much more than it is, or less.
    By(f64),
}

impl Change {
    /// Reads changes: `nps=45`, `ces+0.3`, `wait-20`.
    ///
    /// # Errors
    /// What is wrong with the first that cannot be, in a sentence.
    pub fn parse_all<'t>(checked: &Checked, texts: impl IntoIterator<Item = &'t str>) -> Result<Vec<Change>, String> {
        let mut all: Vec<Change> = Vec::new();
        for text in texts {
            let change = Change::parse(checked, text.trim())?;
            if all.iter().any(|it| it.kpi == change.kpi) {
                return Err(format!("`{}` is changed twice", checked.model.kpis[change.kpi.index()].name));
            }
            all.push(change);
        }
        Ok(all)
    }

    fn parse(checked: &Checked, text: &str) -> Result<Change, String> {
        let form = "write `nps=45`, `nps+3` or `nps-3`";
        if text.contains('[') {
            return Err(format!("`{text}` changes a part of a KPI: what that makes of the whole is not in its figure; change the whole"));
        }
        let at = text.find(['=', '+', '-']).ok_or_else(|| format!("`{text}` does not say what changes: {form}"))?;
        let (name, sign, amount) = (text[..at].trim(), &text[at..=at], text[at + 1..].trim());
        let name = name.strip_prefix("kpi:").unwrap_or(name);
        let kpi = kpi(checked, name)?;
        let own = &checked.model.kpis[kpi.index()];
        let unit = own.unit.as_ref();
        let in_percent = matches!(unit, Some(Unit::Percent | Unit::PercentOfStart));
        let behind = amount.find(|it: char| !(it.is_ascii_digit() || matches!(it, '.' | ',' | '+' | '-'))).unwrap_or(amount.len());
        let (digits, written) = (amount[..behind].trim(), amount[behind..].trim());
        let percent = written == "%";
        let parsed = |it: &str| it.parse::<f64>().ok().filter(|it| it.is_finite() && !digits.starts_with('+'));
        let Some(value) = parsed(digits) else {
            let meant = digits.replace(',', ".");
            let unit = if written.is_empty() || percent { written.to_owned() } else { format!(" {written}") };
            return Err(match parsed(&meant) {
                Some(_) => format!("`{amount}` is no number; did you mean `{name}{sign}{meant}{unit}`?"),
                None => format!("`{amount}` is no number: {form}"),
            });
        };
        if percent && (!in_percent || sign != "=") {
            let unit = unit.map(Unit::name).filter(|_| !in_percent);
            let own = unit.map_or_else(|| "in percentage points".to_owned(), |it| format!("in its own unit, {it}"));
            return Err(format!("`{amount}` may be a share of the figure: write what `{name}` changes by or to {own}, without `%`"));
        }
        if in_percent && !percent && sign == "=" && value != 0.0 && value.abs() <= 1.0 {
            let (often, own) = (tidy_number(value * 100.0), tidy_number(value));
            return Err(format!("`{name}` is in %: did you mean `{name}={often}`? If {own} % is meant, write `{name}={own}%`"));
        }
        // A plain number is in the unit that the KPI says, as in its norms.
        let said = own.written_unit.as_ref().map(|it| it.value.trim());
        let factor = match (unit, written) {
            (_, "" | "%") => said.and_then(seconds_in).filter(|_| unit == Some(&Unit::Duration)).unwrap_or(1.0),
            (Some(Unit::Duration), written) => {
                let factor = seconds_in(written);
                factor
                    .ok_or_else(|| format!("`{written}` is no unit of time: write `s`, `min`, `h`, `days` or `weeks` behind the number"))?
            }
            (Some(Unit::Money(currency)), written) if currency == written => 1.0,
            (Some(Unit::Points | Unit::PercentagePoints), "points") => 1.0,
            (Some(Unit::Percent | Unit::PercentOfStart), "points" | "pp" | "percentage points") if sign != "=" => 1.0,
            (Some(Unit::PercentagePoints), "pp" | "percentage points") => 1.0,
            _ => {
                let unit = unit.map_or_else(|| "no unit".to_owned(), Unit::name);
                return Err(format!("`{written}` is not the unit of `{name}`, which is in {unit}: write `{name}{sign}{digits}`"));
            }
        };
        let value = value * factor;
        let to = match sign {
            "=" => To::Value(value),
            "+" => To::By(value),
            _ => To::By(-value),
        };
        Ok(Change { kpi, to })
    }

    /// The figure after the change.
    ///
    /// # Errors
    /// That it lies outside what the KPI can be, in a sentence.
    pub fn after(&self, checked: &Checked, before: f64) -> Result<f64, String> {
        let after = match self.to {
            To::Value(value) => value,
            To::By(by) => before + by,
        };
        match outside(checked, self.kpi, after) {
            None => Ok(after),
            Some((low, high)) => {
                let name = &checked.model.kpis[self.kpi.index()].name;
                Err(format!("`{name}` cannot be {}: it lies between {} and {}", tidy_number(after), tidy_number(low), tidy_number(high)))
            }
        }
    }
}

/// The KPI of a name, that has a figure of its own.
fn kpi(checked: &Checked, name: &str) -> Result<KpiId, String> {
    let kpis = &checked.model.kpis;
    let Some(at) = kpis.iter().position(|it| it.name == name) else {
        let known = kpis.iter().filter(|it| !it.pattern).map(|it| it.name.as_str());
        return Err(match nearest(name, known) {
            Some(similar) => format!("unknown KPI `{name}`; did you mean `{similar}`?"),
            None => format!("unknown KPI `{name}`"),
        });
    };
    let id = KpiId(at as u32);
    if kpis[at].pattern {
        return Err(format!("`{name}` is a pattern and has no figure of its own"));
    }
    if checked.is_planned(id) {
        return Err(format!("`{name}` is planned: it has no figure yet, and no goal counts it"));
    }
    Ok(id)
}

/// The ends of what a KPI can be, where a value lies outside.
fn outside(checked: &Checked, kpi: KpiId, value: f64) -> Option<(f64, f64)> {
    let unit = checked.model.kpis[kpi.index()].unit.as_ref();
    let (low, high) = match unit? {
        Unit::Count | Unit::Duration => (0.0, f64::INFINITY),
        unit => unit.range()?,
    };
    // What was computed may miss an end by its last digit.
    let slack = 1e-9 * (1.0 + value.abs());
    (value < low - slack || value > high + slack).then_some((low, high))
}

/// Changes, with all that they touch.
pub struct Supposing {
    /// The project, with a figure for what stands in formulas without a name.
    pub checked: Checked,
    pub changes: Vec<Change>,
    /// The KPIs that are computed from changed ones, or rest on the same answers, each after those that it needs. What was
    /// changed itself is not among them.
    pub dependents: Vec<KpiId>,
    /// The answers that each changed KPI rests on.
    answers: Vec<(KpiId, Vec<Answers>)>,
    /// What stands in a KPI without a name, as it is printed, and the figure that it has.
    unnamed: BTreeMap<(KpiId, String), KpiId>,
}

/// Finds what changes touch.
pub fn suppose(checked: &Checked, changes: &[Change]) -> Supposing {
    let formula = |it: KpiId| checked.model.kpis[it.index()].formula.as_ref();
    let answers: Vec<(KpiId, Vec<Answers>)> =
        changes.iter().map(|it| (it.kpi, formula(it.kpi).map(|of| answers_in(checked, of)).unwrap_or_default())).collect();
    let changed = |it: KpiId| changes.iter().any(|change| change.kpi == it);
    let figures = checked.figures();
    let mut dependents: Vec<KpiId> = Vec::new();
    for id in checked.graph.kpi_order() {
        if changed(*id) || !figures.contains(id) {
            continue;
        }
        let uses = checked.graph.needs(Node::Kpi(id.0)).into_iter().any(|(node, edge)| {
            let Node::Kpi(at) = node else { return false };
            edge == Edge::Uses && (changed(KpiId(at)) || dependents.contains(&KpiId(at)))
        });
        let own = || formula(*id).map(|it| answers_in(checked, it)).unwrap_or_default();
        if uses || answers.iter().any(|it| meet(&it.1, &own())) {
            dependents.push(*id);
        }
    }
    let mut names: BTreeMap<(KpiId, String), usize> = BTreeMap::new();
    let mut formulas: Vec<(KpiId, KpiExpr)> = Vec::new();
    for id in &dependents {
        formula(*id).into_iter().for_each(|it| {
            it.walk(&mut |it| {
                if has_own_figure(it) {
                    names.entry((*id, print_formula(&checked.model, it))).or_insert_with(|| {
                        formulas.push((*id, it.clone()));
                        formulas.len() - 1
                    });
                }
            })
        });
    }
    let (checked, ids) = checked.with_figures_like(formulas);
    let unnamed = names.into_iter().map(|(name, at)| (name, ids[at])).collect();
    Supposing { checked, changes: changes.to_vec(), dependents, answers, unnamed }
}

/// Whether a formula is computed from rows, or from those of other periods or values, rather than from figures.
fn has_own_figure(formula: &KpiExpr) -> bool {
    match formula.kind {
        KpiKind::Aggregate(_)
        | KpiKind::Previous(_)
        | KpiKind::Change { .. }
        | KpiKind::Hold { .. }
        | KpiKind::Rolling { .. }
        | KpiKind::Total { .. } => true,
        KpiKind::Number(_)
        | KpiKind::Kpi { .. }
        | KpiKind::Assumption { .. }
        | KpiKind::Negate(_)
        | KpiKind::Binary { .. }
        | KpiKind::Composed { .. }
        | KpiKind::Index { .. }
        | KpiKind::Rescale { .. }
        | KpiKind::Clamp { .. }
        | KpiKind::Scaled { .. } => false,
    }
}

impl Supposing {
    /// What must be read: all that goals are rolled up from, what changes, and what is touched with what its formulas name.
    pub fn needs(&self) -> Request {
        let checked = &self.checked;
        let mut request = Request::new();
        let ask = |kpi: KpiId, part: Option<RowExpr>, grain: Grain| Ask { kpi, part, cut: Vec::new(), grain };
        for it in checked.model.goals.iter().flat_map(|it| &it.measured_by) {
            request.add(ask(it.kpi, it.part.clone(), judged_grain(checked, it.kpi)));
        }
        for it in &self.changes {
            request.add(ask(it.kpi, None, judged_grain(checked, it.kpi)));
        }
        for id in &self.dependents {
            let grain = judged_grain(checked, *id);
            request.add(ask(*id, None, grain));
            if let Some(formula) = &checked.model.kpis[id.index()].formula {
                formula.walk(&mut |it| {
                    if let KpiKind::Kpi { kpi, part } = &it.kind {
                        request.add(ask(*kpi, part.clone(), grain));
                    }
                });
            }
        }
        for ((id, _), own) in &self.unnamed {
            let grain = judged_grain(checked, *id);
            request.add(ask(*own, None, reporting_grain(checked, *own, Some(grain))));
        }
        request
    }

    /// The changed KPI of which a part of a KPI holds answers, or from which it is computed; none where the part stays what
    /// it is.
    pub fn moves_part(&self, kpi: KpiId, part: &RowExpr) -> Option<KpiId> {
        let own = answers_of_part(&self.checked, kpi, part);
        let shared = self.answers.iter().find(|it| meet(&it.1, &own)).map(|it| it.0);
        let needed = || self.checked.graph.reach(Node::Kpi(kpi.0), |it| it == Edge::Uses);
        let computed = || self.changes.iter().map(|it| it.kpi).find(|it| needed().contains(&Node::Kpi(it.0)));
        shared.or_else(computed)
    }

    /// The changed KPI that is this part, and nothing else.
    fn is_part(&self, kpi: KpiId, part: &RowExpr) -> Option<KpiId> {
        let is_it = |it: &KpiId| {
            let formula = self.checked.model.kpis[it.index()].formula.as_ref().map(|it| &it.kind);
            matches!(formula, Some(KpiKind::Kpi { kpi: of, part: Some(own) }) if *of == kpi && own == part)
        };
        self.changes.iter().map(|it| it.kpi).find(is_it)
    }
}

/// A figure that may be shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Known {
    pub period: Period,
    pub value: f64,
    /// The ends that it has by the ends of assumptions.
    pub range: Option<(f64, f64)>,
}

/// Tells the figure of a KPI, or a part of one, at a grain: in a period, or without one in that which counts.
pub type Shown<'a> = dyn Fn(KpiId, Option<&RowExpr>, Grain, Option<Period>) -> Option<Known> + 'a;

/// What a figure would be.
#[derive(Clone, Debug, PartialEq)]
pub struct After {
    pub value: f64,
    /// Its ends at the ends of assumptions; or why they are not told, where it has them now.
    pub range: Option<Result<(f64, f64), Unknown>>,
    /// At each corner of the assumptions.
    corners: Result<Vec<f64>, Unknown>,
}

impl After {
    /// A figure that is given, whatever is assumed.
    pub fn given(value: f64, corners: usize) -> After {
        After { value, range: None, corners: Ok(vec![value; corners]) }
    }
}

/// Why a figure is not known after a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// It has no figure that may be shown now.
    NoFigure,
    /// A figure that it is computed from is hidden or missing.
    Missing(KpiId),
    /// One that it is computed from is unknown after the change.
    Follows(KpiId),
    /// One that it is computed from is known of another period.
    OtherPeriod(KpiId),
    /// It rests on answers of a changed KPI: how these would change together is not known.
    SameAnswers(KpiId),
    /// It is taken over several periods together.
    Window,
    /// It adds up figures of the values of a dimension, and how each would change is not known.
    Total,
    /// A part of its formula has no figure that may be shown.
    NoPart,
    /// It cannot be computed again from the figures that it names.
    NotFrom,
    /// It would lie outside what it can be.
    Outside,
    /// What is assumed is not known here.
    Assumption,
    /// Too many assumptions with ends.
    Ranges,
    /// Another figure that it is computed from has ends of its own.
    RangeOf(KpiId),
}

/// A KPI after changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Supposed {
    pub kpi: KpiId,
    pub before: Option<Known>,
    pub after: Result<After, Unknown>,
}

/// The figures that are computed from changed ones, or rest on the same answers.
pub fn whatif(supposing: &Supposing, changed: &[(KpiId, Known, f64)], of: &Shown<'_>) -> Vec<Supposed> {
    let Supposing { checked, dependents, .. } = supposing;
    let mut ranged: Vec<AssumptionId> = dependents.iter().flat_map(|it| checked.assumptions_of(*it)).copied().collect();
    ranged.retain(|it| checked.model.assumptions[it.index()].estimates().any(|it| it.ends.is_some()));
    ranged.sort_by_key(|it| it.index());
    ranged.dedup();
    let corners = if ranged.len() > MAX_RANGED { 0 } else { 1 << ranged.len() };
    let mut all: Vec<Supposed> = Vec::new();
    for (kpi, before, value) in changed {
        all.push(Supposed { kpi: *kpi, before: Some(*before), after: Ok(After::given(*value, corners)) });
    }
    for id in dependents {
        let grain = judged_grain(checked, *id);
        let before = of(*id, None, grain, None);
        let after = before.ok_or(Unknown::NoFigure).and_then(|before| {
            let formula = checked.model.kpis[id.index()].formula.as_ref().ok_or(Unknown::NoFigure)?;
            let evaluator = Evaluator { supposing, checked, kpi: *id, ranged: &ranged, moved: &all, period: before.period, grain, of };
            let again = evaluator.value(formula, At::Before)?;
            if (again - before.value).abs() > 1e-7 * (1.0 + before.value.abs()) {
                return Err(Unknown::NotFrom);
            }
            let value = evaluator.value(formula, At::After)?;
            if outside(checked, *id, value).is_some() {
                return Err(Unknown::Outside);
            }
            let corners = evaluator.corners(formula, corners);
            let range = before.range.map(|_| {
                let ends = corners.clone()?.into_iter().fold((value, value), |it, corner| (it.0.min(corner), it.1.max(corner)));
                Ok(ends)
            });
            Ok(After { value, range, corners })
        });
        all.push(Supposed { kpi: *id, before, after });
    }
    all
}

#[derive(Clone, Copy, PartialEq)]
enum At {
    Before,
    After,
    /// After, at a corner of the assumptions: a bit for each, 1 for its high end.
    Corner(usize),
}

struct Evaluator<'a> {
    supposing: &'a Supposing,
    checked: &'a Checked,
    /// The KPI whose formula it is.
    kpi: KpiId,
    ranged: &'a [AssumptionId],
    moved: &'a [Supposed],
    period: Period,
    grain: Grain,
    of: &'a Shown<'a>,
}

impl Evaluator<'_> {
    fn corners(&self, formula: &KpiExpr, corners: usize) -> Result<Vec<f64>, Unknown> {
        if corners == 0 {
            return Err(Unknown::Ranges);
        }
        (0..corners).map(|it| self.value(formula, At::Corner(it))).collect()
    }

    fn value(&self, formula: &KpiExpr, at: At) -> Result<f64, Unknown> {
        let value = match &formula.kind {
            KpiKind::Number(value) => *value,
            KpiKind::Aggregate(_) => {
                let own = answers_in(self.checked, formula);
                let shared = || self.supposing.answers.iter().find(|it| meet(&it.1, &own)).map(|it| it.0);
                if let Some(it) = shared().filter(|_| at != At::Before) {
                    return Err(Unknown::SameAnswers(it));
                }
                self.unnamed(formula, at)?
            }
            KpiKind::Kpi { kpi, part } => self.figure(*kpi, part.as_ref(), at)?,
            KpiKind::Assumption { assumption, value } => self.assumed(*assumption, value.as_deref(), at)?,
            KpiKind::Negate(of) => -self.value(of, at)?,
            KpiKind::Scaled { of, factor } => self.value(of, at)? * factor,
            KpiKind::Rescale { of, low, high, .. } => ((self.value(of, at)? - low) * 100.0 / (high - low)).clamp(0.0, 100.0),
            KpiKind::Clamp { of, low, high, .. } => self.value(of, at)?.clamp(*low, *high),
            KpiKind::Index { parts, .. } => {
                let total: f64 = parts.iter().map(|it| it.1).sum();
                let mut sum = 0.0;
                for (it, weight) in parts {
                    sum += self.value(it, at)? * weight / total;
                }
                sum
            }
            KpiKind::Binary { operator, left, right } => {
                let (a, b) = (self.value(left, at)?, self.value(right, at)?);
                match operator {
                    Arithmetic::Add => a + b,
                    Arithmetic::Subtract => a - b,
                    Arithmetic::Multiply => a * b,
                    Arithmetic::Divide => a / b,
                }
            }
            KpiKind::Composed { formula, parts } => {
                let parts = parts.iter().map(|it| self.value(it, at)).collect::<Result<Vec<f64>, Unknown>>()?;
                formula.value(&parts).unwrap_or(f64::NAN)
            }
            // What was is not changed by what is supposed of this period.
            KpiKind::Previous(_) => self.unnamed(formula, at)?,
            // What has a value in this period is not held.
            KpiKind::Hold { of, .. } if at != At::Before && self.is_touched(of) => self.value(of, at)?,
            KpiKind::Hold { .. } => self.unnamed(formula, at)?,
            KpiKind::Change { of, .. } => {
                let change = self.unnamed(formula, at)?;
                if at == At::Before { change } else { change + self.value(of, at)? - self.value(of, At::Before)? }
            }
            KpiKind::Rolling { of, .. } | KpiKind::Total { of, .. } => {
                if at != At::Before && self.is_touched(of) {
                    let is_total = matches!(formula.kind, KpiKind::Total { .. });
                    return Err(if is_total { Unknown::Total } else { Unknown::Window });
                }
                self.unnamed(formula, at)?
            }
        };
        if value.is_finite() { Ok(value) } else { Err(Unknown::Outside) }
    }

    /// Whether anything of a formula is another after the changes.
    fn is_touched(&self, formula: &KpiExpr) -> bool {
        let mut found = self.supposing.answers.iter().any(|it| meet(&it.1, &answers_in(self.checked, formula)));
        formula.walk(&mut |it| {
            if let KpiKind::Kpi { kpi, part } = &it.kind {
                found |= match part {
                    Some(part) => self.supposing.moves_part(*kpi, part).is_some(),
                    None => self.moved.iter().any(|it| it.kpi == *kpi),
                };
            }
        });
        found
    }

    /// The figure of what stands in the formula without a name.
    fn unnamed(&self, formula: &KpiExpr, at: At) -> Result<f64, Unknown> {
        let name = (self.kpi, print_formula(&self.checked.model, formula));
        let own = *self.supposing.unnamed.get(&name).ok_or(Unknown::NoPart)?;
        let grain = reporting_grain(self.checked, own, Some(self.grain));
        let period = if grain == Grain::All { Period::ALL } else { self.period };
        let known = (self.of)(own, None, grain, Some(period)).ok_or(Unknown::NoPart)?;
        match at {
            At::Corner(_) if known.range.is_some() => Err(Unknown::Window),
            _ => Ok(known.value),
        }
    }

    fn figure(&self, kpi: KpiId, part: Option<&RowExpr>, at: At) -> Result<f64, Unknown> {
        let changed = match part {
            None => Some(kpi),
            Some(part) => self.supposing.is_part(kpi, part),
        };
        if let Some(part) = part.filter(|_| at != At::Before && changed.is_none())
            && let Some(it) = self.supposing.moves_part(kpi, part)
        {
            return Err(Unknown::SameAnswers(it));
        }
        let moved = self.moved.iter().find(|it| Some(it.kpi) == changed);
        if at != At::Before
            && let Some(moved) = moved
        {
            if moved.before.is_some_and(|it| it.period != self.period) {
                return Err(Unknown::OtherPeriod(kpi));
            }
            let Ok(after) = &moved.after else { return Err(Unknown::Follows(kpi)) };
            return match at {
                At::Corner(it) => after.corners.clone().map(|corners| corners[it]),
                _ => Ok(after.value),
            };
        }
        let known = (self.of)(kpi, part, self.grain, Some(self.period)).ok_or(Unknown::Missing(kpi))?;
        match at {
            At::Corner(_) if known.range.is_some() => Err(Unknown::RangeOf(kpi)),
            _ => Ok(known.value),
        }
    }

    fn assumed(&self, id: AssumptionId, value: Option<&str>, at: At) -> Result<f64, Unknown> {
        let estimate = self.checked.model.assumptions[id.index()].estimate(value).ok_or(Unknown::Assumption)?;
        let bit = self.ranged.iter().position(|it| *it == id);
        Ok(match (at, bit, estimate.ends) {
            (At::Corner(corner), Some(bit), Some((low, high))) => [low, high][corner >> bit & 1],
            _ => estimate.base,
        })
    }
}

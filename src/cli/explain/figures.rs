//! What a KPI is made of, down to columns and files, with the figures of a period beside it.

use super::super::check::number;
use super::{Explainer, place};
use crate::calendar::Length;
use crate::engine::{Wave, Weighed};
use crate::insight::{Context, Ladder};
use crate::model::{
    Aggregate, ColumnRef, CustomerMeasure, Function, KpiExpr, KpiId, KpiKind, Model, RowExpr, Source, Stretch, column_text, print_row,
};
use crate::plan::CustomerScore;
use crate::publish::ResultRow;
use crate::state::Seen;
use crate::stats::{self, POWER};
use crate::value::Unit;
use crate::words::tidy_number;
use std::fmt::Write;

/// Waves that were weighted apart, told one by one up to so many.
const MOST_WAVES: usize = 4;

impl Explainer<'_> {
    /// The figure of a KPI where it stands in the formula.
    fn figure(&self, id: KpiId, at: &Context) -> String {
        let Some(explained) = self.explained else { return String::new() };
        let Some((_, _, row)) = explained.figures.iter().find(|it| it.1 == id && it.0 == *at) else { return String::new() };
        let Some(row) = row else { return "  no data in this period".to_owned() };
        let unit = self.checked.model.kpis[id.index()].unit.as_ref();
        let mut text = match row.value {
            Some(value) => format!("  {} {}", tidy_number(value), unit.map(Unit::name).unwrap_or_default()),
            None => "  –".to_owned(),
        };
        if let (Some(low), Some(high)) = (row.low, row.high) {
            let _ = write!(text, " [{}, {}]", tidy_number(low), tidy_number(high));
        }
        if let Some(n) = row.n {
            let _ = write!(text, "  n {n}");
        }
        if let Some(effective) = row.n_effective.filter(|it| row.n.is_some_and(|n| n as f64 != *it)) {
            let _ = write!(text, ", effective {}", tidy_number(effective));
        }
        let _ = write!(text, "  {}  {}", row.period, row.judged.status.name());
        if let (Some(worst), Some(threshold), Some(target)) = (row.judged.worst, row.judged.threshold, row.judged.target) {
            let [worst, threshold, target] = [worst, threshold, target].map(tidy_number);
            let _ = write!(text, " (worst {worst}, threshold {threshold}, target {target})");
        }
        for note in row.said_notes() {
            let _ = write!(text, "  ({note})");
        }
        if let Some(model) = &row.model {
            let [r, alpha, a, b] = [model.buying.r, model.buying.alpha, model.buying.a, model.buying.b].map(tidy_number);
            let _ = write!(text, "  BG/NBD r {r}, alpha {alpha} days, a {a}, b {b}, of {} customers", model.customers);
            if let Some((spending, correlation)) = &model.spending {
                let [p, q, gamma, correlation] = [spending.p, spending.q, spending.gamma, *correlation].map(tidy_number);
                let _ =
                    write!(text, "; gamma-gamma p {p}, q {q}, gamma {gamma}, correlation {correlation}, of {} who came again", model.again);
            }
        }
        text
    }

    /// The smallest change between two periods with as many answers that is likely to show.
    fn detectable(&self, id: KpiId, row: &ResultRow) -> Option<String> {
        let grain = row.period.grain();
        if self.checked.is_windowed(id) || grain == crate::calendar::Grain::All {
            return None;
        }
        let se = row.se.filter(|it| *it > 0.0)?;
        let confidence = self.checked.model.project.confidence;
        let least = stats::smallest_between(se, confidence)?;
        let unit = self.checked.model.kpis[id.index()].unit.as_ref().map(|it| it.difference().name()).unwrap_or_default();
        Some(format!(
            "smallest change that two such periods show: {} {unit} (in {} of 100 cases, at {} % confidence)",
            tidy_number(least),
            tidy_number(POWER * 100.0),
            tidy_number(confidence * 100.0)
        ))
    }

    /// The KPI and what it is made of, one a line, indented.
    pub(super) fn tree(&self, id: KpiId, at: &Context, depth: usize, shown: &mut Vec<(KpiId, Context)>, out: &mut String) {
        let kpi = &self.checked.model.kpis[id.index()];
        let indent = "  ".repeat(depth);
        let again = shown.iter().any(|it| it.0 == id && it.1 == *at);
        let _ = writeln!(out, "{indent}{}{}{}", kpi.name, if again { "  (above)" } else { "" }, self.figure(id, at));
        if again {
            return;
        }
        if depth == 0
            && let Some(row) = self.explained.and_then(|it| it.figures.first()).and_then(|it| it.2.as_ref())
            && let Some(text) = self.detectable(id, row)
        {
            let _ = writeln!(out, "  {text}");
        }
        shown.push((id, at.clone()));
        if let Some(formula) = &kpi.formula {
            self.formula(formula, at, depth + 1, shown, out);
        }
    }

    fn formula(&self, formula: &KpiExpr, at: &Context, depth: usize, shown: &mut Vec<(KpiId, Context)>, out: &mut String) {
        let indent = "  ".repeat(depth);
        let before = |length: Option<Length>| length.map_or("the period before".to_owned(), |it| format!("{it} before"));
        match &formula.kind {
            KpiKind::Number(_) => {}
            KpiKind::Assumption { assumption, value } => {
                self.assumption(&self.checked.model.assumptions[assumption.index()], value.as_deref(), depth, out);
            }
            KpiKind::Aggregate(it) => self.aggregate(it, at, depth, out),
            KpiKind::Kpi { kpi, part } => {
                if let Some(part) = part {
                    let _ = writeln!(out, "{indent}where {}", print_row(&self.checked.model, part));
                }
                self.tree(*kpi, &at.of_part(part.as_ref()), depth, shown, out);
            }
            KpiKind::Rolling { of, length } => {
                let _ = writeln!(out, "{indent}over {length}");
                self.formula(of, &at.over(*length), depth + 1, shown, out);
            }
            KpiKind::Previous(of) => {
                let _ = writeln!(out, "{indent}{}", before(None));
                self.formula(of, &at.before(None), depth + 1, shown, out);
            }
            KpiKind::Change { of, length } => {
                // Without figures both are the same definition.
                if self.explained.is_none() {
                    return self.formula(of, at, depth, shown, out);
                }
                let _ = writeln!(out, "{indent}in the period");
                self.formula(of, at, depth + 1, shown, out);
                let _ = writeln!(out, "{indent}{}", before(*length));
                self.formula(of, &at.before(*length), depth + 1, shown, out);
            }
            KpiKind::Negate(of)
            | KpiKind::Rescale { of, .. }
            | KpiKind::Clamp { of, .. }
            | KpiKind::Hold { of, .. }
            | KpiKind::Total { of, .. } => {
                self.formula(of, at, depth, shown, out);
            }
            KpiKind::Scaled { of, .. } => self.formula(of, at, depth, shown, out),
            KpiKind::Binary { left, right, .. } => {
                self.formula(left, at, depth, shown, out);
                self.formula(right, at, depth, shown, out);
            }
            KpiKind::Composed { parts, .. } => parts.iter().for_each(|it| self.formula(it, at, depth, shown, out)),
            KpiKind::Index { parts, least } => {
                if let Some(least) = least {
                    let _ = writeln!(out, "{indent}of {} parts, at least {least} with a value", parts.len());
                }
                let total: f64 = parts.iter().map(|it| it.1).sum();
                for (part, weight) in parts {
                    let _ = writeln!(out, "{indent}weight {} %", tidy_number(weight / total * 100.0));
                    self.formula(part, at, depth, shown, out);
                }
            }
        }
    }

    fn aggregate(&self, aggregate: &Aggregate, at: &Context, depth: usize, out: &mut String) {
        let model = &self.checked.model;
        let source = &model.sources[aggregate.source.index()];
        let indent = "  ".repeat(depth);
        let _ = writeln!(out, "{indent}{}", aggregate.text);
        let column = |at: Option<usize>| at.map_or("none", |it| source.columns[it].name.as_str());
        let _ = writeln!(
            out,
            "{indent}  source {} ({}), time {}, weight {}, cluster {}",
            source.name,
            files_of(source),
            column(aggregate.time),
            column(aggregate.weight),
            column(aggregate.cluster)
        );
        let Some(explained) = self.explained else { return };
        let reads = Reads::of(model, aggregate);
        for (word, columns) in [("reads", &reads.values), ("where", &reads.conditions), ("tells customers by", &reads.customers)] {
            let named: Vec<String> = columns.iter().map(|it| self.column(*it)).collect();
            if !named.is_empty() {
                let _ = writeln!(out, "{indent}  {word} {}", named.join(", "));
            }
        }
        for through in &reads.through {
            let reference = &source.references[*through as usize];
            let by = ColumnRef { source: aggregate.source, through: None, column: reference.by as u32 };
            let to = &model.sources[reference.to.index()];
            let _ = writeln!(out, "{indent}  through {} to {} ({}), by {}", reference.name, to.name, files_of(to), self.column(by));
        }
        let _ = writeln!(out, "{indent}  interval {}", interval_method(aggregate, source.complete));
        if let Some((_, _, period, ladder)) = explained.ladders.iter().find(|it| it.1 == aggregate.text && it.0 == *at) {
            self.ladder(ladder, aggregate, &indent, out);
            let made = explained.weighed.iter().find(|it| it.source == aggregate.source);
            let is_made = source.weighting.as_ref().is_some_and(|it| aggregate.weight == Some(it.weight));
            if let Some(made) = made.filter(|_| is_made) {
                self.weights(made, *period, &indent, out);
            }
        }
    }

    /// A column as it is called, with what stands above it in the files where that differs, and where it is declared.
    fn column(&self, of: ColumnRef) -> String {
        let model = &self.checked.model;
        let declared = model.declared(of);
        let header = declared.headers.first().filter(|it| **it != declared.name && declared.computed.is_none());
        let header = header.map(|it| format!(" \"{}\"", crate::diagnostic::harmless(it))).unwrap_or_default();
        format!("{}{header} ({})", column_text(model, of), place(self.sources, declared.span))
    }

    /// How the weights of the rows were made.
    fn weights(&self, of: &Weighed, period: crate::calendar::Period, indent: &str, out: &mut String) {
        let calendar = &self.checked.model.project.calendar;
        let all = |it: crate::calendar::Period| it.grain() == crate::calendar::Grain::All;
        let overlaps = |it: &&Wave| {
            let apart = || it.period.end(calendar) <= period.start(calendar) || period.end(calendar) <= it.period.start(calendar);
            all(it.period) || all(period) || !apart()
        };
        let waves: Vec<&Wave> = of.waves.iter().filter(overlaps).collect();
        for wave in waves.iter().take(MOST_WAVES) {
            let (w, w2) = wave.cells.iter().fold((0.0, 0.0), |sum, it| (sum.0 + it.sums.all_w, sum.1 + it.sums.all_w2));
            let held = if wave.held == 0 {
                "none held at a bound".to_owned()
            } else {
                format!("{} held at a bound", number(wave.held as usize, "row", "rows"))
            };
            let of = if all(wave.period) { String::new() } else { format!(" of {}", wave.period) };
            let rounds = number(wave.cycles, "round", "rounds");
            let _ = writeln!(
                out,
                "{indent}  weights{of} made in {rounds}, {} to {} times, {held}; all rows are worth {}",
                tidy_number(wave.factors.0),
                tidy_number(wave.factors.1),
                stats::kish(w, w2).map_or_else(|| "none".to_owned(), tidy_number)
            );
        }
        if waves.len() > MOST_WAVES {
            let _ = writeln!(out, "{indent}  and those of {} more periods", waves.len() - MOST_WAVES);
        }
    }

    /// From all rows to the base, and the answers that were given.
    fn ladder(&self, ladder: &Ladder, aggregate: &Aggregate, indent: &str, out: &mut String) {
        // Its rows are walked: what is left of them is customers, or what follows a row, once a window.
        if let Function::Customers(of) = &aggregate.function {
            let follows = matches!(of.walk.window, Stretch::After { .. });
            let _ = writeln!(out, "{indent}  {:>9} rows in the period", ladder.rows);
            let steps = [
                ("outside its conditions", ladder.outside),
                ("do not begin one", ladder.apart),
                ("blank in what tells them apart", ladder.left.blank),
                ("not yet observed", ladder.left.unobserved),
            ];
            for (reason, count) in steps.iter().filter(|it| it.1 > 0 && (follows || it.0 == "not yet observed")) {
                let _ = writeln!(out, "{indent}  {:>9} {reason}", format!("-{count}"));
            }
            let counted = if follows { "rows" } else { "customers, each once a window," };
            let _ = writeln!(out, "{indent}  {:>9} {counted} in the base", ladder.base);
            for (take, sum) in &ladder.taken {
                let _ = writeln!(out, "{indent}  {:>9} {}", tidy_number(*sum), taken(of.measure, *take));
            }
            return;
        }
        let steps = [
            ("dropped by `keep where`", ladder.not_kept),
            ("doubles", ladder.duplicate),
            ("outside its `where`", ladder.outside),
            ("blank", ladder.left.blank),
            ("not applicable", ladder.left.not_applicable),
            ("out of scale", ladder.left.out_of_scale),
            ("no weight", ladder.left.no_weight),
            ("no cluster", ladder.left.no_cluster),
            ("not yet observed", ladder.left.unobserved),
        ];
        let _ = writeln!(out, "{indent}  {:>9} rows", ladder.rows);
        for (reason, count) in steps.iter().filter(|it| it.1 > 0) {
            let _ = writeln!(out, "{indent}  {:>9} {reason}", format!("-{count}"));
        }
        let _ = writeln!(out, "{indent}  {:>9} in the base", ladder.base);
        self.answers(ladder, aggregate, indent, out);
    }

    fn answers(&self, ladder: &Ladder, aggregate: &Aggregate, indent: &str, out: &mut String) {
        let columns = aggregate.function.rows().into_iter().flat_map(RowExpr::columns);
        let of_scale = columns.map(|it| self.checked.model.sources[it.source.index()].columns[it.column as usize].scale).next().flatten();
        let total: u64 = ladder.answers.iter().map(|it| it.1).sum();
        let weight: f64 = ladder.answers.iter().map(|it| it.2).sum();
        if total == 0 || ladder.answers.len() > 30 {
            return;
        }
        let scale = of_scale.map_or_else(String::new, |it| format!(" on {}..{}", it.low, it.high));
        let weighted = aggregate.weight.is_some() && weight > 0.0;
        let counted = if weighted { "each counted as one, and by its weight" } else { "each counted as one" };
        let _ = writeln!(out, "{indent}  answers{scale}, {counted}");
        for (answer, count, of_weight) in &ladder.answers {
            let answer = match answer {
                Seen::Number(it) => it.to_string(),
                Seen::Text(it) => crate::diagnostic::harmless(it),
                Seen::Date(it) => it.to_string(),
            };
            let percent = *count as f64 / total as f64 * 100.0;
            let by_weight = if weighted { format!(" {:>6.1} %", of_weight / weight * 100.0) } else { String::new() };
            let _ = writeln!(out, "{indent}  {answer:>9} {count:>7} {percent:>6.1} %{by_weight}");
        }
    }
}

fn files_of(source: &Source) -> String {
    source.files.iter().map(|it| it.pattern.as_str()).collect::<Vec<_>>().join(", ")
}

/// The columns that an aggregate rests on.
struct Reads {
    /// For its value.
    values: Vec<ColumnRef>,
    /// For which rows count, `keep where` included.
    conditions: Vec<ColumnRef>,
    /// That tell customers or issues apart, and when they begin and end.
    customers: Vec<ColumnRef>,
    /// The references that lead to some of them.
    through: Vec<u32>,
}

impl Reads {
    fn of(model: &Model, aggregate: &Aggregate) -> Reads {
        let source = &model.sources[aggregate.source.index()];
        let own = |at: usize| ColumnRef { source: aggregate.source, through: None, column: at as u32 };
        let values: Vec<ColumnRef> = aggregate.function.rows().into_iter().flat_map(RowExpr::columns).collect();
        let conditions: Vec<ColumnRef> = aggregate.filter.iter().chain(&source.keep_where).flat_map(RowExpr::columns).collect();
        let customers: Vec<ColumnRef> = match &aggregate.function {
            Function::Customers(of) => of.walk.by.iter().copied().chain(aggregate.time).chain(source.ends).map(own).collect(),
            _ => Vec::new(),
        };
        let [values, conditions, customers] = [values, conditions, customers].map(|it| with_inputs(model, it));
        let mut through: Vec<u32> = [&values, &conditions, &customers].into_iter().flatten().filter_map(|it| it.through).collect();
        through.sort_unstable();
        through.dedup();
        Reads { values, conditions, customers, through }
    }
}

/// Columns, each once, with those that computed ones are made of.
fn with_inputs(model: &Model, columns: Vec<ColumnRef>) -> Vec<ColumnRef> {
    let mut found: Vec<ColumnRef> = Vec::new();
    let mut waiting = columns;
    waiting.reverse();
    while let Some(it) = waiting.pop() {
        if found.contains(&it) {
            continue;
        }
        found.push(it);
        // What is computed in a source that is referred to is made of columns there.
        if it.through.is_none()
            && let Some(computed) = &model.sources[it.source.index()].columns[it.column as usize].computed
        {
            waiting.extend(computed.columns().into_iter().rev());
        }
    }
    found
}

/// What a sum over customers, or over rows that are followed, is of.
fn taken(measure: CustomerMeasure, take: CustomerScore) -> &'static str {
    match (measure, take) {
        (CustomerMeasure::Repeated, _) => "came again",
        (CustomerMeasure::NotRepeated, _) => "that no other row follows",
        (CustomerMeasure::Converted, _) => "that the other follows",
        (CustomerMeasure::Moved, _) => "that moved",
        (CustomerMeasure::Brought, _) => "brought in all",
        (_, CustomerScore::Yes) => "there at the end",
        (_, CustomerScore::No) => "gone at the end",
        (_, CustomerScore::Holds) => "of which it holds at the end",
        (_, CustomerScore::Start) => "at the start",
        (_, CustomerScore::End) => "at the end, of those of the start",
        (_, CustomerScore::Least) => "at the end, none above its start",
        (_, CustomerScore::Fall) => "less at the end, those that grew not counted",
        (_, CustomerScore::Drop) => "less at the end",
        (_, CustomerScore::Forecast(_)) => "by the model",
    }
}

/// How the interval of an aggregate by itself is made (R14, R15).
fn interval_method(aggregate: &Aggregate, complete: bool) -> &'static str {
    match (&aggregate.function, complete) {
        (_, true) => "none: the data are complete",
        (Function::Share(_) | Function::Net(..) | Function::Mean { .. }, _) if aggregate.cluster.is_some() => {
            "between clusters, Student's t"
        }
        (Function::Share(_), _) if aggregate.weight.is_some() => "Wilson, with the size that the linearised variance is worth",
        (Function::Share(_), _) => "Wilson",
        (Function::Net(..) | Function::Mean { .. }, _) if aggregate.weight.is_some() => "linearised",
        (Function::Net(..), _) => "adjusted Wald",
        (Function::Customers(of), _) => customer_interval(of.measure),
        (Function::Mean { .. }, _) => "Student's t",
        (Function::Median(_) | Function::Percentile(..), _) if aggregate.weight.is_none() => "binomial order statistics",
        _ => "none",
    }
}

/// The same of a measure of customers, each of whom counts once a window.
fn customer_interval(of: CustomerMeasure) -> &'static str {
    use CustomerMeasure::{Brought, Converted, Forecast, GrossLoss, GrossRevenue, Lost, Moved, NetLoss, NetRevenue, NotRepeated};
    use CustomerMeasure::{Repeated, Retained};
    match of {
        Retained | Lost | Moved | Repeated | NotRepeated | Converted => "Wilson",
        NetRevenue | GrossRevenue | GrossLoss | NetLoss => "linearised, of a quotient of two sums",
        Brought => "Student's t",
        Forecast(_) => "none: what a model says",
    }
}

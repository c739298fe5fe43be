//! What does each reason do to a score? Its contribution with interval, and by bucket who names it (NPS+), who may leave,
//! and what may be saved.

use crate::calendar::Period;
use crate::engine::KeyValue;
use crate::eval::drivers::Estimate;
use crate::model::{DriversId, Function, KpiId, KpiKind};
use crate::plan::codes_of;
use crate::publish::{AtRisk, BucketBase, ReasonRow, ReasonTable, Saving};
use crate::report::charts::dots::{DotRow, DotsInput};
use crate::report::numbers::Numbers;
use crate::report::view::worth::{ReasonTable as TableView, ReasonTables};
use crate::report::view::{Column, DataTable, Direction, Head, Key, Status};
use crate::tidy::label_of;

use super::drivers::{Found, find, find_any, notes, outcome_title, subtitle};
use super::reading::Reading;
use super::{Context, rule_words};

/// At most so many reasons in a drawing; the table has them all.
const MOST: usize = 12;

/// Makes the section.
pub(super) fn reasons(context: &Context<'_>) -> ReasonTables {
    let say = context.say;
    let stated: Vec<DriversId> = crate::insight::reasons::stated(context.checked());
    let told: Vec<Told<'_, '_>> = stated.iter().filter_map(|it| Told::of(context, find(context, *it)?, *it)).collect();
    // The reason that counts most against a score, beyond chance.
    let against = told.iter().find_map(|it| {
        let reason = it.against()?;
        let text = |of: &Estimate| Some(it.numbers().text(of.value?));
        Some(say.score_where_named(&it.label(&reason.reason), &text(&reason.score)?, &text(&it.table.score)?))
    });
    ReasonTables {
        head: Head::new(
            say.reasons_heading(against, told.iter().filter(|it| !it.scored().is_empty()).count()),
            Some(say.reasons_dek(!stated.is_empty(), told.len()).to_owned()),
        )
        .with_how((!told.is_empty()).then(|| say.reasons_how().to_owned())),
        tables: told.iter().map(Told::view).collect(),
    }
}

/// The tables of reasons that a report tells, as they were published.
pub(super) fn shown(context: &Context<'_>) -> Vec<ReasonTable> {
    let stated = crate::insight::reasons::stated(context.checked());
    stated.iter().filter_map(|it| Some(Told::of(context, find(context, *it)?, *it)?.table.clone())).collect()
}

/// What may be saved on each reason, and what each adds to the score behind it: for amounts that are told by reason.
/// With how that score is measured.
pub(super) fn contributions(context: &Context<'_>, savings: KpiId) -> Option<(String, Vec<(String, String)>)> {
    let stated = crate::insight::reasons::stated(context.checked());
    let declared = |it: &DriversId| context.checked().model.drivers[it.index()].savings.as_ref().is_some_and(|it| it.value == savings);
    let told = stated.into_iter().filter(declared).find_map(|it| Told::of(context, find_any(context, it)?, it))?;
    let added = told.table.reasons.iter().filter_map(|it| {
        let value = it.contribution.value?;
        Some((it.reason.to_string(), told.numbers().change(value)))
    });
    let added: Vec<(String, String)> = added.collect();
    let measure = context.say.short_measure(&context.checked().model, told.reading.kpi);
    (!added.is_empty()).then(|| (format!("{} ({measure})", outcome_title(context, told.found.declared)), added))
}

/// A table of reasons of the reported period, or of all data where that period has too few answers.
struct Told<'c, 'a> {
    context: &'c Context<'a>,
    found: Found<'a>,
    table: &'c ReasonTable,
    reading: Reading<'a>,
}

impl<'c, 'a> Told<'c, 'a> {
    fn of(context: &'c Context<'a>, found: Found<'a>, id: DriversId) -> Option<Told<'c, 'a>> {
        let periods: (Period, Period) = found.model.periods;
        let table = context.told.reasons.iter().find(|it| it.drivers == id && it.cut.is_empty() && it.periods == periods)?;
        let reading = context.sources.read(found.declared.outcome.as_ref()?.kpi, None);
        Some(Told { context, found, table, reading })
    }

    fn numbers(&self) -> &Numbers {
        &self.reading.numbers
    }

    fn label(&self, reason: &str) -> String {
        let lang = self.context.lang();
        match self.table.dimension {
            Some(id) if !reason.is_empty() => label_of(self.context.checked(), id, &KeyValue::Value(reason.into()), lang),
            _ if reason.is_empty() => self.context.say.no_reason().to_owned(),
            _ => reason.to_owned(),
        }
    }

    /// The reasons of which it is told what they add.
    fn scored(&self) -> Vec<&'c ReasonRow> {
        self.table.reasons.iter().filter(|it| it.contribution.value.is_some()).collect()
    }

    /// The reason that adds most in the unwanted direction, where that is more than chance.
    fn against(&self) -> Option<&'c ReasonRow> {
        let unwanted = |value: f64| if self.reading.direction == Direction::Down { value > 0.0 } else { value < 0.0 };
        let proven = self.scored().into_iter().filter(|it| is_proven(&it.contribution));
        let all = proven.filter_map(|it| Some((it, it.contribution.value?))).filter(|it| unwanted(it.1));
        all.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs())).map(|it| it.0)
    }

    fn view(&self) -> TableView {
        let say = self.context.say;
        let declared = self.found.declared;
        let outcome = outcome_title(self.context, declared);
        let title = declared.title.get(self.context.lang()).map_or_else(|| say.reasons_title(&outcome), str::to_owned);
        let caption = self.caption();
        TableView {
            key: Key::new(&declared.name),
            subtitle: subtitle(self.context, &self.found),
            chart: self.chart(&title, &caption),
            table: (!self.table.reasons.is_empty()).then(|| self.by_bucket(&title)),
            title,
            caption,
            note: self.note(),
        }
    }

    fn chart(&self, title: &str, caption: &str) -> Option<DotsInput> {
        let say = self.context.say;
        let mut scored = self.scored();
        scored.sort_by(|a, b| self.worst_first(a, b));
        // Those that add least either way are left out first.
        while scored.len() > MOST {
            let size = |it: &&ReasonRow| it.contribution.value.unwrap_or(0.0).abs();
            let least = scored.iter().enumerate().min_by(|a, b| size(a.1).total_cmp(&size(b.1)))?.0;
            scored.remove(least);
        }
        let rows = scored.into_iter().map(|it| DotRow {
            label: self.label(&it.reason),
            base: self.context.lang().count(it.named),
            value: it.contribution.value.map(|it| self.numbers().shown(it)),
            low: it.contribution.low.map(|it| self.numbers().shown(it)),
            high: it.contribution.high.map(|it| self.numbers().shown(it)),
            text: it.contribution.value.map(|it| self.numbers().change(it)).unwrap_or_default(),
            // A hollow mark cannot be told from chance.
            status: if is_proven(&it.contribution) { Status::NoNorm } else { Status::TooFew },
            proven: true,
            previous: None,
            delta: None,
            absent: None,
        });
        let rows: Vec<DotRow> = rows.collect();
        (!rows.is_empty()).then(|| DotsInput {
            key: Key::new(&format!("named.{}", self.found.declared.name)),
            title: title.to_owned(),
            desc: caption.to_owned(),
            axis: crate::report::charts::scale::AxisFormat { range: None, ..self.numbers().axis() },
            scale: None,
            target: Some(0.0),
            target_label: String::new(),
            row_heading: say.reason_heading().to_owned(),
            base_heading: "n".to_owned(),
            value_heading: say.contribution_heading().to_owned(),
            delta_heading: String::new(),
            rows,
        })
    }

    /// What takes most from the score comes first, what is not told last.
    fn worst_first(&self, a: &ReasonRow, b: &ReasonRow) -> std::cmp::Ordering {
        let place = |it: &ReasonRow| match (it.contribution.value, self.reading.direction) {
            (None, _) => f64::INFINITY,
            (Some(value), Direction::Down) => -value,
            (Some(value), _) => value,
        };
        place(a).total_cmp(&place(b))
    }

    fn caption(&self) -> String {
        let say = self.context.say;
        let lang = self.context.lang();
        let mut said = Vec::new();
        let named = self.table.reasons.iter().filter(|it| it.named > 0);
        let named = named.filter_map(|it| Some(format!("{} ({})", say.quoted(&self.label(&it.reason)), lang.percent(it.share.value?, 0))));
        let named: Vec<String> = named.take(3).collect();
        if self.scored().is_empty() && !named.is_empty() {
            said.push(say.named_most(&named));
        }
        if !self.scored().is_empty() {
            let mut proven: Vec<&ReasonRow> = self.scored().into_iter().filter(|it| is_proven(&it.contribution)).collect();
            proven.sort_by(|a, b| b.contribution.value.unwrap_or(0.0).abs().total_cmp(&a.contribution.value.unwrap_or(0.0).abs()));
            let proven = proven.into_iter().filter_map(|it| Some((self.label(&it.reason), self.numbers().change(it.contribution.value?))));
            said.push(say.beyond_chance(&proven.take(4).collect::<Vec<_>>()));
        }
        if let Some((risk, share)) = self.at_risk() {
            let ends = risk.share.low.zip(risk.share.high).map(|(low, high)| format!(" ({})", lang.interval(low, high, 1)));
            let share = format!("{}{}", lang.percent(share, 1), ends.unwrap_or_default());
            said.push(say.at_risk(&lang.count(risk.count), &share));
        }
        if let Some((saving, numbers)) = self.table.saving.zip(self.saved_in()) {
            let ends = saving.low.zip(saving.high).map(|(low, high)| numbers.between(low, high));
            said.push(say.may_save(&numbers.text(saving.value), ends.as_deref()));
        }
        said.extend(notes(self.context, &self.found));
        said.join(" ")
    }

    /// Who is at risk by the declared rule, with their share, where that is told.
    fn at_risk(&self) -> Option<(&'c AtRisk, f64)> {
        let risk = self.table.risk.as_ref()?;
        Some((risk, risk.share.value?))
    }

    /// What is to be known of the table: which columns rest on few answers, and the rule of who may leave.
    fn note(&self) -> Option<String> {
        let say = self.context.say;
        let model = &self.context.checked().model;
        let few = self.table.buckets.iter().filter(|it| it.n < u64::from(model.project.indicative_base));
        let few: Vec<String> = few.map(|it| self.bucket(it)).collect();
        let mut said: Vec<String> = (!few.is_empty()).then(|| say.few_in_buckets(&few)).into_iter().collect();
        if let (Some(rule), Some(_)) = (&self.found.declared.churn_risk, self.at_risk()) {
            said.push(say.risk_rule(&rule_words(model, &rule.value, self.context.lang())));
            let declared = &self.found.declared;
            let reads_reasons = || {
                let source = declared.answer.ok()?.source;
                let reasons = declared.reasons.as_ref()?.value.expr(model, source)?.columns();
                Some(rule.value.columns().iter().any(|it| reasons.contains(it)))
            };
            if reads_reasons() == Some(true) {
                said.push(say.rule_names_reasons().to_owned());
            }
        }
        (!said.is_empty()).then(|| said.join(" "))
    }

    /// What a bucket is called, with its base: by the answers that are in it, where a mean has no names for them.
    fn bucket(&self, of: &BucketBase) -> String {
        let lang = self.context.lang();
        let function = self.reading.kpi.formula.as_ref().and_then(|it| match &it.kind {
            KpiKind::Aggregate(of) => Some(&of.function),
            _ => None,
        });
        let scale = || {
            let answer = self.found.declared.answer.ok()?;
            self.context.checked().model.sources[answer.source.index()].columns[answer.column].scale
        };
        let codes = function.filter(|it| matches!(it, Function::Mean { .. })).and_then(|_| codes_of(of.bucket, scale()?));
        let name = match codes {
            Some((low, high)) if low < high => format!("{}–{}", lang.number_up_to(low, 0), lang.number_up_to(high, 0)),
            Some((low, _)) => lang.number_up_to(low, 0),
            None => self.context.say.bucket(of.bucket).to_owned(),
        };
        format!("{name} (n\u{a0}=\u{a0}{})", lang.count(of.n))
    }

    /// How amounts that may be saved are written.
    fn saved_in(&self) -> Option<Numbers> {
        let savings = self.found.declared.savings.as_ref()?.value;
        let seen: Vec<f64> = self.table.reasons.iter().filter_map(|it| Some(it.saving?.value)).collect();
        Some(Numbers::new(self.context.lang(), &self.context.checked().model.kpis[savings.index()], &seen))
    }

    /// Each reason by bucket: the NPS+ table.
    fn by_bucket(&self, title: &str) -> DataTable {
        let say = self.context.say;
        let lang = self.context.lang();
        let table = self.table;
        let any = |of: &dyn Fn(&ReasonRow) -> bool| table.reasons.iter().any(of);
        let (scores, risks) = (any(&|it| it.score.value.is_some()), any(&|it| it.risk.is_some()));
        let savings = any(&|it| it.saving.is_some());
        // What is drawn above is not written again.
        let drawn = scores && self.scored().len() <= MOST;
        let mut columns = vec![Column::text(say.reason_heading()), Column::number(say.named_heading())];
        columns.extend(table.buckets.iter().map(|it| Column::number(self.bucket(it))));
        let more = [
            (scores, say.score_heading()),
            (scores && !drawn, say.contribution_heading()),
            (risks, say.risk_heading()),
            (savings, say.saving_heading()),
        ];
        columns.extend(more.into_iter().filter(|it| it.0).map(|it| Column::number(it.1)));
        let dash = || "–".to_owned();
        let numbers = self.numbers();
        let saved = self.saved_in();
        let mut reasons: Vec<&ReasonRow> = table.reasons.iter().collect();
        reasons.sort_by(|a, b| self.worst_first(a, b));
        let rows = reasons.into_iter().map(|it| {
            let share = it.share.value.filter(|_| it.named > 0).map(|it| format!(" · {}", lang.percent(it, 0))).unwrap_or_default();
            let mut cells = vec![self.label(&it.reason), format!("{}{share}", lang.count(it.named))];
            cells.extend(table.buckets.iter().map(|bucket| {
                let cell = it.cells.iter().find(|it| it.bucket == bucket.bucket);
                cell.and_then(|it| it.of_bucket.value).map_or_else(dash, |it| lang.percent(it, 0))
            }));
            if scores {
                cells.push(it.score.value.map_or_else(dash, |it| numbers.text(it)));
                if !drawn {
                    cells.push(ended(numbers, &it.contribution));
                }
            }
            if risks {
                let risk = it.risk.map(|it| (it.count, it.share.value));
                cells.push(risk.map_or_else(dash, |(count, share)| {
                    format!("{}{}", lang.count(count), share.map(|it| format!(" · {}", lang.percent(it, 0))).unwrap_or_default())
                }));
            }
            if savings {
                cells.push(it.saving.zip(saved.as_ref()).map_or_else(dash, |(it, numbers)| amount(numbers, &it)));
            }
            cells
        });
        DataTable { caption: title.to_owned(), columns, rows: rows.collect() }
    }
}

/// An amount with its ends.
fn amount(numbers: &Numbers, saving: &Saving) -> String {
    let ends = saving.low.zip(saving.high).filter(|(low, high)| low < high).map(|(low, high)| format!(" ({})", numbers.ends(low, high)));
    format!("{}{}", numbers.text(saving.value), ends.unwrap_or_default())
}

/// A difference with its ends.
fn ended(numbers: &Numbers, of: &Estimate) -> String {
    let Some(value) = of.value else { return "–".to_owned() };
    let ends = of.low.zip(of.high).map(|(low, high)| format!(" ({})", numbers.ends(low, high)));
    format!("{}{}", numbers.change(value), ends.unwrap_or_default())
}

/// Whether zero lies outside its interval.
fn is_proven(of: &Estimate) -> bool {
    of.low.is_some_and(|it| it > 0.0) || of.high.is_some_and(|it| it < 0.0)
}

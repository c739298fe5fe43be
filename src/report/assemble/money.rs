//! What is it worth? The chain from what is measured to an amount on declared assumptions: step by step, or for each value
//! of what it is told by; with what the assumptions leave open, and chance.

use crate::engine::KeyValue;
use crate::insight::{ChainKind, is_measured};
use crate::model::{Function, KpiExpr, KpiId, KpiKind, RowExpr};
use crate::publish::{Chain as Published, ChainRow, ChainStep};
use crate::report::charts::dots::{DotRow, DotsInput};
use crate::report::charts::scale::AxisFormat;
use crate::report::gather::ToldChain;
use crate::report::needs::{amounts, figure_grain};
use crate::report::numbers::Numbers;
use crate::report::view::worth::{Chain, Money};
use crate::report::view::{Column, DataTable, Head, Key, Status};
use crate::report::words::capital;
use crate::tidy::label_of;
use crate::value::Unit;

use super::Context;
use super::reading::Comparison;
use super::reasons::contributions;

/// Makes the section.
pub(super) fn money(context: &Context<'_>) -> Money {
    let say = context.say;
    let told: Vec<Told<'_, '_>> = shown(context).into_iter().map(|told| Told { context, told }).collect();
    let message = told.iter().find_map(|it| {
        let row = it.chain().whole()?.1;
        let value = row.value?;
        let numbers = it.numbers(&[value]);
        // All that it may be: a board must not read what is not proven as sure.
        let ends = row.low.zip(row.high).or(row.range);
        let sure = ends.is_none_or(|(low, high)| low > 0.0 || high < 0.0);
        let ends = ends.map(|(low, high)| say.two_ends(&numbers.text(low), &numbers.text(high)));
        Some((it.title(), numbers.text(value), ends, sure))
    });
    let sure = message.as_ref().is_none_or(|it| it.3);
    let message = message.as_ref().map(|(title, amount, ends, _)| (title.as_str(), amount.as_str(), ends.as_deref()));
    Money {
        head: Head::new(say.money_heading(message, sure), Some(say.money_dek(!told.is_empty()).to_owned())),
        chains: told.iter().map(Told::view).collect(),
    }
}

/// The chains of a report, in the order of its KPIs.
pub(super) fn shown<'a>(context: &Context<'a>) -> Vec<&'a ToldChain> {
    let checked = context.checked();
    let report = context.sources.report;
    let of = |kpi: KpiId| {
        let grain = figure_grain(checked, report, kpi);
        context.told.chains.iter().find(|it| it.chain.kpi == kpi && it.chained.grain == grain && it.period == report.period)
    };
    amounts(checked, report).into_iter().filter_map(of).collect()
}

/// A chain of this report.
struct Told<'c, 'a> {
    context: &'c Context<'a>,
    told: &'c ToldChain,
}

impl<'c> Told<'c, '_> {
    fn chain(&self) -> &'c Published {
        &self.told.chain
    }

    fn title(&self) -> String {
        let kpi = &self.context.checked().model.kpis[self.chain().kpi.index()];
        kpi.title.get(self.context.lang()).unwrap_or(&kpi.name).to_owned()
    }

    /// How its amounts are written.
    fn numbers(&self, seen: &[f64]) -> Numbers {
        Numbers::new(self.context.lang(), &self.context.checked().model.kpis[self.chain().kpi.index()], seen)
    }

    /// The amount that is told by the values of a dimension, where one is.
    fn told_by(&self) -> Option<(&'c ChainStep, KpiId)> {
        self.chain().steps.iter().rev().find_map(|it| match it.link.kind {
            ChainKind::Kpi(kpi, None) if it.link.cut.len() == 1 && matches!(it.link.unit, Some(Unit::Money(_))) => Some((it, kpi)),
            _ => None,
        })
    }

    fn view(&self) -> Chain {
        let by = self.told_by();
        let caption = self.caption();
        let title = self.title();
        let lang = self.context.lang();
        let mut subtitle = vec![capital(&lang.period(self.chain().period))];
        subtitle.extend(by.map(|(step, _)| self.context.say.told_by(self.context.dimension_title(step.link.cut[0]))));
        let (chart, table) = match by {
            Some((step, kpi)) => (self.by_value(step, &title, &caption), Some(self.values(step, kpi, &title))),
            None => (self.ends(&title, &caption), Some(self.steps(&title))),
        };
        Chain {
            key: Key::new(&self.context.checked().model.kpis[self.chain().kpi.index()].name),
            title,
            subtitle: subtitle.join(" · "),
            chart,
            caption,
            table,
        }
    }

    fn caption(&self) -> String {
        let say = self.context.say;
        let mut said = Vec::new();
        match self.chain().whole().and_then(|it| Some((it.1, it.1.value?))) {
            Some((row, value)) => {
                let numbers = self.numbers(&[value]);
                let two = |(low, high): (f64, f64)| say.two_ends(&numbers.text(low), &numbers.text(high));
                said.push(match row.range {
                    Some(ends) => say.amount_by_assumptions(&numbers.text(value), &two(ends)),
                    None => say.amount_alone(&numbers.text(value)),
                });
                if let Some((low, high)) = row.low.zip(row.high).filter(|it| Some(*it) != row.range) {
                    said.push(say.amount_with_chance(&two((low, high)), low < 0.0 && high > 0.0));
                }
            }
            None => {
                let hidden = self.chain().whole().is_some_and(|it| it.1.notes.contains(&crate::eval::Note::Hidden));
                said.push(if hidden { say.hidden_figure().to_owned() } else { say.no_figure(say.not_told(false)) });
            }
        }
        said.extend(self.worth_of_one());
        if let Some((step, kpi)) = self.told_by() {
            let most =
                step.rows.iter().filter(|it| it.value.is_some()).max_by(|a, b| a.value.unwrap_or(0.0).total_cmp(&b.value.unwrap_or(0.0)));
            if let Some((row, value)) = most.and_then(|it| Some((it, it.value?))) {
                let numbers = self.numbers(&[value]);
                let ends = row.range.map(|(low, high)| numbers.between(low, high));
                said.push(say.most_by(&self.key(step, row), &numbers.text(value), ends.as_deref()));
            }
            let strokes = || step.rows.iter().filter_map(|it| Some((it.low.zip(it.high)?, it.range)));
            if strokes().next().is_some() {
                said.push(say.strokes_of_amounts(strokes().any(|(both, range)| range != Some(both))).to_owned());
            }
            said.extend(contributions(self.context, kpi).map(|_| say.contribution_how().to_owned()));
        }
        said.join(" ")
    }

    /// In a chain of products, what one point more of what customers answer comes to.
    fn worth_of_one(&self) -> Option<String> {
        let one = self.chain().worth_of_one(&self.told.chained)?;
        let numbers = self.numbers(&[one.value]);
        let ends = one.range.map(|(low, high)| numbers.between(low, high));
        Some(self.context.say.worth_of_one(&self.step_title(one.of), &numbers.text(one.value), ends.as_deref()))
    }

    // -- in one piece ------------------------------------------------------------------------------------------------

    /// The amount with what its assumptions leave open, and with chance beside that.
    fn ends(&self, title: &str, caption: &str) -> Option<DotsInput> {
        let say = self.context.say;
        let (_, row) = self.chain().whole()?;
        let value = row.value?;
        let both = row.low.zip(row.high);
        let numbers = self.numbers(&[value]);
        let of = |label: &str, ends: (f64, f64)| DotRow {
            proven: true,
            label: label.to_owned(),
            base: String::new(),
            value: Some(numbers.shown(value)),
            low: Some(numbers.shown(ends.0)),
            high: Some(numbers.shown(ends.1)),
            text: numbers.between(ends.0, ends.1),
            status: Status::NoNorm,
            previous: None,
            delta: None,
            absent: None,
        };
        let range = row.range.map(|it| of(say.assumptions_alone(), it));
        let rows: Vec<DotRow> =
            range.into_iter().chain(both.filter(|it| Some(*it) != row.range).map(|it| of(say.with_chance(), it))).collect();
        (!rows.is_empty()).then(|| self.dots(title, caption, String::new(), say.ends_heading(), rows))
    }

    /// Its steps, each measured, assumed or computed.
    fn steps(&self, title: &str) -> DataTable {
        let say = self.context.say;
        let columns = vec![
            Column::text(say.step_heading()),
            Column::number(say.value_heading()),
            Column::number(say.ends_heading()),
            Column::text(say.origin_heading()),
        ];
        let rows = self.chain().steps.iter().filter(|it| it.link.cut.is_empty()).map(|step| {
            let row = step.rows.first();
            let ends = row.and_then(|it| it.low.zip(it.high));
            let numbers = self.step_numbers(step, row.and_then(|it| it.value), ends);
            vec![self.step_title(step), self.shown(step, &numbers, row), self.between(step, &numbers, ends), self.origin(step)]
        });
        DataTable { caption: title.to_owned(), columns, rows: rows.collect() }
    }

    // -- by value ----------------------------------------------------------------------------------------------------

    fn key(&self, step: &ChainStep, row: &ChainRow) -> String {
        let of = |value: &KeyValue| label_of(self.context.checked(), step.link.cut[0], value, self.context.lang());
        row.key.first().map(of).unwrap_or_default()
    }

    fn by_value(&self, step: &ChainStep, title: &str, caption: &str) -> Option<DotsInput> {
        let say = self.context.say;
        let seen: Vec<f64> = step.rows.iter().filter_map(|it| it.value).collect();
        let numbers = self.numbers(&seen);
        let rows = largest_first(step).into_iter().map(|it| DotRow {
            proven: true,
            label: self.key(step, it),
            base: it.n.filter(|_| it.value.is_some()).map(|it| self.context.lang().count(it)).unwrap_or_default(),
            value: it.value.map(|it| numbers.shown(it)),
            low: it.low.map(|it| numbers.shown(it)),
            high: it.high.map(|it| numbers.shown(it)),
            text: it.value.map(|it| numbers.text(it)).unwrap_or_default(),
            status: Status::NoNorm,
            previous: None,
            delta: None,
            absent: it.value.is_none().then(|| self.absent(it)),
        });
        let rows: Vec<DotRow> = rows.collect();
        let heading = capital(self.context.dimension_title(step.link.cut[0]));
        (!seen.is_empty()).then(|| self.dots(title, caption, heading, say.value_heading(), rows))
    }

    /// Each value with its steps, and beside them what its reason adds to the score behind it.
    fn values(&self, by: &ChainStep, kpi: KpiId, title: &str) -> DataTable {
        let say = self.context.say;
        let steps: Vec<&ChainStep> = self.chain().steps.iter().filter(|it| it.link.cut == by.link.cut).collect();
        let beside = contributions(self.context, kpi);
        let mut columns = vec![Column::text(capital(self.context.dimension_title(by.link.cut[0])))];
        columns.extend(steps.iter().map(|it| Column::number(self.step_title(it))));
        columns.extend(beside.iter().map(|it| Column::number(say.contribution_beside(&it.0))));
        let mut rows: Vec<Vec<String>> = Vec::new();
        for row in largest_first(by) {
            let mut cells = vec![self.key(by, row)];
            cells.extend(steps.iter().map(|step| {
                let own = step.rows.iter().find(|it| it.key == row.key);
                let ends = own.and_then(|it| it.range.or(it.low.zip(it.high)));
                let numbers = self.step_numbers(step, own.and_then(|it| it.value), ends);
                let assumed = matches!(step.link.kind, ChainKind::Assumption(..));
                let ends = match ends.filter(|(low, high)| low < high) {
                    Some((low, high)) if !assumed => format!(" ({})", numbers.ends(low, high)),
                    Some(_) => format!(" ({})", self.between(step, &numbers, ends)),
                    None => String::new(),
                };
                format!("{}{ends}", self.shown(step, &numbers, own))
            }));
            if let Some((_, added)) = &beside {
                let value = match row.key.first() {
                    Some(KeyValue::Value(text)) => text.to_string(),
                    _ => String::new(),
                };
                cells.push(added.iter().find(|it| it.0 == value).map_or_else(|| "–".to_owned(), |it| it.1.clone()));
            }
            rows.push(cells);
        }
        if let Some((_, row)) = self.chain().whole() {
            let numbers = self.numbers(&row.value.into_iter().collect::<Vec<_>>());
            let ends = row.range.map(|(low, high)| format!(" ({})", numbers.ends(low, high))).unwrap_or_default();
            let mut cells = vec![say.all_together().to_owned()];
            cells.resize(steps.len(), String::new());
            cells.push(format!("{}{ends}", self.shown(by, &numbers, Some(row))));
            cells.resize(columns.len(), String::new());
            rows.push(cells);
        }
        DataTable { caption: title.to_owned(), columns, rows }
    }

    // -- both --------------------------------------------------------------------------------------------------------

    fn dots(&self, title: &str, caption: &str, row_heading: String, value_heading: &str, rows: Vec<DotRow>) -> DotsInput {
        let counted = rows.iter().any(|it| !it.base.is_empty());
        let negative = rows.iter().filter_map(|it| it.low).any(|it| it < 0.0);
        let axis = self.numbers(&rows.iter().filter_map(|it| it.value).collect::<Vec<_>>()).axis();
        DotsInput {
            key: Key::new(&format!("worth.{}", self.context.checked().model.kpis[self.chain().kpi.index()].name)),
            title: title.to_owned(),
            desc: caption.to_owned(),
            axis: AxisFormat { range: None, ..axis },
            scale: None,
            // An amount is seen against nothing.
            target: Some(0.0).filter(|_| negative || rows.len() > 2),
            target_label: String::new(),
            row_heading,
            base_heading: if counted { "n".to_owned() } else { String::new() },
            value_heading: value_heading.to_owned(),
            delta_heading: String::new(),
            rows,
        }
    }

    fn absent(&self, row: &ChainRow) -> String {
        self.context.say.not_told(row.notes.contains(&crate::eval::Note::Hidden)).to_owned()
    }

    fn shown(&self, step: &ChainStep, numbers: &Numbers, row: Option<&ChainRow>) -> String {
        let assumed = matches!(step.link.kind, ChainKind::Assumption(..));
        match row {
            // What is assumed stands as it was written.
            Some(row) => row.value.map_or_else(|| self.absent(row), |it| if assumed { numbers.norm(it) } else { numbers.text(it) }),
            None => "–".to_owned(),
        }
    }

    fn between(&self, step: &ChainStep, numbers: &Numbers, ends: Option<(f64, f64)>) -> String {
        let assumed = matches!(step.link.kind, ChainKind::Assumption(..));
        match ends.filter(|(low, high)| low < high) {
            Some((low, high)) if assumed => self.context.say.low_to_high(&numbers.norm(low), &numbers.norm(high)),
            Some((low, high)) => numbers.between(low, high),
            None => String::new(),
        }
    }

    fn step_numbers(&self, step: &ChainStep, value: Option<f64>, ends: Option<(f64, f64)>) -> Numbers {
        let seen: Vec<f64> = value.into_iter().chain(ends.into_iter().flat_map(|(a, b)| [a, b])).collect();
        let lang = self.context.lang();
        match &step.link.kind {
            ChainKind::Kpi(kpi, _) => Numbers::new(lang, &self.context.checked().model.kpis[kpi.index()], &seen),
            _ => Numbers::of_assumption(lang, step.link.unit.as_ref().unwrap_or(&Unit::Number), &seen),
        }
    }

    fn step_title(&self, step: &ChainStep) -> String {
        let model = &self.context.checked().model;
        let lang = self.context.lang();
        match &step.link.kind {
            ChainKind::Kpi(kpi, part) => {
                let own = &model.kpis[kpi.index()];
                let of = crate::model::KpiRef { kpi: *kpi, part: part.clone(), weight: 1.0, span: own.span };
                self.context.part_title(own.title.get(lang).unwrap_or(&own.name), &of)
            }
            ChainKind::Assumption(id, value) => {
                let own = &model.assumptions[id.index()];
                let title = own.title.get(lang).unwrap_or(&own.name);
                value.as_ref().map_or_else(|| title.to_owned(), |it| format!("{title}, {it}"))
            }
            ChainKind::Rows(id) => self.rows_title(*id).unwrap_or_else(|| step.link.name.clone()),
            ChainKind::Total(_) => self.context.say.all_together().to_owned(),
        }
    }

    /// What a formula computes from rows without a name, in words where they are short.
    fn rows_title(&self, id: KpiId) -> Option<String> {
        let say = self.context.say;
        let lang = self.context.lang();
        let model = &self.told.chained.checked.model;
        let KpiKind::Aggregate(of) = &model.kpis[id.index()].formula.as_ref()?.kind else { return None };
        if of.filter.is_some() {
            return None;
        }
        let source = &model.sources[of.source.index()];
        let source = source.title.get(lang).unwrap_or(&source.name);
        match &of.function {
            Function::Count => Some(say.count_of(source)),
            Function::Sum(RowExpr::Column(column)) => {
                let column = &model.sources[column.source.index()].columns[column.column as usize];
                let column = column.title.get(lang).unwrap_or(&column.name);
                Some(say.sum_of(column, source))
            }
            _ => None,
        }
    }

    fn origin(&self, step: &ChainStep) -> String {
        let say = self.context.say;
        let lang = self.context.lang();
        match &step.link.kind {
            ChainKind::Assumption(id, _) => {
                let own = &self.context.checked().model.assumptions[id.index()];
                say.assumed(own.source.get(lang), own.date.map(|it| lang.period(it)).as_deref())
            }
            ChainKind::Rows(_) => say.measured().to_owned(),
            ChainKind::Total(_) => say.computed().to_owned(),
            ChainKind::Kpi(kpi, _) => {
                let formula = self.context.checked().model.kpis[kpi.index()].formula.as_ref();
                match formula.map(|it| &it.kind) {
                    _ if formula.is_none_or(is_measured) => say.measured().to_owned(),
                    Some(KpiKind::Change { of, .. }) => self.change_of(step, of).unwrap_or_else(|| say.computed().to_owned()),
                    _ => say.computed().to_owned(),
                }
            }
        }
    }

    /// The figures that a change over time is computed from, of which the earlier one is no step: as far as they are published.
    fn change_of(&self, step: &ChainStep, of: &KpiExpr) -> Option<String> {
        let KpiKind::Kpi { kpi, part } = &of.kind else { return None };
        let reading = self.context.sources.read(*kpi, part.as_ref());
        let title = self
            .context
            .part_title(&reading.title, &crate::model::KpiRef { kpi: *kpi, part: part.clone(), weight: 1.0, span: reading.kpi.span });
        let change = step.rows.first()?.value?;
        let same = |it: &&Comparison<'_>| it.change.is_some_and(|it| (it - change).abs() <= 1e-9 * change.abs().max(1.0));
        let earlier = [&reading.previous, &reading.year].into_iter().flatten().filter(|_| reading.period == self.chain().period);
        let earlier = earlier.filter(same).find_map(|it| Some((reading.numbers.text(it.row.value?), it.period)));
        let told = earlier.as_ref().map(|(before, when)| (reading.text(), before, *when));
        Some(self.context.say.computed_from(&title, told.as_ref().map(|(now, before, when)| (now.as_str(), before.as_str(), *when))))
    }
}

/// The rows of a step, the largest first, what is not told last.
fn largest_first(step: &ChainStep) -> Vec<&ChainRow> {
    let mut rows: Vec<&ChainRow> = step.rows.iter().collect();
    rows.sort_by(|a, b| b.value.unwrap_or(f64::MIN).total_cmp(&a.value.unwrap_or(f64::MIN)));
    rows
}

//! Who is in which phase of their life as a customer, who came and who left? Counts by period as columns, the phases of
//! the reported period as a table, and the moves between them.

use crate::calendar::Grain;
use crate::engine::KeyValue;
use crate::insight::lifecycle::{declared, grain_of};
use crate::publish::{Flow, Lifecycle as Published, LifecyclePeriod, Phase};
use crate::report::charts::scale::AxisFormat;
use crate::report::charts::stack::{StackColumn, StackInput};
use crate::report::needs::lifecycle_grain;
use crate::report::numbers::Numbers;
use crate::report::view::worth::{Lifecycle, Lifecycles};
use crate::report::view::{Column, DataTable, Head, Key, Status, StatusMark};
use crate::report::words::{capital, lower};
use crate::tidy::label_of;

use super::Context;
use super::reading::status;

/// At most so many periods in a drawing.
const MOST: usize = 12;

/// Makes the section.
pub(super) fn lifecycles(context: &Context<'_>) -> Lifecycles {
    let say = context.say;
    let checked = context.checked();
    let told = told(context);
    let message = told.first().and_then(Told::message);
    let short = told.first().and_then(Told::falls_short);
    let dek = say.lifecycle_dek(!declared(checked).is_empty(), !told.is_empty());
    let dek = short.into_iter().chain([dek.to_owned()]).collect::<Vec<_>>().join(" ");
    Lifecycles {
        head: Head::new(message.unwrap_or_else(|| say.no_phases().to_owned()), Some(dek)).with_how(told.first().map(Told::how)),
        lifecycles: told.iter().map(Told::view).collect(),
    }
}

/// The lifecycles that a report tells, over the periods that it draws.
pub(super) fn shown(context: &Context<'_>) -> Vec<Published> {
    let drawn = |it: Told<'_, '_>| {
        let periods = it.periods[it.periods.len().saturating_sub(MOST)..].to_vec();
        Published { periods, ..it.life.clone() }
    };
    told(context).into_iter().map(drawn).collect()
}

fn told<'c, 'a>(context: &'c Context<'a>) -> Vec<Told<'c, 'a>> {
    let model = &context.checked().model;
    let wanted = lifecycle_grain(context.sources.report);
    // Other reports of the run may follow the same customers at another grain.
    let own = |it: &&Published| it.grain == grain_of(model, &model.sources[it.source.index()], wanted);
    context.told.lifecycles.iter().filter(own).filter_map(|it| Told::find(context, it)).collect()
}

/// A lifecycle up to the reported period.
struct Told<'c, 'a> {
    context: &'c Context<'a>,
    life: &'c Published,
    periods: &'c [LifecyclePeriod],
    now: &'c LifecyclePeriod,
}

impl<'c, 'a> Told<'c, 'a> {
    fn find(context: &'c Context<'a>, life: &'c Published) -> Option<Told<'c, 'a>> {
        let calendar = &context.checked().model.project.calendar;
        let reported = context.sources.period_at(life.grain)?;
        let end = reported.end(calendar);
        let over = life.periods.iter().take_while(|it| it.period.end(calendar) <= end).count();
        let periods = &life.periods[..over];
        Some(Told { context, life, periods, now: periods.last()? })
    }

    /// The phase through which customers leave: the last one, where nobody moved on from it, a quarter or more of those who
    /// began a period in it were customers no more at its end, and of all who left nine in ten left from it. None where
    /// that cannot be told.
    fn leaving(&self) -> Option<&'c KeyValue> {
        let last = &self.now.phases.last()?.value;
        let (mut there, mut gone, mut all_gone) = (0, 0, 0);
        for flow in self.periods.iter().flat_map(|it| &it.flows) {
            match (flow.from == *last, &flow.to) {
                (true, None) => gone += flow.customers?,
                (true, Some(to)) if to != last && flow.customers != Some(0) => return None,
                (true, Some(_)) => {}
                (false, None) => all_gone += flow.customers?,
                (false, Some(_)) => {}
            }
        }
        for period in self.periods {
            there += period.flows.iter().find(|it| it.from == *last).and_then(|it| it.of).unwrap_or(0);
        }
        all_gone += gone;
        (gone > 0 && 4 * gone >= there && 10 * gone >= 9 * all_gone && self.now.phases.len() > 1).then_some(last)
    }

    /// How many went to the phase through which customers leave, of one phase or of all; none where that may not be told.
    fn went(&self, from: Option<&KeyValue>) -> Option<u64> {
        let leaving = self.leaving()?;
        let to = self.now.flows.iter().filter(|it| it.to.as_ref() == Some(leaving) && it.from != *leaving);
        to.filter(|it| from.is_none_or(|from| it.from == *from)).map(|it| it.customers).sum()
    }

    /// The phases of a period but that through which customers leave.
    fn staying<'p>(&self, period: &'p LifecyclePeriod) -> impl Iterator<Item = &'p Phase> + use<'p, 'c, 'a> {
        let leaving = self.leaving();
        period.phases.iter().filter(move |it| Some(&it.value) != leaving)
    }

    fn total(&self, period: &LifecyclePeriod) -> Option<u64> {
        self.staying(period).map(|it| it.customers).sum()
    }

    /// "“Trouw” groeide in een jaar van 60 naar 64 klanten": the largest phase, and what it was a year before.
    fn message(&self) -> Option<String> {
        let say = self.context.say;
        // Who came and who went says more than how many there are.
        let came = self.now.phases.iter().map(|it| it.came).sum::<Option<u64>>();
        if let Some((leaving, went)) = self.leaving().and_then(|it| Some((it, self.went(None)?)))
            && let Some(came) = came.filter(|it| it + went > 0 && !self.now.flows.is_empty())
        {
            return Some(say.came_and_went_to(self.source(), came, &self.label(leaving), went));
        }
        let total = self.total(self.now)?;
        let largest = self.staying(self.now).max_by_key(|it| it.customers)?;
        let back = match self.life.grain {
            Grain::Month => Some(12),
            Grain::Quarter | Grain::FiscalQuarter => Some(4),
            Grain::Year | Grain::FiscalYear => Some(1),
            _ => None,
        };
        let before = back.and_then(|back| self.periods.len().checked_sub(back + 1)).map(|at| &self.periods[at]);
        let before = before.and_then(|it| it.phases.iter().find(|it| it.value == largest.value)?.customers);
        Some(say.lifecycle_heading(self.source(), &self.label(&largest.value), (largest.customers?, total), before))
    }

    /// A figure of the largest phase that asks for something beyond doubt.
    fn falls_short(&self) -> Option<String> {
        let say = self.context.say;
        let lang = self.context.lang();
        let largest = self.staying(self.now).max_by_key(|it| it.customers)?;
        largest.kpis.iter().find_map(|it| {
            let row = it.row.as_ref()?;
            let mark = StatusMark { code: status(row.judged.status), note: None };
            let kpi = &self.context.checked().model.kpis[it.kpi.index()];
            let value = Numbers::new(lang, kpi, &[row.value?]).text(row.value?);
            let proven = row.judged.proven == Some(true) && matches!(mark.code, Status::Act | Status::Watch);
            proven.then(|| {
                let target = row.judged.target.map(|it| Numbers::new(lang, kpi, &[it]).norm(it));
                let title = kpi.title.get(lang).unwrap_or(&kpi.name);
                say.phase_figure(&format!("{title} {value}"), &self.label(&largest.value), &mark, target.as_deref())
            })
        })
    }

    fn label(&self, value: &KeyValue) -> String {
        label_of(self.context.checked(), self.life.dimension, value, self.context.lang())
    }

    /// The title of the source that knows the customers: "Opdrachtgevers".
    fn source(&self) -> &'c str {
        let source = &self.context.checked().model.sources[self.life.source.index()];
        source.title.get(self.context.lang()).unwrap_or(&source.name)
    }

    /// What a phase is counted from, how moves are told, and what the words for figures that are not there mean.
    fn how(&self) -> String {
        let checked = self.context.checked();
        let figures = || self.now.phases.iter().flat_map(|it| &it.kpis).filter_map(|it| Some((it.kpi, it.row.as_ref()?)));
        let hidden = figures().filter(|it| status(it.1.judged.status) == Status::Hidden).map(|it| checked.model.minimum_base(it.0)).max();
        let few = figures().any(|it| it.1.value.is_some() && status(it.1.judged.status) == Status::TooFew);
        let few = few.then_some(checked.model.project.indicative_base);
        self.context.say.lifecycle_how(self.source(), !self.now.flows.is_empty(), hidden, few)
    }

    fn view(&self) -> Lifecycle {
        let say = self.context.say;
        let lang = self.context.lang();
        let dimension = &self.context.checked().model.dimensions[self.life.dimension.index()];
        let title = dimension.title.get(lang).unwrap_or(&dimension.name).to_owned();
        let caption = self.caption();
        Lifecycle {
            key: Key::new(&dimension.name),
            subtitle: format!("{} · {}", capital(&lang.period(self.now.period)), self.source()),
            chart: self.chart(&title, &caption),
            table: (!self.now.phases.is_empty()).then(|| self.phases(&title)),
            flows: (!self.now.flows.is_empty()).then(|| self.flows(say.flows_caption())),
            title,
            caption,
        }
    }

    fn chart(&self, title: &str, caption: &str) -> Option<StackInput> {
        let lang = self.context.lang();
        let first = self.periods.len().saturating_sub(MOST);
        let shown = &self.periods[first..];
        let values: Vec<&KeyValue> = self.staying(self.now).map(|it| &it.value).collect();
        let columns = shown.iter().map(|period| {
            let count = |value: &&KeyValue| {
                let phase = period.phases.iter().find(|it| it.value == **value);
                phase.map_or(Some(0), |it| it.customers).map(|it| it as f64)
            };
            // A value that is no more has a place in no column: then the whole is not told either.
            let gone = self.staying(period).any(|it| !values.contains(&&it.value) && it.customers != Some(0));
            let counts = values.iter().map(count).collect::<Option<Vec<f64>>>().filter(|_| !gone);
            StackColumn { label: lang.axis_label_with_year(period.period), counts }
        });
        let columns: Vec<StackColumn> = columns.collect();
        let parts = self.staying(self.now).map(|it| (self.label(&it.value), self.counted(it.customers, self.share(it))));
        columns.iter().any(|it| it.counts.is_some()).then(|| StackInput {
            key: Key::new(&self.context.checked().model.dimensions[self.life.dimension.index()].name),
            title: title.to_owned(),
            desc: caption.to_owned(),
            axis: AxisFormat::plain(lang),
            counted: lower(self.source()),
            parts: parts.collect(),
            columns,
        })
    }

    /// Its share, in percent of all that stay; none of the phase through which customers leave.
    fn share(&self, of: &Phase) -> Option<f64> {
        let total = self.total(self.now).filter(|it| *it > 0)?;
        let stays = Some(&of.value) != self.leaving();
        of.customers.filter(|_| stays).map(|it| it as f64 / total as f64 * 100.0)
    }

    /// "41 · 48%", or a dash where it may not be shown.
    fn counted(&self, count: Option<u64>, share: Option<f64>) -> String {
        let lang = self.context.lang();
        let Some(count) = count else { return "–".to_owned() };
        format!("{}{}", lang.count(count), share.map(|it| format!(" · {}", lang.percent(it, 0))).unwrap_or_default())
    }

    fn caption(&self) -> String {
        let say = self.context.say;
        let mut said = Vec::new();
        let leaving = self.leaving().and_then(|it| self.now.phases.iter().find(|of| of.value == *it));
        said.extend(leaving.and_then(|it| Some(say.leaving_apart(&self.label(&it.value), it.customers?))));
        let sum = |of: &dyn Fn(&Phase) -> Option<u64>| self.now.phases.iter().map(of).sum::<Option<u64>>();
        said.extend(say.came_and_left(sum(&|it| it.came), sum(&|it| it.left)));
        let moved = self.now.flows.iter().filter(|it| it.to.as_ref().is_some_and(|to| *to != it.from));
        let moved = moved.filter_map(|it| Some((it, it.customers.filter(|it| *it > 0)?, it.of?)));
        if let Some((flow, count, of)) = moved.max_by_key(|it| it.1)
            && let Some(to) = &flow.to
        {
            said.push(say.largest_move(&self.label(&flow.from), &self.label(to), count, of));
        }
        let hidden = self.now.phases.iter().any(|it| it.customers.is_none()) || self.now.flows.iter().any(|it| it.customers.is_none());
        if hidden {
            said.push(say.some_hidden().to_owned());
        }
        if self.now.unfinished {
            said.push(say.unfinished(self.now.period));
        }
        said.join(" ")
    }

    fn phases(&self, title: &str) -> DataTable {
        let say = self.context.say;
        let lang = self.context.lang();
        let model = &self.context.checked().model;
        let followed = !self.now.flows.is_empty();
        let kpis: Vec<_> = self.now.phases.first().map(|it| it.kpis.iter().map(|it| it.kpi).collect()).unwrap_or_default();
        // A phone reads shares beside the drawing, and who is gone below it and in the table to open.
        let mut columns =
            vec![Column::text(say.phase_heading()), Column::number(say.customers_heading()), Column::number(say.share_heading())];
        if followed {
            columns.push(Column::number(say.came_heading()));
            columns.extend(self.leaving().map(|it| Column::number(say.went_to(&self.label(it)))));
            columns.push(Column::number(say.left_heading()));
        }
        columns.extend(kpis.iter().map(|it| {
            let kpi = &model.kpis[it.index()];
            Column::number(kpi.title.get(lang).unwrap_or(&kpi.name))
        }));
        let count = |it: Option<u64>| it.map_or_else(|| "–".to_owned(), |it| lang.count(it));
        let rows = self.now.phases.iter().map(|phase| {
            let share = self.share(phase).map_or_else(|| "–".to_owned(), |it| lang.percent(it, 1));
            let mut cells = vec![self.label(&phase.value), count(phase.customers), share];
            if followed {
                cells.push(count(phase.came));
                let stays = |it: &&KeyValue| **it != phase.value;
                cells.extend(self.leaving().map(|it| count(Some(&it).filter(|it| stays(it)).and_then(|_| self.went(Some(&phase.value))))));
                cells.push(count(phase.left));
            }
            cells.extend(phase.kpis.iter().map(|it| {
                let row = it.row.as_ref();
                let Some((row, value)) = row.and_then(|row| Some((row, row.value?))) else { return say.absent(row).to_owned() };
                // As many decimals for all phases.
                let values = |phase: &Phase| {
                    phase.kpis.iter().filter(|of| of.kpi == it.kpi).filter_map(|it| it.row.as_ref()?.value).collect::<Vec<_>>()
                };
                let all: Vec<f64> = self.now.phases.iter().flat_map(values).collect();
                let numbers = Numbers::new(lang, &model.kpis[it.kpi.index()], &all);
                // An interval does not break off its line.
                let ends = row.low.zip(row.high).map(|(low, high)| format!(" ({})", numbers.ends(low, high).replace('–', "–\u{2060}")));
                let few = if status(row.judged.status) == Status::TooFew { say.few_of_phase() } else { "" };
                let base = row.n.map(|it| format!(", n\u{a0}=\u{a0}{}", lang.count(it))).filter(|_| row.low.is_some() || !few.is_empty());
                format!("{}{}{}{few}", numbers.text(value), ends.unwrap_or_default(), base.unwrap_or_default())
            }));
            cells
        });
        DataTable { caption: title.to_owned(), columns, rows: rows.collect() }
    }

    fn flows(&self, caption: &str) -> DataTable {
        let say = self.context.say;
        let lang = self.context.lang();
        let mut to: Vec<Option<&KeyValue>> = Vec::new();
        let mut from: Vec<&KeyValue> = Vec::new();
        for flow in &self.now.flows {
            if !from.contains(&&flow.from) {
                from.push(&flow.from);
            }
            if !to.contains(&flow.to.as_ref()) {
                to.push(flow.to.as_ref());
            }
        }
        let mut columns = vec![Column::text(say.flow_from()), Column::number(say.customers_heading())];
        columns.extend(to.iter().map(|it| Column::number(it.map_or_else(|| say.flow_gone().to_owned(), |it| self.label(it)))));
        let cell = |flow: Option<&Flow>| self.counted(flow.and_then(|it| it.customers), flow.and_then(|it| it.share));
        let rows = from.iter().map(|from| {
            let own = self.now.flows.iter().filter(|it| it.from == **from);
            let of = own.clone().find_map(|it| it.of);
            let mut cells = vec![self.label(from), of.map_or_else(|| "–".to_owned(), |it| lang.count(it))];
            cells.extend(to.iter().map(|to| cell(own.clone().find(|it| it.to.as_ref() == *to))));
            cells
        });
        DataTable { caption: caption.to_owned(), columns, rows: rows.collect() }
    }
}

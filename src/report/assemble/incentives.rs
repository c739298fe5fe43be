//! What is paid, and for which figures? Each part between its pay points, with its own uncertainty.

use crate::eval::{PartPay, Withheld};
use crate::model::{Incentive as Declared, KpiRef, PaidPart, PayOn};
use crate::publish::{self, IncentiveResult, PaidPeriod, ResultRow};
use crate::report::charts::pay::{PayInput, PayMark};
use crate::report::needs::incentives_of;
use crate::report::numbers::Numbers;
use crate::report::view::more::{Incentive, Incentives, PaidCondition, PaidRow};
use crate::report::view::{Column, DataTable, Head, Key, Status};

use super::{Context, steering};

/// At most so many earlier periods.
pub(super) const EARLIER: usize = 4;

/// Makes the section.
pub(super) fn incentives(context: &Context<'_>) -> Incentives {
    let say = context.say;
    let checked = context.checked();
    let asked = incentives_of(checked, context.sources.report);
    let paid = publish::incentives(checked, context.sources.results, &asked, Some(EARLIER), context.today);
    let incentives: Vec<Incentive> = paid.iter().map(|it| incentive(context, it)).collect();
    let totals = incentives.iter().zip(&paid).map(|(shown, paid)| {
        let total = if paid.own.provisional { say.provisional_total(&shown.total) } else { shown.total.clone() };
        (shown.title.clone(), total)
    });
    let totals: Vec<(String, String)> = totals.collect();
    let nothing = paid.first().filter(|_| paid.len() == 1).and_then(|it| nothing(context, it));
    let total = say.incentives_heading(&totals);
    let head = match (incentives.is_empty(), nothing) {
        (true, _) => Head::new(total, Some(say.no_incentives().to_owned())),
        // That something pays nothing is the news beside the total, and why stands below.
        (false, Some((part, why))) => {
            let how = Some(say.incentives_how().to_owned());
            Head::new(format!("{total}; {part}"), Some(format!("{why}."))).with_how(how)
        }
        (false, None) => Head::new(total, None).with_how(Some(say.incentives_how().to_owned())),
    };
    Incentives { head, incentives }
}

/// Which part pays nothing, and why: of several the heaviest.
fn nothing(context: &Context<'_>, result: &IncentiveResult) -> Option<(String, String)> {
    let say = context.say;
    let declared = &context.checked().model.incentives[result.incentive];
    let own = &result.own;
    let parts = declared.parts.iter().zip(&own.pay.parts).zip(&own.parts).filter(|it| it.0.1.payout == 0.0);
    let ((part, pay), row) = parts.max_by(|a, b| a.0.1.weight.total_cmp(&b.0.1.weight))?;
    let title = title(context, &part.of);
    if let Some(why) = pay.withheld {
        return Some((say.pays_nothing(&title), say.because(&title, say.withheld(why))));
    }
    let (paid_on, begins) = (pay.paid_on?, part.pays.iter().rfind(|it| it.pay <= 0.0)?.at.value);
    let places: Vec<f64> = part.pays.iter().map(|it| it.at.value).collect();
    let numbers = numbers(context, &part.of, row.as_ref(), &places);
    let low_end = row.as_ref().and_then(|it| it.value) != Some(paid_on);
    Some((say.pays_nothing(&title), say.below_pay(&title, low_end, &numbers.text(paid_on), paid_on < begins, &numbers.norm(begins))))
}

fn percent(context: &Context<'_>, value: f64) -> String {
    let whole = (value - value.round()).abs() < 0.05;
    context.lang().percent(value, u8::from(!whole))
}

fn incentive(context: &Context<'_>, result: &IncentiveResult) -> Incentive {
    let say = context.say;
    let declared = &context.checked().model.incentives[result.incentive];
    let own = &result.own;
    let low_end = declared.pay_on == Some(PayOn::LowEnd);
    let mut subtitle: Vec<String> = context.team(declared.team).map(str::to_owned).into_iter().collect();
    subtitle.push(context.lang().period(own.period));
    subtitle.push(say.paid_on(low_end).to_owned());
    let parts = declared.parts.iter().zip(&own.pay.parts).zip(&own.parts).map(|((part, pay), row)| paid(context, part, pay, row.as_ref()));
    let conditions = declared.conditions.iter().zip(&own.pay.conditions).zip(&own.conditions).map(|((asked, held), row)| {
        let numbers = numbers(context, &asked.of, row.as_ref(), &[asked.value.value]);
        PaidCondition {
            title: title(context, &asked.of),
            asked: say.asked(asked.comparison, &numbers.norm(asked.value.value)),
            value: figure(context, &numbers, row.as_ref()),
            status: match held.met {
                Some(true) => Status::OnTarget,
                Some(false) => Status::Act,
                None => Status::NoData,
            },
            word: say.condition_met(held.met).to_owned(),
        }
    });
    let mut remarks = say.pay_remarks(own.pay.met, !declared.conditions.is_empty(), own.provisional, own.data_from);
    if let Some(changed) = &result.changed {
        let kpi = &context.checked().model.kpis[changed.kpi.index()];
        remarks.push(say.paid_since(kpi.title.get(context.lang()).unwrap_or(&kpi.name), changed.on));
    }
    // Whether the team moves what it is paid on stands beside what it is paid.
    let part = |kpi| declared.parts.iter().any(|it| it.of.kpi == kpi);
    remarks.extend(steering::told(context, |it| Some(it.team) == declared.team && part(it.kpi)));
    Incentive {
        key: Key::new(&declared.name),
        title: declared.title.get(context.lang()).unwrap_or(&declared.name).to_owned(),
        subtitle: subtitle.join(" · "),
        value_label: say.value_over(&context.lang().period_short(own.period), own.provisional),
        parts: parts.collect(),
        conditions: conditions.collect(),
        total: percent(context, own.pay.total),
        caption: remarks.join(" "),
        earlier: (!result.earlier.is_empty()).then(|| earlier(context, declared, &result.earlier)),
    }
}

fn title(context: &Context<'_>, of: &KpiRef) -> String {
    let kpi = &context.checked().model.kpis[of.kpi.index()];
    context.part_title(kpi.title.get(context.lang()).unwrap_or(&kpi.name), of)
}

fn numbers(context: &Context<'_>, of: &KpiRef, row: Option<&ResultRow>, norms: &[f64]) -> Numbers {
    let kpi = &context.checked().model.kpis[of.kpi.index()];
    let seen: Vec<f64> = row.and_then(|it| it.value).into_iter().chain(norms.iter().copied()).collect();
    Numbers::new(context.lang(), kpi, &seen)
}

/// A value with its interval, or why there is none.
fn figure(context: &Context<'_>, numbers: &Numbers, row: Option<&ResultRow>) -> String {
    let Some((row, value)) = row.and_then(|it| Some((it, it.value?))) else { return context.say.absent(row).to_owned() };
    match row.low.zip(row.high) {
        Some((low, high)) => format!("{} ({})", numbers.text(value), numbers.ends(low, high)),
        None => numbers.text(value),
    }
}

fn paid(context: &Context<'_>, part: &PaidPart, pay: &PartPay, row: Option<&ResultRow>) -> PaidRow {
    let say = context.say;
    let places: Vec<f64> = part.pays.iter().map(|it| it.at.value).collect();
    let numbers = numbers(context, &part.of, row, &places);
    let points = part.pays.iter().map(|it| PayMark { at: numbers.shown(it.at.value), pay: it.pay, label: numbers.norm(it.at.value) });
    let points: Vec<PayMark> = points.collect();
    let terms: Vec<String> = part.pays.iter().map(|it| say.pays_at(&percent(context, it.pay), &numbers.norm(it.at.value))).collect();
    let value = row.and_then(|it| it.value);
    let low_end = pay.paid_on.filter(|it| Some(*it) != value);
    let mut remark = vec![terms.join(", ")];
    remark.extend(low_end.map(|it| say.was_paid_on(&numbers.text(it))));
    remark.extend(pay.withheld.map(|it: Withheld| say.withheld(it).to_owned()));
    let remark = remark.join("; ");
    let said = figure(context, &numbers, row);
    let title = title(context, &part.of);
    PaidRow {
        chart: Some(PayInput {
            desc: format!("{title}: {said}. {remark}."),
            axis: numbers.axis(),
            value: value.map(|it| numbers.shown(it)),
            interval: row
                .filter(|it| it.value.is_some())
                .and_then(|it| it.low.zip(it.high))
                .map(|(low, high)| (numbers.shown(low), numbers.shown(high))),
            paid_on: low_end.map(|it| numbers.shown(it)),
            points,
        }),
        title,
        value: said,
        remark,
        weight: percent(context, pay.weight),
        payout: percent(context, pay.payout),
    }
}

fn earlier(context: &Context<'_>, declared: &Declared, periods: &[PaidPeriod]) -> DataTable {
    let say = context.say;
    let mut columns = vec![Column::text(say.period_heading())];
    columns.extend(declared.parts.iter().map(|it| Column::number(title(context, &it.of))));
    columns.push(Column::number(say.total_heading()));
    let rows = periods.iter().map(|it| {
        let mut cells = vec![context.lang().period_short(it.period)];
        cells.extend(it.pay.parts.iter().map(|it| percent(context, it.payout)));
        cells.push(percent(context, it.pay.total));
        cells
    });
    DataTable { caption: say.paid_before().to_owned(), columns, rows: rows.collect() }
}

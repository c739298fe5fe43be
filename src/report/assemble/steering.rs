//! Who is steered on what it does not drive? What `peil audit` finds over all rows, in sentences with figures (R21).

use crate::check::steering::Second;
use crate::eval::drivers::Estimate;
use crate::insight::steering::{NotDriving, not_driving};
use crate::model::KpiId;
use crate::report::words::SteeredOn;

use super::Context;
use super::drivers::{find_any, item_title};

/// Those that are wanted, each in two sentences: what it is steered on and what it holds of that, and what is proposed.
pub(super) fn told(context: &Context<'_>, wanted: impl Fn(&NotDriving) -> bool) -> Vec<String> {
    let found = not_driving(context.checked(), context.sources.results.drivers.iter().map(|it| it.table()));
    found.iter().filter(|it| wanted(it)).filter_map(|it| one(context, it)).collect()
}

fn one(context: &Context<'_>, it: &NotDriving) -> Option<String> {
    let say = context.say;
    let lang = context.lang();
    let found = find_any(context, it.drivers)?;
    // As the audit has it: what is under the least is not rounded to it.
    let written = |of: &Estimate| {
        let ends = of.low.zip(of.high).map(|(low, high)| format!(" ({})", lang.interval(it.whole(low), high, 0)));
        Some(format!("{}{}", lang.percent(it.whole(of.value?), 0), ends.unwrap_or_default()))
    };
    let shown = found.model.teams.iter().filter(|_| !found.table.ask.pooled).find(|of| of.team == it.team);
    let items: Vec<String> = it.items.iter().map(|it| say.quoted(&item_title(context, &found, it.column))).collect();
    let share = shown.and_then(|it| written(&it.share));
    let mut said = vec![say.does_not_drive(&steered(context, it)?, &items, share.as_deref(), &written(&it.share)?)];
    said.extend(it.second.as_ref().map(|it| match it {
        Second::Kpi(kpi) => say.steer_on(title(context, *kpi)),
        Second::New { touchpoint, proposal } => {
            let touchpoint = &context.checked().model.touchpoints[touchpoint.index()];
            say.ask_at(touchpoint.title.get(lang).unwrap_or(&touchpoint.name), proposal)
        }
    }));
    Some(said.join(" "))
}

fn title<'a>(context: &Context<'a>, kpi: KpiId) -> &'a str {
    let kpi = &context.checked().model.kpis[kpi.index()];
    kpi.title.get(context.lang()).unwrap_or(&kpi.name)
}

/// What steers the team on it.
fn steered(context: &Context<'_>, it: &NotDriving) -> Option<String> {
    let model = &context.checked().model;
    let lang = context.lang();
    let team = context.team(Some(it.team))?;
    let kpi = title(context, it.kpi);
    let (_, name) = it.steered.about.split_once(':')?;
    let how = match it.steered.by {
        "incentive" => {
            let incentive = model.incentives.iter().find(|it| it.name == name)?;
            let all: f64 = incentive.parts.iter().map(|it| it.of.weight).sum();
            let own: f64 = incentive.parts.iter().filter(|part| part.of.kpi == it.kpi).map(|it| it.of.weight).sum();
            let weight = lang.percent(if all > 0.0 { own / all * 100.0 } else { 0.0 }, 0);
            return Some(context.say.steered_on(team, SteeredOn::Paid(&weight), kpi));
        }
        "goal" => {
            let goal = model.goals.iter().find(|it| it.name == name)?;
            SteeredOn::Goal(goal.title.get(lang).unwrap_or(&goal.name))
        }
        _ => {
            let touchpoint = model.touchpoints.iter().find(|it| it.name == name)?;
            SteeredOn::Touchpoint(touchpoint.title.get(lang).unwrap_or(&touchpoint.name))
        }
    };
    Some(context.say.steered_on(team, how, kpi))
}

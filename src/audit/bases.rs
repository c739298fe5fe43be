//! Do the figures that goals are measured by rest on enough answers to be shown?

use crate::calendar::Date;
use crate::check::Checked;
use crate::engine::{self, Options};
use crate::eval::{self, Figure, Note, Periods};
use crate::plan::{Ask, Request};
use crate::source::World;
use crate::value::{Code, Diagnostics, Fact};

/// Reports goals whose KPI rests, in its last whole period, on fewer answers than the minimum base.
pub(super) fn report(checked: &Checked, world: &dyn World, options: Options, today: Option<Date>, out: &mut Diagnostics) {
    let model = &checked.model;
    let mut request = Request::new();
    request.variances = false;
    let mut asked: Vec<(usize, crate::model::KpiId)> = Vec::new();
    for it in model.goals.iter().flat_map(|it| &it.measured_by).filter(|it| !checked.is_total(it.kpi)) {
        let ask = Ask { kpi: it.kpi, part: it.part.clone(), cut: Vec::new(), grain: eval::judged_grain(checked, it.kpi) };
        let place = request.add(ask);
        if !asked.contains(&(place, it.kpi)) {
            asked.push((place, it.kpi));
        }
    }
    if asked.is_empty() {
        return;
    }
    let plan = crate::plan::plan(checked, &request);
    // What cannot be read was reported.
    let Some(table) = engine::scan(checked, &plan, world, options, &mut Diagnostics::default()) else { return };
    let figures = eval::evaluate(checked, &plan, &table, Periods::default(), today.unwrap_or(Date::MAX));
    for (place, kpi) in asked {
        let kpi = &model.kpis[kpi.index()];
        let whole = |it: &&Figure| !it.notes.contains(&Note::Unfinished) && it.protected_base.is_some();
        let Some(last) = figures.tables[place].rows.iter().rev().find(whole) else { continue };
        let least = u64::from(kpi.minimum_base.unwrap_or(0).max(model.project.minimum_base));
        if let Some(base) = last.protected_base.filter(|it| *it > 0 && *it < least) {
            let fact = Fact::at(Code::SmallBase, kpi.span).with("kpi", &kpi.name).with("period", last.period);
            out.push(fact.with("n", base).with("least", least).about(format!("kpi:{}", kpi.name)));
        }
    }
}

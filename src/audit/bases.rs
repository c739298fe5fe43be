//! Do the figures that goals are measured by rest on enough answers to be shown?

use super::data::Data;
use crate::check::Checked;
use crate::eval::{Figure, Note, judged_grain};
use crate::plan::{Ask, Request};
use crate::value::{Code, Diagnostics, Fact};

/// Reports goals whose KPI rests, in its last whole period, on fewer answers than the minimum base.
pub(super) fn report(checked: &Checked, data: Data<'_>, out: &mut Diagnostics) {
    let model = &checked.model;
    let mut request = Request::new();
    request.variances = false;
    let mut asked: Vec<(usize, crate::model::KpiId)> = Vec::new();
    for it in model.goals.iter().flat_map(|it| &it.measured_by).filter(|it| !checked.is_total(it.kpi)) {
        let ask = Ask { kpi: it.kpi, part: it.part.clone(), cut: Vec::new(), grain: judged_grain(checked, it.kpi) };
        let place = request.add(ask);
        if !asked.contains(&(place, it.kpi)) {
            asked.push((place, it.kpi));
        }
    }
    if asked.is_empty() {
        return;
    }
    let Some(figures) = data.figures(checked, &request) else { return };
    for (place, kpi) in asked {
        let least = model.minimum_base(kpi);
        let kpi = &model.kpis[kpi.index()];
        let whole = |it: &&Figure| !it.notes.contains(&Note::Unfinished) && it.protected_base.is_some();
        let Some(last) = figures.tables[place].rows.iter().rev().find(whole) else { continue };
        if let Some(base) = last.protected_base.filter(|it| *it > 0 && *it < least) {
            let fact = Fact::at(Code::SmallBase, kpi.span).with("kpi", &kpi.name).with("period", last.period);
            out.push(fact.with("n", base).with("least", least).about(format!("kpi:{}", kpi.name)));
        }
    }
}

//! Which tables are read to know what must be hidden of those that are asked for: all that the project declares, for its
//! readers may have seen them (R22).

use crate::calendar::Grain;
use crate::check::Checked;
use crate::eval::{judged_grain, reporting_grain};
use crate::model::DimensionId;
use crate::plan::{Ask, Request};

/// The tables that a project declares: every KPI in all, by its own cuts, and by those of the reports that show it; at
/// the grains at which it is reported and judged. Beside a dimension that lies within another, asked for or declared,
/// also which of its values lies where: who sees both knows that.
pub(super) fn guards(checked: &Checked, request: &Request) -> Vec<Ask> {
    let mut asks = declared(checked);
    let outcomes: Vec<Ask> = request.drivers.iter().filter_map(|it| it.outcome(&checked.model)).collect();
    let within: Vec<Ask> = request.asks.iter().chain(&asks).chain(&outcomes).filter_map(|it| with_parents(checked, it)).collect();
    for ask in within {
        if !asks.contains(&ask) {
            asks.push(ask);
        }
    }
    asks
}

/// A table that is cut by what the dimensions of its cut lie within, too; `None` where they lie within nothing else.
fn with_parents(checked: &Checked, ask: &Ask) -> Option<Ask> {
    let mut cut = ask.cut.clone();
    let mut at = 0;
    while at < cut.len() {
        let parent = checked.model.dimensions[cut[at].index()].within;
        if let Some(parent) = parent.filter(|it| !cut.contains(it) && checked.lacks(ask.kpi, *it).is_none()) {
            cut.push(parent);
        }
        at += 1;
    }
    (cut.len() > ask.cut.len()).then(|| Ask { cut, ..ask.clone() })
}

fn declared(checked: &Checked) -> Vec<Ask> {
    let model = &checked.model;
    let mut asks: Vec<Ask> = Vec::new();
    for kpi in checked.figures() {
        if checked.sources_of(kpi).iter().all(|it| model.sources[it.index()].no_persons) {
            continue;
        }
        let mut cuts: Vec<Vec<DimensionId>> = vec![Vec::new()];
        let mut grains: Vec<Grain> = vec![reporting_grain(checked, kpi, None), judged_grain(checked, kpi)];
        cuts.extend(model.kpis[kpi.index()].cuts.iter().map(|it| vec![*it]));
        for report in model.reports.iter().filter(|it| it.kpis.is_empty() || it.kpis.contains(&kpi)) {
            cuts.extend(report.cuts.iter().map(|it| vec![*it]));
            grains.extend(report.grain.map(|it| reporting_grain(checked, kpi, Some(it))));
        }
        for cut in cuts.iter().filter(|it| it.iter().all(|it| checked.lacks(kpi, *it).is_none())) {
            for grain in &grains {
                let ask = Ask { kpi, part: None, cut: cut.clone(), grain: *grain };
                if !asks.contains(&ask) {
                    asks.push(ask);
                }
            }
        }
    }
    asks
}

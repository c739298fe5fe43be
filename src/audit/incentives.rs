//! Is there enough behind what is paid for? (R22, R24)

use crate::calendar::Date;
use crate::check::Checked;
use crate::engine::{self, Options};
use crate::eval::{Periods, Status, evaluate, reporting_grain};
use crate::model::print_row;
use crate::plan::{Ask, Request};
use crate::publish::{plan, publish};
use crate::source::World;
use crate::value::{Code, Diagnostics, Fact};

/// Reports parts of incentives whose figure rests on too few: it is not shown, or shown without a judgement. What data
/// could not be read was reported by who read them first.
pub(super) fn too_few(checked: &Checked, world: &dyn World, options: Options, out: &mut Diagnostics) {
    let model = &checked.model;
    let mut request = Request::new();
    let mut asked = Vec::new();
    for incentive in &model.incentives {
        let Some(period) = incentive.period else { continue };
        for of in incentive.parts.iter().map(|it| &it.of) {
            let grain = reporting_grain(checked, of.kpi, Some(period.grain()));
            request.add(Ask { kpi: of.kpi, part: of.part.clone(), cut: Vec::new(), grain });
            asked.push((incentive, of, period));
        }
    }
    if asked.is_empty() {
        return;
    }
    let plan = plan(checked, &request);
    let Some(table) = engine::scan(checked, &plan, world, options, &mut Diagnostics::default()) else { return };
    let figures = evaluate(checked, &plan, &table, Periods::default(), Date::MAX);
    let results = publish(checked, &plan, &table, figures, Date::MAX);
    for (incentive, of, period) in asked {
        let tables = results.tables.iter().filter(|it| it.kpi == of.kpi && it.part == of.part);
        let row = tables.flat_map(|it| &it.rows).find(|it| it.period == period);
        let kpi = &model.kpis[of.kpi.index()];
        let (base, least) = match row.map(|it| it.judged.status) {
            Some(Status::Hidden) => ("minimum", kpi.minimum_base.unwrap_or(0).max(model.project.minimum_base)),
            Some(Status::TooFew) => ("indicative", model.project.indicative_base),
            _ => continue,
        };
        let name = match &of.part {
            Some(part) => format!("{}[{}]", kpi.name, print_row(model, part)),
            None => kpi.name.clone(),
        };
        let fact = Fact::at(Code::IncentiveTooFew, of.span).with("name", &incentive.name).with("kpi", name).with("base", base);
        let fact = fact.with("least", least).with("period", period);
        out.push(fact.about(format!("incentive:{}", incentive.name)));
    }
}

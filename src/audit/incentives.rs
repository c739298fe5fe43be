//! Is there enough behind what is paid for? (R22, R24)

use super::data::Data;
use crate::check::Checked;
use crate::eval::{Status, reporting_grain};
use crate::plan::{Ask, Request};
use crate::value::{Code, Diagnostics, Fact};

/// Reports parts of incentives whose figure rests on too few: it is not shown, or shown without a judgement.
pub(super) fn too_few(checked: &Checked, data: Data<'_>, out: &mut Diagnostics) {
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
    let Some(results) = (Data { today: None, ..data }).published(checked, &request) else { return };
    for (incentive, of, period) in asked {
        let tables = results.tables.iter().filter(|it| it.kpi == of.kpi && it.part == of.part);
        let row = tables.flat_map(|it| &it.rows).find(|it| it.period == period);
        let (base, least) = match row.map(|it| it.judged.status) {
            Some(Status::Hidden) => ("minimum", model.minimum_base(of.kpi)),
            Some(Status::TooFew) => ("indicative", u64::from(model.project.indicative_base)),
            _ => continue,
        };
        let name = model.kpi_text(of.kpi, of.part.as_ref());
        let fact = Fact::at(Code::IncentiveTooFew, of.span).with("name", &incentive.name).with("kpi", name).with("base", base);
        let fact = fact.with("least", least).with("period", period);
        out.push(fact.about(format!("incentive:{}", incentive.name)));
    }
}

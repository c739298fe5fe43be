//! Reasons: what their tables need of the data, savings beside them included.

use super::drivers::{Window, needs as needs_of_models};
use crate::calendar::Grain;
use crate::check::Checked;
use crate::eval::Periods;
use crate::model::{DriversId, Method, Reasons};
use crate::plan::{Ask, DriverAsk, Request};

/// The models of stated reasons of a project.
pub fn stated(checked: &Checked) -> Vec<DriversId> {
    let all = checked.model.drivers.iter().enumerate();
    all.filter(|it| it.1.method == Method::Stated).map(|it| DriversId(it.0 as u32)).collect()
}

/// What tables of reasons need in a window, and the periods that it is.
///
/// # Errors
/// Why a table cannot be made so, in a sentence.
pub fn needs(checked: &Checked, models: &[DriversId], window: &Window) -> Result<(Request, Periods), String> {
    let mut request = Request::new();
    let (asks, periods) = needs_of_models(checked, models, window)?;
    for ask in &asks {
        if let Some(saved) = savings(checked, ask) {
            request.add(saved);
        }
    }
    request.drivers = asks;
    Ok((request, periods))
}

/// The figures of what could be saved beside a table of reasons; none where nothing says it.
pub fn savings(checked: &Checked, ask: &DriverAsk) -> Option<Ask> {
    let declared = &checked.model.drivers[ask.drivers.index()];
    let (savings, reasons) = (declared.savings.as_ref()?, declared.reasons.as_ref()?);
    let Reasons::Dimension(dimension) = reasons.value else { return None };
    let mut cut = ask.cut.clone();
    cut.push(dimension);
    // What could be saved is not always told for what answers are cut by.
    if cut.iter().any(|it| checked.lacks(savings.value, *it).is_some()) {
        return None;
    }
    // Amounts add up over the periods of one window.
    let wanted = Some(ask.grain).filter(|it| *it != Grain::All);
    let grain = crate::eval::reporting_grain(checked, savings.value, wanted);
    Some(Ask { kpi: savings.value, part: None, cut, grain })
}

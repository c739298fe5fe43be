//! Can what is asked be cut so? Else which source does not have the dimension, or gives several answers.

use crate::check::Checked;
use crate::model::{DimensionId, KpiId, SourceId, overlaps_on};

/// Whether a KPI can be cut by dimensions.
///
/// # Errors
/// Why not, in a sentence.
pub fn cuttable(checked: &Checked, kpi: KpiId, cut: &[DimensionId]) -> Result<(), String> {
    cuttable_by(checked, &checked.model.kpis[kpi.index()].name, cut, |it| checked.lacks(kpi, it))
}

/// Why none of a project's KPIs can be cut by these dimensions.
pub fn uncuttable(checked: &Checked, cut: &[DimensionId]) -> String {
    let model = &checked.model;
    let by: Vec<String> = cut.iter().map(|it| format!("`{}`", model.dimensions[it.index()].name)).collect();
    let by = by.join(" and ");
    let several = cut.iter().find_map(|dimension| {
        let source = (0..model.sources.len() as u32).map(SourceId).find(|it| overlaps_on(model, *dimension, *it))?;
        Some((*dimension, source))
    });
    match several {
        Some((dimension, source)) => format!("no KPI of this project can be cut by {by}: {}", answers_several(checked, dimension, source)),
        None => {
            format!("no KPI of this project can be cut by {by}: none is of sources that have {}", if cut.len() > 1 { "all" } else { "it" })
        }
    }
}

/// That rows of a source give several answers to a dimension, and what to ask for instead.
fn answers_several(checked: &Checked, dimension: DimensionId, source: SourceId) -> String {
    let (dimension, source) = (&checked.model.dimensions[dimension.index()].name, &checked.model.sources[source.index()].name);
    format!(
        "a row of `{source}` gives several answers there; ask for one with a condition, `{dimension} = \"…\"`, or for all beside \
         each other with `peil reasons`"
    )
}

/// The same of anything that has a name, where `lacks` gives the source that does not have a dimension.
///
/// # Errors
/// Why not, in a sentence.
pub fn cuttable_by(
    checked: &Checked,
    name: &str,
    cut: &[DimensionId],
    lacks: impl Fn(DimensionId) -> Option<SourceId>,
) -> Result<(), String> {
    let Some((dimension, source)) = cut.iter().find_map(|it| Some((*it, lacks(*it)?))) else { return Ok(()) };
    let model = &checked.model;
    if overlaps_on(model, dimension, source) {
        let by = &model.dimensions[dimension.index()].name;
        return Err(format!("`{name}` cannot be cut by `{by}`: {}", answers_several(checked, dimension, source)));
    }
    let (dimension, source) = (&model.dimensions[dimension.index()].name, &model.sources[source.index()].name);
    Err(format!("`{name}` cannot be cut by `{dimension}`: its source `{source}` does not have it"))
}

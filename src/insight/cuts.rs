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
        let (dimension, source) = (&model.dimensions[dimension.index()].name, &model.sources[source.index()].name);
        let instead = format!("ask for one with a condition, `{dimension} = \"…\"`, or for all beside each other with `peil reasons`");
        return Err(format!("`{name}` cannot be cut by `{dimension}`: a row of `{source}` gives several answers there; {instead}"));
    }
    let (dimension, source) = (&model.dimensions[dimension.index()].name, &model.sources[source.index()].name);
    Err(format!("`{name}` cannot be cut by `{dimension}`: its source `{source}` does not have it"))
}

//! Does a figure look across a change of what is measured? Of two definitions no difference is told, and what mixes them
//! says so.

use super::window::Range;
use crate::calendar::Date;
use crate::model::{KpiExpr, KpiId, KpiKind, Model};
use crate::plan::{Shift, Window};

/// A declared change, and the windows through which a figure looks at the KPI that it is of.
pub(super) struct Looked {
    kpi: KpiId,
    on: Date,
    windows: Vec<Window>,
}

/// How a figure stands to the changes of what it looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Across {
    /// It looks at one definition.
    One,
    /// One window holds rows of two definitions: a year in which the question changed, a rolling mean over it.
    Mixed,
    /// It holds figures of one definition against those of another.
    Between,
}

/// Returns the changes of a KPI, and of all that it is made of, after which figures are not comparable.
pub(super) fn looked_at(model: &Model, kpi: KpiId) -> Vec<Looked> {
    let mut found = Vec::new();
    look(model, kpi, &Window::default(), &mut found);
    found
}

fn look(model: &Model, kpi: KpiId, window: &Window, found: &mut Vec<Looked>) {
    let of = &model.kpis[kpi.index()];
    if let Some(changed) = of.changed.as_ref().filter(|it| !it.comparable) {
        match found.iter_mut().find(|it| it.kpi == kpi) {
            Some(known) if known.windows.contains(window) => {}
            Some(known) => known.windows.push(window.clone()),
            None => found.push(Looked { kpi, on: changed.on, windows: vec![window.clone()] }),
        }
    }
    if let Some(formula) = &of.formula {
        walk(model, formula, window, found);
    }
}

fn walk(model: &Model, formula: &KpiExpr, window: &Window, found: &mut Vec<Looked>) {
    match &formula.kind {
        KpiKind::Kpi { kpi, .. } => look(model, *kpi, window, found),
        KpiKind::Rolling { of, length } => walk(model, of, &window.over_length(*length), found),
        KpiKind::Previous(of) => walk(model, of, &window.shifted(Shift::Previous), found),
        KpiKind::Change { of, length } => {
            walk(model, of, window, found);
            walk(model, of, &window.shifted(length.map_or(Shift::Previous, Shift::Back)), found);
        }
        _ => formula.parts().into_iter().for_each(|it| walk(model, it, window, found)),
    }
}

/// How a figure stands to these changes, by the days that each window covers.
pub(super) fn across(changes: &[Looked], range: &dyn Fn(&Window) -> Option<Range>) -> Across {
    let mut worst = Across::One;
    for it in changes {
        let ranges: Vec<Range> = it.windows.iter().filter_map(range).filter(|it| !it.all).collect();
        let holds = |range: &Range| range.from < it.on && it.on < range.until;
        let before = ranges.iter().any(|range| range.from < it.on);
        let after = ranges.iter().any(|range| range.until > it.on);
        if before && after && ranges.windows(2).any(|pair| pair[0] != pair[1]) {
            return Across::Between;
        }
        if ranges.iter().any(holds) {
            worst = Across::Mixed;
        }
    }
    worst
}

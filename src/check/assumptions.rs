//! Do assumptions say what they rest on, are they used, and do they enter only where they are known? (R23)

use super::Traits;
use crate::graph::{Graph, Node};
use crate::model::{Assumption, KpiId, KpiRef, Model, fixed_value};
use crate::source::Span;
use crate::value::{Code, Diagnostics, Fact};

/// Reports what assumptions do not say, and those that nothing uses.
pub(super) fn check(model: &Model, traits: &[Traits], graph: &Graph, out: &mut Diagnostics) {
    for (at, assumption) in model.assumptions.iter().enumerate().filter(|it| !it.1.broken) {
        origin(model, assumption, out);
        if assumption.estimates().any(|it| it.ends.is_none()) {
            out.push(lint(Code::AssumptionWithoutRange, assumption));
        }
        gaps(model, assumption, out);
        // A KPI that is broken may have used it.
        let is_known = !model.kpis.iter().any(|it| it.broken);
        if is_known && graph.needed_by(Node::Assumption(at as u32)).is_empty() {
            out.push(lint(Code::UnusedAssumption, assumption));
        }
    }
    rolled_up(model, traits, out);
}

fn lint(code: Code, assumption: &Assumption) -> Fact {
    Fact::at(code, assumption.span).with("name", &assumption.name).about(format!("assumption:{}", assumption.name))
}

/// Who said it, and when?
fn origin(model: &Model, assumption: &Assumption, out: &mut Diagnostics) {
    let source = assumption.source.get(model.project.language).is_some_and(|it| !it.trim().is_empty());
    let missing = match (source, assumption.date.is_some()) {
        (true, true) => return,
        (false, true) => "source",
        (true, false) => "date",
        (false, false) => "source and date",
    };
    out.push(lint(Code::MissingOrigin, assumption).with("word", "assumption").with("missing", missing));
}

/// Values of the dimension of which nothing is assumed.
fn gaps(model: &Model, assumption: &Assumption, out: &mut Diagnostics) {
    let Some((by, _)) = &assumption.by else { return };
    let dimension = &model.dimensions[by.index()];
    let lang = model.project.language;
    let missing = dimension.values.iter().filter(|it| assumption.estimate(Some(&it.0)).is_none());
    let missing: Vec<String> = missing.map(|(code, title)| format!("`{}`", title.get(lang).unwrap_or(code))).collect();
    if !missing.is_empty() {
        let fact = lint(Code::AssumptionGap, assumption).with("values", missing.join(", ")).with("dimension", &dimension.name);
        out.push(fact.label(dimension.span, "dimension"));
    }
}

/// A KPI with an assumption by value has figures only where it is cut by that dimension: it must say so.
pub(super) fn needs(model: &Model, id: KpiId, own: &mut Traits, out: &mut Diagnostics) {
    let kpi = &model.kpis[id.index()];
    own.needs.sort_by_key(|it| it.dimension);
    own.needs.dedup_by_key(|it| it.dimension);
    own.needs.retain(|it| {
        let said = kpi.cuts.contains(&it.dimension);
        if !said {
            out.push(needs_cut(model, it.span, &kpi.name, it));
        }
        // What was reported here is not reported again where this KPI is used.
        said
    });
}

fn needs_cut(model: &Model, span: Span, kpi: &str, need: &super::Need) -> Fact {
    let assumption = &model.assumptions[need.assumption.index()];
    let dimension = &model.dimensions[need.dimension.index()].name;
    let fact = Fact::at(Code::NeedsCut, span).with("kpi", kpi).with("dimension", dimension).with("assumption", &assumption.name);
    fact.label(assumption.span, "assumption")
}

/// What is rolled up is one figure: it cannot be one by value.
fn rolled_up(model: &Model, traits: &[Traits], out: &mut Diagnostics) {
    let goals = model.goals.iter().flat_map(|it| &it.measured_by);
    let enablers = model.enablers.iter().flat_map(|it| &it.measured_by);
    let measures: Vec<&KpiRef> = goals.chain(enablers).collect();
    for it in measures {
        let open = |need: &&super::Need| it.part.as_ref().is_none_or(|part| fixed_value(part, need.dimension).is_none());
        if let Some(need) = traits[it.kpi.index()].needs.iter().find(open) {
            out.push(needs_cut(model, it.span, &model.kpis[it.kpi.index()].name, need).with("rolled_up", "yes"));
        }
    }
}

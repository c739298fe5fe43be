//! How was each figure computed, from what, and how sure is it? The appendix: definitions, data, method.

use crate::calendar::Date;
use crate::model::{KpiExpr, KpiKind, Norms, canonical, print_formula, print_row};
use crate::report::needs::{goals_of, shows};
use crate::report::view::{Definition, Definitions, Fact, Head, SectionName};

use sha2::{Digest, Sha256};

use super::assumed::{assumptions, has_range};
use super::measures::columns;
use super::quality::quality;
use super::reading::Reading;
use super::scorecards::key;
use super::series::{named, walk};
use super::{Context, answers};

/// Makes the section.
pub(super) fn definitions(context: &Context<'_>) -> Definitions {
    let say = context.say;
    Definitions {
        head: Head::new(say.definitions_heading(context.readings.len()), Some(say.definitions_dek().to_owned())),
        definitions: context.readings.iter().map(|it| definition(context, it)).collect(),
        named: named_besides(context),
        quality: quality(context),
        method: method(context),
    }
}

/// What the page prints of other KPIs than its own, each with its formula.
fn named_besides(context: &Context<'_>) -> Vec<Fact> {
    let model = &context.checked().model;
    let printed = context.used().kpis.iter().copied();
    let others = printed.filter(|it| context.readings.iter().all(|of| of.id != *it));
    let fact = |id: crate::model::KpiId| {
        let kpi = &model.kpis[id.index()];
        Some(Fact::code(kpi.title.get(context.lang()).unwrap_or(&kpi.name), print_formula(model, kpi.formula.as_ref()?)))
    };
    others.filter_map(fact).collect()
}

/// The fingerprint of all that this report uses.
pub(super) fn fingerprint(context: &Context<'_>) -> String {
    let report = context.sources.report;
    let kpis = context.used().kpis.iter().copied().collect();
    hash(context, &canonical::Used { kpis, goals: true, journeys: shows(report, SectionName::Journey) })
}

/// The fingerprint of all that the project defines: the same in every report of a run.
pub(super) fn project_fingerprint(context: &Context<'_>) -> String {
    let kpis = context.checked().figures();
    hash(context, &canonical::Used { kpis, goals: true, journeys: true })
}

/// Twelve digits of the hash of definitions in their canonical text.
fn hash(context: &Context<'_>, used: &canonical::Used) -> String {
    let text = canonical::definitions(&context.checked().model, used);
    Sha256::digest(text.as_bytes()).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn definition(context: &Context<'_>, reading: &Reading<'_>) -> Definition {
    let say = context.say;
    let mut summary: Vec<String> = context.team(reading.kpi.owner).map(|it| say.owned_by(it)).into_iter().collect();
    if let Some(changed) = &reading.kpi.changed {
        summary.push(say.changed_on(&context.lang().date_short(changed.on)));
    }
    Definition {
        key: key(reading),
        title: reading.title.clone(),
        summary: summary.join(" · "),
        facts: facts(context, reading),
        text: Some(canonical::kpi(&context.checked().model, reading.id).trim_end().to_owned()),
    }
}

fn facts(context: &Context<'_>, reading: &Reading<'_>) -> Vec<Fact> {
    let say = context.say;
    let model = &context.checked().model;
    let lang = context.lang();
    let kpi = reading.kpi;
    let mut facts = Vec::new();
    for (label, text) in [(say.purpose_label(), &kpi.purpose), (say.description_label(), &kpi.description)] {
        facts.extend(text.get(lang).map(|it| Fact::new(label, it)));
    }
    let questions = questions(context, kpi.formula.as_ref());
    if !questions.is_empty() {
        facts.push(Fact::new(say.question_label(questions.len()), questions.join("; ")));
    }
    facts.extend(kpi.formula.as_ref().map(|it| Fact::code(say.formula_label(), print_formula(model, it))));
    let made_of: Vec<String> = kpi
        .formula
        .as_ref()
        .map(named)
        .unwrap_or_default()
        .iter()
        .map(|it| &model.kpis[it.index()])
        .map(|it| it.title.get(lang).unwrap_or(&it.name).to_owned())
        .collect();
    if !made_of.is_empty() {
        facts.push(Fact::new(say.made_of_label(), made_of.join("; ")));
    }
    let sources: Vec<String> = context
        .checked()
        .sources_of(reading.id)
        .iter()
        .map(|it| &model.sources[it.index()])
        .map(|it| say.source(it.title.get(lang).unwrap_or(&it.name), it.survey, it.complete, it.fictional))
        .collect();
    if !sources.is_empty() {
        facts.push(Fact::new(say.source_label(), sources.join("; ")));
    }
    facts.extend(filter(model, kpi.formula.as_ref()).map(|it| Fact::code(say.filter_label(), it)));
    for it in &kpi.norms {
        facts.push(Fact::new(say.norms_label(), norms(context, reading, it)));
    }
    if let Some(row) = reading.row.filter(|it| it.value.is_some()) {
        facts.push(Fact::new(say.base_label(), say.base(row, reading.period)));
    } else {
        facts.push(Fact::new(say.base_label(), say.no_figure(say.absent(reading.row))));
    }
    facts.extend(answers::in_words(context, reading).map(|it| Fact::new(say.answers_label(), it)));
    let assumptions = assumptions(context, reading);
    if !assumptions.is_empty() {
        facts.push(Fact::new(say.assumptions_label(assumptions.len()), assumptions.join("; ")));
    }
    if !context.checked().is_planned(reading.id) {
        facts.push(Fact::new(say.interval_label(), interval(context, reading)));
    }
    if let Some(changed) = &kpi.changed {
        facts.push(Fact::new(say.changed_label(), say.changed(changed.on, &changed.reason, changed.comparable)));
    }
    let goals: Vec<String> = goals_of(model, reading.id)
        .iter()
        .map(|it| &model.goals[it.index()])
        .map(|it| it.title.get(lang).unwrap_or(&it.name).to_owned())
        .collect();
    if !goals.is_empty() {
        facts.push(Fact::new(say.goals_label(), goals.join("; ")));
    }
    facts
}

/// The questions whose answers a formula reads, with their scales.
fn questions(context: &Context<'_>, formula: Option<&KpiExpr>) -> Vec<String> {
    let model = &context.checked().model;
    let mut questions: Vec<String> = Vec::new();
    let Some(formula) = formula else { return questions };
    walk(formula, &mut |it| {
        let KpiKind::Aggregate(aggregate) = &it.kind else { return };
        let source = &model.sources[aggregate.source.index()];
        for column in columns(&aggregate.function) {
            let of = &model.sources[column.source.index()];
            let Some(declared) = of.columns.get(column.column as usize).filter(|_| column.through.is_none()) else { continue };
            let asked = source.survey.is_some() || source.population.get(context.lang()).is_some();
            let title = declared.title.get(context.lang()).or(declared.headers.first().map(String::as_str)).unwrap_or(&declared.name);
            if !asked || title == declared.name {
                continue;
            }
            let labels: Vec<String> = declared.labels.iter().filter_map(|it| it.1.get(context.lang())).map(str::to_owned).collect();
            let scale = match declared.scale {
                _ if !labels.is_empty() => context.say.answer_labels(&labels),
                Some(it) => context.say.answer_scale(it.low, it.high),
                None => String::new(),
            };
            let said = format!("{}{scale}", context.say.quoted(title));
            if !questions.contains(&said) {
                questions.push(said);
            }
        }
    });
    questions
}

/// The condition on rows, where all parts of a formula share one.
fn filter(model: &crate::model::Model, formula: Option<&KpiExpr>) -> Option<String> {
    let mut filters: Vec<Option<String>> = Vec::new();
    walk(formula?, &mut |it| {
        if let KpiKind::Aggregate(aggregate) = &it.kind {
            filters.push(aggregate.filter.as_ref().map(|it| print_row(model, it)));
        }
    });
    let first = filters.first()?.clone()?;
    filters.iter().all(|it| it.as_ref() == Some(&first)).then_some(first)
}

fn norms(context: &Context<'_>, reading: &Reading<'_>, of: &Norms) -> String {
    let say = context.say;
    let numbers = &reading.numbers;
    let mut parts = Vec::new();
    for (label, value) in [(say.worst_label(), &of.worst), (say.threshold_label(), &of.threshold), (say.target_label(), &of.target)] {
        let Some(value) = value else { continue };
        let mut text = format!("{label} {}", numbers.norm(value.value));
        if let Some((from, end, to)) = value.line {
            text.push_str(&say.norm_line(from, &numbers.norm(end), to));
        }
        if let Some(by) = value.by {
            text.push_str(&say.norm_by(by));
        }
        if let Some(per) = value.per {
            text.push_str(&say.norm_per(per));
        }
        parts.push(text);
    }
    let mut text = parts.join(", ");
    text.push_str(&say.norm_dates(of.from, ends(of, &reading.kpi.norms).and_then(|it| it.plus_days(-1))));
    if let Some(filter) = &of.filter {
        text.push_str(&format!(" ({})", print_row(&context.checked().model, filter)));
    }
    text
}

/// The first day on which norms no longer hold: as they say, or when later ones for the same rows begin.
fn ends(of: &Norms, all: &[Norms]) -> Option<Date> {
    let later = all.iter().filter(|it| it.filter == of.filter).filter_map(|it| it.from);
    let later = later.filter(|it| of.from.is_none_or(|from| *it > from)).min();
    [of.until, later].into_iter().flatten().min()
}

/// How the interval was made, in words.
fn interval(context: &Context<'_>, reading: &Reading<'_>) -> String {
    let say = context.say;
    let model = &context.checked().model;
    if has_range(context.checked(), reading.id) {
        return say.interval_assumed().to_owned();
    }
    if context.checked().sources_of(reading.id).iter().all(|it| model.sources[it.index()].complete) {
        return say.interval_complete().to_owned();
    }
    if reading.row.is_some_and(|it| it.value.is_some() && it.low.is_none()) {
        return say.interval_none().to_owned();
    }
    let percent = context.lang().number_up_to(model.project.confidence * 100.0, 1);
    let (method, weighted, clustered) = match reading.kpi.formula.as_ref().and_then(|it| single(model, it)) {
        Some(it) => (say.interval_method(Some(&it.function), it.weight.is_some()), it.weight.is_some(), it.cluster.is_some()),
        None => (say.interval_method(None, false), false, false),
    };
    say.interval(&percent, method, weighted, clustered)
}

/// The one aggregate that a formula is a part, a window or another scale of.
fn single<'m>(model: &'m crate::model::Model, formula: &'m KpiExpr) -> Option<&'m crate::model::Aggregate> {
    match &formula.kind {
        KpiKind::Aggregate(it) => Some(it),
        KpiKind::Kpi { kpi, .. } => single(model, model.kpis[kpi.index()].formula.as_ref()?),
        KpiKind::Rescale { of, .. }
        | KpiKind::Clamp { of, .. }
        | KpiKind::Scaled { of, .. }
        | KpiKind::Rolling { of, .. }
        | KpiKind::Hold { of, .. } => single(model, of),
        _ => None,
    }
}

fn method(context: &Context<'_>) -> Vec<Fact> {
    let say = context.say;
    let project = &context.checked().model.project;
    let percent = context.lang().number_up_to(project.confidence * 100.0, 1);
    let mut facts = vec![
        Fact::new(say.method_status_label(), say.method_status()),
        Fact::new(say.method_interval_label(), say.method_interval(&percent)),
        Fact::new(say.method_change_label(), say.method_change(&percent)),
        Fact::new(say.method_limits_label(), say.method_limits()),
        Fact::new(say.method_privacy_label(), say.method_privacy(project.minimum_base, project.indicative_base)),
    ];
    if shows(context.sources.report, SectionName::Goals) {
        facts.push(Fact::new(say.method_goals_label(), say.method_goals()));
    }
    if shows(context.sources.report, SectionName::Segments) {
        facts.push(Fact::new(say.method_segments_label(), say.method_segments()));
    }
    facts
}

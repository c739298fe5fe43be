//! Which figures does a report show? Everything it asks of the one read, before anything is read.

use crate::calendar::{Date, Grain};
use crate::check::Checked;
use crate::check::steering::steered;
use crate::eval::incentive_request;
use crate::eval::{judged_grain, reporting_grain};
use crate::insight::reasons::savings;
use crate::model::{
    DimensionId, DriversId, Enabler, GoalId, Indicator, Kpi, KpiExpr, KpiId, KpiKind, KpiRef, Method, Model, Report, RowExpr,
};
use crate::plan::{Against, Ask, DriverAsk, Request};
use crate::value::Unit;

use super::uses;
use super::view::SectionName;

/// Returns the request for all that a report shows, but for what [`responses`] asks.
pub fn needs(checked: &Checked, report: &Report) -> Request {
    let mut request = Request::new();
    for kpi in kpis(checked, report) {
        series(checked, report, kpi, None, &mut request);
        for cut in cuts(checked, report, kpi) {
            compared(checked, Ask { kpi, part: None, cut: vec![cut], grain: figure_grain(checked, report, kpi) }, &mut request);
        }
    }
    // The critical path and the first cards need goals, whether their section is shown or not.
    for it in checked.model.goals.iter().flat_map(|it| &it.measured_by) {
        let grain = judged_grain(checked, it.kpi);
        request.add(Ask { kpi: it.kpi, part: it.part.clone(), cut: Vec::new(), grain });
    }
    if shows(report, SectionName::Goals) {
        let goals = checked.model.goals.iter().flat_map(|it| &it.measured_by);
        let enablers = checked.model.enablers.iter().flat_map(|it| &it.measured_by);
        for it in goals.chain(enablers) {
            figure(checked, report, it, &mut request);
        }
    }
    if shows(report, SectionName::Why) {
        for it in kpis(checked, report) {
            why(checked, report, it, &mut request);
        }
    }
    if shows(report, SectionName::Brief) {
        // A decision is asked with where its figures stand.
        for action in checked.model.actions.iter().filter(|it| !it.findings.is_empty()) {
            for it in &action.expects {
                let kpi = it.kpi.kpi;
                request.add(Ask { kpi, part: action.part_of(it), cut: Vec::new(), grain: figure_grain(checked, report, kpi) });
            }
        }
    }
    if shows(report, SectionName::Journey) {
        let touchpoints = checked.model.touchpoints.iter().flat_map(|it| it.kpis.all());
        let journeys = checked.model.journeys.iter();
        let placed = journeys.flat_map(|it| it.kpis.all().chain(it.stages.iter().flat_map(|stage| stage.kpis.all())));
        for it in touchpoints.chain(placed) {
            figure(checked, report, it, &mut request);
        }
    }
    if shows(report, SectionName::Index) {
        for it in index_parts(checked, report) {
            series(checked, report, it.kpi, it.part.as_ref(), &mut request);
            // What a part is another scale of is named beside it.
            if let Some(of) = rescaled(&checked.model.kpis[it.kpi.index()]) {
                request.add(Ask { kpi: of, part: None, cut: Vec::new(), grain: figure_grain(checked, report, of) });
            }
        }
    }
    if shows(report, SectionName::Benchmarks) {
        let kpis = kpis(checked, report);
        for (at, it) in checked.model.benchmarks.iter().enumerate().filter(|it| !it.1.broken && it.1.file.is_none()) {
            let Some(of) = it.of.as_ref().filter(|it| kpis.contains(&it.kpi)) else { continue };
            figure(checked, report, of, &mut request);
            let grain = figure_grain(checked, report, of.kpi);
            let place = request.add(Ask { kpi: of.kpi, part: of.part.clone(), cut: Vec::new(), grain });
            request.compare(place, Against::Benchmark(at));
        }
    }
    if shows(report, SectionName::Incentives) {
        request.take(incentive_request(checked, &incentives_of(checked, report)));
    }
    if [SectionName::Drivers, SectionName::Team, SectionName::Reasons, SectionName::Money].into_iter().any(|it| shows(report, it)) {
        drivers(checked, report, &mut request);
    }
    steering(checked, report, &mut request);
    request
}

/// Asks for how many of those invited answered, of the surveys that a report's table of sources tells of.
pub(super) fn responses(checked: &Checked, report: &Report, today: Date, request: &mut Request) {
    let model = &checked.model;
    if !shows(report, SectionName::Definitions) || model.sources.iter().all(|it| it.invited.is_none()) {
        return;
    }
    let sources = uses::used(checked, report, today).sources;
    for it in sources.into_iter().filter_map(|it| model.sources[it.index()].invited.as_ref()) {
        let grain = figure_grain(checked, report, it.kpi);
        request.add(Ask { kpi: it.kpi, part: it.part.clone(), cut: Vec::new(), grain });
    }
}

/// Whether any of these reports tells figures of others.
pub fn tells_benchmarks(reports: &[Report]) -> bool {
    reports.iter().any(|it| shows(it, SectionName::Benchmarks))
}

/// Asks for driver models of the reported periods, and of all data for where those have too few answers.
pub(super) fn drivers(checked: &Checked, report: &Report, request: &mut Request) {
    let kpis = kpis(checked, report);
    let amounts = if shows(report, SectionName::Money) { amounts(checked, report) } else { Vec::new() };
    for (at, it) in checked.model.drivers.iter().enumerate().filter(|it| !it.1.broken && it.1.answer.is_ok()) {
        // What is told by reason of an amount stands beside what each reason does to its score.
        let saves = it.savings.as_ref().is_some_and(|it| amounts.iter().any(|of| rests_on(&checked.model, *of, it.value)));
        let wanted = |of: &&KpiRef| kpis.contains(&of.kpi) || saves;
        let Some(outcome) = it.outcome.as_ref().filter(wanted) else { continue };
        let drivers = DriversId(at as u32);
        let grain = figure_grain(checked, report, outcome.kpi);
        let own = (grain != Grain::All).then(|| DriverAsk { drivers, cut: Vec::new(), grain, pooled: false });
        let all = DriverAsk { drivers, cut: Vec::new(), grain: Grain::All, pooled: true };
        for ask in own.into_iter().chain([all]) {
            if !request.drivers.contains(&ask) {
                if let Some(saved) = savings(checked, &ask) {
                    request.add(saved);
                }
                request.drivers.push(ask);
            }
        }
    }
}

/// Asks for what tells whether teams drive what they are steered on, where the report tells of them: the models over all
/// rows of what drives a KPI that they are paid on, or that the team of the report is steered on.
pub(super) fn steering(checked: &Checked, report: &Report, request: &mut Request) {
    let model = &checked.model;
    let mut kpis: Vec<KpiId> = Vec::new();
    if shows(report, SectionName::Incentives) {
        let paid = incentives_of(checked, report).into_iter().flat_map(|it| &model.incentives[it].parts);
        kpis.extend(paid.map(|it| it.of.kpi));
    }
    let concerned = |kpi: KpiId| {
        let team = report.audience.filter(|_| shows(report, SectionName::Drivers));
        team.is_some_and(|team| steered(model, kpi).iter().any(|it| it.team == team))
    };
    for (at, it) in model.drivers.iter().enumerate().filter(|it| !it.1.broken && it.1.answer.is_ok() && it.1.method != Method::Stated) {
        if !it.outcome.as_ref().is_some_and(|it| kpis.contains(&it.kpi) || concerned(it.kpi)) {
            continue;
        }
        let all = DriverAsk { drivers: DriversId(at as u32), cut: Vec::new(), grain: Grain::All, pooled: true };
        if !request.drivers.contains(&all) {
            request.drivers.push(all);
        }
    }
}

/// Asks for what the parts of a KPI are taken apart by, should it have moved: those that are made of no KPI in turn.
fn why(checked: &Checked, report: &Report, kpi: KpiId, request: &mut Request) {
    let grain = figure_grain(checked, report, kpi);
    if grain == Grain::All || !checked.has_time(kpi) {
        return;
    }
    for (part, of) in last_parts(&checked.model, kpi) {
        if !checked.has_time(part) || reporting_grain(checked, part, Some(grain)) != grain {
            continue;
        }
        let cuts = cuts(checked, report, part).into_iter().map(|it| vec![it]);
        for cut in std::iter::once(Vec::new()).chain(cuts) {
            request.add(Ask { kpi: part, part: of.clone(), cut, grain });
        }
    }
}

/// The KPIs that a KPI is made of in the end, and parts of them.
fn last_parts(model: &Model, kpi: KpiId) -> Vec<(KpiId, Option<RowExpr>)> {
    let mut known = vec![(kpi, None)];
    let mut last = Vec::new();
    let mut at = 0;
    while let Some((id, part)) = known.get(at).cloned() {
        at += 1;
        let mut open: Vec<&KpiExpr> = model.kpis[id.index()].formula.iter().filter(|_| part.is_none()).collect();
        let before = known.len();
        let mut made_of = false;
        while let Some(it) = open.pop() {
            if let KpiKind::Kpi { kpi, part } = &it.kind {
                made_of = true;
                if !known.contains(&(*kpi, part.clone())) {
                    known.push((*kpi, part.clone()));
                }
            }
            open.extend(it.parts());
        }
        known[before..].reverse();
        if !made_of && at > 1 {
            last.push((id, part));
        }
    }
    last
}

/// The incentives that a report tells of: those of its team, or where that has none, all.
pub(super) fn incentives_of(checked: &Checked, report: &Report) -> Vec<usize> {
    let all = || checked.model.incentives.iter().enumerate().filter(|it| !it.1.broken);
    let own: Vec<usize> = all().filter(|it| report.audience.is_some() && it.1.team == report.audience).map(|it| it.0).collect();
    if own.is_empty() { all().map(|it| it.0).collect() } else { own }
}

/// The parts of the indices of a report that are KPIs.
fn index_parts(checked: &Checked, report: &Report) -> Vec<KpiRef> {
    let of = |id: KpiId| parts_of(&checked.model.kpis[id.index()]).unwrap_or_default();
    let parts = kpis(checked, report).into_iter().flat_map(of);
    let part = |(it, weight): &(KpiExpr, f64)| match &it.kind {
        KpiKind::Kpi { kpi, part } => Some(KpiRef { span: it.span, kpi: *kpi, part: part.clone(), weight: *weight }),
        _ => None,
    };
    parts.filter_map(part).collect()
}

/// The whole KPI that a KPI is another scale of.
pub(super) fn rescaled(kpi: &Kpi) -> Option<KpiId> {
    match &kpi.formula.as_ref()?.kind {
        KpiKind::Rescale { of, .. } => match &of.kind {
            KpiKind::Kpi { kpi, part: None } => Some(*kpi),
            _ => None,
        },
        _ => None,
    }
}

/// The parts of an index; none for another KPI.
pub(super) fn parts_of(kpi: &Kpi) -> Option<&[(KpiExpr, f64)]> {
    match &kpi.formula.as_ref()?.kind {
        KpiKind::Index { parts, .. } => Some(parts),
        _ => None,
    }
}

/// The KPIs of a report that are amounts of money and rest on assumptions.
pub(super) fn amounts(checked: &Checked, report: &Report) -> Vec<KpiId> {
    let is_money = |it: &KpiId| matches!(checked.model.kpis[it.index()].unit, Some(Unit::Money(_)));
    kpis(checked, report).into_iter().filter(|it| is_money(it) && !checked.assumptions_of(*it).is_empty()).collect()
}

/// Whether a KPI is computed from another, or is it.
pub(super) fn rests_on(model: &Model, kpi: KpiId, other: KpiId) -> bool {
    let mut known = vec![kpi];
    let mut at = 0;
    while let Some(id) = known.get(at).copied() {
        at += 1;
        let mut open: Vec<&KpiExpr> = model.kpis[id.index()].formula.iter().collect();
        while let Some(it) = open.pop() {
            if let KpiKind::Kpi { kpi, .. } = &it.kind
                && !known.contains(kpi)
            {
                known.push(*kpi);
            }
            open.extend(it.parts());
        }
    }
    known.contains(&other)
}

/// The grain at which a report tells of customers' lives, where it says one.
pub(super) fn lifecycle_grain(report: &Report) -> Option<Grain> {
    report.period.map(|it| it.grain()).filter(|it| *it != Grain::All).or(report.grain)
}

/// The KPIs that a report tells of beside its own: parts of its indices, and what is paid for.
pub(super) fn beside(checked: &Checked, report: &Report) -> Vec<KpiId> {
    let mut kpis = Vec::new();
    if shows(report, SectionName::Index) {
        kpis.extend(index_parts(checked, report).into_iter().map(|it| it.kpi));
    }
    if shows(report, SectionName::Incentives) {
        let incentives = incentives_of(checked, report);
        kpis.extend(incentives.into_iter().flat_map(|it| checked.model.incentives[it].kpis().map(|it| it.kpi).collect::<Vec<_>>()));
    }
    kpis
}

/// The report of a project that declares none: every section, every KPI.
pub(super) fn everything(model: &Model) -> Report {
    Report {
        name: "report".to_owned(),
        span: model.project.span.unwrap_or(crate::source::Span::new(crate::source::FileId(0), 0, 0)),
        title: crate::model::Text::default(),
        description: crate::model::Text::default(),
        audience: None,
        language: None,
        sections: Vec::new(),
        kpis: Vec::new(),
        cuts: Vec::new(),
        period: None,
        grain: None,
        template: None,
        style: None,
        logo: None,
    }
}

/// The KPIs of a report: those it names, else all that have a figure.
pub(super) fn kpis(checked: &Checked, report: &Report) -> Vec<KpiId> {
    if !report.kpis.is_empty() {
        let mut named: Vec<KpiId> = Vec::new();
        for it in &report.kpis {
            if !named.contains(it) && !checked.model.kpis[it.index()].pattern {
                named.push(*it);
            }
        }
        return named;
    }
    let has_row = |it: &KpiId| checked.model.kpis[it.index()].formula.is_some() || checked.is_planned(*it);
    checked.figures().into_iter().filter(has_row).collect()
}

/// The dimensions by which a report cuts a KPI: the KPI's own first, then those of the report where it shows segments or why,
/// as far as the KPI has them. Its own are looked at in any case: they tell of a change that is one of shares.
pub(super) fn cuts(checked: &Checked, report: &Report, kpi: KpiId) -> Vec<DimensionId> {
    let of_report: &[DimensionId] = match shows(report, SectionName::Segments) || shows(report, SectionName::Why) {
        true => &report.cuts,
        false => &[],
    };
    let mut cuts: Vec<DimensionId> = Vec::new();
    for it in checked.model.kpis[kpi.index()].cuts.iter().chain(of_report) {
        if !cuts.contains(it) && checked.lacks(kpi, *it).is_none() {
            cuts.push(*it);
        }
    }
    cuts
}

/// The sections of a report: those it names, else the core and what the project has something for beside it.
pub(super) fn sections(checked: &Checked, report: &Report) -> Vec<SectionName> {
    if report.sections.is_empty() {
        return SectionName::ALL.into_iter().filter(|it| shows(report, *it) && has(checked, report, *it)).collect();
    }
    let mut sections = Vec::new();
    for it in report.sections.iter().filter_map(|it| SectionName::from_code(it)) {
        if !sections.contains(&it) {
            sections.push(it);
        }
    }
    sections
}

/// Whether a project has something for a section; the core says why where it has not.
fn has(checked: &Checked, report: &Report, section: SectionName) -> bool {
    let model = &checked.model;
    match section {
        SectionName::Team => report.audience.is_some(),
        SectionName::Why => kpis(checked, report).into_iter().any(|it| checked.has_time(it)),
        SectionName::Drivers => model.drivers.iter().any(|it| it.method != Method::Stated),
        SectionName::Reasons => model.drivers.iter().any(|it| it.method == Method::Stated),
        SectionName::Lifecycle => model.dimensions.iter().any(|it| it.lifecycle.is_some()),
        SectionName::Money => !amounts(checked, report).is_empty(),
        SectionName::Index => !index_parts(checked, report).is_empty(),
        SectionName::Benchmarks => !model.benchmarks.is_empty(),
        SectionName::Incentives => !model.incentives.is_empty(),
        SectionName::Actions => !model.actions.is_empty(),
        _ => true,
    }
}

/// Whether a report has a section; a summary only where it says so, as the scorecards tell more.
pub(super) fn shows(report: &Report, section: SectionName) -> bool {
    (report.sections.is_empty() && section != SectionName::Summary) || report.sections.iter().any(|it| it == section.code())
}

/// The grain of a KPI's figures: that of the report's period, else of the report, else of the project.
pub(super) fn figure_grain(checked: &Checked, report: &Report, kpi: KpiId) -> Grain {
    let of_period = report.period.map(|it| it.grain()).filter(|it| *it != Grain::All);
    reporting_grain(checked, kpi, of_period.or(report.grain))
}

/// The grain of a KPI's series: the months in a quarter or a year, since a movement is seen there first and natural
/// limits need points. A total and a figure that looks back mean something else by month, and stay as they are.
pub(super) fn series_grain(checked: &Checked, report: &Report, kpi: KpiId) -> Grain {
    let own = figure_grain(checked, report, kpi);
    if checked.is_windowed(kpi) || checked.is_total(kpi) || own == Grain::All {
        return own;
    }
    let finer = match own {
        Grain::Quarter | Grain::FiscalQuarter | Grain::Year | Grain::FiscalYear => Grain::Month,
        other => other,
    };
    reporting_grain(checked, kpi, Some(finer))
}

/// Asks for a KPI's figures, its series and its judgement.
fn series(checked: &Checked, report: &Report, kpi: KpiId, part: Option<&RowExpr>, request: &mut Request) {
    let ask = |grain: Grain| Ask { kpi, part: part.cloned(), cut: Vec::new(), grain };
    compared(checked, ask(figure_grain(checked, report, kpi)), request);
    for grain in [series_grain(checked, report, kpi), judged_grain(checked, kpi)] {
        request.add(ask(grain));
    }
}

/// Asks for the figures of a KPI or part, and its judgement.
fn figure(checked: &Checked, report: &Report, of: &KpiRef, request: &mut Request) {
    let ask = |grain: Grain| Ask { kpi: of.kpi, part: of.part.clone(), cut: Vec::new(), grain };
    compared(checked, ask(figure_grain(checked, report, of.kpi)), request);
    request.add(ask(judged_grain(checked, of.kpi)));
}

/// Asks for figures held against those of the period before and of the year before.
fn compared(checked: &Checked, ask: Ask, request: &mut Request) {
    let yearly = matches!(ask.grain, Grain::Year | Grain::FiscalYear);
    let timed = ask.grain != Grain::All && checked.has_time(ask.kpi);
    let place = request.add(ask);
    if timed {
        request.compare(place, Against::Previous);
        if !yearly {
            request.compare(place, Against::Year);
        }
    }
}

/// The goals that a KPI measures, in the order of writing.
pub(super) fn goals_of(model: &Model, kpi: KpiId) -> Vec<GoalId> {
    let measured = model.goals.iter().enumerate().filter(|(_, it)| it.measured_by.iter().any(|of| of.kpi == kpi));
    measured.map(|(at, _)| GoalId(at as u32)).collect()
}

/// The KPIs that the project ties to another as its causes: those declared as cause of which a goal that it measures, or a
/// part of that goal, is measured too; those of the enablers of these goals; and those that lead it.
pub(super) fn causes_of(model: &Model, kpi: KpiId) -> Vec<KpiId> {
    let mut goals = goals_of(model, kpi);
    let mut at = 0;
    while let Some(&whole) = goals.get(at) {
        at += 1;
        for (place, it) in model.goals.iter().enumerate() {
            let part = GoalId(place as u32);
            if it.part_of.iter().any(|of| of.0.value == whole) && !goals.contains(&part) {
                goals.push(part);
            }
        }
    }
    let measured = goals.iter().flat_map(|it| &model.goals[it.index()].measured_by).map(|it| it.kpi);
    let causes = measured.filter(|it| model.kpis[it.index()].indicator == Indicator::Cause);
    let helps = |it: &&Enabler| it.serves.iter().chain(&it.lifts).any(|of| goals.contains(&of.goal));
    let enabling = model.enablers.iter().filter(helps).flat_map(|it| &it.measured_by).map(|it| it.kpi);
    let leading = (0..model.kpis.len()).map(|at| KpiId(at as u32)).filter(|it| model.kpis[it.index()].leads.iter().any(|of| of.kpi == kpi));
    let mut all: Vec<KpiId> = Vec::new();
    for it in causes.chain(enabling).chain(leading) {
        if it != kpi && !all.contains(&it) {
            all.push(it);
        }
    }
    all
}

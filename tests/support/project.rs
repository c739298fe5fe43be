//! A project in memory, checked and evaluated the way the command line does it.

use peil::calendar::{Date, DatePattern, Grain, Period};
use peil::check::Checked;
use peil::engine::{Engine, Options};
use peil::eval::{Periods, judged_grain, reporting_grain};
use peil::insight::Change;
use peil::insight::drivers::{Window, needs};
use peil::model::{DimensionId, DriversId, KpiId, KpiRef, Method, RowExpr};
use peil::plan::{Ask, Plan, Request, Wanted};
use peil::publish::Results;
use peil::report::{Assembly, ReportView, forms};
use peil::session::{self, Session};
use peil::source::{Sources, World};
use peil::stats::mix::Method as Split;
use peil::tidy::{self, Format};
use peil::value::{Code, Diagnostics, Fact, Family};
use peil::words::{Lang, say};
use std::collections::BTreeMap;

/// How data are read in tests: by the reference engine.
pub const PLAIN: Options = Options { engine: Engine::Plain, threads: 1 };

/// Which figures, as `peil eval` takes them.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub kpis: Vec<String>,
    /// Driver models, or incentives.
    pub drivers: Vec<String>,
    pub by: Vec<String>,
    pub compare: Vec<String>,
    /// How segments are corrected for each other, where it is not said otherwise by Benjamini and Hochberg.
    pub correct: Option<String>,
    pub grain: Option<String>,
    pub period: Option<String>,
    pub from: Option<String>,
    pub to: Option<String>,
    pub today: Option<String>,
    /// How many earlier periods of an incentive.
    pub past: Option<usize>,
    /// How `why` splits a change.
    pub split: Option<String>,
}

impl Asked {
    /// The selection that a block's options make.
    pub fn of(options: &BTreeMap<String, String>) -> Asked {
        let get = |key: &str| options.get(key).cloned();
        let list = |key: &str| get(key).map(|it| it.split(';').map(|it| it.trim().to_owned()).collect()).unwrap_or_default();
        Asked {
            kpis: list("kpi"),
            drivers: list("name"),
            by: list("by"),
            compare: list("compare"),
            correct: get("correct"),
            grain: get("grain"),
            period: get("period"),
            from: get("from"),
            to: get("to"),
            today: get("today"),
            past: get("past").map(|it| it.parse().expect("past is a number")),
            split: get("split"),
        }
    }

    /// The day that counts as today; long after all data where none is given, so that nothing is unfinished for its sake.
    pub fn today(&self) -> Date {
        let text = self.today.as_deref().unwrap_or("2100-01-01");
        Date::parse(text, DatePattern::YearMonthDay).expect("today is written as 2025-10-01")
    }

    /// The first and last day of what is shown.
    pub fn periods(&self, checked: &Checked) -> Result<Periods, String> {
        let calendar = &checked.model.project.calendar;
        let parse = |it: &String| Period::parse(it).ok_or_else(|| format!("`{it}` is no period"));
        let first = self.period.as_ref().or(self.from.as_ref()).map(parse).transpose()?;
        let last = self.period.as_ref().or(self.to.as_ref()).map(parse).transpose()?;
        Ok(Periods { from: first.map(|it| it.start(calendar)), until: last.map(|it| it.end(calendar)) })
    }

    /// The request for what was asked.
    pub fn request(&self, checked: &Checked) -> Result<Request, String> {
        let model = &checked.model;
        let grain = match &self.grain {
            Some(word) => Some(Grain::named(word).ok_or_else(|| format!("unknown grain `{word}`"))?),
            None => None,
        };
        let mut kpis: Vec<(KpiId, Option<RowExpr>)> = Vec::new();
        for text in &self.kpis {
            kpis.push(kpi(checked, text)?);
        }
        if kpis.is_empty() {
            kpis.extend(checked.figures().into_iter().map(|it| (it, None)));
        }
        let mut cuts: Vec<Vec<DimensionId>> = Vec::new();
        for text in &self.by {
            cuts.push(text.split(',').map(|it| dimension(checked, it.trim())).collect::<Result<_, _>>()?);
        }
        if cuts.is_empty() {
            cuts.push(Vec::new());
        }
        let compared: Vec<Wanted> = self.compare.iter().map(|it| Wanted::parse(checked, it)).collect::<Result<_, _>>()?;
        let mut request = Request::new();
        if self.correct.as_deref() == Some("holm") {
            request.correction = peil::plan::Correction::Holm;
        }
        for (kpi, part) in &kpis {
            for cut in &cuts {
                let lacking = cut.iter().any(|it| checked.lacks(*kpi, *it).is_some());
                if lacking && self.kpis.is_empty() {
                    continue;
                }
                if lacking {
                    return Err(format!("`{}` cannot be cut this way", model.kpis[kpi.index()].name));
                }
                let ask = Ask { kpi: *kpi, part: part.clone(), cut: cut.clone(), grain: reporting_grain(checked, *kpi, grain) };
                request.add_compared(checked, ask, &compared, self.kpis.is_empty())?;
            }
        }
        Ok(request)
    }
}

impl Asked {
    /// The request for driver models, as `peil drivers` takes it.
    pub fn driver_request(&self, checked: &Checked) -> Result<Request, String> {
        let (models, window) = self.models(checked)?;
        Ok(Request { drivers: needs(checked, &models, &window)?.0, ..Request::new() })
    }

    /// The driver models that were asked for, and over what.
    pub fn models(&self, checked: &Checked) -> Result<(Vec<DriversId>, Window), String> {
        let models = checked.model.drivers.iter().enumerate();
        let wanted = |name: &str| self.drivers.is_empty() || self.drivers.iter().any(|it| it == name);
        let models: Vec<DriversId> = models.filter(|it| wanted(&it.1.name)).map(|it| DriversId(it.0 as u32)).collect();
        let cut = |text: &String| text.split(',').map(|it| dimension(checked, it.trim())).collect::<Result<Vec<_>, _>>();
        let period = |text: &String| Period::parse(text).ok_or_else(|| format!("`{text}` is no period"));
        let window = Window {
            cuts: self.by.iter().map(cut).collect::<Result<_, _>>()?,
            grain: self.grain.as_deref().map(|it| Grain::named(it).ok_or_else(|| format!("unknown grain `{it}`"))).transpose()?,
            first: self.period.as_ref().or(self.from.as_ref()).map(period).transpose()?,
            last: self.period.as_ref().or(self.to.as_ref()).map(period).transpose()?,
        };
        Ok((models, window))
    }
}

fn kpi(checked: &Checked, text: &str) -> Result<(KpiId, Option<RowExpr>), String> {
    if text.contains('[') {
        return peil::model::reference(&checked.model, text);
    }
    let found = checked.model.kpis.iter().position(|it| it.name == text);
    found.map(|it| (KpiId(it as u32), None)).ok_or_else(|| format!("unknown KPI `{text}`"))
}

fn dimension(checked: &Checked, name: &str) -> Result<DimensionId, String> {
    let found = checked.model.dimensions.iter().position(|it| it.name == name);
    found.map(|it| DimensionId(it as u32)).ok_or_else(|| format!("unknown dimension `{name}`"))
}

/// Everything that goals are rolled up from.
pub fn goal_request(checked: &Checked) -> Request {
    let mut request = Request::new();
    for KpiRef { kpi, part, .. } in checked.model.goals.iter().flat_map(|it| &it.measured_by) {
        request.add(Ask { kpi: *kpi, part: part.clone(), cut: Vec::new(), grain: judged_grain(checked, *kpi) });
    }
    request
}

/// A project that was opened.
pub struct Opened<'w> {
    pub world: &'w dyn World,
    pub session: Session,
}

impl<'w> Opened<'w> {
    /// Reads and checks a project.
    pub fn new(world: &'w dyn World) -> Opened<'w> {
        Opened { world, session: session::open(world) }
    }

    /// What `peil check` finds, or with `data` what `peil audit` finds.
    pub fn findings(&self, data: bool) -> Vec<Fact> {
        self.findings_on(data, None)
    }

    /// The same on a day, where one is given.
    pub fn findings_on(&self, data: bool, today: Option<Date>) -> Vec<Fact> {
        let mut found = self.session.diagnostics.clone();
        if let Some(checked) = self.session.checked.as_ref().filter(|_| data) {
            peil::audit::audit(checked, self.world, PLAIN, today, &mut found);
        }
        if let Some(checked) = self.session.checked.as_ref() {
            let trials = peil::trial::run(checked, &[], self.world, PLAIN, Asked::default().today());
            trials.into_iter().flat_map(|it| it.failures).for_each(|it| found.push(it));
            // A page that stops says where.
            if data && !found.has_errors() && checked.model.reports.iter().any(|it| it.template.is_some()) {
                let render =
                    |from: &Assembly<'_>, view: &ReportView| peil::report::render::render_in(view, self.session.wardrobe.of(from.report));
                let rendered = self.made(&Asked::default(), render);
                found.push_some(rendered.ok().and_then(Result::err).map(|it| it.fact(&self.session.sources)));
            }
        }
        found.sorted()
    }

    /// The project, which must be sound.
    pub fn checked(&self) -> Result<&Checked, String> {
        self.session.checked.as_ref().ok_or_else(|| {
            let facts = self.session.diagnostics.sorted();
            format!("the project has errors\n{}", peil::diagnostic::short(&facts, &self.session.sources, Lang::En))
        })
    }

    fn run(&self, request: &Request, asked: &Asked) -> Result<(&Checked, Plan, Results), String> {
        self.run_by(request, asked, PLAIN)
    }

    fn run_by(&self, request: &Request, asked: &Asked, options: Options) -> Result<(&Checked, Plan, Results), String> {
        let checked = self.checked()?;
        let mut found = Diagnostics::default();
        let periods = asked.periods(checked)?;
        let run = session::run(checked, request, self.world, options, periods, asked.today(), &mut found);
        let run = run.ok_or_else(|| {
            format!("data could not be read\n{}", peil::diagnostic::short(&found.sorted(), &self.session.sources, Lang::En))
        })?;
        Ok((checked, run.plan, run.results))
    }

    /// What `peil eval --format csv` prints.
    pub fn eval(&self, asked: &Asked) -> Result<String, String> {
        if asked.compare.iter().any(|it| it == "benchmark") {
            let mut found = Diagnostics::default();
            let checked = peil::engine::with_outside(self.checked()?, self.world, &mut found).ok_or("a benchmark's file is wrong")?;
            let request = asked.request(&checked)?;
            let run = session::run(&checked, &request, self.world, PLAIN, asked.periods(&checked)?, asked.today(), &mut found);
            return Ok(tidy::figures(&checked, &run.ok_or("data could not be read")?.results, Format::Csv, false));
        }
        let request = asked.request(self.checked()?)?;
        let (checked, _, results) = self.run(&request, asked)?;
        Ok(tidy::figures(checked, &results, Format::Csv, false))
    }

    /// The same, with data read in a way.
    pub fn eval_by(&self, asked: &Asked, options: Options) -> Result<String, String> {
        let request = asked.request(self.checked()?)?;
        let (checked, _, results) = self.run_by(&request, asked, options)?;
        Ok(tidy::figures(checked, &results, Format::Csv, false))
    }

    /// What `peil eval --distribution --format csv` prints.
    pub fn distribution(&self, asked: &Asked, format: Format) -> Result<String, String> {
        let checked = self.checked()?;
        let mut request = asked.request(checked)?;
        let counts = peil::insight::spread(checked, &request.asks);
        counts.add_to(&mut request);
        let periods = asked.periods(checked)?;
        let run = session::run(&counts.checked, &request, self.world, PLAIN, periods, asked.today(), &mut Diagnostics::default());
        let mut run = run.ok_or("data could not be read")?;
        let found = peil::publish::distributions(&counts, &run.plan, &run.table, &run.results.hidden, periods, asked.today());
        run.results.keep_declared(checked);
        Ok(tidy::distributions(checked, &run.results, &found, format))
    }

    /// What `peil why goal:NAME` prints: of people without a format.
    pub fn goal_why(&self, asked: &Asked, goal: &str, format: Option<Format>, lang: Lang) -> Result<String, String> {
        let checked = self.checked()?;
        let at = checked.model.goals.iter().position(|it| it.name == goal).ok_or_else(|| format!("unknown goal `{goal}`"))?;
        let period = |it: &Option<String>| it.as_ref().map(|it| Period::parse(it).ok_or("no period")).transpose();
        let periods = (period(&asked.from)?, period(&asked.to)?);
        let results = self.widely(checked, &goal_request(checked), asked)?;
        let why = peil::publish::goal_why(checked, &results, peil::model::GoalId(at as u32), periods, asked.today())?;
        Ok(match format {
            Some(format) => tidy::goal_why(checked, &why, format),
            None => peil::report::told::goal_why(checked, &why, lang),
        })
    }

    /// What `peil index KPI` prints: of people without a format.
    pub fn index(&self, asked: &Asked, format: Option<Format>, lang: Lang) -> Result<String, String> {
        let checked = self.checked()?;
        let [name] = asked.kpis.as_slice() else { return Err("`kpi=` names one KPI".to_owned()) };
        let cut = asked.by.iter().flat_map(|it| it.split(',')).map(|it| dimension(checked, it.trim()));
        let cut = cut.collect::<Result<Vec<_>, _>>()?;
        let period = asked.period.as_ref().map(|it| Period::parse(it).ok_or("no period")).transpose()?;
        let question = peil::insight::index_question(checked, kpi(checked, name)?.0, cut, period, None, 3)?;
        let mut request = Request::new();
        question.add_to(&mut request);
        let found = peil::publish::index(&question, &self.widely(&question.checked, &request, asked)?)?;
        Ok(match format {
            Some(format) => tidy::index(checked, &question.cut, &found, format),
            None => peil::report::told::index(checked, &question, &found, lang),
        })
    }

    /// What `peil findings` prints: of people without a format.
    pub fn findings_told(&self, asked: &Asked, format: Option<Format>, lang: Lang) -> Result<String, String> {
        let checked = self.checked()?;
        let wanted = |name: &String| asked.drivers.is_empty() || asked.drivers.contains(name);
        let all = checked.model.findings.iter().enumerate().filter(|it| wanted(&it.1.name));
        let all: Vec<_> = all.map(|it| peil::model::FindingId(it.0 as u32)).collect();
        let period = asked.period.as_ref().map(|it| Period::parse(it).ok_or("no period")).transpose()?;
        let watched = peil::insight::watch_findings(checked, &all, period);
        let mut request = Request::new();
        watched.add_to(&mut request);
        let run = self.widely(&watched.checked, &request, asked)?;
        let found = peil::publish::findings(&watched, &run);
        Ok(match format {
            Some(format) => tidy::findings(checked, &found, format, lang),
            None => peil::report::told::findings(checked, &self.session.sources, &found, lang),
        })
    }

    /// What `peil actions` prints: of people without a format.
    pub fn actions(&self, asked: &Asked, format: Option<Format>, lang: Lang) -> Result<String, String> {
        let checked = self.checked()?;
        let wanted = |name: &String| asked.drivers.is_empty() || asked.drivers.contains(name);
        let all = checked.model.actions.iter().enumerate().filter(|it| wanted(&it.1.name));
        let all: Vec<_> = all.map(|it| peil::model::ActionId(it.0 as u32)).collect();
        let measuring = peil::insight::measure_actions(checked, &all, asked.today());
        let mut request = Request::new();
        measuring.add_to(&mut request);
        let run = self.widely(&measuring.checked, &request, asked)?;
        let found = peil::publish::actions(&measuring, &run, asked.today());
        Ok(match format {
            Some(format) => tidy::actions(checked, &found, format),
            None => peil::report::told::actions(checked, &found, lang),
        })
    }

    /// The results of a project with further figures.
    fn widely(&self, checked: &Checked, request: &Request, asked: &Asked) -> Result<Results, String> {
        let mut found = Diagnostics::default();
        let run = session::run(checked, request, self.world, PLAIN, Periods::default(), asked.today(), &mut found);
        Ok(run.ok_or("data could not be read")?.results)
    }

    /// What `peil eval --format json` prints.
    pub fn eval_json(&self, asked: &Asked) -> Result<String, String> {
        let request = asked.request(self.checked()?)?;
        let (checked, _, results) = self.run(&request, asked)?;
        Ok(tidy::figures(checked, &results, Format::Json, false))
    }

    /// What `peil goals --format csv` prints.
    pub fn goals(&self, asked: &Asked) -> Result<String, String> {
        let request = goal_request(self.checked()?);
        let (checked, _, results) = self.run(&request, asked)?;
        Ok(tidy::goals(checked, &results, Format::Csv))
    }

    fn explained(&self, asked: &Asked) -> Result<(&Checked, peil::publish::WhyResult), String> {
        let checked = self.checked()?;
        let [name] = asked.kpis.as_slice() else { return Err("`kpi=` names one KPI".to_owned()) };
        let (kpi, part) = kpi(checked, name)?;
        let period =
            |it: &Option<String>| it.as_ref().map(|it| Period::parse(it).ok_or_else(|| format!("`{it}` is no period"))).transpose();
        let periods = (period(&asked.from)?, period(&asked.to)?);
        let by = match asked.by.as_slice() {
            [] => None,
            [one] => Some(one.split(',').map(|it| dimension(checked, it.trim())).collect::<Result<Vec<_>, _>>()?),
            _ => return Err("`by=` is one cut".to_owned()),
        };
        let mut question = peil::insight::Question::new(checked, kpi, part, periods, by)?;
        if asked.split.as_deref() == Some("three-part") {
            question.method = Split::ThreePart;
        }
        let mut found = Diagnostics::default();
        let result = session::why(checked, &question, self.world, PLAIN, asked.today(), &mut found);
        let result = result.ok_or("data could not be read")??;
        Ok((checked, result))
    }

    /// What `peil goals --for TEAM` says, without figures.
    pub fn influence(&self, team: &str) -> Result<String, String> {
        let checked = self.checked()?;
        let at = checked.model.project.teams.iter().position(|it| it.name == team).ok_or_else(|| format!("unknown team `{team}`"))?;
        let found = peil::insight::influence(checked, peil::model::TeamId(at as u32));
        Ok(peil::report::told::influence(checked, &found, None, Lang::En))
    }

    /// What `peil why --format csv` prints.
    pub fn why(&self, asked: &Asked) -> Result<String, String> {
        let (checked, result) = self.explained(asked)?;
        Ok(tidy::why(checked, &result, Format::Csv))
    }

    /// What `peil why` prints.
    pub fn why_told(&self, asked: &Asked, lang: Option<&str>) -> Result<String, String> {
        let (checked, result) = self.explained(asked)?;
        Ok(peil::report::told::why(checked, &result, if lang == Some("nl") { Lang::Nl } else { Lang::En }))
    }

    /// What `peil whatif` prints; where it is refused, why.
    pub fn whatif(&self, asked: &Asked, changes: &str, lang: Option<&str>) -> Result<String, String> {
        let checked = self.checked()?;
        let lang = if lang == Some("nl") { Lang::Nl } else { Lang::En };
        let told = |changes: &[Change]| -> Result<String, String> {
            let mut found = Diagnostics::default();
            let result = session::whatif(checked, changes, self.world, PLAIN, asked.periods(checked)?, asked.today(), &mut found);
            Ok(peil::report::told::whatif(checked, &result.ok_or("data could not be read")??, lang))
        };
        let told = Change::parse_all(checked, changes.split(';')).and_then(|it| told(&it));
        Ok(told.unwrap_or_else(|reason| format!("error: {reason}\n")))
    }

    /// What `peil drivers` prints.
    pub fn drivers(&self, asked: &Asked, format: Format) -> Result<String, String> {
        let request = asked.driver_request(self.checked()?)?;
        let (checked, _, results) = self.run(&request, asked)?;
        Ok(tidy::drivers(checked, &results, format, Lang::En))
    }

    /// What `peil reasons` prints.
    pub fn reasons(&self, asked: &Asked, format: Format) -> Result<String, String> {
        let checked = self.checked()?;
        let (mut models, window) = asked.models(checked)?;
        models.retain(|it| checked.model.drivers[it.index()].method == Method::Stated);
        let (request, _) = peil::insight::reasons::needs(checked, &models, &window)?;
        let (checked, _, results) = self.run(&request, asked)?;
        Ok(tidy::reasons(checked, &peil::publish::reasons(checked, &results), format, Lang::En))
    }

    /// What `peil chain` prints.
    pub fn chain(&self, asked: &Asked, format: Format) -> Result<String, String> {
        let checked = self.checked()?;
        let (kpi, _) = kpi(checked, asked.kpis.first().ok_or("no kpi=")?)?;
        let cut: Vec<DimensionId> = asked.by.iter().map(|it| dimension(checked, it)).collect::<Result<_, _>>()?;
        let grain = asked.grain.as_deref().map(|it| Grain::named(it).ok_or_else(|| format!("unknown grain `{it}`"))).transpose()?;
        let chained = peil::insight::chain(checked, kpi, &cut, grain)?;
        let mut found = Diagnostics::default();
        let (request, periods) = (chained.needs(), asked.periods(checked)?);
        let run = session::run(&chained.checked, &request, self.world, PLAIN, periods, asked.today(), &mut found);
        let results = run.ok_or("data could not be read")?.results;
        let chain = peil::publish::chain(&chained, &results).ok_or("no figure in this period")?;
        Ok(tidy::chain(&chained, &chain, format, Lang::En))
    }

    /// What `peil lifecycle` prints.
    pub fn lifecycle(&self, asked: &Asked, format: Format) -> Result<String, String> {
        let checked = self.checked()?;
        let wanted = |it: &DimensionId| asked.drivers.is_empty() || asked.drivers.contains(&checked.model.dimensions[it.index()].name);
        let grain = asked.grain.as_deref().map(|it| Grain::named(it).ok_or_else(|| format!("unknown grain `{it}`"))).transpose()?;
        let mut tables = Vec::new();
        for id in peil::insight::lifecycle::declared(checked).into_iter().filter(wanted) {
            let lived = peil::insight::lifecycle::lived(checked, id, grain).ok_or("no lifecycle")?;
            let mut found = Diagnostics::default();
            let periods = asked.periods(checked)?;
            let run = session::run(&lived.checked, &lived.needs(), self.world, PLAIN, periods, asked.today(), &mut found);
            tables.push(peil::publish::lifecycle(&lived, &run.ok_or("data could not be read")?.results));
        }
        Ok(tidy::lifecycle(checked, &tables, format, Lang::En))
    }

    /// What `peil incentives` prints.
    pub fn incentives(&self, asked: &Asked, format: Format) -> Result<String, String> {
        let all = &self.checked()?.model.incentives;
        let wanted = |name: &String| asked.drivers.is_empty() || asked.drivers.contains(name);
        let places: Vec<usize> = (0..all.len()).filter(|it| wanted(&all[*it].name)).collect();
        let request = peil::eval::incentive_request(self.checked()?, &places);
        let (checked, _, results) = self.run(&request, &Asked { today: asked.today.clone(), ..Asked::default() })?;
        let paid = peil::publish::incentives(checked, &results, &places, asked.past, asked.today());
        Ok(tidy::incentives(checked, &paid, format, Lang::En))
    }

    /// What is made of a report, and what it is made from: of the one that is named, else of the first of a run of all.
    fn made<T>(&self, asked: &Asked, make: impl FnOnce(&Assembly<'_>, &ReportView) -> T) -> Result<T, String> {
        let model = &self.checked()?.model;
        let all = if model.reports.is_empty() { vec![peil::report::default_report(model)] } else { model.reports.clone() };
        let wanted = |it: &peil::model::Report| asked.drivers.first().is_none_or(|name| it.name == *name);
        let reports: Vec<_> = all.into_iter().filter(wanted).collect();
        let report = reports.first().ok_or("no such report")?;
        let today = asked.today();
        let mut found = Diagnostics::default();
        let outside = match peil::report::tells_benchmarks(&reports) && model.benchmarks.iter().any(|it| it.file.is_some()) {
            true => Some(peil::engine::with_outside(self.checked()?, self.world, &mut found).ok_or("a benchmark's file is wrong")?),
            false => None,
        };
        let checked = outside.as_ref().unwrap_or(self.checked()?);
        let gathered = peil::report::gather(checked, &reports, today);
        let run = session::run(gathered.checked(), &gathered.request, self.world, PLAIN, Periods::default(), today, &mut found);
        let run = run.ok_or_else(|| {
            format!("data could not be read\n{}", peil::diagnostic::short(&found.sorted(), &self.session.sources, Lang::En))
        })?;
        let told = gathered.told(&run.plan, &run.table, &run.results, today);
        let lang = report.language.unwrap_or(checked.model.project.language);
        let from = Assembly { checked, results: &run.results, report, lang, today, told: &told, others: &[] };
        Ok(make(&from, &peil::report::assemble(&from)))
    }

    /// What `peil report --figures csv` writes: the figures, or the table of that name beside them.
    pub fn figures(&self, asked: &Asked, table: Option<&str>) -> Result<String, String> {
        self.made(asked, |from, view| {
            let shown = peil::report::shown(from, view);
            let Some(name) = table else { return Ok(forms::figures::csv(from, &shown)) };
            let names: Vec<&str> = shown.beside.iter().map(|it| it.name.as_str()).collect();
            let found = shown.beside.iter().find(|it| it.name == name).map(|it| it.table.csv.clone());
            found.ok_or_else(|| format!("no table `{name}`; there are {names:?}"))
        })?
    }

    /// The files that a form of a report has.
    pub fn files(&self, asked: &Asked, form: &str) -> Result<String, String> {
        let names: Vec<String> = match form {
            "svg" | "site" => self.form(asked, form)?.into_iter().map(|it| it.0).collect(),
            _ => return Err(format!("no form `{form}`")),
        };
        Ok(names.iter().map(|it| format!("{it}\n")).collect())
    }

    /// A form of a report: the files that it has, each with what is in it.
    pub fn form(&self, asked: &Asked, form: &str) -> Result<Vec<(String, String)>, String> {
        self.made(asked, |from, view| {
            let dress = self.session.wardrobe.of(from.report);
            let text = |it: Vec<u8>| String::from_utf8_lossy(&it).into_owned();
            match form {
                "svg" => Ok(forms::pictures::pictures(view, dress).into_iter().map(|it| (it.name, it.svg)).collect()),
                "site" => {
                    let site = forms::site::site(view, dress, &forms::pages(from, view), Vec::new()).map_err(|it| it.to_string())?;
                    Ok(site.into_iter().map(|it| (it.path, text(it.content))).collect())
                }
                "mail" => Ok(vec![("mail".to_owned(), forms::mail::mail(view, dress).map_err(|it| it.to_string())?)]),
                _ => Err(format!("no form `{form}`")),
            }
        })?
    }

    /// The page of a report.
    pub fn page(&self, asked: &Asked) -> Result<String, String> {
        let rendered = self.made(asked, |from, view| peil::report::render::render_in(view, self.session.wardrobe.of(from.report)));
        rendered?.map_err(|it| it.to_string())
    }

    /// What `peil plan` prints.
    pub fn plan(&self, asked: &Asked) -> Result<String, String> {
        let checked = self.checked()?;
        let mut request = if asked.drivers.is_empty() || !asked.kpis.is_empty() { asked.request(checked)? } else { Request::new() };
        if !asked.drivers.is_empty() {
            request.drivers = asked.driver_request(checked)?.drivers;
        }
        Ok(peil::plan::print(checked, &peil::plan::plan(checked, &request)))
    }
}

/// Where a finding is, and what it says: `kpis.peil:3:9: error[unknown-kpi]: …`.
pub fn line_of(fact: &Fact, sources: &Sources) -> String {
    peil::diagnostic::short(std::slice::from_ref(fact), sources, Lang::En).trim_end().to_owned()
}

/// The file and line of a finding.
pub fn place_of(fact: &Fact, sources: &Sources) -> Option<(String, usize, usize)> {
    let span = fact.span?;
    let (line, column) = sources.line_column(span.file, span.start);
    Some((sources.file(span.file).path.clone(), line, column))
}

/// The headline of a finding.
pub fn message(fact: &Fact) -> String {
    say(fact, Lang::En).message
}

/// The project file of a section that has none: the lints of coverage, governance and incentives are off, but for one.
pub fn default_project(but: Option<Code>) -> String {
    let mut text = "project \"Test\" {\n  peil 1\n".to_owned();
    let quiet =
        Code::ALL.iter().filter(|it| it.is_lint() && matches!(it.family(), Family::Coverage | Family::Governance | Family::Incentives));
    for code in quiet.filter(|it| Some(**it) != but) {
        text.push_str(&format!("  lint {} allow \"not what this is about\"\n", code.name()));
    }
    text.push_str("}\n");
    text
}

/// The model in a form that tells meaning apart and nothing else: places in the text are left out.
pub fn meaning(checked: &Checked) -> String {
    let mut text = without_spans(&format!("{:#?}", checked.model));
    for kpi in &checked.model.kpis {
        let formula = kpi.formula.as_ref().map(|it| peil::model::print_formula(&checked.model, it));
        let unit = kpi.unit.as_ref().map(peil::value::Unit::name);
        text.push_str(&format!("{} = {} [{}]\n", kpi.name, formula.unwrap_or_default(), unit.unwrap_or_default()));
    }
    text
}

/// Debug output with every span replaced by `_`.
pub fn without_spans(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(at) = line.find("Span {").filter(|it| !line[..*it].ends_with(|it: char| it.is_alphanumeric())) else {
            kept.push_str(line);
            kept.push('\n');
            continue;
        };
        // The closing brace stands under the line's own beginning.
        let indent = line.len() - line.trim_start().len();
        for inner in lines.by_ref() {
            if inner.len() - inner.trim_start().len() == indent && inner.trim_start().starts_with('}') {
                break;
            }
        }
        kept.push_str(&line[..at]);
        kept.push_str("_\n");
    }
    kept
}

/// Asserts that two projects say the same.
pub fn same_meaning(own: &Checked, yaml: &Checked) -> Result<(), String> {
    let (own, yaml) = (meaning(own), meaning(yaml));
    if own == yaml {
        return Ok(());
    }
    Err(format!("the two spellings differ in meaning\n{}", difference(&own, &yaml)))
}

/// The first lines in which two texts differ.
pub fn difference(expected: &str, found: &str) -> String {
    let (a, b): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let first = a.iter().zip(&b).position(|(a, b)| a != b).unwrap_or(a.len().min(b.len()));
    let mut text = String::new();
    for line in &a[first.saturating_sub(3)..first] {
        text.push_str(&format!("  {line}\n"));
    }
    for (sign, lines) in [('-', &a), ('+', &b)] {
        for line in lines.iter().skip(first).take(6) {
            text.push_str(&format!("{sign} {line}\n"));
        }
    }
    text
}

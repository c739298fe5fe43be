//! What stands on the pages of a site? The report's own sections, and for each KPI, goal, journey and team what the
//! report says of it, with the ways from one to the other.

use crate::insight::{Hop, influence};
use crate::model::{GoalId, KpiRef, TeamId, Text};
use crate::report::needs::shows;
use crate::report::view::{Definitions, Head, Journey, Journeys, Key, ReportView, Scorecards, Section, SectionName, Segments, StatusMark};
use crate::report::words::capital;

use super::reading::{Reading, status};
use super::series::named;
use super::{Assembly, Context, context, definitions, masthead, scorecards, segments, team, trends, why};

/// A page of a site.
#[derive(Debug, Clone, PartialEq)]
pub struct SitePage {
    /// Which.
    pub place: Place,
    /// The line above its title.
    pub kicker: String,
    /// Its title.
    pub title: String,
    /// The status of what it is about.
    pub status: Option<StatusMark>,
    /// One or two sentences.
    pub lead: String,
    /// Its sections, as those of a report.
    pub sections: Vec<Section>,
    /// Where to go from here.
    pub lists: Vec<List>,
}

/// Which page of a site.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The report itself, but for its definitions.
    Index,
    /// The definitions.
    Definitions,
    /// All teams.
    Teams,
    /// A KPI.
    Kpi(Key),
    /// A goal.
    Goal(Key),
    /// A journey.
    Journey(Key),
    /// A team.
    Team(Key),
}

/// Things that belong to a page.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// What they are to it.
    pub heading: String,
    /// The things.
    pub items: Vec<Item>,
}

/// One thing of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What it is called.
    pub label: String,
    /// Its page, where it has one.
    pub to: Option<Place>,
    /// Its status, where it has one.
    pub status: Option<StatusMark>,
    /// What is told of it.
    pub text: String,
}

/// Makes the pages of a site. What a report does not show, no page of its site does.
pub fn site(from: &Assembly<'_>, view: &ReportView) -> Vec<SitePage> {
    let context = context(from);
    let maker = Maker { context: &context, shows: &|it| shows(from.report, it) };
    let teams = maker.teams();
    let mut pages = vec![maker.index(view, &teams)];
    pages.extend(maker.definitions(view));
    pages.extend(context.readings.iter().map(|it| maker.kpi(it)));
    if maker.shows(SectionName::Goals) {
        pages.extend((0..context.checked().model.goals.len() as u32).map(|it| maker.goal(GoalId(it))));
    }
    pages.extend(maker.journeys(view));
    if !teams.is_empty() {
        pages.push(maker.all_teams(&teams));
    }
    pages.extend(teams);
    pages
}

struct Maker<'m, 'a> {
    context: &'m Context<'a>,
    shows: &'m dyn Fn(SectionName) -> bool,
}

impl<'a> Maker<'_, 'a> {
    fn shows(&self, section: SectionName) -> bool {
        (self.shows)(section)
    }

    /// Whether the report tells the figures of its KPIs.
    fn tells(&self) -> bool {
        self.shows(SectionName::Scorecards) || self.shows(SectionName::Summary)
    }

    fn titled(&self, title: &Text, name: &str) -> String {
        title.get(self.context.lang()).unwrap_or(name).to_owned()
    }

    // -- the report --------------------------------------------------------------------------------------------------

    fn index(&self, view: &ReportView, teams: &[SitePage]) -> SitePage {
        let say = self.context.say;
        let sections = view.sections.iter().filter(|it| !matches!(it, Section::Definitions(_))).cloned().collect();
        let kpis = self.context.ranked().into_iter().map(|it| self.kpi_item(it)).collect();
        let goals =
            if self.shows(SectionName::Goals) { (0..self.context.checked().model.goals.len() as u32).collect() } else { Vec::new() };
        let goals = goals.into_iter().map(|it| self.goal_item(GoalId(it))).collect();
        let lists = [
            list(say.each_kpi(), kpis),
            list(say.each_goal(), goals),
            list(say.each_journey(), self.journey_items()),
            list(say.each_team(), teams.iter().map(team_item).collect()),
        ];
        SitePage {
            place: Place::Index,
            kicker: view.kicker.clone(),
            title: view.title.clone(),
            status: None,
            lead: view.lead.clone(),
            sections,
            lists: lists.into_iter().flatten().collect(),
        }
    }

    fn definitions(&self, view: &ReportView) -> Option<SitePage> {
        let section = view.sections.iter().find(|it| matches!(it, Section::Definitions(_)))?;
        Some(SitePage {
            place: Place::Definitions,
            kicker: view.kicker.clone(),
            title: self.context.say.definitions_page().to_owned(),
            status: None,
            lead: String::new(),
            sections: vec![section.clone()],
            lists: Vec::new(),
        })
    }

    // -- KPIs --------------------------------------------------------------------------------------------------------

    fn kpi(&self, reading: &Reading<'a>) -> SitePage {
        let say = self.context.say;
        let context = self.context;
        let mut sections = Vec::new();
        if self.shows(SectionName::Scorecards) {
            sections.push(Section::Scorecards(Scorecards {
                head: Head::new(capital(&context.lang().period(reading.period)), None),
                shows_previous: true,
                cards: vec![scorecards::card(context, reading)],
                comparisons: Vec::new(),
                rows: Vec::new(),
            }));
        }
        // The table of scorecards draws every series small: so they may all be seen large.
        if self.shows(SectionName::Trends) || self.shows(SectionName::Scorecards) {
            sections.extend(trends::of(context, reading).map(Section::Trends));
        }
        if self.shows(SectionName::Why) {
            sections.extend(why::of(context, reading).map(Section::Why));
        }
        let panels = if self.shows(SectionName::Segments) { segments::panels_of(context, reading) } else { Vec::new() };
        if !panels.is_empty() {
            let head = Head::new(self.context.say.for_whom().to_owned(), None);
            sections.push(Section::Segments(Segments { head, open: panels.len(), panels, more: String::new() }));
        }
        if self.shows(SectionName::Definitions) {
            sections.push(Section::Definitions(Definitions {
                head: Head::new(self.context.say.how_computed().to_owned(), None),
                definitions: vec![definitions::definition(context, reading)],
                named: Vec::new(),
                quality: None,
                method: Vec::new(),
            }));
        }
        let model = &context.checked().model;
        let names = |it: &Reading<'_>| it.kpi.formula.as_ref().map(named).unwrap_or_default();
        let parts = context.readings.iter().filter(|it| names(reading).contains(&it.id));
        let wholes = context.readings.iter().filter(|it| names(it).contains(&reading.id));
        let goals = (0..model.goals.len() as u32).map(GoalId).filter(|_| self.shows(SectionName::Goals));
        let goals = goals.filter(|it| model.goals[it.index()].measured_by.iter().any(|of| of.kpi == reading.id));
        let journeys = self.journey_items_of(&|it| it.kpi == reading.id);
        let lists = [
            list(say.measures_goals(), goals.map(|it| self.goal_item(it)).collect()),
            list(say.made_of(), parts.map(|it| self.kpi_item(it)).collect()),
            list(say.part_of_kpis(), wholes.map(|it| self.kpi_item(it)).collect()),
            list(say.in_journey(), journeys),
            list(say.owner_heading(), self.owner(reading.kpi.owner)),
        ];
        SitePage {
            place: Place::Kpi(scorecards::key(reading)),
            kicker: self.context.say.kpi_page().to_owned(),
            title: reading.title.clone(),
            status: Some(reading.mark()),
            lead: if self.tells() { masthead::standing(context, reading) } else { String::new() },
            sections,
            lists: lists.into_iter().flatten().collect(),
        }
    }

    fn kpi_item(&self, reading: &Reading<'_>) -> Item {
        Item {
            label: reading.title.clone(),
            to: Some(Place::Kpi(scorecards::key(reading))),
            status: Some(reading.mark()),
            text: if self.tells() { reading.text() } else { String::new() },
        }
    }

    /// A KPI, or a part of one, with its page where the report has it.
    fn figure_item(&self, of: &KpiRef) -> Item {
        let reading = self.context.sources.read(of.kpi, of.part.as_ref());
        let known = self.context.readings.iter().any(|it| it.id == of.kpi);
        Item {
            label: self.context.part_title(&reading.title, of),
            to: known.then(|| Place::Kpi(scorecards::key(&reading))),
            status: Some(reading.mark()),
            text: reading.text(),
        }
    }

    // -- goals -------------------------------------------------------------------------------------------------------

    fn goal(&self, id: GoalId) -> SitePage {
        let say = self.context.say;
        let model = &self.context.checked().model;
        let goal = &model.goals[id.index()];
        let figure = self.context.goals().and_then(|it| it.figures.iter().find(|it| it.goal == id));
        let lang = self.context.lang();
        let mut lead: Vec<String> = [&goal.description, &goal.need].into_iter().filter_map(|it| it.get(lang)).map(str::to_owned).collect();
        if let Some(figure) = figure {
            let whole = |it: f64| lang.number(it, 0);
            let (low, high) = (whole(figure.low), whole(figure.high));
            lead.push(match figure.satisfaction {
                Some(value) if low != high => say.reached(&say.out_of_hundred(&whole(value)), Some(&format!("{low}–{high}"))),
                Some(value) => say.reached(&say.out_of_hundred(&whole(value)), None),
                None => self.context.say.goal_untold().to_owned(),
            });
        }
        let parts = (0..model.goals.len() as u32).map(GoalId);
        let parts = parts.filter(|it| model.goals[it.index()].part_of.iter().any(|(parent, _)| parent.value == id));
        let enablers = model.enablers.iter().filter_map(|it| {
            let (served, lifted) = (it.serves.iter().any(|of| of.goal == id), it.lifts.iter().any(|of| of.goal == id));
            // From one side of an enabler the other is what a reader wants.
            let others = if served { &it.lifts } else { &it.serves };
            let others: Vec<String> = others.iter().map(|of| self.context.goal_title(of.goal)).collect();
            let label = self.titled(&it.title, &it.name);
            (served || lifted).then(|| Item { label, to: None, status: None, text: say.other_side(served, &others) })
        });
        let lists = [
            list(say.what_measures(), goal.measured_by.iter().map(|it| self.figure_item(it)).collect()),
            list(say.its_parts(), parts.map(|it| self.goal_item(it)).collect()),
            list(say.part_of_goals(), goal.part_of.iter().map(|it| self.goal_item(it.0.value)).collect()),
            list(say.enablers_page(), enablers.collect()),
            list(say.owner_heading(), self.owner(goal.owner)),
        ];
        SitePage {
            place: Place::Goal(Key::new(&goal.name)),
            kicker: say.goal_page(goal.kind).to_owned(),
            title: self.context.goal_title(id),
            status: figure.map(|it| status(it.status).into()),
            lead: lead.join(" "),
            sections: Vec::new(),
            lists: lists.into_iter().flatten().collect(),
        }
    }

    fn goal_item(&self, id: GoalId) -> Item {
        let figure = self.context.goals().and_then(|it| it.figures.iter().find(|it| it.goal == id));
        let far = figure.and_then(|it| it.satisfaction).map(|it| self.context.say.out_of_hundred(&self.context.lang().number(it, 0)));
        let name = &self.context.checked().model.goals[id.index()].name;
        Item {
            label: self.context.goal_title(id),
            to: Some(Place::Goal(Key::new(name))),
            status: figure.map(|it| status(it.status).into()),
            text: far.unwrap_or_default(),
        }
    }

    // -- journeys ----------------------------------------------------------------------------------------------------

    fn journeys(&self, view: &ReportView) -> Vec<SitePage> {
        let found = view.sections.iter().find_map(|it| if let Section::Journey(it) = it { Some(it) } else { None });
        let Some(all) = found else { return Vec::new() };
        let page = |journey: &Journey| {
            let head = Head::new(self.context.say.whole_journey().to_owned(), all.head.dek.clone());
            let one = Journeys { head, journeys: vec![journey.clone()] };
            SitePage {
                place: Place::Journey(journey.key.clone()),
                kicker: self.context.say.journey_page().to_owned(),
                title: journey.title.clone(),
                status: None,
                lead: String::new(),
                sections: vec![Section::Journey(one)],
                lists: Vec::new(),
            }
        };
        all.journeys.iter().map(page).collect()
    }

    fn journey_items(&self) -> Vec<Item> {
        self.journey_items_of(&|_| true)
    }

    /// The journeys with a figure of a kind anywhere in them.
    fn journey_items_of(&self, fits: &dyn Fn(&KpiRef) -> bool) -> Vec<Item> {
        let model = &self.context.checked().model;
        let journeys = model.journeys.iter().filter(|_| self.shows(SectionName::Journey));
        let of = |it: &&crate::model::Journey| {
            let touchpoints = it.stages.iter().flat_map(|it| &it.touchpoints).map(|it| &model.touchpoints[it.index()]);
            let mut all = touchpoints.flat_map(|it| it.kpis.all()).chain(it.stages.iter().flat_map(|it| it.kpis.all()));
            all.any(fits)
        };
        let item = |it: &crate::model::Journey| Item {
            label: self.titled(&it.title, &it.name),
            to: Some(Place::Journey(Key::new(&it.name))),
            status: None,
            text: it.stages.iter().map(|it| self.titled(&it.title, &it.name)).collect::<Vec<_>>().join(" › "),
        };
        journeys.filter(of).map(item).collect()
    }

    // -- teams -------------------------------------------------------------------------------------------------------

    /// The pages of the teams that own anything in this report.
    fn teams(&self) -> Vec<SitePage> {
        let count = self.context.checked().model.project.teams.len() as u32;
        (0..count).map(TeamId).map(|it| self.team(it)).filter(|it| !it.lists.is_empty()).collect()
    }

    fn team(&self, id: TeamId) -> SitePage {
        let say = self.context.say;
        let model = &self.context.checked().model;
        let found = influence(self.context.checked(), id);
        let team = &model.project.teams[id.index()];
        let goals = |all: Vec<GoalId>| if self.shows(SectionName::Goals) { all } else { Vec::new() };
        let kpis = self.context.ranked().into_iter().filter(|it| it.kpi.owner == Some(id));
        let touchpoints = found.touchpoints.iter().filter(|_| self.shows(SectionName::Journey)).map(|it| {
            let it = &model.touchpoints[it.index()];
            Item { label: self.titled(&it.title, &it.name), to: None, status: None, text: it.channel.clone().unwrap_or_default() }
        });
        let through = found.through.iter().filter(|_| self.shows(SectionName::Goals)).map(|it| {
            let way: Vec<String> =
                std::iter::once(it.from).chain(it.hops.iter().map(|hop: &Hop| hop.to)).map(|it| team::title(self.context, it)).collect();
            Item { text: way.join(" › "), ..self.goal_item(it.goal) }
        });
        let lists = [
            list(say.own_goals(), goals(found.goals.clone()).into_iter().map(|it| self.goal_item(it)).collect()),
            list(say.own_kpis(), kpis.map(|it| self.kpi_item(it)).collect()),
            list(say.own_touchpoints(), touchpoints.collect()),
            list(say.moved_through(), through.collect()),
        ];
        SitePage {
            place: Place::Team(Key::new(&team.name)),
            kicker: "Team".to_owned(),
            title: self.titled(&team.title, &team.name),
            status: None,
            lead: String::new(),
            sections: Vec::new(),
            lists: lists.into_iter().flatten().collect(),
        }
    }

    fn all_teams(&self, teams: &[SitePage]) -> SitePage {
        let say = self.context.say;
        SitePage {
            place: Place::Teams,
            kicker: self.context.lang().period(self.context.period()),
            title: "Teams".to_owned(),
            status: None,
            lead: self.context.say.teams_page().to_owned(),
            sections: Vec::new(),
            lists: list(say.each_team(), teams.iter().map(team_item).collect()).into_iter().collect(),
        }
    }

    fn owner(&self, id: Option<TeamId>) -> Vec<Item> {
        let item = |id: TeamId| {
            let team = &self.context.checked().model.project.teams[id.index()];
            Item {
                label: self.titled(&team.title, &team.name),
                to: Some(Place::Team(Key::new(&team.name))),
                status: None,
                text: String::new(),
            }
        };
        id.map(item).into_iter().collect()
    }
}

/// A list, if there is anything in it.
fn list(heading: &str, items: Vec<Item>) -> Option<List> {
    (!items.is_empty()).then(|| List { heading: heading.to_owned(), items })
}

fn team_item(page: &SitePage) -> Item {
    let count = page.lists.iter().map(|it| format!("{}: {}", it.heading, it.items.len())).collect::<Vec<_>>();
    Item { label: page.title.clone(), to: Some(page.place.clone()), status: None, text: count.join(" · ") }
}

//! Which customer goal holds back which business goal? The tree, the same as lists, and the roll-up in words.

use crate::eval::GoalFigure;
use crate::model::{Enabler, Evidence, Goal, GoalId, GoalKind, KpiRef, RollUp};
use crate::report::charts::goal_tree::{EnablerNode, GoalEdge, GoalLine, GoalNode, GoalRef, GoalTreeInput};
use crate::report::view::{Goals, Head, Key, Outline, OutlineGroup, OutlineLine, Status, StatusMark};

use super::Context;
use super::reading::status;

/// The tree with what every part of the section asks of it.
struct Tree<'c, 'a> {
    context: &'c Context<'a>,
    goals: &'a [Goal],
    enablers: &'a [Enabler],
    figures: &'a [GoalFigure],
    critical: crate::eval::Critical,
    /// The place of each goal among those of its side.
    places: Vec<usize>,
    levels: Vec<usize>,
}

/// Makes the section.
pub(super) fn goals(context: &Context<'_>) -> Goals {
    let tree = Tree::new(context);
    let caption = tree.caption();
    Goals {
        head: Head::new(tree.heading(), Some(context.say.goals_dek(tree.goals.is_empty()).to_owned())).with_how(tree.how()),
        tree: tree.drawing(&caption),
        statuses: tree.statuses(),
        outline: tree.outline(),
        caption,
    }
}

/// The status of a goal; of one that is known in part that there are too few data.
pub(super) fn status_of(figure: &GoalFigure) -> Status {
    match status(figure.status) {
        Status::NoData if figure.coverage > 0.0 => Status::TooFew,
        status => status,
    }
}

impl<'c, 'a> Tree<'c, 'a> {
    fn new(context: &'c Context<'a>) -> Tree<'c, 'a> {
        let model = &context.checked().model;
        let period = context.goals();
        let mut places = vec![0; model.goals.len()];
        let (mut business, mut customer) = (0, 0);
        for (at, goal) in model.goals.iter().enumerate() {
            let next = if goal.kind == GoalKind::Business { &mut business } else { &mut customer };
            places[at] = *next;
            *next += 1;
        }
        // Goals come after their parts in this order; from the top down it is the reverse.
        let mut levels = vec![0; model.goals.len()];
        for id in context.checked().graph.goal_order().iter().rev() {
            for (parent, _) in &model.goals[id.index()].part_of {
                if model.goals[parent.value.index()].kind == model.goals[id.index()].kind {
                    levels[id.index()] = levels[id.index()].max(levels[parent.value.index()] + 1);
                }
            }
        }
        Tree {
            context,
            goals: &model.goals,
            enablers: &model.enablers,
            figures: period.map(|it| it.figures.as_slice()).unwrap_or_default(),
            critical: period.map(|it| it.critical.clone()).unwrap_or_default(),
            places,
            levels,
        }
    }

    fn title(&self, id: GoalId) -> String {
        let goal = &self.goals[id.index()];
        goal.title.get(self.context.lang()).unwrap_or(&goal.name).to_owned()
    }

    fn enabler_title(&self, at: usize) -> String {
        let enabler = &self.enablers[at];
        enabler.title.get(self.context.lang()).unwrap_or(&enabler.name).to_owned()
    }

    fn figure(&self, id: GoalId) -> Option<&'a GoalFigure> {
        self.figures.iter().find(|it| it.goal == id)
    }

    fn status(&self, id: GoalId) -> Status {
        self.figure(id).map_or(Status::NoData, status_of)
    }

    fn parts(&self, id: GoalId) -> Vec<GoalId> {
        let is_part = |it: &&GoalId| self.goals[it.index()].part_of.iter().any(|(parent, _)| parent.value == id);
        (0..self.goals.len() as u32).map(GoalId).collect::<Vec<_>>().iter().filter(is_part).copied().collect()
    }

    fn of_kind(&self, kind: GoalKind) -> impl Iterator<Item = GoalId> {
        (0..self.goals.len() as u32).map(GoalId).filter(move |it| self.goals[it.index()].kind == kind)
    }

    fn place(&self, id: GoalId) -> GoalRef {
        match self.goals[id.index()].kind {
            GoalKind::Business => GoalRef::Business(self.places[id.index()]),
            GoalKind::Customer => GoalRef::Customer(self.places[id.index()]),
        }
    }

    /// The enablers that lift or serve a goal.
    fn enablers_of(&self, id: GoalId) -> Vec<usize> {
        let ties = |it: &Enabler| it.serves.iter().chain(&it.lifts).any(|edge| edge.goal == id);
        (0..self.enablers.len()).filter(|at| ties(&self.enablers[*at])).collect()
    }

    /// Whether an enabler ties a goal, something above it, or something below it.
    fn is_tied(&self, id: GoalId) -> bool {
        let mut near = vec![id];
        let mut above = vec![id];
        while let Some(it) = above.pop() {
            for (parent, _) in &self.goals[it.index()].part_of {
                if self.goals[id.index()].kind == GoalKind::Customer && !near.contains(&parent.value) {
                    near.push(parent.value);
                    above.push(parent.value);
                }
            }
        }
        let mut below = self.parts(id);
        while let Some(it) = below.pop() {
            if !near.contains(&it) {
                near.push(it);
                below.extend(self.parts(it));
            }
        }
        near.iter().any(|it| !self.enablers_of(*it).is_empty())
    }

    fn heading(&self) -> String {
        let say = self.context.say;
        // Goals that are known in part say less than they seem to.
        let whole = self.figures.iter().filter(|it| it.coverage >= 1.0 - 1e-9);
        let known = whole.filter_map(|it| Some((it.goal, it.satisfaction?)));
        match known.min_by(|a, b| a.1.total_cmp(&b.1)) {
            None => say.goals_unknown(self.goals.is_empty()).to_owned(),
            Some((_, satisfaction)) if satisfaction >= 100.0 => say.goals_reached().to_owned(),
            Some((goal, satisfaction)) => say.goals_heading(&self.title(goal), &say.satisfaction(satisfaction)),
        }
    }

    /// The statuses that the drawing shows, worst first.
    fn statuses(&self) -> Vec<Status> {
        let goals = (0..self.goals.len() as u32).map(|it| self.status(GoalId(it)));
        let kpis = self.goals.iter().flat_map(|it| &it.measured_by).map(|it| self.line(it).0);
        let enablers = (0..self.enablers.len()).filter_map(|at| self.enabler_status(at));
        let shown: std::collections::BTreeSet<Status> = goals.chain(kpis).chain(enablers).collect();
        shown.into_iter().collect()
    }

    // -- the drawing -------------------------------------------------------------------------------------------------

    fn drawing(&self, caption: &str) -> GoalTreeInput {
        let say = self.context.say;
        let depth = self.of_kind(GoalKind::Business).map(|it| self.levels[it.index()] + 1).max().unwrap_or(0);
        let depth_customer = self.of_kind(GoalKind::Customer).map(|it| self.levels[it.index()] + 1).max().unwrap_or(0);
        GoalTreeInput {
            key: Key::new("goals"),
            title: say.goal_tree().to_owned(),
            desc: caption.to_owned(),
            business_levels: (0..depth).map(|it| self.level_heading(GoalKind::Business, it, depth)).collect(),
            enabler_heading: say.enablers().to_owned(),
            customer_levels: (0..depth_customer).map(|it| self.level_heading(GoalKind::Customer, it, depth_customer)).collect(),
            business: self.of_kind(GoalKind::Business).map(|it| self.node(it)).collect(),
            enablers: (0..self.enablers.len()).map(|at| self.enabler_node(at)).collect(),
            customer: self.of_kind(GoalKind::Customer).map(|it| self.node(it)).collect(),
            edges: self.edges(),
        }
    }

    /// The level that all goals of a column say they have, else what its place makes it.
    fn level_heading(&self, kind: GoalKind, level: usize, depth: usize) -> String {
        let mut said = self.of_kind(kind).filter(|it| self.levels[it.index()] == level).map(|it| &self.goals[it.index()].level);
        match said.next() {
            Some(Some(first)) if said.all(|it| it.as_ref() == Some(first)) => first.clone(),
            _ => self.context.say.goal_level(kind == GoalKind::Business, level, depth).to_owned(),
        }
    }

    fn node(&self, id: GoalId) -> GoalNode {
        let goal = &self.goals[id.index()];
        let mut lines: Vec<(Status, String, String)> = goal.measured_by.iter().map(|it| self.line(it)).collect();
        lines.sort_by_key(|it| it.0);
        let mut lines = lines.into_iter();
        // The figure first: it stands also where the title is cut off.
        let line = lines.next().map(|(status, title, value)| GoalLine { status, value, title });
        let mut others: Vec<Status> = lines.map(|it| it.0).chain(self.parts(id).into_iter().map(|it| self.status(it))).collect();
        others.sort_unstable();
        let satisfaction = self.figure(id).and_then(|it| it.satisfaction);
        GoalNode {
            title: self.title(id),
            level: self.levels[id.index()],
            status: self.status(id),
            score: satisfaction.map(|it| self.context.say.satisfaction(it)),
            reached: satisfaction.map(|it| it / 100.0),
            theme: self.context.theme(goal.theme),
            line,
            others,
            gap: self.gap(id),
        }
    }

    /// Why a goal hangs loose: nothing ties it to the other side, and it has no parts that could be tied.
    fn gap(&self, id: GoalId) -> Option<String> {
        let hangs = !self.is_tied(id) && self.parts(id).is_empty();
        hangs.then(|| self.context.say.no_enabler().to_owned())
    }

    /// The status, title and figure of a KPI or part.
    fn line(&self, of: &KpiRef) -> (Status, String, String) {
        let reading = self.context.sources.read(of.kpi, of.part.as_ref());
        (reading.status, self.context.part_title(&reading.title, of), reading.text())
    }

    fn said(&self, of: &KpiRef) -> OutlineLine {
        let (status, title, value) = self.line(of);
        OutlineLine { status: Some(status), text: format!("{title}: {value}") }
    }

    fn enabler_node(&self, at: usize) -> EnablerNode {
        let (note, gap) = self.state(at);
        EnablerNode { title: self.enabler_title(at), note, status: self.enabler_status(at), gap }
    }

    /// The worst status of an enabler's own KPIs.
    fn enabler_status(&self, at: usize) -> Option<Status> {
        self.enablers[at].measured_by.iter().map(|it| self.line(it).0).min()
    }

    /// The status of an enabler in words, and whether it carries nothing yet.
    fn state(&self, at: usize) -> (String, bool) {
        let Some((word, note)) = &self.enablers[at].status else { return (String::new(), false) };
        let said = self.context.say.enabler_status(word).to_owned();
        let gap = matches!(word.as_str(), "idea" | "planned" | "stopped");
        (note.as_ref().map_or_else(|| said.clone(), |note| format!("{said}: {note}")), gap)
    }

    fn edges(&self) -> Vec<GoalEdge> {
        let mut edges = Vec::new();
        let follows = |a: GoalId, b: GoalId| self.critical.goals.windows(2).any(|pair| pair == [a, b]);
        for (at, goal) in self.goals.iter().enumerate() {
            let id = GoalId(at as u32);
            for (parent, _) in &goal.part_of {
                let critical = follows(parent.value, id);
                edges.push(GoalEdge { from: self.place(parent.value), to: self.place(id), critical, hypothesis: false });
            }
        }
        for (at, enabler) in self.enablers.iter().enumerate() {
            let on_path = self.critical.enabler.is_some_and(|it| it.index() == at);
            let mut tie = |goal: GoalId, critical: bool, evidence: Evidence| {
                let hypothesis = evidence == Evidence::Hypothesis;
                edges.push(GoalEdge { from: GoalRef::Enabler(at), to: self.place(goal), critical, hypothesis });
            };
            for it in &enabler.lifts {
                tie(it.goal, on_path && self.critical.goals.last() == Some(&it.goal), it.evidence);
            }
            for it in &enabler.serves {
                tie(it.goal, on_path && self.critical.customer == Some(it.goal), it.evidence);
            }
        }
        edges
    }

    // -- the same in words -------------------------------------------------------------------------------------------

    fn outline(&self) -> Vec<OutlineGroup> {
        let say = self.context.say;
        let side = |kind: GoalKind| -> Vec<Outline> {
            let tops = self.of_kind(kind).filter(|it| self.first_parent(*it).is_none());
            tops.map(|it| self.item(it)).collect()
        };
        let enablers: Vec<Outline> = (0..self.enablers.len()).map(|at| self.enabler_item(at)).collect();
        let groups = [
            (say.business_goals(), side(GoalKind::Business)),
            (say.enablers(), enablers),
            (say.customer_goals(), side(GoalKind::Customer)),
        ];
        let groups = groups.into_iter().filter(|it| !it.1.is_empty());
        groups.map(|(heading, items)| OutlineGroup { heading: heading.to_owned(), items }).collect()
    }

    /// The first goal of its own side that a goal is part of: there it stands in the list.
    fn first_parent(&self, id: GoalId) -> Option<GoalId> {
        let goal = &self.goals[id.index()];
        goal.part_of.iter().map(|it| it.0.value).find(|it| self.goals[it.index()].kind == goal.kind)
    }

    fn item(&self, id: GoalId) -> Outline {
        let say = self.context.say;
        let goal = &self.goals[id.index()];
        let enablers: Vec<String> = self.enablers_of(id).into_iter().map(|at| self.enabler_title(at)).collect();
        let critical = self.critical.goals.contains(&id) || self.critical.customer == Some(id);
        let mut notes: Vec<String> = critical.then(|| say.on_path().to_owned()).into_iter().collect();
        if !enablers.is_empty() {
            notes.push(say.tied_by(&enablers));
        } else if let Some(gap) = self.gap(id) {
            notes.push(crate::report::words::capital(&gap));
        }
        notes.extend(self.differing(id).map(|it| crate::report::words::capital(&it)));
        let children = self.parts(id).into_iter().filter(|it| self.first_parent(*it) == Some(id));
        Outline {
            title: self.title(id),
            status: Some(self.mark(id)),
            theme: self.context.theme(goal.theme),
            lines: goal.measured_by.iter().map(|it| self.said(it)).collect(),
            critical,
            note: (!notes.is_empty()).then(|| notes.join(". ")),
            children: children.map(|it| self.item(it)).collect(),
        }
    }

    fn mark(&self, id: GoalId) -> StatusMark {
        let say = self.context.say;
        let Some(figure) = self.figure(id) else { return Status::NoData.into() };
        let note = match (figure.satisfaction, figure.coverage) {
            (Some(it), _) => Some(say.out_of_hundred(&say.satisfaction(it))),
            (None, coverage) if coverage > 0.0 => Some(say.coverage(self.context.lang().percent(coverage, 0).as_str())),
            (None, _) => None,
        };
        StatusMark { code: status_of(figure), note }
    }

    /// Says it where a goal's own figures and those below it fall in different bands (R18).
    fn differing(&self, id: GoalId) -> Option<String> {
        let figure = self.figure(id)?;
        let band = |it: f64| status(crate::eval::Status::of(it));
        let (own, below) = (band(figure.own?), band(figure.below?));
        (own != below).then(|| self.context.say.own_and_below(own, below))
    }

    fn enabler_item(&self, at: usize) -> Outline {
        let say = self.context.say;
        let enabler = &self.enablers[at];
        let titles = |edges: &[crate::model::Influence]| edges.iter().map(|it| self.title(it.goal)).collect::<Vec<_>>();
        let critical = self.critical.enabler.is_some_and(|it| it.index() == at);
        let ties = [(titles(&enabler.serves), true), (titles(&enabler.lifts), false)].into_iter().filter(|it| !it.0.is_empty());
        let ties = ties.map(|(names, serves)| say.ties(&names, serves));
        let ties: Vec<String> = critical.then(|| say.on_path().to_owned()).into_iter().chain(ties).collect();
        let mut lines: Vec<OutlineLine> = enabler.measured_by.iter().map(|it| self.said(it)).collect();
        let (state, _) = self.state(at);
        if !state.is_empty() {
            lines.insert(0, OutlineLine { status: None, text: crate::report::words::capital(&state) });
        }
        Outline {
            title: self.enabler_title(at),
            status: self.enabler_status(at).map(StatusMark::from),
            theme: self.context.theme(enabler.theme),
            lines,
            critical,
            note: (!ties.is_empty()).then(|| ties.join(". ")),
            children: Vec::new(),
        }
    }

    /// Names the critical path and what is missing in the tree, in sentences.
    fn caption(&self) -> String {
        let say = self.context.say;
        if self.goals.is_empty() {
            return say.no_goals().to_owned();
        }
        let satisfaction = |id: GoalId| self.figure(id).and_then(|it| it.satisfaction);
        let path = &self.critical.goals;
        let known = path.iter().filter_map(|it| Some((*it, satisfaction(*it)?)));
        let lowest = known.min_by(|a, b| a.1.total_cmp(&b.1)).map(|it| it.0);
        // Of the goals of the path those have their figure that it leads by: the weakest of each side.
        let goal = |it: GoalId, why: bool| say.path_goal(&self.title(it), satisfaction(it).filter(|_| why).map(|it| say.satisfaction(it)));
        let mut steps: Vec<String> = path.iter().map(|it| goal(*it, lowest == Some(*it))).collect();
        steps.extend(self.critical.enabler.map(|it| say.quoted(&self.enabler_title(it.index()))));
        steps.extend(self.critical.customer.map(|it| goal(it, true)));
        let mut said: Vec<String> = (!steps.is_empty()).then(|| say.critical_path(&steps)).into_iter().collect();
        let all = || (0..self.goals.len() as u32).map(GoalId);
        let loose: Vec<String> = all().filter(|it| self.gap(*it).is_some()).map(|it| say.quoted(&self.title(it))).collect();
        said.extend((!loose.is_empty()).then(|| say.loose_goals(&loose)));
        let unknown = self.figures.iter().filter(|it| it.satisfaction.is_none());
        let unknown: Vec<String> = unknown.map(|it| say.quoted(&self.title(it.goal))).collect();
        said.extend((!unknown.is_empty()).then(|| say.unknown_goals(&unknown)));
        if self.enablers.iter().any(|it| it.serves.iter().chain(&it.lifts).any(|edge| edge.evidence == Evidence::Hypothesis)) {
            said.push(say.hypotheses().to_owned());
        }
        said.join(" ")
    }

    /// Names the period, the roll-up used, and which goals hold figures that differ from those below them.
    fn how(&self) -> Option<String> {
        let say = self.context.say;
        if self.goals.is_empty() {
            return None;
        }
        let mut said = Vec::new();
        said.extend(self.figures.first().map(|it| say.goals_period(it.period)));
        let special = |how: RollUp| -> Vec<String> {
            let goals = (0..self.goals.len() as u32).map(GoalId).filter(|it| self.goals[it.index()].roll_up == how);
            goals.map(|it| say.quoted(&self.title(it))).collect()
        };
        said.push(say.small_marks().to_owned());
        said.push(say.roll_up(&special(RollUp::All), &special(RollUp::Any)));
        if (0..self.enablers.len()).any(|at| self.enabler_status(at).is_some()) {
            said.push(say.enabler_mark().to_owned());
        }
        if !self.critical.goals.is_empty() {
            said.push(say.path_rule(self.critical.customer.is_some()).to_owned());
        }
        for id in (0..self.goals.len() as u32).map(GoalId) {
            if let Some(it) = self.differing(id) {
                said.push(format!("{}: {}.", say.quoted(&self.title(id)), it));
            }
        }
        Some(said.join(" "))
    }
}

//! Who depends on whom, and why? The one graph of a project: order, cycles, and the paths that explain a finding.

use crate::model::{Claim, GoalId, KpiExpr, KpiId, KpiKind, Model, Subject, Support, asked_at};
use crate::value::{Code, Diagnostics, Fact};
use petgraph::Direction;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{EdgeFiltered, EdgeRef};
use std::collections::{HashMap, HashSet};

/// A node of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Node {
    Source(u32),
    Kpi(u32),
    Goal(u32),
    Enabler(u32),
    Touchpoint(u32),
    Journey(u32),
    Drivers(u32),
    Finding(u32),
    Action(u32),
    Assumption(u32),
    Incentive(u32),
    Benchmark(u32),
}

/// Why one node depends on another. An edge runs from what needs to what is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// A KPI is computed from rows.
    Reads,
    /// A KPI's formula names a KPI.
    Uses,
    /// A goal is measured by a KPI.
    MeasuredBy,
    /// A goal has a part.
    HasPart,
    /// An enabler lifts a business goal: the goal depends on it.
    LiftedBy,
    /// An enabler serves a customer goal.
    Serves,
    /// A touchpoint or journey shows a KPI.
    Shows,
    /// A journey passes a touchpoint.
    Passes,
    /// A driver model explains a KPI.
    Explains,
    /// The items of a driver model are asked at a touchpoint.
    AskedAt,
    /// A finding is about something.
    About,
    /// A finding cites a figure, or holds while one is so.
    Cites,
    /// An action acts on something.
    ActsOn,
    /// An action is expected to move a KPI.
    Expects,
    /// An action follows from a finding.
    FollowsFrom,
    /// A claim rests on something that supports it.
    RestsOn,
    /// A KPI follows another, by what is claimed.
    LedBy,
    /// An incentive pays for a KPI.
    Pays,
    /// An incentive pays only where a KPI is on one side of a value.
    Requires,
    /// A benchmark is held beside a KPI.
    Compares,
    /// A KPI's formula names an assumption.
    Assumes,
    /// A KPI tells how many of those whom a survey invited answered.
    Invited,
}

impl Edge {
    /// The word of machine output.
    pub fn name(self) -> &'static str {
        match self {
            Edge::Reads => "reads",
            Edge::Uses => "uses",
            Edge::MeasuredBy => "measured_by",
            Edge::HasPart => "has_part",
            Edge::LiftedBy => "lifted_by",
            Edge::Serves => "serves",
            Edge::Shows => "shows",
            Edge::Passes => "passes",
            Edge::Assumes => "assumes",
            Edge::Invited => "invited",
            Edge::Pays => "pays",
            Edge::Compares => "compares",
            Edge::Requires => "requires",
            Edge::Explains => "explains",
            Edge::AskedAt => "asked_at",
            Edge::About => "about",
            Edge::Cites => "cites",
            Edge::ActsOn => "acts_on",
            Edge::Expects => "expects",
            Edge::FollowsFrom => "follows_from",
            Edge::RestsOn => "rests_on",
            Edge::LedBy => "led_by",
        }
    }

    /// Whether what an edge needs comes first: what is said about things goes round in rings as it likes.
    fn orders(self) -> bool {
        use Edge::{Assumes, Compares, HasPart, LiftedBy, MeasuredBy, Passes, Pays, Reads, Requires, Serves, Shows, Uses};
        matches!(self, Compares | Pays | Requires | Reads | Uses | Assumes | MeasuredBy | HasPart | LiftedBy | Serves | Shows | Passes)
    }
}

/// The graph of a project.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    graph: DiGraph<Node, Edge>,
    index: Places,
    /// KPIs, each after those that it needs; those in a cycle are missing.
    kpi_order: Vec<KpiId>,
    /// Goals, each after its parts; those in a cycle are missing.
    goal_order: Vec<GoalId>,
}

/// Where nodes stand in the graph, by their kinds and their places in the model.
#[derive(Clone, Debug, Default)]
struct Places([Vec<Option<NodeIndex>>; Node::KINDS]);

impl Places {
    fn get(&self, node: Node) -> Option<NodeIndex> {
        let (kind, at) = node.place();
        self.0[kind].get(at).copied().flatten()
    }

    fn insert(&mut self, node: Node, index: NodeIndex) {
        let (kind, at) = node.place();
        let list = &mut self.0[kind];
        if list.len() <= at {
            list.resize(at + 1, None);
        }
        list[at] = Some(index);
    }
}

impl Node {
    const KINDS: usize = 12;

    /// Its kind, and its place in the model's list.
    fn place(self) -> (usize, usize) {
        let (kind, at) = match self {
            Node::Source(at) => (0, at),
            Node::Kpi(at) => (1, at),
            Node::Goal(at) => (2, at),
            Node::Enabler(at) => (3, at),
            Node::Touchpoint(at) => (4, at),
            Node::Journey(at) => (5, at),
            Node::Drivers(at) => (6, at),
            Node::Finding(at) => (7, at),
            Node::Action(at) => (8, at),
            Node::Assumption(at) => (9, at),
            Node::Incentive(at) => (10, at),
            Node::Benchmark(at) => (11, at),
        };
        (kind, at as usize)
    }
}

/// Builds the graph; cycles are reported with their path.
pub fn build(model: &Model, out: &mut Diagnostics) -> Graph {
    let mut graph = Graph::default();
    for (at, source) in model.sources.iter().enumerate() {
        let from = graph.node(Node::Source(at as u32));
        if let Some(it) = &source.invited {
            graph.edge(from, Node::Kpi(it.kpi.0), Edge::Invited);
        }
    }
    for (at, kpi) in model.kpis.iter().enumerate() {
        let from = graph.node(Node::Kpi(at as u32));
        let mut needs = Vec::new();
        if let Some(formula) = &kpi.formula {
            needs_of(formula, &mut needs);
        }
        for (node, edge) in needs {
            graph.edge(from, node, edge);
        }
    }
    for at in 0..model.assumptions.len() {
        graph.node(Node::Assumption(at as u32));
    }
    for (at, goal) in model.goals.iter().enumerate() {
        let from = graph.node(Node::Goal(at as u32));
        for it in &goal.measured_by {
            graph.edge(from, Node::Kpi(it.kpi.0), Edge::MeasuredBy);
        }
        for (parent, _) in &goal.part_of {
            let parent = graph.node(Node::Goal(parent.value.0));
            graph.edge(parent, Node::Goal(at as u32), Edge::HasPart);
        }
    }
    for (at, enabler) in model.enablers.iter().enumerate() {
        let from = graph.node(Node::Enabler(at as u32));
        for it in &enabler.lifts {
            let goal = graph.node(Node::Goal(it.goal.0));
            graph.edge(goal, Node::Enabler(at as u32), Edge::LiftedBy);
        }
        for it in &enabler.serves {
            graph.edge(from, Node::Goal(it.goal.0), Edge::Serves);
        }
        for it in &enabler.measured_by {
            graph.edge(from, Node::Kpi(it.kpi.0), Edge::MeasuredBy);
        }
    }
    for (at, touchpoint) in model.touchpoints.iter().enumerate() {
        let from = graph.node(Node::Touchpoint(at as u32));
        for it in touchpoint.kpis.all() {
            graph.edge(from, Node::Kpi(it.kpi.0), Edge::Shows);
        }
    }
    for (at, journey) in model.journeys.iter().enumerate() {
        let from = graph.node(Node::Journey(at as u32));
        for it in journey.kpis.all().chain(journey.stages.iter().flat_map(|it| it.kpis.all())) {
            graph.edge(from, Node::Kpi(it.kpi.0), Edge::Shows);
        }
        for touchpoint in journey.stages.iter().flat_map(|it| &it.touchpoints) {
            graph.edge(from, Node::Touchpoint(touchpoint.0), Edge::Passes);
        }
    }
    for (at, incentive) in model.incentives.iter().enumerate() {
        let from = graph.node(Node::Incentive(at as u32));
        for it in &incentive.parts {
            graph.edge(from, Node::Kpi(it.of.kpi.0), Edge::Pays);
        }
        for it in &incentive.conditions {
            graph.edge(from, Node::Kpi(it.of.kpi.0), Edge::Requires);
        }
    }
    for (at, benchmark) in model.benchmarks.iter().enumerate() {
        let from = graph.node(Node::Benchmark(at as u32));
        if let Some(of) = &benchmark.of {
            graph.edge(from, Node::Kpi(of.kpi.0), Edge::Compares);
        }
    }
    said_about(&mut graph, model);
    graph.cycles(model, out);
    graph.feedback(model, out);
    graph
}

/// What driver models, findings and actions say about the rest, and what claims rest on.
fn said_about(graph: &mut Graph, model: &Model) {
    for (at, kpi) in model.kpis.iter().enumerate() {
        for lead in &kpi.leads {
            let follower = graph.node(Node::Kpi(lead.kpi.0));
            graph.edge(follower, Node::Kpi(at as u32), Edge::LedBy);
            graph.claim(Node::Kpi(at as u32), &lead.evidence);
        }
    }
    for (at, enabler) in model.enablers.iter().enumerate() {
        for it in enabler.serves.iter().chain(&enabler.lifts) {
            graph.claim(Node::Enabler(at as u32), &it.claim);
        }
    }
    for (at, drivers) in model.drivers.iter().enumerate() {
        let from = graph.node(Node::Drivers(at as u32));
        if let Some(outcome) = &drivers.outcome {
            graph.edge(from, Node::Kpi(outcome.kpi.0), Edge::Explains);
        }
        let Ok(answer) = drivers.answer else { continue };
        graph.edge(from, Node::Source(answer.source.0), Edge::Reads);
        for touchpoint in drivers.items.iter().flat_map(|it| asked_at(model, answer.source, it.column)) {
            graph.edge(from, Node::Touchpoint(touchpoint.0), Edge::AskedAt);
        }
    }
    for (at, finding) in model.findings.iter().enumerate() {
        let from = graph.node(Node::Finding(at as u32));
        for it in &finding.about {
            graph.edge(from, subject(&it.value), Edge::About);
        }
        let mut needs = Vec::new();
        finding.cited().for_each(|it| needs_of(&it.formula, &mut needs));
        if let Some(condition) = &finding.holds_while {
            condition.figures(&mut |it| needs_of(it, &mut needs));
        }
        for (node, _) in needs {
            graph.edge(from, node, Edge::Cites);
        }
    }
    for (at, action) in model.actions.iter().enumerate() {
        let from = graph.node(Node::Action(at as u32));
        for it in &action.acts_on {
            graph.edge(from, subject(&it.value), Edge::ActsOn);
        }
        for it in &action.expects {
            graph.edge(from, Node::Kpi(it.kpi.kpi.0), Edge::Expects);
        }
        for it in &action.findings {
            graph.edge(from, Node::Finding(it.0), Edge::FollowsFrom);
        }
    }
}

/// The node of what a finding is about, or an action acts on; a column stands in its source.
fn subject(subject: &Subject) -> Node {
    match subject {
        Subject::Kpi(it) => Node::Kpi(it.kpi.0),
        Subject::Goal(it) => Node::Goal(it.0),
        Subject::Enabler(it) => Node::Enabler(it.0),
        Subject::Touchpoint(it) => Node::Touchpoint(it.0),
        Subject::Journey(it) => Node::Journey(it.0),
        Subject::Drivers(it) => Node::Drivers(it.0),
        Subject::Column(source, _) => Node::Source(source.0),
    }
}

fn needs_of(formula: &KpiExpr, needs: &mut Vec<(Node, Edge)>) {
    let mut waiting = vec![formula];
    while let Some(it) = waiting.pop() {
        match &it.kind {
            KpiKind::Number(_) => {}
            KpiKind::Aggregate(aggregate) => needs.push((Node::Source(aggregate.source.0), Edge::Reads)),
            KpiKind::Kpi { kpi, .. } => needs.push((Node::Kpi(kpi.0), Edge::Uses)),
            KpiKind::Assumption { assumption, .. } => needs.push((Node::Assumption(assumption.0), Edge::Assumes)),
            _ => waiting.extend(it.parts().into_iter().rev()),
        }
    }
}

impl Graph {
    fn node(&mut self, node: Node) -> NodeIndex {
        self.index.get(node).unwrap_or_else(|| {
            let index = self.graph.add_node(node);
            self.index.insert(node, index);
            index
        })
    }

    fn edge(&mut self, from: NodeIndex, to: Node, edge: Edge) {
        let to = self.node(to);
        // A formula may name a KPI twice; one edge says it.
        if !self.graph.edges_connecting(from, to).any(|it| *it.weight() == edge) {
            self.graph.add_edge(from, to, edge);
        }
    }

    fn claim(&mut self, from: Node, claim: &Claim) {
        let to = match claim.support {
            Some(Support::Drivers(it)) => Node::Drivers(it.0),
            Some(Support::Kpi(it)) => Node::Kpi(it.0),
            Some(Support::Action(it)) => Node::Action(it.0),
            Some(Support::Finding(it)) => Node::Finding(it.0),
            None => return,
        };
        let from = self.node(from);
        self.edge(from, to, Edge::RestsOn);
    }

    /// Reports KPIs that lead one another in a ring: cause and effect cannot be told apart then.
    fn feedback(&self, model: &Model, out: &mut Diagnostics) {
        if !self.graph.edge_weights().any(|it| *it == Edge::LedBy) {
            return;
        }
        let claims = EdgeFiltered::from_fn(&self.graph, |it| *it.weight() == Edge::LedBy);
        let cyclic = kosaraju_scc(&claims).into_iter().filter(|it| it.len() > 1);
        let mut facts: Vec<Fact> = cyclic.map(|it| self.cycle(model, &it, |edge| edge == Edge::LedBy)).collect();
        facts.sort_by_key(|it| it.span);
        facts.into_iter().for_each(|it| out.push(it));
    }

    /// Orders KPIs and goals. `kosaraju_scc` is iterative, and gives components in reverse topological order.
    fn cycles(&mut self, model: &Model, out: &mut Diagnostics) {
        let mut cyclic = Vec::new();
        let orders = EdgeFiltered::from_fn(&self.graph, |it| it.weight().orders());
        for component in kosaraju_scc(&orders) {
            let first = component[0];
            let own = self.graph.edges_connecting(first, first).any(|it| it.weight().orders());
            if component.len() > 1 || own {
                cyclic.push(component);
                continue;
            }
            match self.graph[first] {
                Node::Kpi(at) => self.kpi_order.push(KpiId(at)),
                Node::Goal(at) => self.goal_order.push(GoalId(at)),
                _ => {}
            }
        }
        let mut facts: Vec<Fact> = cyclic.iter().map(|it| self.cycle(model, it, Edge::orders)).collect();
        facts.sort_by_key(|it| it.span);
        facts.into_iter().for_each(|it| out.push(it));
    }

    /// The shortest cycle through the first written node of a component.
    fn cycle(&self, model: &Model, component: &[NodeIndex], follows: impl Fn(Edge) -> bool) -> Fact {
        let members: HashSet<NodeIndex> = component.iter().copied().collect();
        let inside = |it: NodeIndex| members.contains(&it);
        let start = component.iter().copied().min_by_key(|it| self.graph[*it]).unwrap_or(component[0]);
        let mut from: HashMap<NodeIndex, NodeIndex> = HashMap::new();
        let mut queue = std::collections::VecDeque::from([start]);
        let mut path = vec![start];
        'search: while let Some(it) = queue.pop_front() {
            let edges = self.graph.edges(it).filter(|it| follows(*it.weight()));
            let mut next: Vec<NodeIndex> = edges.map(|it| it.target()).filter(|it| inside(*it)).collect();
            next.sort();
            for neighbour in next {
                if neighbour == start {
                    let mut back = it;
                    let mut reversed = Vec::new();
                    while back != start {
                        reversed.push(back);
                        back = from[&back];
                    }
                    path.extend(reversed.into_iter().rev());
                    break 'search;
                }
                if neighbour != start && !from.contains_key(&neighbour) {
                    from.insert(neighbour, it);
                    queue.push_back(neighbour);
                }
            }
        }
        let name = |it: NodeIndex| name_of(model, self.graph[it]);
        let mut names: Vec<&str> = path.iter().map(|it| name(*it)).collect();
        names.push(name(start));
        let kind = match self.graph[start] {
            Node::Kpi(_) if follows(Edge::Uses) => "kpi",
            Node::Kpi(_) => "leads",
            _ => "goal",
        };
        let mut fact = Fact::at(Code::Cycle, span_of(model, self.graph[start])).with("what", kind).with("path", names.join(" -> "));
        if let Some(next) = names.get(1) {
            fact = fact.with("to", next);
        }
        for (at, step) in path.iter().enumerate().skip(1).take(8) {
            let to = names[at + 1].to_owned();
            fact = fact.label_with(span_of(model, self.graph[*step]), "step", vec![("to", to)]);
        }
        fact
    }

    /// KPIs, each after those that it needs; those in a cycle are missing.
    pub fn kpi_order(&self) -> &[KpiId] {
        &self.kpi_order
    }

    /// Goals, each after its parts; those in a cycle are missing.
    pub fn goal_order(&self) -> &[GoalId] {
        &self.goal_order
    }

    /// What needs a node, with the reason.
    pub fn needed_by(&self, node: Node) -> Vec<(Node, Edge)> {
        self.neighbours(node, Direction::Incoming)
    }

    /// What a node needs, with the reason.
    pub fn needs(&self, node: Node) -> Vec<(Node, Edge)> {
        self.neighbours(node, Direction::Outgoing)
    }

    fn neighbours(&self, node: Node, direction: Direction) -> Vec<(Node, Edge)> {
        let Some(index) = self.index.get(node) else { return Vec::new() };
        let mut list: Vec<(Node, Edge)> = self
            .graph
            .edges_directed(index, direction)
            .map(|it| {
                let other = if direction == Direction::Outgoing { it.target() } else { it.source() };
                (self.graph[other], *it.weight())
            })
            .collect();
        list.sort_by_key(|it| it.0);
        list
    }

    /// All nodes that one can reach by following edges of some kinds.
    pub fn reach(&self, start: Node, follows: impl Fn(Edge) -> bool) -> Vec<Node> {
        let mut order = vec![start];
        let mut seen = HashSet::from([start]);
        let mut at = 0;
        while at < order.len() {
            for (next, edge) in self.needs(order[at]) {
                if follows(edge) && seen.insert(next) {
                    order.push(next);
                }
            }
            at += 1;
        }
        order
    }

    /// The nodes from which one of these can be reached over edges of some kinds, these included.
    pub fn reaching(&self, ends: impl IntoIterator<Item = Node>, follows: impl Fn(Edge) -> bool) -> HashSet<Node> {
        let mut waiting: Vec<Node> = ends.into_iter().collect();
        let mut seen: HashSet<Node> = waiting.iter().copied().collect();
        while let Some(it) = waiting.pop() {
            for (before, edge) in self.needed_by(it) {
                if follows(edge) && seen.insert(before) {
                    waiting.push(before);
                }
            }
        }
        seen
    }

    /// All nodes, in the order of their kinds and of writing.
    pub fn nodes(&self) -> Vec<Node> {
        let mut nodes: Vec<Node> = self.graph.node_weights().copied().collect();
        nodes.sort();
        nodes
    }
}

/// The name of a node's item.
pub fn name_of(model: &Model, node: Node) -> &str {
    named(model, node).0
}

fn span_of(model: &Model, node: Node) -> crate::source::Span {
    named(model, node).1
}

/// What a node's item is called, and where that is said.
fn named(model: &Model, node: Node) -> (&str, crate::source::Span) {
    macro_rules! of {
        ($items:ident, $at:expr) => {{
            let item = &model.$items[$at as usize];
            (item.name.as_str(), item.span)
        }};
    }
    match node {
        Node::Source(at) => of!(sources, at),
        Node::Kpi(at) => of!(kpis, at),
        Node::Goal(at) => of!(goals, at),
        Node::Enabler(at) => of!(enablers, at),
        Node::Touchpoint(at) => of!(touchpoints, at),
        Node::Journey(at) => of!(journeys, at),
        Node::Drivers(at) => of!(drivers, at),
        Node::Finding(at) => of!(findings, at),
        Node::Action(at) => of!(actions, at),
        Node::Assumption(at) => of!(assumptions, at),
        Node::Incentive(at) => of!(incentives, at),
        Node::Benchmark(at) => of!(benchmarks, at),
    }
}

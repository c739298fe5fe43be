//! Who depends on whom, and why? The one graph of a project: order, cycles, and the paths that explain a finding.

use crate::model::{GoalId, KpiExpr, KpiId, KpiKind, Model};
use crate::value::{Code, Diagnostics, Fact};
use petgraph::Direction;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
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
    /// An incentive pays for a KPI.
    Pays,
    /// An incentive pays only where a KPI is on one side of a value.
    Requires,
    /// A benchmark is held beside a KPI.
    Compares,
    /// A KPI's formula names an assumption.
    Assumes,
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
            Edge::Pays => "pays",
            Edge::Compares => "compares",
            Edge::Requires => "requires",
        }
    }
}

/// The graph of a project.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    graph: DiGraph<Node, Edge>,
    index: HashMap<Node, NodeIndex>,
    /// KPIs, each after those that it needs; those in a cycle are missing.
    kpi_order: Vec<KpiId>,
    /// Goals, each after its parts; those in a cycle are missing.
    goal_order: Vec<GoalId>,
}

/// Builds the graph; cycles are reported with their path.
pub fn build(model: &Model, out: &mut Diagnostics) -> Graph {
    let mut graph = Graph::default();
    for at in 0..model.sources.len() {
        graph.node(Node::Source(at as u32));
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
    graph.cycles(model, out);
    graph
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
        *self.index.entry(node).or_insert_with(|| self.graph.add_node(node))
    }

    fn edge(&mut self, from: NodeIndex, to: Node, edge: Edge) {
        let to = self.node(to);
        // A formula may name a KPI twice; one edge says it.
        if !self.graph.edges_connecting(from, to).any(|it| *it.weight() == edge) {
            self.graph.add_edge(from, to, edge);
        }
    }

    /// Orders KPIs and goals. `kosaraju_scc` is iterative, and gives components in reverse topological order.
    fn cycles(&mut self, model: &Model, out: &mut Diagnostics) {
        let mut cyclic = Vec::new();
        for component in kosaraju_scc(&self.graph) {
            let first = component[0];
            let own = self.graph.find_edge(first, first).is_some();
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
        let mut facts: Vec<Fact> = cyclic.iter().map(|it| self.cycle(model, it)).collect();
        facts.sort_by_key(|it| it.span);
        facts.into_iter().for_each(|it| out.push(it));
    }

    /// The shortest cycle through the first written node of a component.
    fn cycle(&self, model: &Model, component: &[NodeIndex]) -> Fact {
        let members: HashSet<NodeIndex> = component.iter().copied().collect();
        let inside = |it: NodeIndex| members.contains(&it);
        let start = component.iter().copied().min_by_key(|it| self.graph[*it]).unwrap_or(component[0]);
        let mut from: HashMap<NodeIndex, NodeIndex> = HashMap::new();
        let mut queue = std::collections::VecDeque::from([start]);
        let mut path = vec![start];
        'search: while let Some(it) = queue.pop_front() {
            let mut next: Vec<NodeIndex> = self.graph.neighbors(it).filter(|it| inside(*it)).collect();
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
        let kind = if matches!(self.graph[start], Node::Kpi(_)) { "kpi" } else { "goal" };
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
        use petgraph::visit::EdgeRef;
        let Some(index) = self.index.get(&node) else { return Vec::new() };
        let mut list: Vec<(Node, Edge)> = self
            .graph
            .edges_directed(*index, direction)
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
    match node {
        Node::Source(at) => &model.sources[at as usize].name,
        Node::Kpi(at) => &model.kpis[at as usize].name,
        Node::Goal(at) => &model.goals[at as usize].name,
        Node::Enabler(at) => &model.enablers[at as usize].name,
        Node::Touchpoint(at) => &model.touchpoints[at as usize].name,
        Node::Journey(at) => &model.journeys[at as usize].name,
        Node::Assumption(at) => &model.assumptions[at as usize].name,
        Node::Incentive(at) => &model.incentives[at as usize].name,
        Node::Benchmark(at) => &model.benchmarks[at as usize].name,
    }
}

fn span_of(model: &Model, node: Node) -> crate::source::Span {
    match node {
        Node::Source(at) => model.sources[at as usize].span,
        Node::Kpi(at) => model.kpis[at as usize].span,
        Node::Goal(at) => model.goals[at as usize].span,
        Node::Enabler(at) => model.enablers[at as usize].span,
        Node::Touchpoint(at) => model.touchpoints[at as usize].span,
        Node::Journey(at) => model.journeys[at as usize].span,
        Node::Assumption(at) => model.assumptions[at as usize].span,
        Node::Incentive(at) => model.incentives[at as usize].span,
        Node::Benchmark(at) => model.benchmarks[at as usize].span,
    }
}

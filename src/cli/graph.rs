//! `peil graph`: the graph of a project for drawing programs (DOT) and for machines (JSON).

use super::output::Output;
use super::verbs::{open, ready};
use super::{FINE, GraphFormat, Outcome, ProjectArgs};
use crate::check::Checked;
use crate::graph::{Edge, Node, name_of};
use crate::model::{GoalKind, KpiId, SourceId, Text};
use serde_json::{Value, json};
use std::fmt::Write;

/// `peil graph`.
pub fn graph(project: &ProjectArgs, format: GraphFormat, output: &mut Output) -> Outcome {
    let opened = open(project, output)?;
    let checked = ready(&opened, output)?;
    let text = match format {
        GraphFormat::Dot => dot(checked, output),
        GraphFormat::Json => json(checked, output),
    };
    output.data(&text);
    Ok(FINE)
}

fn word(node: Node) -> &'static str {
    match node {
        Node::Source(_) => "source",
        Node::Kpi(_) => "kpi",
        Node::Goal(_) => "goal",
        Node::Enabler(_) => "enabler",
        Node::Touchpoint(_) => "touchpoint",
        Node::Journey(_) => "journey",
        Node::Drivers(_) => "drivers",
        Node::Finding(_) => "finding",
        Node::Action(_) => "action",
        Node::Assumption(_) => "assumption",
        Node::Incentive(_) => "incentive",
        Node::Benchmark(_) => "benchmark",
    }
}

fn title(checked: &Checked, node: Node) -> &Text {
    let model = &checked.model;
    match node {
        Node::Source(at) => &model.sources[at as usize].title,
        Node::Kpi(at) => &model.kpis[at as usize].title,
        Node::Goal(at) => &model.goals[at as usize].title,
        Node::Enabler(at) => &model.enablers[at as usize].title,
        Node::Touchpoint(at) => &model.touchpoints[at as usize].title,
        Node::Journey(at) => &model.journeys[at as usize].title,
        Node::Drivers(at) => &model.drivers[at as usize].title,
        Node::Finding(at) => &model.findings[at as usize].title,
        Node::Action(at) => &model.actions[at as usize].title,
        Node::Assumption(at) => &model.assumptions[at as usize].title,
        Node::Incentive(at) => &model.incentives[at as usize].title,
        Node::Benchmark(at) => &model.benchmarks[at as usize].title,
    }
}

/// The nodes that say something: patterns have no figure, and stand in no relation; of libraries what is used.
fn nodes(checked: &Checked) -> Vec<Node> {
    let figures = checked.figures();
    let sources = checked.read_sources();
    // What a KPI that is shown is made of is shown with it.
    let below = |it: Node| figures.iter().any(|kpi| checked.graph.reach(Node::Kpi(kpi.0), |edge| edge == Edge::Uses).contains(&it));
    let shown = |it: &Node| match it {
        Node::Kpi(at) => figures.contains(&KpiId(*at)) || below(*it),
        Node::Source(at) => sources.contains(&SourceId(*at)),
        _ => true,
    };
    checked.graph.nodes().into_iter().filter(shown).collect()
}

fn dot(checked: &Checked, output: &Output) -> String {
    let quote = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', " "));
    let id = |node: Node| quote(&format!("{}:{}", word(node), name_of(&checked.model, node)));
    let mut text = String::from("digraph peil {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n");
    for node in nodes(checked) {
        let label = title(checked, node).get(output.lang).unwrap_or(name_of(&checked.model, node));
        let shape = match node {
            Node::Source(_) => "cylinder",
            Node::Kpi(_) => "ellipse",
            Node::Goal(_) => "box",
            Node::Enabler(_) => "box, style=rounded",
            Node::Touchpoint(_) => "diamond",
            Node::Journey(_) => "cds",
            Node::Drivers(_) => "hexagon",
            Node::Finding(_) => "note",
            Node::Action(_) => "component",
            Node::Assumption(_) => "note",
            Node::Incentive(_) => "tab",
            Node::Benchmark(_) => "house",
        };
        let _ = writeln!(text, "  {} [label={}, shape={shape}];", id(node), quote(label));
    }
    for node in nodes(checked) {
        for (to, edge) in checked.graph.needs(node) {
            let style = if matches!(edge, Edge::LiftedBy | Edge::Serves | Edge::LedBy) { ", style=dashed" } else { "" };
            let _ = writeln!(text, "  {} -> {} [label={}{style}];", id(node), id(to), quote(edge.name()));
        }
    }
    text.push_str("}\n");
    text
}

fn json(checked: &Checked, output: &Output) -> String {
    let id = |node: Node| format!("{}:{}", word(node), name_of(&checked.model, node));
    let mut all = Vec::new();
    let mut edges = Vec::new();
    for node in nodes(checked) {
        let mut object = json!({
            "id": id(node),
            "word": word(node),
            "name": name_of(&checked.model, node),
            "title": title(checked, node).get(output.lang),
        });
        if let Node::Goal(at) = node {
            let kind = if checked.model.goals[at as usize].kind == GoalKind::Business { "business" } else { "customer" };
            object["kind"] = Value::String(kind.to_owned());
        }
        all.push(object);
        for (to, edge) in checked.graph.needs(node) {
            edges.push(json!({"from": id(node), "to": id(to), "why": edge.name()}));
        }
    }
    format!("{:#}\n", json!({"peil": env!("CARGO_PKG_VERSION"), "nodes": all, "edges": edges}))
}

//! The plan for people: reads, groupings, what is kept, and which figures share it.

use super::{CustomerScore, Grouping, Leaf, Measure, Plan, Read, Unit};
use crate::calendar::Grain;
use crate::check::Checked;
use crate::model::{Forecasted, Source, Stretch, Walk, print_row};
use std::fmt::Write;

/// Prints a plan.
pub fn print(checked: &Checked, plan: &Plan) -> String {
    let model = &checked.model;
    let mut text = String::new();
    let groupings: usize = plan.reads.iter().map(|it| it.groupings.len()).sum();
    let items: usize = plan.reads.iter().map(|it| it.leaves.len()).sum();
    let joints: usize = plan.reads.iter().map(|it| it.joints.len()).sum();
    let counted = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let mut parts = vec![
        counted(plan.reads.len(), "read"),
        counted(groupings, "grouping"),
        counted(items, "item"),
        counted(joints, "joint"),
        counted(plan.asked, "table"),
    ];
    parts.extend((!plan.drivers.is_empty()).then(|| counted(plan.drivers.len(), "driver model")));
    let _ = writeln!(text, "{}", parts.join(", "));
    if plan.asks.len() > plan.asked {
        let _ = writeln!(text, "and {} to know what must be hidden", counted(plan.asks.len() - plan.asked, "table"));
    }
    for read in &plan.weighings {
        let source = &model.sources[read.source.index()];
        let Some(weighting) = &source.weighting else { continue };
        let columns: Vec<&str> = weighting.margins.iter().map(|it| source.columns[it.column].name.as_str()).collect();
        let grain = read.groupings[0].grain;
        let by = if grain == Grain::All { String::new() } else { format!("{grain} and ") };
        let _ = writeln!(text, "\nread {} before, to make its weights", source.name);
        let _ = writeln!(text, "  n by {by}{}: at most {} cells", columns.join(", "), weighting.cells());
    }
    for (at, read) in plan.reads.iter().enumerate() {
        let source = &model.sources[read.source.index()];
        let files: Vec<&str> = source.files.iter().map(|it| it.pattern.as_str()).collect();
        let _ = writeln!(text, "\nread {} ({})", source.name, files.join(", "));
        let looked_up: Vec<&str> = look_ups(checked, read);
        if !looked_up.is_empty() {
            let _ = writeln!(text, "  looks up {}", looked_up.join(", "));
        }
        let _ = writeln!(text, "  items");
        for (number, leaf) in read.leaves.iter().enumerate() {
            let _ = writeln!(text, "    {:>2}  {}", number + 1, leaf_text(checked, read, leaf));
            let _ = writeln!(text, "        for {}", users(checked, plan, at, number).join(", "));
        }
        for joined in &read.joints {
            let numbers: Vec<String> = joined.leaves.iter().map(|it| (it + 1).to_string()).collect();
            let _ = writeln!(text, "  cross products of items {}", numbers.join(", "));
        }
        for (place, crossed) in read.crossed.iter().enumerate() {
            let number = |it: &usize| (it + 1).to_string();
            let explaining: Vec<String> = crossed.items.iter().chain(&crossed.indicators).map(number).collect();
            let by = match crossed.unit {
                Unit::Row => "row".to_owned(),
                Unit::Person(column) | Unit::Cluster(column) => source.columns[column].name.clone(),
            };
            let (outcome, explaining) = (crossed.outcome + 1, explaining.join(", "));
            let _ = writeln!(text, "  cross products of item {outcome} with {explaining} over rows that have all, dealt by {by}");
            let names = plan.drivers.iter().filter(|it| it.read == at && it.crossed == Some(place));
            let mut names: Vec<&str> = names.map(|it| model.drivers[it.ask.drivers.index()].name.as_str()).collect();
            names.dedup();
            let _ = writeln!(text, "        for {}", names.join(", "));
        }
        let _ = writeln!(text, "  groupings");
        for grouping in &read.groupings {
            let _ = writeln!(text, "    {}", grouping_text(checked, read, grouping));
        }
    }
    text
}

fn look_ups<'c>(checked: &'c Checked, read: &Read) -> Vec<&'c str> {
    let source = &checked.model.sources[read.source.index()];
    let mut columns = Vec::new();
    for leaf in &read.leaves {
        columns.extend(leaf.filter.iter().flat_map(|it| it.columns()));
        columns.extend(leaf.measure.expr().into_iter().flat_map(|it| it.columns()));
    }
    columns.extend(read.groupings.iter().flat_map(|it| &it.keys).flat_map(|it| it.expr.columns()));
    let mut names: Vec<&str> = Vec::new();
    for column in columns {
        if let Some(at) = column.through {
            let target = &checked.model.sources[source.references[at as usize].to.index()];
            if !names.contains(&target.name.as_str()) {
                names.push(&target.name);
            }
        }
    }
    names
}

fn leaf_text(checked: &Checked, read: &Read, leaf: &Leaf) -> String {
    let model = &checked.model;
    let source = &model.sources[read.source.index()];
    let row = |it| print_row(model, it);
    let kept = match &leaf.measure {
        Measure::Rows => format!("n of {}", source.name),
        Measure::Answered(of) => format!("n of {}", row(of)),
        Measure::Score(of) if leaf.squares => format!("n, sum, sum of squares of {}", row(of)),
        Measure::Score(of) => format!("n, sum of {}", row(of)),
        Measure::Extreme { of, max: true } => format!("n, largest of {}", row(of)),
        Measure::Extreme { of, max: false } => format!("n, smallest of {}", row(of)),
        Measure::Frequency(of) => format!("frequencies of {}", row(of)),
        Measure::Customer { take, amount, .. } => {
            let what = match take {
                CustomerScore::Yes => "whether it is so",
                CustomerScore::No => "whether it is not so",
                CustomerScore::Start => "at the start",
                CustomerScore::End => "at the end",
                CustomerScore::Least => "the smaller of start and end",
                CustomerScore::Fall => "what is less at the end, or nothing",
                CustomerScore::Drop => "what is less at the end",
                CustomerScore::Forecast(it) => match it.of {
                    Forecasted::Value | Forecasted::Total => "what is to come, by the models",
                    Forecasted::Purchases => "the purchases to come, by the model",
                    Forecasted::Alive => "the chance of being there, by the model",
                    Forecasted::Margin => "what a purchase brings, by the model",
                },
            };
            let of = amount.as_ref().map_or_else(String::new, |it| format!("{}, ", row(it)));
            let squares = if leaf.squares { ", sum of squares" } else { "" };
            format!("n, sum{squares} per customer of {of}{what}")
        }
        Measure::Named { texts, of } => format!("n, sum, sum of squares of {} by {}", row(of), row(texts)),
    };
    let mut text = kept;
    if let Some(filter) = &leaf.filter {
        let _ = write!(text, " where {}", row(filter));
    }
    match leaf.weight {
        Some(column) => {
            let made = source.weighting.as_ref().is_some_and(|it| it.weight == column);
            let by = if made { "to margins".to_owned() } else { format!("by {}", source.columns[column].name) };
            let _ = write!(text, ", weighted {by}");
        }
        None if source.weight.is_some() => text.push_str(", unweighted"),
        None => {}
    }
    if let Some((column, _)) = leaf.persons {
        let _ = write!(text, ", persons by {}", source.columns[column].name);
    }
    text
}

/// The KPIs and driver models that take something from an item.
fn users<'c>(checked: &'c Checked, plan: &Plan, read: usize, leaf: usize) -> Vec<&'c str> {
    let mut names: Vec<&str> = Vec::new();
    for planned in &plan.asks {
        let name = checked.model.kpis[planned.ask.kpi.index()].name.as_str();
        if planned.leaves.iter().any(|it| it.read == read && it.leaf == leaf) && !names.contains(&name) {
            names.push(name);
        }
    }
    for planned in plan.drivers.iter().filter(|it| it.read == read) {
        let of_items = planned.items.iter().flat_map(|it| [Some(it.answers), it.top, it.ends.map(|it| it.0), it.ends.map(|it| it.1)]);
        let leaves = of_items.flatten().chain(planned.reasons.iter().map(|it| it.1)).chain([planned.outcome]);
        let name = checked.model.drivers[planned.ask.drivers.index()].name.as_str();
        if leaves.into_iter().any(|it| it == leaf) && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// How the rows of one customer are walked.
fn walk_text(checked: &Checked, source: &Source, walk: &Walk) -> String {
    let row = |it| print_row(&checked.model, it);
    let same: Vec<&str> = walk.by.iter().map(|it| source.columns[*it].name.as_str()).collect();
    let mut text = format!("entities of {} in the order of time", same.join(", "));
    let _ = match &walk.window {
        Stretch::Over(length) => write!(text, ", over {length}"),
        Stretch::Per(grain) => write!(text, ", per {grain}"),
        Stretch::Cohort(length) => write!(text, ", {length} after they came"),
        Stretch::Within(length) => write!(text, ", within {length}"),
        Stretch::After { within, from, to } => {
            let from = from.as_ref().map_or_else(String::new, |it| format!(" where {}", row(it)));
            let to = to.as_ref().map_or_else(String::new, |it| format!(", to rows where {}", row(it)));
            write!(text, ", {within} after each{from}{to}")
        }
        Stretch::History => write!(text, ", all so far"),
        Stretch::Purchases => write!(text, ", purchases so far"),
    };
    if let Some(active) = &walk.active {
        let _ = write!(text, ", active where {}", row(active));
    }
    if let Some(inactive) = walk.inactive {
        let _ = write!(text, ", inactive after {inactive}");
    }
    text
}

fn grouping_text(checked: &Checked, read: &Read, grouping: &Grouping) -> String {
    let model = &checked.model;
    let source = &model.sources[read.source.index()];
    let mut by: Vec<String> = Vec::new();
    if let (Some(time), false) = (grouping.time, grouping.grain == Grain::All) {
        by.push(format!("{} of {}", grouping.grain, source.columns[time].name));
    }
    let mut estimate: Option<usize> = Some(1);
    for key in &grouping.keys {
        let dimension = &model.dimensions[key.dimension.index()];
        by.push(dimension.name.clone());
        let values = if dimension.values.is_empty() { None } else { Some(dimension.values.len() + 1) };
        estimate = estimate.zip(values).map(|(a, b)| a * b);
    }
    if let Some(cluster) = grouping.cluster {
        let cell = source.weighting.as_ref().is_some_and(|it| it.cell == cluster);
        by.push(if cell { "cell of the margins".to_owned() } else { format!("cluster {}", source.columns[cluster].name) });
        estimate = None;
    }
    let by = if by.is_empty() { "all rows".to_owned() } else { format!("by {}", by.join(", ")) };
    let by = match &grouping.walk {
        Some(walk) => format!("{}; {by}", walk_text(checked, source, walk)),
        None if grouping.is_gathered(source.rows) => format!("spans that hold; {by}"),
        None => by,
    };
    let numbers: Vec<String> = grouping.leaves.iter().map(|it| (it + 1).to_string()).collect();
    let groups = match estimate {
        Some(1) if grouping.keys.is_empty() => String::new(),
        Some(count) => format!(", at most {count} groups a period"),
        None => String::new(),
    };
    let joints = if grouping.joints.is_empty() { String::new() } else { format!(", {} cross products", grouping.joints.len()) };
    let crossed = if grouping.crossed.is_empty() { String::new() } else { format!(", {} of driver models", grouping.crossed.len()) };
    format!("{by}: items {}{joints}{crossed}{groups}", numbers.join(", "))
}

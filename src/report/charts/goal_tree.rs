//! Which customer goal holds back which business goal? In: goals, enablers and their edges. Out: a
//! two-sided tree: business goals in levels at the left, enablers, customer goals at the right.

mod boxes;
mod layout;

use serde::Serialize;

use super::svg::{Anchor, Face, PathData, Rect, Svg};
use super::text::{self, Weight};
use boxes::draw_box;
use layout::{Link, Node};

use crate::report::view::parts::{Key, Status};

/// A goal tree to draw. Nodes stand in order of writing, which settles every tie.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct GoalTreeInput {
    /// Makes the ids within the drawing.
    pub key: Key,
    /// A name for the drawing.
    pub title: String,
    /// What is seen, in sentences; the caption will do.
    pub desc: String,
    /// Headings of the levels of business goals, the highest first: "Missie", "Bedrijfsdoelen".
    pub business_levels: Vec<String>,
    /// Heading of the enablers.
    pub enabler_heading: String,
    /// Headings of the levels of customer goals, the one nearest the enablers first. One is usual;
    /// goals that others are part of stand further right.
    pub customer_levels: Vec<String>,
    /// The business goals.
    pub business: Vec<GoalNode>,
    /// The enablers.
    pub enablers: Vec<EnablerNode>,
    /// The customer goals.
    pub customer: Vec<GoalNode>,
    /// What ties them.
    pub edges: Vec<GoalEdge>,
}

/// A goal.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct GoalNode {
    /// Its title.
    pub title: String,
    /// Its level: an index in the headings of its side.
    pub level: usize,
    /// Its status.
    pub status: Status,
    /// Its satisfaction as it is written; none where it is not known.
    pub score: Option<String>,
    /// The same as a share of what it may be, 0 to 1: how far its bar is filled.
    pub reached: Option<f64>,
    /// Its theme, as an index in the report's themes.
    pub theme: Option<usize>,
    /// Its own KPI that is worst, with its figure: "CES afspraak 5,10"; none where it has no KPI.
    pub line: Option<GoalLine>,
    /// The statuses of its other KPIs and of the goals that are part of it, worst first.
    pub others: Vec<Status>,
    /// Why it hangs loose: "nog geen enabler"; makes its box dashed.
    pub gap: Option<String>,
}

/// A KPI within a goal's box.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct GoalLine {
    /// Its status.
    pub status: Status,
    /// Its figure.
    pub value: String,
    /// Its title.
    pub title: String,
}

/// An enabler.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct EnablerNode {
    /// Its title.
    pub title: String,
    /// Its status in words: "pilot in Utrecht".
    pub note: String,
    /// The status of its own KPI that is worst; none where it has no KPI.
    pub status: Option<Status>,
    /// Whether it is idea, planned or stopped, so that it carries nothing yet: dashed.
    pub gap: bool,
}

/// An end of an edge: an index in the list of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GoalRef {
    /// A business goal.
    Business(usize),
    /// An enabler.
    Enabler(usize),
    /// A customer goal.
    Customer(usize),
}

/// An edge. Which end stands left follows from the nodes; edges within one column and edges to
/// nodes that are not there are left out.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct GoalEdge {
    /// The goal that something is part of, or that is lifted; or the enabler that serves.
    pub from: GoalRef,
    /// The goal that is part of it, the enabler that lifts it, or the customer goal served.
    pub to: GoalRef,
    /// Whether it lies on the critical path.
    pub critical: bool,
    /// Whether it is only a hypothesis: dotted.
    pub hypothesis: bool,
}

/// The faces of its labels, and the distance of their baselines.
const HEADING: Face = Face::bold("colh", 13.0);
const TITLE: Face = Face::bold("nt", 13.5);
const LINE: Face = Face::regular("nk", 12.5);
const VALUE: Face = Face::bold("nk b", 12.5);
const GAP: Face = Face::regular("gapt", 12.5);
const TITLE_STEP: f64 = 17.0;
const LINE_STEP: f64 = 16.5;
/// The foot of a goal's box: its score, a bar filled that far, and small statuses at the end of it.
const FOOT: f64 = 19.0;
const SCORE_ROOM: f64 = 31.0;
const LEAST_BAR: f64 = 24.0;
const BAR: f64 = 5.0;
const PIP: f64 = 12.0;
const PIP_STEP: f64 = 14.0;

/// The width of the drawing, unless its columns need more.
const WIDTH: f64 = 1100.0;
/// A column is never narrower; a drawing with more columns grows, and scrolls on the page.
const LEAST_COLUMN: f64 = 132.0;
const LARGEST_COLUMN: f64 = 300.0;
/// The gutters between columns. What enablers tie crosses the tree, so those beside them are wider.
const GUTTER: f64 = 40.0;
const NARROW_GUTTER: f64 = 24.0;
const LIFTS_LANE: f64 = 66.0;
const SERVES_LANE: f64 = 42.0;
/// Room above and below the words of a box, left of them, and between boxes of a column.
const PAD: f64 = 9.0;
const INDENT: f64 = 16.0;
const MARGIN: f64 = 6.0;
const BETWEEN: f64 = 14.0;
/// The same of a pill, and the size of its status.
const PILL_PAD: f64 = 9.0;
const PILL_INDENT: f64 = 15.0;
const PILL_GLYPH: f64 = 15.0;
/// How far the ends of edges at one side of a box stand apart, where there is room, and from its corners.
const PORT: f64 = 13.0;
const CORNER: f64 = 8.0;
/// Where the boxes begin, below the headings.
const HEAD: f64 = 38.0;

/// Draws it for a wide page; a phone shows the list beside it instead.
pub fn wide(input: &GoalTreeInput) -> String {
    draw(input).0.finish()
}

/// A box with its words.
struct Item<'a> {
    column: usize,
    kind: Kind<'a>,
    title: Vec<String>,
    lines: Vec<Words>,
    gap: Vec<String>,
    height: f64,
}

/// A line in a box: a KPI's status and figure, and words behind them.
#[derive(Debug, Default)]
struct Words {
    status: Option<Status>,
    value: String,
    text: String,
}

/// What a box holds.
#[derive(Clone, Copy)]
enum Kind<'a> {
    Goal(&'a GoalNode),
    Enabler(&'a EnablerNode),
}

/// Which columns there are, where they begin, and how wide they are.
struct Columns {
    headings: Vec<String>,
    enabler: Option<usize>,
    customer: usize,
    x: Vec<f64>,
    widths: Vec<f64>,
    total: f64,
}

/// Where an edge leaves its left box, and where it enters its right one.
type Ports = ((f64, f64), (f64, f64));

/// The drawing, its boxes, and the ends of its edges.
fn draw(input: &GoalTreeInput) -> (Svg, Vec<Rect>, Vec<Ports>) {
    let columns = columns(input);
    let items = items(input, &columns);
    let starts = (0, input.business.len(), input.business.len() + input.enablers.len());
    let edges = edges(input, &items, starts);
    let nodes: Vec<Node> = items.iter().map(|item| Node { column: item.column, height: item.height }).collect();
    let links: Vec<Link> = edges.iter().map(|(link, _)| *link).collect();
    let layout = layout::layout(&nodes, &links, columns.headings.len(), BETWEEN);

    let height = HEAD + layout.height + 6.0;
    let id = format!("gt-{}", input.key.as_str());
    let mut svg = Svg::titled("chart tree", columns.total, height, &id, &input.title, &input.desc);
    let mut rules = PathData::default();
    for (index, heading) in columns.headings.iter().enumerate() {
        let (x, width) = (columns.x[index], columns.widths[index]);
        let heading = text::fit(heading, HEADING.size, HEADING.weight, width);
        svg.label(HEADING, (x, 14.0), Anchor::Start, &heading);
        rules.move_to(x, 24.0);
        rules.line_to(x + width, 24.0);
    }
    svg.path("colr", &rules);
    let boxes: Vec<Rect> = items
        .iter()
        .zip(&layout.middles)
        .map(|(item, middle)| {
            let width = columns.widths[item.column];
            Rect { x: columns.x[item.column], y: HEAD + middle - item.height / 2.0, w: width, h: item.height }
        })
        .collect();
    let ports = ports(&items, &boxes, &links, &layout.bends);
    // The critical path is drawn last, so that nothing crosses over it.
    for critical in [false, true] {
        for (((link, edge), bends), (from, to)) in edges.iter().zip(&layout.bends).zip(&ports) {
            if edge.critical == critical {
                let way = curve(*from, bends, *to, &columns);
                if critical {
                    svg.path("lkb", &way);
                }
                svg.path(&edge_class(edge, &items, *link), &way);
            }
        }
    }
    for (index, (item, at)) in items.iter().zip(&boxes).enumerate() {
        let critical = edges.iter().any(|(l, e)| e.critical && (l.left == index || l.right == index));
        draw_box(item, *at, critical, &mut svg);
    }
    (svg, boxes, ports)
}

fn columns(input: &GoalTreeInput) -> Columns {
    let depth = |goals: &[GoalNode]| goals.iter().map(|g| g.level + 1).max().unwrap_or(0);
    let (business, customer) = (depth(&input.business), depth(&input.customer));
    // A column is as wide as its longest word needs.
    let needs = |goals: &[GoalNode], level: usize| goals.iter().filter(|it| it.level == level).map(goal_need).fold(LEAST_COLUMN, f64::max);
    let (mut headings, mut least) = (Vec::new(), Vec::new());
    for level in 0..business {
        headings.push(input.business_levels.get(level).cloned().unwrap_or_default());
        least.push(needs(&input.business, level));
    }
    let enabler = (!input.enablers.is_empty()).then_some(headings.len());
    if enabler.is_some() {
        headings.push(input.enabler_heading.clone());
        least.push(input.enablers.iter().map(|it| longest(&it.title, TITLE) + 2.0 * PILL_INDENT + 1.0).fold(LEAST_COLUMN, f64::max));
    }
    let first_customer = headings.len();
    for level in 0..customer {
        headings.push(input.customer_levels.get(level).cloned().unwrap_or_default());
        least.push(needs(&input.customer, level));
    }
    // Many columns need their width for words more than for curves.
    let narrow = if headings.len() > 5 { NARROW_GUTTER } else { GUTTER };
    let mut gutters: Vec<f64> = (1..headings.len())
        .map(|right| match enabler {
            Some(it) if it == right => LIFTS_LANE,
            Some(it) if it + 1 == right => SERVES_LANE,
            _ => narrow,
        })
        .collect();
    let room = WIDTH - 2.0 - gutters.iter().sum::<f64>();
    // Enablers say little, and so does the box at the top: what they do not need is for the others.
    let alone = |column: usize| input.business.iter().filter(|it| it.level == column).count() == 1;
    let small: Vec<bool> = (0..least.len()).map(|it| Some(it) == enabler || (it == 0 && business > 1 && alone(0))).collect();
    let widths = shared(&least, &small, room);
    // What columns leave goes to the gutters.
    let left = (room - widths.iter().sum::<f64>()) / count(gutters.len().max(1));
    gutters.iter_mut().for_each(|it| *it += left.clamp(0.0, 70.0));
    let mut x = Vec::new();
    let mut at = 1.0;
    for (index, width) in widths.iter().enumerate() {
        x.push(at);
        at += width + gutters.get(index).copied().unwrap_or(0.0);
    }
    Columns { headings, enabler, customer: first_customer, x, widths, total: (at + 1.0).max(WIDTH) }
}

/// The width of the longest word of a text.
fn longest(text: &str, face: Face) -> f64 {
    text.split_whitespace().map(|it| face.width(it)).fold(0.0, f64::max)
}

/// The width at which no word of a goal's box is broken.
fn goal_need(goal: &GoalNode) -> f64 {
    let line = goal.line.as_ref().map_or(0.0, |it| longest(&it.title, LINE));
    INDENT + MARGIN + 1.0 + (longest(&goal.title, TITLE) + TITLE_MARK).max(line)
}

/// Shares room among columns: what each needs at least, where that can be, and then as alike as they can be, but for the small ones.
fn shared(least: &[f64], small: &[bool], room: f64) -> Vec<f64> {
    let needed: f64 = least.iter().sum();
    if needed > room {
        return least.iter().map(|it| (it * room / needed).clamp(LEAST_COLUMN, LARGEST_COLUMN)).collect();
    }
    let (mut sorted, mut room) = (Vec::new(), room);
    for (width, small) in least.iter().zip(small) {
        if *small {
            room -= width;
        } else {
            sorted.push(*width);
        }
    }
    // The narrower are as wide as each other; who needs more than that has what it needs.
    sorted.sort_by(f64::total_cmp);
    let mut level = 0.0;
    for narrow in 1..=sorted.len() {
        let wider: f64 = sorted[narrow..].iter().sum();
        level = (room - wider) / count(narrow);
        if sorted.get(narrow).is_none_or(|it| level <= *it) {
            break;
        }
    }
    least.iter().zip(small).map(|(it, small)| if *small { *it } else { it.max(level).min(LARGEST_COLUMN) }).collect()
}

/// Where edges leave and enter: at each side of a box in the order of where they go, so that those of one side do not cross,
/// and apart.
fn ports(items: &[Item<'_>], boxes: &[Rect], links: &[Link], bends: &[Vec<(usize, f64)>]) -> Vec<Ports> {
    let middle = |node: usize| boxes[node].y + boxes[node].h / 2.0;
    let sides = |it: &Link| ((boxes[it.left].x + boxes[it.left].w, middle(it.left)), (boxes[it.right].x, middle(it.right)));
    let mut ports: Vec<Ports> = links.iter().map(sides).collect();
    for (node, at) in boxes.iter().enumerate() {
        for right in [true, false] {
            let goes = |link: usize| {
                let next = if right { bends[link].first() } else { bends[link].last() };
                next.map_or_else(|| middle(if right { links[link].right } else { links[link].left }), |it| HEAD + it.1)
            };
            let here = |it: &usize| if right { links[*it].left == node } else { links[*it].right == node };
            let mut here: Vec<usize> = (0..links.len()).filter(here).collect();
            here.sort_by(|a, b| goes(*a).total_cmp(&goes(*b)));
            let gaps = count(here.len().saturating_sub(1));
            let step = if gaps > 0.0 { ((at.h - 2.0 * CORNER) / gaps).min(PORT) } else { 0.0 };
            for (place, link) in here.into_iter().enumerate() {
                let off = (count(place) - gaps / 2.0) * step;
                let end = if right { &mut ports[link].0 } else { &mut ports[link].1 };
                let inset = boxes::inset(&items[node], *at, off);
                *end = (end.0 + if right { -inset } else { inset }, end.1 + off);
            }
        }
    }
    ports
}

fn items<'a>(input: &'a GoalTreeInput, columns: &Columns) -> Vec<Item<'a>> {
    let business = input.business.iter().map(|goal| goal_item(goal, goal.level, columns.widths[goal.level]));
    let enabler = columns.enabler.unwrap_or(0);
    let enablers = input.enablers.iter().map(|e| enabler_item(e, enabler, columns.widths[enabler]));
    let customer = input.customer.iter().map(|g| {
        let column = columns.customer + g.level;
        goal_item(g, column, columns.widths[column])
    });
    business.chain(enablers).chain(customer).collect()
}

fn goal_item(goal: &GoalNode, column: usize, width: f64) -> Item<'_> {
    let room = width - INDENT - MARGIN;
    let title = title_lines(&goal.title, room);
    let lines = goal.line.as_ref().map_or_else(Vec::new, |it| kpi_lines(it, room));
    let gap = goal.gap.as_deref().map_or_else(Vec::new, |why| text::wrap(why, GAP.size, Weight::Regular, room, 4));
    let foot = if goal.score.is_some() || !goal.others.is_empty() { FOOT } else { 0.0 };
    let height = 2.0 * PAD + TITLE_STEP * count(title.len()) + LINE_STEP * (count(lines.len()) + count(gap.len())) + foot + 1.0;
    Item { column, kind: Kind::Goal(goal), title, lines, gap, height }
}

/// The room of a small glyph before a figure, and that of the large one beside the first line of a title.
const GLYPH_ROOM: f64 = 19.0;
const TITLE_MARK: f64 = 24.0;

/// A goal's title, its first line beside its status; what comes below that has all the room.
fn title_lines(title: &str, room: f64) -> Vec<String> {
    let narrow = text::wrap(title, TITLE.size, TITLE.weight, room - TITLE_MARK, 7);
    let first = narrow.first().map_or(0, |it| it.split_whitespace().count());
    // A word that is broken does not tell where the second line begins.
    if narrow.len() < 2 || narrow[0].ends_with('-') {
        return narrow;
    }
    let rest: Vec<&str> = title.split_whitespace().skip(first).collect();
    let mut lines = vec![narrow[0].clone()];
    lines.extend(text::wrap(&rest.join(" "), TITLE.size, TITLE.weight, room, 6));
    lines
}

/// A KPI's figure and its title behind it, on three lines at most; what finds no room stands in the list.
fn kpi_lines(line: &GoalLine, room: f64) -> Vec<Words> {
    let value = text::fit(&line.value, VALUE.size, VALUE.weight, room - GLYPH_ROOM);
    let used = GLYPH_ROOM + VALUE.width(&value) + 5.0;
    let words: Vec<&str> = line.title.split_whitespace().collect();
    let fits = |it: &usize| LINE.width(&words[..*it].join(" ")) <= room - used;
    let first = (0..=words.len()).take_while(fits).last().unwrap_or(0);
    let rest = text::wrap(&words[first..].join(" "), LINE.size, LINE.weight, room, 2);
    let head = Words { status: Some(line.status), value, text: words[..first].join(" ") };
    std::iter::once(head).chain(rest.into_iter().map(|text| Words { text, ..Words::default() })).collect()
}

fn enabler_item(enabler: &EnablerNode, column: usize, width: f64) -> Item<'_> {
    let room = width - 2.0 * PILL_INDENT;
    let title = text::wrap(&enabler.title, TITLE.size, TITLE.weight, room, 7);
    // The status stands at the end of the last line.
    let glyph = if enabler.status.is_some() { PILL_GLYPH + 5.0 } else { 0.0 };
    let note = text::wrap(&enabler.note, LINE.size, Weight::Regular, room - glyph, 5);
    let bare = note.is_empty() && glyph > 0.0;
    let lines: Vec<_> = note.into_iter().map(|text| Words { text, ..Words::default() }).collect();
    let height = 2.0 * PILL_PAD + TITLE_STEP * count(title.len()) + LINE_STEP * (count(lines.len()) + if bare { 1.0 } else { 0.0 });
    Item { column, kind: Kind::Enabler(enabler), title, lines, gap: Vec::new(), height }
}

/// The edges whose ends exist in different columns, each with its left end first.
fn edges<'a>(input: &'a GoalTreeInput, items: &[Item<'_>], starts: (usize, usize, usize)) -> Vec<(Link, &'a GoalEdge)> {
    let place = |end: GoalRef| match end {
        GoalRef::Business(i) => (i < input.business.len()).then_some(starts.0 + i),
        GoalRef::Enabler(i) => (i < input.enablers.len()).then_some(starts.1 + i),
        GoalRef::Customer(i) => (i < input.customer.len()).then_some(starts.2 + i),
    };
    let mut edges = Vec::new();
    for edge in &input.edges {
        let (Some(a), Some(b)) = (place(edge.from), place(edge.to)) else { continue };
        match items[a].column.cmp(&items[b].column) {
            std::cmp::Ordering::Less => edges.push((Link { left: a, right: b }, edge)),
            std::cmp::Ordering::Greater => edges.push((Link { left: b, right: a }, edge)),
            std::cmp::Ordering::Equal => {}
        }
    }
    edges
}

/// The theme of the child colours an edge between goals of one side; all others are neutral.
fn edge_class(edge: &GoalEdge, items: &[Item<'_>], link: Link) -> String {
    let child = match (edge.from, edge.to) {
        (GoalRef::Business(_), GoalRef::Business(_)) => Some(link.right),
        (GoalRef::Customer(_), GoalRef::Customer(_)) => Some(link.left),
        _ => None,
    };
    let mut class = "lk".to_owned();
    match child.map(|index| items[index].kind) {
        Some(Kind::Goal(GoalNode { theme: Some(theme), .. })) => class.push_str(&format!(" t-{theme}")),
        _ => class.push_str(" en"),
    }
    if edge.hypothesis {
        class.push_str(" hyp");
    }
    if edge.critical {
        class.push_str(" hot");
    }
    class
}

/// From the right of one box to the left of another, level through the columns in between.
fn curve(from: (f64, f64), bends: &[(usize, f64)], to: (f64, f64), columns: &Columns) -> PathData {
    let mut path = PathData::default();
    path.move_to(from.0, from.1);
    let mut at = from;
    let mut bow = |from: (f64, f64), to: (f64, f64)| {
        let reach = ((to.0 - from.0) * 0.5).max(1.0);
        path.curve_to((from.0 + reach, from.1), (to.0 - reach, to.1), to);
    };
    let mut level: Option<f64> = None;
    for (column, middle) in bends {
        let to = (columns.x[*column], HEAD + middle);
        if let Some(x) = level.take() {
            bow(at, (x, at.1));
            at.0 = x;
        }
        bow(at, to);
        at = to;
        level = Some(columns.x[*column] + columns.widths[*column]);
    }
    if let Some(x) = level {
        bow(at, (x, at.1));
        at.0 = x;
    }
    bow(at, to);
    path
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::Dice;

    fn goal(dice: &mut Dice, levels: usize) -> GoalNode {
        let line = |dice: &mut Dice| GoalLine { status: Status::Watch, value: "100,0%".into(), title: dice.words(4) };
        GoalNode {
            title: dice.words(6),
            level: dice.below(levels),
            status: Status::ALL[dice.below(7)],
            score: dice.maybe(0.0, 100.0).map(|it| format!("{it:.0}")),
            theme: dice.maybe(0.0, 3.0).map(|_| 1),
            line: (dice.below(4) > 0).then(|| line(dice)),
            reached: dice.maybe(0.0, 1.0),
            others: (0..dice.below(9)).map(|_| Status::Watch).collect(),
            gap: dice.maybe(0.0, 1.0).filter(|v| *v > 0.7).map(|_| "nog geen enabler".into()),
        }
    }

    fn enabler(dice: &mut Dice) -> EnablerNode {
        let status = dice.maybe(0.0, 1.0).map(|_| Status::Watch);
        EnablerNode { title: dice.words(5), note: dice.words(3), status, gap: dice.share() > 0.5 }
    }

    fn random(dice: &mut Dice) -> GoalTreeInput {
        let levels = (1 + dice.below(4), 1 + dice.below(2));
        let business: Vec<_> = (0..dice.below(14)).map(|_| goal(dice, levels.0)).collect();
        let customer: Vec<_> = (0..dice.below(9)).map(|_| goal(dice, levels.1)).collect();
        let enablers: Vec<_> = (0..dice.below(7)).map(|_| enabler(dice)).collect();
        let end = |dice: &mut Dice| match dice.below(3) {
            0 => GoalRef::Business(dice.below(16)),
            1 => GoalRef::Enabler(dice.below(8)),
            _ => GoalRef::Customer(dice.below(10)),
        };
        let edges = (0..dice.below(50))
            .map(|_| GoalEdge { from: end(dice), to: end(dice), critical: dice.share() > 0.8, hypothesis: dice.share() > 0.5 })
            .collect();
        GoalTreeInput {
            key: Key::new("goals"),
            title: String::new(),
            desc: String::new(),
            business_levels: vec![dice.words(3), dice.words(3)],
            enabler_heading: "Enablers".into(),
            customer_levels: vec!["Klantdoelen".into()],
            business,
            enablers,
            customer,
            edges,
        }
    }

    #[test]
    fn boxes_are_apart_and_hold_their_words() {
        let mut dice = Dice::new(5);
        for _ in 0..300 {
            let input = random(&mut dice);
            let (svg, boxes, ports) = draw(&input);
            for (index, at) in boxes.iter().enumerate() {
                assert!(svg.frame().holds(at), "{at:?} {:?}", svg.frame());
                for other in &boxes[..index] {
                    assert!(!at.overlaps(other), "{at:?} {other:?}");
                }
            }
            // Edges leave and enter at the side of their box, no two at one place.
            let (left, right): (Vec<_>, Vec<_>) = ports.iter().copied().unzip();
            for ends in [left, right] {
                for (index, end) in ends.iter().enumerate() {
                    assert!(boxes.iter().any(|it| it.holds(&Rect { x: end.0, y: end.1, w: 0.0, h: 0.0 })), "{end:?} {boxes:?}");
                    assert!(ends[..index].iter().all(|it| it.0 != end.0 || (it.1 - end.1).abs() > 0.5), "{end:?} {ends:?}");
                }
            }
            let columns = columns(&input);
            if let Some(enabler) = columns.enabler.filter(|it| *it > 0) {
                assert!(columns.x[enabler] - columns.x[enabler - 1] - columns.widths[enabler - 1] >= LIFTS_LANE - 1e-9);
            }
            for (index, label) in svg.labels().iter().enumerate() {
                let heading = label.room.y < 20.0;
                let held = heading || boxes.iter().any(|at| at.holds(&label.room));
                assert!(held, "{label:?} {boxes:?}");
                for other in &svg.labels()[..index] {
                    assert!(!label.room.overlaps(&other.room), "{label:?} {other:?}");
                }
            }
        }
    }

    #[test]
    fn the_same_tree_is_the_same_bytes() {
        let input = random(&mut Dice::new(9));
        assert_eq!(wide(&input), wide(&input));
    }
}

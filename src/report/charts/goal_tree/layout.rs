//! Where do the boxes of a layered tree stand? In: nodes with their column and height, links from
//! left to right. Out: the middle of every node, and where long links pass the columns between.
//!
//! The usual steps of a layered layout: a link over several columns gets a bend in each column
//! that it passes, so that it never runs through a box; sweeps put each column in the order of
//! the mean place of its neighbours, nodes move as long as that leaves fewer crossings; then the
//! nodes of every column are spread evenly over the height of the tallest, with the bends between.

use super::super::place::{Wish, spread};

/// A node: its column and its height.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub(super) column: usize,
    pub(super) height: f64,
}

/// A link between nodes; the left one stands in a lower column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    pub(super) left: usize,
    pub(super) right: usize,
}

/// A layout; its top is 0.
#[derive(Debug)]
pub(super) struct Layout {
    /// The middle of every node.
    pub(super) middles: Vec<f64>,
    /// For every link, the columns that it passes and at which height.
    pub(super) bends: Vec<Vec<(usize, f64)>>,
    /// The height of it all.
    pub(super) height: f64,
}

/// Nodes and bends together, with the neighbours at each side.
struct Graph {
    column: Vec<usize>,
    height: Vec<f64>,
    left: Vec<Vec<usize>>,
    right: Vec<Vec<usize>>,
    bends: Vec<Vec<usize>>,
}

/// The sweeps over all columns. Trees settle within a few.
const ORDER_SWEEPS: usize = 12;
const MOVE_SWEEPS: usize = 4;
const BEND_SWEEPS: usize = 4;
/// The room that a bend takes, and that between it and what stands beside it.
const BEND: f64 = 4.0;
const BEND_GAP: f64 = 10.0;

/// Lays out the nodes in `columns` columns, `gap` apart within a column.
pub(super) fn layout(nodes: &[Node], links: &[Link], columns: usize, gap: f64) -> Layout {
    let graph = graph(nodes, links);
    let order = ordered(&graph, columns);
    let (middles, height) = heights(&graph, &order, nodes.len(), gap);
    let bends = graph.bends.iter().map(|bends| bends.iter().map(|b| (graph.column[*b], middles[*b])).collect()).collect();
    Layout { middles: middles[..nodes.len()].to_vec(), bends, height }
}

fn graph(nodes: &[Node], links: &[Link]) -> Graph {
    let mut graph = Graph {
        column: nodes.iter().map(|node| node.column).collect(),
        height: nodes.iter().map(|node| node.height).collect(),
        left: vec![Vec::new(); nodes.len()],
        right: vec![Vec::new(); nodes.len()],
        bends: Vec::new(),
    };
    for link in links {
        let mut bends = Vec::new();
        let mut before = link.left;
        for column in nodes[link.left].column + 1..nodes[link.right].column {
            let bend = graph.column.len();
            graph.column.push(column);
            graph.height.push(BEND);
            graph.left.push(Vec::new());
            graph.right.push(Vec::new());
            graph.join(before, bend);
            bends.push(bend);
            before = bend;
        }
        graph.join(before, link.right);
        graph.bends.push(bends);
    }
    graph
}

impl Graph {
    fn join(&mut self, left: usize, right: usize) {
        self.right[left].push(right);
        self.left[right].push(left);
    }
}

/// The order within each column. It begins with the order of writing.
fn ordered(graph: &Graph, columns: usize) -> Vec<Vec<usize>> {
    let mut order: Vec<Vec<usize>> = vec![Vec::new(); columns];
    for (node, column) in graph.column.iter().enumerate() {
        order[*column].push(node);
    }
    let mut best = (crossings(graph, &order), order.clone());
    for sweep in 0..ORDER_SWEEPS {
        let rightward = sweep % 2 == 0;
        let mut places = places(graph, &order);
        for step in 0..columns {
            let column = if rightward { step } else { columns - 1 - step };
            let neighbours = if rightward { &graph.left } else { &graph.right };
            // A node without neighbours at this side stays where it is among the others.
            order[column].sort_by(|a, b| mean(&neighbours[*a], &places, *a).total_cmp(&mean(&neighbours[*b], &places, *b)));
            for (place, node) in (0_u32..).zip(&order[column]) {
                places[*node] = f64::from(place);
            }
        }
        let count = crossings(graph, &order);
        if count < best.0 {
            best = (count, order.clone());
        }
    }
    let mut order = best.1;
    for _ in 0..MOVE_SWEEPS {
        let moved = (0..columns).filter(|it| moves(graph, &mut order, *it)).count();
        if moved == 0 {
            break;
        }
    }
    order
}

/// Moves each node of a column to where the least cross, and returns whether one moved.
fn moves(graph: &Graph, order: &mut [Vec<usize>], column: usize) -> bool {
    let mut places: Vec<usize> = vec![0; graph.column.len()];
    for beside in [column.checked_sub(1), Some(column + 1)].into_iter().flatten().filter_map(|it| order.get(it)) {
        beside.iter().enumerate().for_each(|(place, node)| places[*node] = place);
    }
    let mut moved = false;
    for node in order[column].clone() {
        let Some(from) = order[column].iter().position(|it| *it == node) else { continue };
        // How many fewer cross as it passes its neighbours one by one, downwards and upwards.
        let mut best = (0_i64, from);
        for downwards in [true, false] {
            let mut gain = 0;
            let passed: Vec<usize> = if downwards { (from + 1..order[column].len()).collect() } else { (0..from).rev().collect() };
            for at in passed {
                let other = order[column][at];
                let (now, then) = (crossed(graph, &places, node, other), crossed(graph, &places, other, node));
                gain += if downwards { now - then } else { then - now };
                if gain > best.0 {
                    best = (gain, at);
                }
            }
        }
        if best.1 != from {
            order[column].remove(from);
            order[column].insert(best.1, node);
            moved = true;
        }
    }
    moved
}

/// How many links of two nodes of a column cross while the first stands above the second.
fn crossed(graph: &Graph, places: &[usize], above: usize, below: usize) -> i64 {
    let side = |of: &[Vec<usize>]| -> i64 {
        let pairs = of[above].iter().flat_map(|a| of[below].iter().map(move |b| (a, b)));
        pairs.map(|(a, b)| i64::from(places[*a] > places[*b])).sum()
    };
    side(&graph.left) + side(&graph.right)
}

fn places(graph: &Graph, order: &[Vec<usize>]) -> Vec<f64> {
    let mut places = vec![0.0; graph.column.len()];
    for column in order {
        for (place, node) in (0_u32..).zip(column) {
            places[*node] = f64::from(place);
        }
    }
    places
}

fn mean(neighbours: &[usize], places: &[f64], own: usize) -> f64 {
    if neighbours.is_empty() {
        return places[own];
    }
    let sum: f64 = neighbours.iter().map(|n| places[*n]).sum();
    sum / f64::from(u32::try_from(neighbours.len()).unwrap_or(1))
}

/// How many pairs of links cross: pairs whose ends stand in opposite order.
fn crossings(graph: &Graph, order: &[Vec<usize>]) -> u64 {
    let mut place = vec![0_usize; graph.column.len()];
    for column in order {
        for (index, node) in column.iter().enumerate() {
            place[*node] = index;
        }
    }
    let mut total = 0;
    for column in order {
        let mut ends: Vec<usize> = Vec::new();
        for node in column {
            let mut here: Vec<usize> = graph.right[*node].iter().map(|n| place[*n]).collect();
            here.sort_unstable();
            ends.extend(here);
        }
        total += inversions(&mut ends);
    }
    total
}

/// Sorts by merging, and returns how many pairs stood in the wrong order.
fn inversions(list: &mut [usize]) -> u64 {
    if list.len() < 2 {
        return 0;
    }
    let half = list.len() / 2;
    let (low, high) = list.split_at_mut(half);
    let mut count = inversions(low) + inversions(high);
    let mut merged = Vec::with_capacity(list.len());
    let (mut a, mut b) = (0, half);
    while a < half || b < list.len() {
        if b >= list.len() || (a < half && list[a] <= list[b]) {
            merged.push(list[a]);
            a += 1;
        } else {
            count += u64::try_from(half - a).unwrap_or(0);
            merged.push(list[b]);
            b += 1;
        }
    }
    list.copy_from_slice(&merged);
    count
}

/// The middles, and the height of it all: the nodes of every column are spread evenly over the height of the tallest, and
/// bends stand between them, nearest to where their links come from and go to. Nodes come before bends in the graph.
fn heights(graph: &Graph, order: &[Vec<usize>], nodes: usize, gap: f64) -> (Vec<f64>, f64) {
    // Of each column its boxes, and before each of them and after the last the bends that stand there.
    let runs = |column: &Vec<usize>| -> Vec<Vec<usize>> { column.split(|it| *it < nodes).map(<[usize]>::to_vec).collect() };
    let needs = |bends: usize, at_end: bool| match (bends, at_end) {
        (0, true) => 0.0,
        (0, false) => gap,
        (bends, _) => {
            let bends = f64::from(u32::try_from(bends).unwrap_or(u32::MAX));
            bends * BEND + (bends + if at_end { 0.0 } else { 1.0 }) * BEND_GAP
        }
    };
    let need = |column: &Vec<usize>| -> f64 {
        let runs = runs(column);
        let rooms = runs.iter().enumerate().map(|(at, it)| needs(it.len(), at == 0 || at + 1 == runs.len()));
        rooms.sum::<f64>() + column.iter().filter(|it| **it < nodes).map(|it| graph.height[*it]).sum::<f64>()
    };
    let height = order.iter().map(need).fold(0.0, f64::max);
    let mut middles = vec![0.0; graph.column.len()];
    // The bends that stand together, and the room that they have.
    let mut lanes: Vec<(Vec<usize>, (f64, f64))> = Vec::new();
    for column in order {
        let boxes: Vec<usize> = column.iter().copied().filter(|it| *it < nodes).collect();
        let runs = runs(column);
        // What is left over goes between the boxes, and half as much above the first and below the last.
        let share = (height - need(column)) / f64::from(u32::try_from(boxes.len().max(1)).unwrap_or(1));
        let mut at = 0.0;
        for (place, bends) in runs.into_iter().enumerate() {
            let (first, last) = (place == 0, place == boxes.len());
            let ends = match (first, last) {
                (true, true) => height - need(column),
                (true, false) | (false, true) => share / 2.0,
                (false, false) => share,
            };
            let room = needs(bends.len(), first || last) + ends;
            let (top, bottom) = (at + if first { 0.0 } else { BEND_GAP }, at + room - if last { 0.0 } else { BEND_GAP });
            if !bends.is_empty() {
                for bend in &bends {
                    middles[*bend] = (top + bottom) / 2.0;
                }
                lanes.push((bends, (top, bottom)));
            }
            at += room;
            if let Some(node) = boxes.get(place) {
                middles[*node] = at + graph.height[*node] / 2.0;
                at += graph.height[*node];
            }
        }
    }
    for _ in 0..BEND_SWEEPS {
        for (bends, room) in &lanes {
            let wish = |bend: &usize| {
                let near: Vec<usize> = graph.left[*bend].iter().chain(&graph.right[*bend]).copied().collect();
                Wish { at: mean(&near, &middles, *bend), size: BEND, weight: 1.0 }
            };
            let wishes: Vec<Wish> = bends.iter().map(wish).collect();
            for (bend, middle) in bends.iter().zip(spread(&wishes, BEND_GAP, Some(*room))) {
                middles[*bend] = middle;
            }
        }
    }
    (middles, height)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inversions_are_crossings() {
        assert_eq!(inversions(&mut [3, 1, 2, 0]), 5);
        assert_eq!(inversions(&mut [0, 1, 2, 2]), 0);
    }

    #[test]
    fn a_tree_without_need_for_crossings_has_none() {
        let node = |column| Node { column, height: 20.0 };
        let nodes = [node(0), node(0), node(1), node(1), node(1), node(2), node(2), node(2)];
        let link = |left, right| Link { left, right };
        let links = [link(0, 4), link(0, 2), link(1, 3), link(2, 7), link(3, 5), link(4, 6), link(1, 5)];
        let graph = graph(&nodes, &links);
        assert_eq!(crossings(&graph, &ordered(&graph, 3)), 0);
    }

    /// Two enablers, written in the order in which all that they tie crosses, between goals that keep theirs.
    #[test]
    fn a_node_moves_where_less_crosses() {
        let node = |column| Node { column, height: 20.0 };
        let nodes = [node(0), node(0), node(0), node(1), node(1), node(1)];
        let link = |left, right| Link { left, right };
        let links = [link(0, 5), link(0, 4), link(1, 4), link(2, 3), link(1, 3)];
        let graph = graph(&nodes, &links);
        let mut order = vec![vec![0, 1, 2], vec![3, 4, 5]];
        assert!(moves(&graph, &mut order, 1));
        assert_eq!((order[1].as_slice(), crossings(&graph, &order)), ([5, 4, 3].as_slice(), 0));
    }

    #[test]
    fn columns_are_spread_evenly() {
        let node = |column| Node { column, height: 20.0 };
        let nodes = [node(0), node(0), node(0), node(0), node(1), node(1)];
        let layout = layout(&nodes, &[], 2, 10.0);
        assert!((layout.height - 110.0).abs() < 1e-9);
        let said: Vec<f64> = layout.middles.iter().map(|it| it.round()).collect();
        assert_eq!(said, [10.0, 40.0, 70.0, 100.0, 25.0, 85.0]);
    }

    #[test]
    fn a_parent_stands_amid_its_children() {
        let node = |column| Node { column, height: 20.0 };
        let nodes = [node(0), node(1), node(1)];
        let links = [Link { left: 0, right: 1 }, Link { left: 0, right: 2 }];
        let layout = layout(&nodes, &links, 2, 10.0);
        assert!((layout.middles[0] - (layout.middles[1] + layout.middles[2]) / 2.0).abs() < 1e-6);
        assert!((layout.height - 50.0).abs() < 1e-6);
    }
}

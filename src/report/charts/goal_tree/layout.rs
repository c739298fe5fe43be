//! Where do the boxes of a layered tree stand? In: nodes with their column and height, links from
//! left to right. Out: the middle of every node, and where long links pass the columns between.
//!
//! The usual steps of a layered layout: a link over several columns gets a bend in each column
//! that it passes, so that it never runs through a box; sweeps put each column in the order of
//! the mean place of its neighbours and keep the order with the fewest crossings; then every
//! column is moved towards its neighbours, as far as its boxes let it.

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

/// The sweeps over all columns, for the order and for the heights. Trees settle within a few.
const ORDER_SWEEPS: usize = 12;
const HEIGHT_SWEEPS: usize = 10;
/// The room that a bend takes.
const BEND: f64 = 6.0;

/// Lays out the nodes in `columns` columns, `gap` apart within a column.
pub(super) fn layout(nodes: &[Node], links: &[Link], columns: usize, gap: f64) -> Layout {
    let graph = graph(nodes, links);
    let order = ordered(&graph, columns);
    let middles = heights(&graph, &order, gap);
    let edge = |sign: f64| {
        (0..middles.len()).map(|i| middles[i] + sign * graph.height[i] / 2.0).reduce(|a, b| if sign < 0.0 { a.min(b) } else { a.max(b) })
    };
    let (top, bottom) = (edge(-1.0).unwrap_or(0.0), edge(1.0).unwrap_or(0.0));
    let bends = graph.bends.iter().map(|bends| bends.iter().map(|b| (graph.column[*b], middles[*b] - top)).collect()).collect();
    let middles = middles[..nodes.len()].iter().map(|middle| middle - top).collect();
    Layout { middles, bends, height: bottom - top }
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
    best.1
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

/// The middles: every column first stands around 0, then follows its neighbours.
fn heights(graph: &Graph, order: &[Vec<usize>], gap: f64) -> Vec<f64> {
    let mut middles = vec![0.0; graph.column.len()];
    for column in order {
        let total: f64 = column.iter().map(|n| graph.height[*n] + gap).sum();
        let mut at = -total / 2.0;
        for node in column {
            middles[*node] = at + graph.height[*node] / 2.0;
            at += graph.height[*node] + gap;
        }
    }
    for sweep in 0..HEIGHT_SWEEPS {
        let last = sweep + 1 == HEIGHT_SWEEPS;
        let rightward = sweep % 2 == 0;
        for step in 0..order.len() {
            let column = &order[if rightward { step } else { order.len() - 1 - step }];
            let wishes: Vec<Wish> = column
                .iter()
                .map(|node| {
                    let (left, right) = (&graph.left[*node], &graph.right[*node]);
                    let near: Vec<usize> = if last {
                        left.iter().chain(right).copied().collect()
                    } else if rightward {
                        left.clone()
                    } else {
                        right.clone()
                    };
                    let weight = if near.is_empty() { 0.05 } else { 1.0 };
                    Wish { at: mean(&near, &middles, *node), size: graph.height[*node], weight }
                })
                .collect();
            for (node, middle) in column.iter().zip(spread(&wishes, gap, None)) {
                middles[*node] = middle;
            }
        }
    }
    middles
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

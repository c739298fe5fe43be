//! Groups of rows with what is kept of them: a cell for each leaf, held, or made where it is asked for.

use super::fold::KeyValue;
use super::forecast::Fitted;
use crate::calendar::Period;
use crate::state::{Cell, Crossed, Joint};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// A group of rows: a bucket of time, values of dimensions, perhaps a cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub bucket: Period,
    pub key: Vec<KeyValue>,
    pub cluster: Option<Arc<str>>,
    /// Rows that `keep where` dropped, and rows dropped as doubles.
    pub filtered: u64,
    pub duplicate: u64,
    /// One for each leaf of the grouping.
    pub cells: Cells,
    /// One for each joint of the grouping.
    pub joints: Vec<Joint>,
    /// One for each driver model of the grouping.
    pub crossed: Vec<Crossed>,
}

/// The groups of a grouping, ordered by bucket, key and cluster.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GroupTable {
    pub groups: Vec<Group>,
    /// The models that were fitted to its customers, in the order of periods.
    pub fitted: Vec<Fitted>,
}

/// The cells of a group, one for each leaf of its grouping.
///
/// An engine that adds rows in small records makes cells of them when they are asked for: there may be a million, of
/// which each is needed once.
#[derive(Clone)]
pub struct Cells {
    held: Vec<Cell>,
    made: Option<(Arc<dyn MakesCells>, usize)>,
}

/// Makes cells of what an engine added.
pub trait MakesCells: Send + Sync {
    /// How many leaves there are.
    fn leaves(&self) -> usize;
    /// The cell of a leaf, by its place, in the group that is known here by a number; `held` are those that the group
    /// holds itself.
    fn cell(&self, leaf: usize, group: usize, held: &[Cell]) -> Cell;
}

impl Cells {
    /// Cells that the group holds.
    pub fn held(cells: Vec<Cell>) -> Cells {
        Cells { held: cells, made: None }
    }

    /// Cells that are made when they are asked for; the group is known by a number, and holds some of them itself.
    pub fn made(by: Arc<dyn MakesCells>, group: usize, held: Vec<Cell>) -> Cells {
        Cells { held, made: Some((by, group)) }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.made.as_ref().map_or(self.held.len(), |it| it.0.leaves())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cell of a leaf, by its place in the grouping.
    pub fn get(&self, leaf: usize) -> Cow<'_, Cell> {
        match &self.made {
            Some((by, group)) => Cow::Owned(by.cell(leaf, *group, &self.held)),
            None => Cow::Borrowed(&self.held[leaf]),
        }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = Cow<'_, Cell>> {
        (0..self.len()).map(|it| self.get(it))
    }

    /// Those that the group holds.
    pub fn into_held(self) -> Vec<Cell> {
        self.held
    }

    /// Those that the group holds, to be added to.
    pub fn held_mut(&mut self) -> &mut [Cell] {
        &mut self.held
    }
}

impl PartialEq for Cells {
    fn eq(&self, other: &Cells) -> bool {
        self.iter().eq(other.iter())
    }
}

impl fmt::Debug for Cells {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

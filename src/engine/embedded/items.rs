//! Leaves that are added exactly, by kernels.
use super::columns::{Batch, Dictionary};
use super::reach::Context;
use crate::plan::Grouping;
use crate::state::Cell;

pub struct Items;

pub fn fits(_context: &Context<'_>, _leaf: usize) -> bool {
    false
}

impl Items {
    pub fn new(_context: &Context<'_>, _grouping: &Grouping, _exact: impl Fn(usize) -> bool) -> Items {
        Items
    }
    pub fn add(
        &mut self,
        _context: &Context<'_>,
        _batch: &Batch,
        _dictionaries: &[Dictionary],
        _ids: &[u32],
        _slots: usize,
    ) -> Result<(), usize> {
        Ok(())
    }
    pub fn absorb(&mut self, _other: Items, _places: &[usize], _slots: usize) -> Result<(), usize> {
        Ok(())
    }
    pub fn cell(&self, _at: usize, _slot: usize, _lacks_cluster: bool) -> Option<Cell> {
        None
    }
}

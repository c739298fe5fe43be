//! A column as decimals of one scale, ready to be added.

use super::columns::{Batch, Coded, Column, Dictionary, NEVER, Numbers, reason_code};
use super::delimited::{numbers, widened};
use crate::row::Value;
use crate::value::Num;
use arrow_buffer::ScalarBuffer;
use std::sync::Arc;

/// The decimals of a column over a batch.
#[derive(Clone)]
pub struct Prepared {
    pub mantissas: ScalarBuffer<i64>,
    pub scale: u8,
    /// For each row 0, or the code of the reason why there is none.
    pub missing: Option<Arc<[u8]>>,
    /// The largest of them, without its sign.
    pub most: u64,
    /// The same in half the room, where they fit and none is negative: kernels go through them once an item.
    pub small: Option<Arc<[u32]>>,
}

/// The columns of a batch that were prepared, each once; `None` for one that is no column of decimals.
#[derive(Default)]
pub struct Cache {
    columns: Vec<(usize, Option<Prepared>)>,
}

impl Cache {
    /// The decimals of a column.
    pub fn get(&mut self, column: usize, batch: &Batch, dictionaries: &[Dictionary]) -> Option<Prepared> {
        if let Some((_, known)) = self.columns.iter().find(|it| it.0 == column) {
            return known.clone();
        }
        let prepared = match &batch.columns[column] {
            Column::Numbers(it) => Some(it.clone()),
            Column::Coded(it) => of_codes(it, batch.rows, &dictionaries[column]),
            Column::Values(values, _) => numbers(values),
            Column::Absent => None,
        };
        let prepared = prepared.map(|Numbers { mantissas, scale, missing }| Prepared::new(mantissas, scale, missing));
        self.columns.push((column, prepared.clone()));
        prepared
    }
}

impl Prepared {
    fn new(mantissas: ScalarBuffer<i64>, scale: u8, missing: Option<Arc<[u8]>>) -> Prepared {
        let most = mantissas.iter().fold(0, |most, it| it.unsigned_abs().max(most));
        let is_small = most <= u64::from(u32::MAX) && mantissas.iter().fold(true, |all, it| all & (*it >= 0));
        let small = is_small.then(|| mantissas.iter().map(|it| *it as u32).collect());
        Prepared { mantissas, scale, missing, most, small }
    }

    /// The same numbers with so many decimals, at least as many as they have.
    pub fn at_scale(self, scale: u8) -> Option<Prepared> {
        if scale == self.scale {
            return Some(self);
        }
        let wide: Option<Vec<i64>> = self.mantissas.iter().map(|it| widened(*it, scale - self.scale)).collect();
        Some(Prepared::new(wide?.into(), scale, self.missing))
    }
}

/// The numbers that codes stand for.
fn of_codes(coded: &Coded, rows: usize, dictionary: &Dictionary) -> Option<Numbers> {
    let value = |code: &u32| if *code == NEVER { None } else { Some(&dictionary.entries[*code as usize].value) };
    let mut scale = 0;
    for it in coded.map.iter().filter_map(value) {
        match it {
            Value::Number(Num::Decimal { scale: own, .. }) => scale = scale.max(*own),
            Value::Missing(_) => {}
            _ => return None,
        }
    }
    let table: Option<Vec<(i64, u8)>> = coded
        .map
        .iter()
        .map(|it| match value(it) {
            Some(Value::Number(Num::Decimal { mantissa, scale: own })) => Some((widened(*mantissa, scale - own)?, 0)),
            Some(Value::Missing(reason)) => Some((0, reason_code(*reason))),
            _ => Some((0, 0)),
        })
        .collect();
    let table = table?;
    let mut mantissas = vec![0; rows];
    coded.codes.each(rows, |row, local| mantissas[row] = table[local].0);
    let mut missing = None;
    if table.iter().any(|it| it.1 != 0) {
        let mut reasons = vec![0; rows];
        coded.codes.each(rows, |row, local| reasons[row] = table[local].1);
        missing = reasons.iter().any(|it| *it != 0).then(|| Arc::from(reasons));
    }
    Some(Numbers { mantissas: mantissas.into(), scale, missing })
}

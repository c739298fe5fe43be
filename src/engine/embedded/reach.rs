//! What does an expression depend on? The columns that a file holds, behind computed ones and references.

use super::columns::{Dictionary, Own, Reached};
use crate::calendar::Period;
use crate::check::Checked;
use crate::engine::lookup::Lookup;
use crate::model::{RowExpr, Source, SourceId};
use crate::plan::{Key, Read};
use crate::row::{Missing, Value};
use std::collections::BTreeMap;

/// A source that is read, and what its rows reach.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub checked: &'a Checked,
    pub id: SourceId,
    pub source: &'a Source,
    pub read: &'a Read,
    pub lookups: &'a BTreeMap<u32, Lookup>,
    /// The keys of the grouping that is at hand.
    pub keys: &'a [Key],
}

impl<'a> Context<'a> {
    /// The columns of files that an expression depends on, each once.
    pub fn depends(&self, expr: &RowExpr) -> Vec<usize> {
        let mut columns = Vec::new();
        self.collect(expr, &mut columns);
        columns
    }

    /// The columns of files that a column depends on: itself, unless it is computed.
    pub fn depends_of(&self, column: usize) -> Vec<usize> {
        let mut columns = Vec::new();
        self.collect_of(column, &mut columns);
        columns
    }

    fn collect(&self, expr: &RowExpr, columns: &mut Vec<usize>) {
        for it in expr.columns() {
            let Some(reference) = it.through else {
                self.collect_of(it.column as usize, columns);
                continue;
            };
            self.collect_of(self.source.references[reference as usize].by, columns);
            if self.lookups.get(&reference).is_some_and(Lookup::is_dated)
                && let Some(time) = self.source.time
            {
                add(columns, time);
            }
        }
    }

    fn collect_of(&self, column: usize, columns: &mut Vec<usize>) {
        match &self.source.columns[column].computed {
            Some(expr) => self.collect(expr, columns),
            None => add(columns, column),
        }
    }

    /// A row over columns of its own.
    pub fn row<O: Own>(&self, own: O) -> Reached<'a, O> {
        Reached { model: &self.checked.model, source: self.id, lookups: self.lookups, own }
    }

    /// A row of which some columns are entries of dictionaries.
    pub fn entries<'d>(&self, dictionaries: &'d [Dictionary], codes: Vec<(usize, usize)>) -> Reached<'a, Entries<'d>> {
        self.row(Entries { dictionaries, codes, missing: None })
    }
}

fn add(columns: &mut Vec<usize>, column: usize) {
    if !columns.contains(&column) {
        columns.push(column);
    }
}

/// Columns as entries of dictionaries: a row that stands for all rows with these codes.
pub struct Entries<'d> {
    pub dictionaries: &'d [Dictionary],
    /// Columns with the codes that they have.
    pub codes: Vec<(usize, usize)>,
    /// A column that is missing, and why.
    pub missing: Option<(usize, Missing)>,
}

impl Own for Entries<'_> {
    fn value(&self, column: usize) -> Value {
        if let Some((_, reason)) = self.missing.filter(|it| it.0 == column) {
            return Value::Missing(reason);
        }
        let code = self.codes.iter().find(|it| it.0 == column);
        code.map_or(Value::Missing(Missing::Blank), |it| self.dictionaries[column].entries[it.1].value.clone())
    }

    fn time(&self, column: usize) -> Option<Period> {
        let code = self.codes.iter().find(|it| it.0 == column)?;
        self.dictionaries[column].entries[code.1].time
    }
}

//! How are insights told on a terminal? In sentences and small tables, in Dutch and English.

mod table;
mod why;

pub use why::why;

//! How are insights told on a terminal? In sentences and small tables, in Dutch and English.

mod influence;
mod table;
mod why;

pub use influence::influence;
pub use why::why;

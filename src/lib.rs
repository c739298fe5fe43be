//! Peil: a declarative metrics engine for customer experience.

pub mod calendar;
pub mod model;
pub mod source;
pub mod syntax;
pub mod value;
pub mod words;
pub mod diagnostic;
pub mod graph;
pub mod row;
pub mod check;
pub mod plan;
pub mod state;
pub mod stats;
pub mod engine;
pub mod audit;
pub mod cli;
pub mod eval;
pub mod publish;
pub mod session;
pub mod tidy;

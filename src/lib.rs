//! Peil: a declarative metrics engine for customer experience.

pub mod audit;
pub mod calendar;
pub mod check;
pub mod cli;
pub mod diagnostic;
pub mod engine;
pub mod eval;
pub mod graph;
pub mod model;
pub mod plan;
pub mod publish;
pub mod report;
pub mod row;
pub mod session;
pub mod source;
pub mod state;
pub mod stats;
pub mod syntax;
pub mod tidy;
pub mod value;
pub mod words;

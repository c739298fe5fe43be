//! Peil: a declarative metrics engine for customer experience.
//!
//! Definitions are text, kept in git; Peil reads them, checks them as a compiler would, evaluates them in one read a
//! source with honest statistics, and renders reports. The rooms below are the stages in order: each takes the product
//! of the ones above it. `specs/architecture.md` has the table, `session` the stages wired together.

// The code that pest derives names it.
extern crate alloc;

pub mod audit;
pub mod calendar;
pub mod check;
pub mod cli;
pub mod diagnostic;
pub mod engine;
pub mod eval;
pub mod exchange;
pub mod graph;
pub mod insight;
pub mod library;
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
pub mod trial;
pub mod value;
pub mod words;

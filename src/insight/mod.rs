//! Checked + Plan + states -> what figures do not say by themselves.
//!
//! An insight says what it needs as a request, before the one read. What it gives has no form of output: `publish`
//! decides what of it may be shown.

mod actions;
mod answers;
mod chain;
mod cuts;
mod distribution;
pub mod drivers;
pub mod evidence;
mod findings;
mod index;
mod influence;
mod ladder;
pub mod lifecycle;
mod parts;
pub mod reasons;
mod segments;
pub mod steering;
mod whatif;
mod why;

pub use actions::{Effect, EffectWindow, Measuring, Unmeasured, measure_actions};
pub use chain::{ChainKind, ChainLink, Chained, chain, is_measured};
pub use cuts::{cuttable, cuttable_by, uncuttable};
pub use distribution::{Counting, NoCodes, Spread, codes, spread};
pub use findings::{Cited, Operand, Watched as FindingsWatched, WatchedFinding, watch_findings};
pub use index::{IndexPartAsk, IndexQuestion, index_question};
pub use influence::{Hop, Influence, Link, Thing, Through, influence, is_fixed};
pub use ladder::{Context, Ladder, Watched, ladder, watched};
pub use parts::Part;
pub use segments::{Atoms, Estimate, Group, Moved, Own, Share, Stratum, change_error, moved};
pub use whatif::{After, Change, Known, Supposed, Supposing, To, Unknown, suppose, whatif};
pub use why::{Cut, Inner, Question, Why, needs, why};

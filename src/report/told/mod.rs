//! How are insights told on a terminal? In sentences and small tables, in Dutch and English.

mod actions;
mod findings;
mod influence;
mod table;
mod why;

pub use actions::{action_stage, actions, effect_text};
pub use findings::{finding_figure, finding_state, finding_text, findings};
pub use influence::influence;
pub use why::why;

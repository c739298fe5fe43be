//! How are insights told on a terminal? In sentences and small tables, in Dutch and English.

mod actions;
mod findings;
mod goal_why;
mod index;
mod influence;
mod table;
mod whatif;
mod why;

pub use actions::{EffectText, action_stage, actions, effect_text};
pub use findings::{finding_figure, finding_state, finding_text, findings};
pub use goal_why::goal_why;
pub use index::index;
pub use influence::influence;
pub use whatif::whatif;
pub use why::why;

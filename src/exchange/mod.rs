//! What do other tools' files say in Peil's words? A survey export becomes a project.

pub mod survey;

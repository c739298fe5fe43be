//! How does a figure look? One pure function a chart, from a plain input to SVG text: no clock, no
//! fonts, no user colours; the style sheet gives colours by class, and text stays text.
//!
//! A wide and a narrow drawing of the same input stand beside each other on the page, and the
//! style sheet shows the one that fits. Ids come from the input's `key`, so they repeat from run
//! to run and differ within a page.

pub mod bar;
pub mod beside;
pub mod bullet;
pub mod columns;
pub mod dots;
pub mod goal_tree;
pub mod journey;
pub mod matrix;
pub mod multiples;
pub mod pay;
pub mod place;
pub mod scale;
pub mod spark;
pub mod stack;
pub mod status_bar;
pub mod svg;
pub mod text;
pub mod trend;
pub mod waterfall;

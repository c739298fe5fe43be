//! How do figures become a report that people want to read? In: a [`ReportView`], complete, worded
//! and formatted. Out: one self-contained HTML file that needs no script, no network and no
//! second file.
//!
//! The room has four parts, each without knowledge of the ones after it:
//!
//! - [`view`]: the contract. Plain data, in the order in which a reader meets it.
//! - [`charts`]: pure functions from plain inputs to SVG text.
//! - [`words`]: the fixed texts of the page, in Dutch and English.
//! - [`mod@render`]: templates, style sheet and script joined into a file.
//!
//! What always holds: text is escaped by the template engine or the SVG writer, never by hand;
//! colours reach the page only as [`Colour`]; the file carries a policy that allows its own
//! script by hash and nothing else; the same view gives the same bytes.

pub mod charts;
pub mod colour;
pub mod render;
pub mod view;
pub mod words;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

pub use colour::Colour;
pub use render::{RenderError, render};
pub use view::ReportView;
pub use words::Lang;

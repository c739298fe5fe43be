//! How do figures become a report that people want to read? In: a [`ReportView`], complete, worded
//! and formatted. Out: one self-contained HTML file that needs no script, no network and no
//! second file.
//!
//! The room has these parts, each without knowledge of the ones after it:
//!
//! - [`gather()`]: what the reports of one run need, and what they tell beside figures.
//! - [`needs`]: which figures a report shows, asked before anything is read.
//! - [`assemble()`]: from definitions and results to the view; every sentence is a fact of theirs.
//! - [`view`]: the contract. Plain data, in the order in which a reader meets it.
//! - [`charts`]: pure functions from plain inputs to SVG text.
//! - [`words`]: the fixed texts of the page, in Dutch and English.
//! - [`dress`]: what a project brings of its own: templates, a style sheet, a logo; checked without rendering.
//! - [`mod@render`]: templates, style sheet and script joined into a file.
//! - `fault`: where a template is at fault when a page could not be made.
//! - [`forms`]: the same view in other forms: figures in tables, pictures, a site, a mail.
//!
//! What always holds: text is escaped by the template engine or the SVG writer, never by hand;
//! colours reach the page only as [`Colour`]; the file carries a policy that allows its own
//! script by hash and nothing else; the same view gives the same bytes.

mod assemble;
pub mod charts;
pub mod colour;
pub mod dress;
mod fault;
pub mod forms;
mod gather;
mod lean;
mod needs;
mod numbers;
pub mod render;
pub mod told;
mod uses;
pub mod view;
pub mod words;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

pub use assemble::{Assembly, Other, assemble, shown};
pub use colour::Colour;
pub use fault::RenderError;
pub use gather::{Gathered, Told, ToldChain, ToldWhy, gather};
pub use needs::{needs, tells_benchmarks};
pub use render::render;
pub use view::ReportView;

use crate::model::{Model, Report};

/// The report of a project that declares none: every section, every KPI.
pub fn default_report(model: &Model) -> Report {
    needs::everything(model)
}

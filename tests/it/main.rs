//! Everything that is not a page: the shape of the code, known figures, broken input, the program itself.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "tests read files, say what they skip, and stop at the first surprise"
)]

#[path = "../support/mod.rs"]
mod support;

mod architecture;
mod attack;
mod cli;
#[cfg(feature = "engine")]
mod context_of_templates;
mod customers;
mod editor;
mod engines;
mod examples;
mod fixes;
mod forms;
mod golden;
mod grammar;
mod init_from;
mod libraries;
mod money;
mod outputs;
mod parquet_files;
mod prefixes;
mod print;
mod printed_formulas;
mod reads;
mod reopened;
mod report;
mod report_edges;
mod report_quality;
mod report_safety;
mod rules;
mod serve;
mod spellings;
mod suppressed_codes;
mod suppressed_questions;
mod suppressed_reasons;
mod suppressed_within;
mod suppression;
mod ten_mistakes;
mod webshop;
mod workbook;
mod written_down;

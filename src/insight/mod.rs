//! Checked + Plan + states -> what figures do not say by themselves.
//!
//! An insight says what it needs as a request, before the one read. What it gives has no form of output: `publish`
//! decides what of it may be shown.

pub mod drivers;

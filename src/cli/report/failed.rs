//! What is there where a template stops a report? The rest is made all the same, and what is wrong is told once, behind it.

use crate::cli::FINDINGS;
use crate::cli::output::Output;
use crate::cli::verbs::Opened;
use crate::diagnostic::Format;
use crate::report::RenderError;
use crate::value::Fact;
use std::path::{Path, PathBuf};

/// Why files could not be made.
pub(super) enum Failed {
    /// What is wrong, in words.
    Said(String),
    /// A template is at fault.
    Template(Box<RenderError>),
}

/// What a template stopped, while the rest was made.
#[derive(Default)]
pub(super) struct Stopped {
    facts: Vec<Fact>,
    files: Vec<PathBuf>,
}

impl Stopped {
    /// What was made; nothing where a template stopped it, which is told when the rest is written.
    ///
    /// # Errors
    /// The exit code of anything else that is wrong; it was said.
    pub(super) fn or<T>(&mut self, made: Result<T, Failed>, file: &Path, opened: &Opened, output: &mut Output) -> Result<Option<T>, u8> {
        match made {
            Ok(made) => Ok(Some(made)),
            Err(Failed::Template(error)) => {
                let fact = error.fact(&opened.session.sources);
                // A template that several reports use is at fault once.
                if !self.facts.iter().any(|it| it.span.is_some() && it.span == fact.span) {
                    self.facts.push(fact);
                }
                self.files.push(file.to_path_buf());
                Ok(None)
            }
            Err(Failed::Said(text)) => Err(output.wrong(&text)),
        }
    }

    /// Says what was stopped.
    ///
    /// # Errors
    /// The exit code, where anything was.
    pub(super) fn say(self, opened: &Opened, output: &mut Output) -> Result<(), u8> {
        if self.files.is_empty() {
            return Ok(());
        }
        output.findings(&self.facts, &opened.session.sources, Format::Human, false);
        for file in self.files {
            output.say(&format!("`{}` was not written", file.display()));
        }
        Err(FINDINGS)
    }
}

impl From<String> for Failed {
    fn from(text: String) -> Self {
        Failed::Said(text)
    }
}

impl From<RenderError> for Failed {
    fn from(error: RenderError) -> Self {
        Failed::Template(Box::new(error))
    }
}

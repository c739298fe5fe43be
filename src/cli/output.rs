//! Where output goes: data to stdout, everything else to stderr; colours where they are wanted.

use super::{ColorArg, Common, LangArg, UNABLE};
use crate::diagnostic::{self, Format};
use crate::source::Sources;
use crate::value::Fact;
use crate::words::Lang;
use std::io::{IsTerminal, Write};

/// The two streams, with how to write to them.
pub struct Output {
    pub lang: Lang,
    /// What stands before the project's paths where they are read from the root of a repository.
    pub prefix: String,
    color_out: bool,
    color_err: bool,
    /// What was said, where somebody listens.
    heard: Option<String>,
}

impl Output {
    /// Output as the command line and the environment ask.
    pub fn new(common: &Common) -> Output {
        let plain =
            std::env::var_os("NO_COLOR").is_some_and(|it| !it.is_empty()) || std::env::var_os("TERM").is_some_and(|it| it == "dumb");
        let color = |terminal: bool| match common.color {
            ColorArg::Always => true,
            ColorArg::Never => false,
            ColorArg::Auto => terminal && !plain,
        };
        Output {
            lang: match common.lang {
                Some(LangArg::Nl) => Lang::Nl,
                _ => Lang::En,
            },
            prefix: String::new(),
            color_out: color(std::io::stdout().is_terminal()),
            color_err: color(std::io::stderr().is_terminal()),
            heard: None,
        }
    }

    /// Data, to stdout. A reader that went away ends the program quietly.
    pub fn data(&mut self, text: &str) {
        let mut stdout = std::io::stdout().lock();
        if stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).is_err() {
            std::process::exit(0);
        }
    }

    /// A word to the user, to stderr.
    pub fn say(&mut self, text: &str) {
        if let Some(heard) = &mut self.heard {
            heard.push_str(&format!("{text}\n"));
        }
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }

    /// Keeps from now on what is said of what is wrong.
    pub fn listen(&mut self) {
        self.heard = Some(String::new());
    }

    /// Gives what was said since, and keeps no more of it.
    pub fn heard(&mut self) -> String {
        self.heard.take().unwrap_or_default()
    }

    /// An error of usage, to stderr.
    pub fn error(&mut self, text: &str) {
        self.say(&format!("error: {text}"));
    }

    /// Says what is wrong with what was asked for; gives the exit code.
    pub fn wrong(&mut self, text: &str) -> u8 {
        self.error(text);
        UNABLE
    }

    /// How what is asked for is said.
    pub fn style(&self) -> diagnostic::Style<'_> {
        diagnostic::Style { lang: self.lang, color: self.color_out, prefix: &self.prefix }
    }

    /// Findings: to stdout where they are what was asked for, else to stderr.
    pub fn findings(&mut self, facts: &[Fact], sources: &Sources, format: Format, asked: bool) {
        let color = if asked { self.color_out } else { self.color_err };
        let style = diagnostic::Style { lang: self.lang, color, prefix: &self.prefix };
        let text = diagnostic::print(format, facts, sources, style);
        if asked {
            self.data(&text);
        } else {
            if let Some(heard) = &mut self.heard {
                heard.push_str(&diagnostic::print(format, facts, sources, diagnostic::Style { color: false, ..style }));
            }
            let _ = std::io::stderr().lock().write_all(text.as_bytes());
        }
    }
}

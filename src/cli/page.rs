//! What can be typed, as a page: every verb with its arguments and options, as the program has them.

use super::Cli;
use clap::{Arg, Command, CommandFactory};
use std::fmt::Write;

/// The page of commands, in Markdown.
pub fn commands_page() -> String {
    let mut command = Cli::command();
    command.build();
    let mut out = String::from(
        "# Commands\n\nEvery verb of `peil` with its arguments and options. Made from the program: `UPDATE=1 cargo test --test it commands_page` makes it anew. `peil VERB --help` says the same.\n\n## Every verb\n\n",
    );
    options(command.get_arguments().filter(|it| it.is_global_set()), &mut out);
    verbs(&command, "peil", &mut out);
    out
}

fn verbs(command: &Command, path: &str, out: &mut String) {
    for verb in command.get_subcommands().filter(|it| it.get_name() != "help") {
        let path = format!("{path} {}", verb.get_name());
        let about = verb.get_about().map(ToString::to_string).unwrap_or_default();
        let _ = write!(out, "\n## {path}\n\n{}.\n", text(about.trim_end_matches('.')));
        let own: Vec<&Arg> = verb.get_arguments().filter(|it| !it.is_global_set() && it.get_id() != "help").collect();
        if !own.is_empty() {
            out.push('\n');
            options(own.into_iter(), out);
        }
        verbs(verb, &path, out);
    }
}

fn options<'c>(of: impl Iterator<Item = &'c Arg>, out: &mut String) {
    out.push_str("| written | says |\n|---|---|\n");
    for arg in of.filter(|it| !it.is_hide_set()) {
        let mut says = arg.get_help().map(ToString::to_string).unwrap_or_default();
        let values: Vec<String> = match arg.get_action().takes_values() {
            true => arg.get_possible_values().iter().filter(|it| !it.is_hide_set()).map(|it| format!("`{}`", it.get_name())).collect(),
            false => Vec::new(),
        };
        if !values.is_empty() {
            let _ = write!(says, ": {}", values.join(", "));
        }
        if let [value] = arg.get_default_values()
            && arg.get_action().takes_values()
        {
            let _ = write!(says, "; without it `{}`", value.to_string_lossy());
        }
        if let Some(name) = arg.get_env() {
            let _ = write!(says, "; or in `{}`", name.to_string_lossy());
        }
        let _ = writeln!(out, "| `{}` | {} |", written(arg), text(&says));
    }
}

/// How an argument is typed.
fn written(arg: &Arg) -> String {
    let values = arg.get_value_names().into_iter().flatten().map(|it| it.to_string()).collect::<Vec<_>>().join(" ");
    let takes = arg.get_action().takes_values();
    match (arg.get_long(), takes) {
        (Some(long), true) => format!("--{long} {values}"),
        (Some(long), false) => format!("--{long}"),
        (None, _) => values,
    }
}

/// A text in a cell of a table.
fn text(it: &str) -> String {
    it.replace('|', "\\|").replace('<', "&lt;").replace('\n', " ")
}

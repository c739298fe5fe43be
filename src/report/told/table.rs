//! Columns side by side, the first to the left, numbers to the right.

use crate::diagnostic::harmless;

/// Rows of cells, set in columns below a head; every line begins with `indent` blanks.
pub(super) fn table(head: &[&str], rows: &[Vec<String>], indent: usize) -> String {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|it| harmless(it).replace(['\n', '\t'], " ")).collect()).collect();
    // Columns that say nothing take no room.
    let used: Vec<usize> = (0..head.len()).filter(|at| rows.iter().any(|row| row.get(*at).is_some_and(|it| !it.is_empty()))).collect();
    let width = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at)).map(|it| it.chars().count());
        cells.max().unwrap_or(0).max(head[at].chars().count())
    };
    let mut text = String::new();
    let mut line = |cells: &dyn Fn(usize) -> String| {
        let mut line = " ".repeat(indent);
        for at in &used {
            let cell = cells(*at);
            let pad = " ".repeat(width(*at).saturating_sub(cell.chars().count()));
            line.push_str(&if *at == 0 { format!("{cell}{pad}") } else { format!("{pad}{cell}") });
            line.push_str("  ");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    };
    line(&|at| head[at].to_owned());
    for row in &rows {
        line(&|at| row.get(at).cloned().unwrap_or_default());
    }
    text
}

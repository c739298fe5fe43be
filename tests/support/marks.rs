//! Which diagnostics does a file say that it will raise? `# error[code]: text` at the end of a line, or above it.

/// An expected diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub file: String,
    pub line: usize,
    pub severity: String,
    pub code: String,
    /// What its message holds.
    pub text: Option<String>,
}

/// The marks of a file of definitions.
pub fn marks(file: &str, text: &str) -> Vec<Mark> {
    let mut found = Vec::new();
    let mut above: Vec<Mark> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let mut here = marks_in(file, at + 1, line);
        let only = line.trim_start().starts_with('#') && !here.is_empty();
        if only {
            above.append(&mut here);
            continue;
        }
        found.extend(above.drain(..).map(|it| Mark { line: at + 1, ..it }));
        found.append(&mut here);
    }
    found.append(&mut above);
    found
}

fn marks_in(file: &str, line: usize, text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    // A mark's text runs to the next mark.
    for piece in text.split('#').skip(1) {
        let piece = piece.trim();
        for severity in ["error", "warning", "advice"] {
            let Some((code, rest)) = piece.strip_prefix(severity).and_then(|it| it.strip_prefix('[')).and_then(|it| it.split_once(']'))
            else {
                continue;
            };
            let text = rest.strip_prefix(':').map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
            marks.push(Mark { file: file.to_owned(), line, severity: severity.to_owned(), code: code.to_owned(), text });
        }
    }
    marks
}

//! How wide is a text, and where does it break? An estimate from the advances of common sans
//! faces with a margin, since a drawing cannot ask the reader's fonts.

/// Advances of the characters from space to `~` in thousandths of the size, the widest of a few
/// common sans faces.
const ADVANCES: [u16; 95] = [
    280, 290, 380, 640, 600, 890, 680, 210, 340, 340, 420, 840, 290, 400, 290, 340, // space ../
    610, 560, 610, 610, 620, 610, 610, 560, 610, 610, 290, 290, 610, 620, 610, 560, // 0..?
    1000, 690, 680, 730, 730, 650, 610, 770, 740, 280, 560, 680, 570, 870, 750, 780, // @..O
    650, 780, 690, 670, 620, 730, 670, 960, 670, 660, 620, 300, 340, 300, 500, 530, // P.._
    340, 570, 600, 560, 600, 580, 360, 600, 580, 260, 260, 540, 260, 880, 580, 600, // `..o
    600, 600, 380, 520, 360, 580, 540, 780, 530, 540, 530, 350, 270, 350, 600, // p..~
];

/// What faces that nobody measured may add.
const MARGIN: f64 = 1.08;

/// The weight of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// As running text.
    Regular,
    /// Headings and values.
    Bold,
}

/// Returns an upper estimate of the width of a text of this size.
pub fn width(text: &str, size: f64, weight: Weight) -> f64 {
    let sum: u32 = text.chars().map(|c| u32::from(advance(c))).sum();
    let bold = match weight {
        Weight::Regular => 1.0,
        Weight::Bold => 1.12,
    };
    f64::from(sum) / 1000.0 * size * bold * MARGIN
}

/// Breaks a text into lines that are at most `room` wide, at spaces, or within a word that is
/// itself too wide. No more than `most` lines: the last one then ends in "…".
pub fn wrap(text: &str, size: f64, weight: Weight, room: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let mut rest = word;
        loop {
            let joined = if line.is_empty() { rest.to_owned() } else { format!("{line} {rest}") };
            if width(&joined, size, weight) <= room {
                line = joined;
                break;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                continue;
            }
            let cut = fitting(rest, size, weight, room);
            lines.push(format!("{}-", &rest[..cut]));
            rest = &rest[cut..];
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = ended(last, size, weight, room);
        }
    }
    lines
}

/// Shortens a text to one line, ending in "…" if something was left out.
pub fn fit(text: &str, size: f64, weight: Weight, room: f64) -> String {
    if width(text, size, weight) <= room {
        return text.to_owned();
    }
    ended(text, size, weight, room)
}

/// The longest beginning with "…" that fits.
fn ended(text: &str, size: f64, weight: Weight, room: f64) -> String {
    let mut short = text.trim_end_matches('-').to_owned();
    while !short.is_empty() && width(&format!("{short}…"), size, weight) > room {
        short.pop();
    }
    format!("{}…", short.trim_end())
}

/// How many bytes of a word fit with a hyphen; at least one character.
fn fitting(word: &str, size: f64, weight: Weight, room: f64) -> usize {
    let mut cut = word.chars().next().map_or(word.len(), char::len_utf8);
    for (start, c) in word.char_indices().skip(1) {
        let end = start + c.len_utf8();
        if width(&word[..end], size, weight) + width("-", size, weight) > room {
            break;
        }
        cut = end;
    }
    cut
}

fn advance(c: char) -> u16 {
    match c {
        ' '..='~' => {
            let place = usize::try_from(u32::from(c) - 32).unwrap_or(0);
            ADVANCES[place.min(ADVANCES.len() - 1)]
        }
        '\u{2212}' | '±' | '≥' | '≤' | '×' => 840,
        '–' => 540,
        '—' | '…' | '→' => 1000,
        '’' | '‘' | '·' | '\u{a0}' | '\u{202f}' => 290,
        'À'..='Þ' | 'Δ' => 730,
        'ß'..='ÿ' => 600,
        'Ā'..='῿' => 720,
        // Wide scripts and emoji are as wide as they are high, at times a little more.
        _ if u32::from(c) >= 0x1100 => 1050,
        _ => 700,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit() {
        let text = "In één keer een afspraak die past, ook bij arbeidsongeschiktheidsverzekeringsmaatschappijen";
        for room in [40.0, 80.0, 150.0, 400.0] {
            for line in wrap(text, 13.5, Weight::Bold, room, 99) {
                assert!(width(&line, 13.5, Weight::Bold) <= room, "{room}: {line}");
            }
        }
        let short = wrap(text, 13.5, Weight::Bold, 120.0, 2);
        assert_eq!(short.len(), 2);
        assert!(short[1].ends_with('…'));
        assert!(wrap("", 12.0, Weight::Regular, 50.0, 2).is_empty());
        assert!(!wrap("界界界界", 12.0, Weight::Regular, 1.0, 9).is_empty());
    }
}

//! How many KPIs have which status? In: counts. Out: one bar, parts in proportion.

use super::svg::{Rect, Svg};
use crate::report::view::parts::Status;

/// Draws the bar; `desc` says the counts in words.
pub fn bar(counts: &[(Status, u32)], desc: &str) -> String {
    draw(counts, desc).0.finish()
}

/// The drawing, and the width of its parts.
fn draw(counts: &[(Status, u32)], desc: &str) -> (Svg, Vec<f64>) {
    let (width, height, gap) = (600.0, 16.0, 4.0);
    let mut svg = Svg::named("sumbar", width, height, desc);
    let parts: Vec<_> = counts.iter().filter(|(_, count)| *count > 0).collect();
    let total: f64 = parts.iter().map(|(_, count)| f64::from(*count)).sum();
    let between = gap * f64::from(u32::try_from(parts.len().saturating_sub(1)).unwrap_or(0));
    let (mut x, mut widths) = (0.0, Vec::new());
    for (status, count) in parts {
        let part = f64::from(*count) / total * (width - between);
        svg.rect(&format!("b-{}", status.code()), Rect { x, y: 0.0, w: part, h: height }, 2.0);
        x += part + gap;
        widths.push(part);
    }
    (svg, widths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_in_proportion() {
        let (_, widths) = draw(&[(Status::Act, 1), (Status::Watch, 0), (Status::OnTarget, 3)], "");
        assert_eq!(widths, [149.0, 447.0]);
        assert!(!bar(&[], "").contains("NaN"));
    }
}

//! What does a box of the goal tree look like?

use super::super::svg::{Anchor, PathData, Rect, Svg};
use super::super::text::{self, Weight};
use super::{
    GAP, GLYPH_ROOM, GoalNode, INDENT, Item, Kind, LINE, LINE_STEP, PAD, PILL_GLYPH, PILL_INDENT, PILL_PAD, SCORE_ROOM, TITLE, TITLE_STEP,
    VALUE,
};

/// The radius of the ends of a pill.
fn radius(at: Rect) -> f64 {
    (at.h / 2.0).min(26.0)
}

/// How far a box stands back from its side, that much above or below its middle: a pill is round there.
pub(super) fn inset(item: &Item<'_>, at: Rect, off: f64) -> f64 {
    let Kind::Enabler(_) = item.kind else { return 0.0 };
    let radius = radius(at);
    let into = (off.abs() - (at.h / 2.0 - radius)).clamp(0.0, radius);
    radius - (radius * radius - into * into).sqrt()
}

/// Draws a box: a goal with its theme at the edge and its status, or an enabler as a pill.
pub(super) fn draw_box(item: &Item<'_>, at: Rect, critical: bool, svg: &mut Svg) {
    match item.kind {
        Kind::Goal(goal) => {
            let theme = goal.theme.map_or_else(String::new, |t| format!(" t-{t}"));
            let gap = if goal.gap.is_some() { " gap" } else { "" };
            svg.open("g", &[("class", (&format!("nd{theme}{gap}")).into())]);
            svg.rect("bx", at, 7.0);
            svg.path("br", &edge_bar(at));
            let size = 17.0;
            svg.glyph(goal.status.code(), (at.x + at.w - size - 8.0, at.y + 9.0), size);
            let mut right = at.x + at.w - 6.0;
            if let Some(score) = &goal.score {
                let score = text::fit(score, LINE.size, Weight::Regular, SCORE_ROOM);
                svg.label(LINE, (at.x + at.w - 8.0 - size / 2.0, at.y + 9.0 + size + 12.0), Anchor::Middle, &score);
                right -= if item.title.len() < 2 { SCORE_ROOM } else { 0.0 };
            }
            words(item, (at.x + INDENT, at.y + PAD), right, Some(goal), svg);
        }
        Kind::Enabler(enabler) => {
            let hot = if critical { " hot" } else { "" };
            let gap = if enabler.gap { " gap" } else { "" };
            svg.open("g", &[("class", (&format!("nd enb{hot}{gap}")).into())]);
            svg.rect("bx", at, radius(at));
            if let Some(status) = enabler.status {
                svg.glyph(status.code(), (at.x + at.w - PILL_GLYPH - PILL_INDENT, at.y + at.h - PILL_PAD - PILL_GLYPH - 1.0), PILL_GLYPH);
            }
            words(item, (at.x + PILL_INDENT, at.y + PILL_PAD), at.x + at.w - 6.0, None, svg);
        }
    }
    svg.close("g");
}

fn words(item: &Item<'_>, from: (f64, f64), right: f64, goal: Option<&GoalNode>, svg: &mut Svg) {
    let (x, mut y) = from;
    for line in &item.title {
        svg.label(TITLE, (x, y + 13.0), Anchor::Start, line);
        y += TITLE_STEP;
    }
    y += if goal.is_some() { 2.0 } else { 0.0 };
    for line in &item.lines {
        let mut at = x;
        if let Some(status) = line.status {
            svg.glyph(status.code(), (at, y + 1.5), 13.0);
            at += GLYPH_ROOM;
        }
        if !line.value.is_empty() {
            svg.label(VALUE, (at, y + 12.5), Anchor::Start, &line.value);
            at += VALUE.width(&line.value) + 5.0;
        }
        if !line.text.is_empty() {
            svg.label(LINE, (at, y + 12.5), Anchor::Start, &line.text);
        }
        y += LINE_STEP;
    }
    let marks = |goal: &GoalNode| [(goal.others_label.clone(), goal.others.clone()), (goal.below_label.clone(), goal.below.clone())];
    for (label, statuses) in goal.map(marks).into_iter().flatten().filter(|it| !it.1.is_empty()) {
        let label = text::fit(&label, LINE.size, Weight::Regular, svg.frame().w);
        svg.label(LINE, (x, y + 12.5), Anchor::Start, &label);
        let mut at = x + LINE.width(&label) + 6.0;
        // They stand worst first; what finds no room stands in the list.
        for status in statuses {
            if at + 13.0 <= right {
                svg.glyph(status.code(), (at, y + 1.5), 13.0);
            }
            at += 16.0;
        }
        y += LINE_STEP;
    }
    for line in &item.gap {
        svg.label(GAP, (x, y + 12.5), Anchor::Start, line);
        y += LINE_STEP;
    }
}

/// The bar at the left of a box, round where the box is round.
fn edge_bar(at: Rect) -> PathData {
    let (right, radius) = (at.x + 6.0, 6.0);
    let mut path = PathData::default();
    path.move_to(right, at.y);
    path.curve_to((at.x + 2.0, at.y), (at.x, at.y + 3.0), (at.x, at.y + radius));
    path.line_to(at.x, at.y + at.h - radius);
    path.curve_to((at.x, at.y + at.h - 3.0), (at.x + 2.0, at.y + at.h), (right, at.y + at.h));
    path.close();
    path
}

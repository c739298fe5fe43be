//! What does a box of the goal tree look like?

use super::super::svg::{Anchor, PathData, Rect, Svg};
use super::super::text;
use super::{
    BAR, FOOT, GAP, GLYPH_ROOM, GoalNode, INDENT, Item, Kind, LEAST_BAR, LINE, LINE_STEP, MARGIN, PAD, PILL_GLYPH, PILL_INDENT, PILL_PAD,
    PIP, PIP_STEP, SCORE_ROOM, TITLE, TITLE_STEP, VALUE,
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
    let hot = if critical { " hot" } else { "" };
    match item.kind {
        Kind::Goal(goal) => {
            let theme = goal.theme.map_or_else(String::new, |t| format!(" t-{t}"));
            let gap = if goal.gap.is_some() { " gap" } else { "" };
            svg.open("g", &[("class", (&format!("nd{theme}{hot}{gap}")).into())]);
            svg.rect("bx", at, 7.0);
            svg.path("br", &edge_bar(at));
            let size = 17.0;
            svg.glyph(goal.status.code(), (at.x + at.w - size - 7.0, at.y + 8.0), size);
            words(item, (at.x + INDENT, at.y + PAD), svg);
            foot(goal, (at.x + INDENT, at.y + at.h - PAD - FOOT + 3.0), at.x + at.w - MARGIN - 2.0, svg);
        }
        Kind::Enabler(enabler) => {
            let gap = if enabler.gap { " gap" } else { "" };
            svg.open("g", &[("class", (&format!("nd enb{hot}{gap}")).into())]);
            svg.rect("bx", at, radius(at));
            if let Some(status) = enabler.status {
                svg.glyph(status.code(), (at.x + at.w - PILL_GLYPH - PILL_INDENT, at.y + at.h - PILL_PAD - PILL_GLYPH - 1.0), PILL_GLYPH);
            }
            words(item, (at.x + PILL_INDENT, at.y + PILL_PAD), svg);
        }
    }
    svg.close("g");
}

fn words(item: &Item<'_>, from: (f64, f64), svg: &mut Svg) {
    let (x, mut y) = from;
    for line in &item.title {
        svg.label(TITLE, (x, y + 13.0), Anchor::Start, line);
        y += TITLE_STEP;
    }
    y += if matches!(item.kind, Kind::Goal(_)) { 1.0 } else { 0.0 };
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
    for line in &item.gap {
        svg.label(GAP, (x, y + 12.5), Anchor::Start, line);
        y += LINE_STEP;
    }
}

/// The foot of a goal's box: its score with a bar filled that far, and at the end the statuses of its other KPIs and its parts.
fn foot(goal: &GoalNode, from: (f64, f64), right: f64, svg: &mut Svg) {
    let (mut x, y) = from;
    let taken = if goal.score.is_some() { SCORE_ROOM } else { 0.0 } + if goal.reached.is_some() { LEAST_BAR + 6.0 } else { 0.0 };
    // They stand worst first; what finds no room stands in the list.
    let mut end = right;
    let fits = ((right - x - taken) / PIP_STEP).floor().max(0.0);
    let shown: Vec<_> = goal.others.iter().enumerate().take_while(|it| f64::from(u32::try_from(it.0).unwrap_or(u32::MAX)) < fits).collect();
    for (_, status) in shown.iter().rev() {
        end -= PIP;
        svg.glyph(status.code(), (end, y + 2.0), PIP);
        end -= PIP_STEP - PIP;
    }
    if let Some(score) = &goal.score {
        let score = text::fit(score, VALUE.size, VALUE.weight, SCORE_ROOM - 3.0);
        svg.label(VALUE, (x, y + 12.0), Anchor::Start, &score);
        x += SCORE_ROOM;
    }
    if let Some(reached) = goal.reached {
        let room = Rect { x, y: y + 8.0 - BAR / 2.0, w: end - x - if shown.is_empty() { 0.0 } else { 6.0 }, h: BAR };
        svg.rect("gt", room, BAR / 2.0);
        let filled = Rect { w: room.w * reached.clamp(0.0, 1.0), ..room };
        if filled.w >= 1.0 {
            svg.rect(&format!("gf s-{}", goal.status.code()), filled, BAR.min(filled.w) / 2.0);
        }
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

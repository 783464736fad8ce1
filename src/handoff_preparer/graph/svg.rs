//! The drawing as inline SVG; colours are the page's affair.

use std::fmt::Write;

use super::layout::{BOX_HEIGHT, BOX_WIDTH, Layout, layout};
use super::pipeline::{Declared, Edge, Pipeline};
use crate::context::handoff::State;

/// A drawing wider than the page shrinks to it, but not to less than this.
const SHRINK_MIN: f64 = 0.7;
const NAME_CHARS_MAX: usize = 26;
const LANE_CHARS_MAX: usize = 32;

pub(super) fn draw(pipeline: &Pipeline) -> String {
    let layout = layout(pipeline.agents.len(), &pipeline.pairs());
    let mut out = format!(
        "<svg role=\"img\" aria-label=\"The pipeline\" viewBox=\"0 0 {w:.0} {h:.0}\" width=\"{w:.0}\" style=\"min-width:{least:.0}px\">\n",
        w = layout.width,
        h = layout.height,
        least = layout.width * SHRINK_MIN,
    );
    out.push_str(&markers());
    for (edge, line) in pipeline.edges.iter().zip(&layout.lines) {
        draw_edge(&mut out, pipeline, edge, line);
    }
    draw_agents(&mut out, pipeline, &layout);
    out.push_str("</svg>\n");
    out
}

/// The class of an edge: where its last handoff stands.
pub(super) fn class(state: Option<State>) -> &'static str {
    state.map_or("none", State::word)
}

/// One arrow head for each colour; SVG cannot let a marker inherit one.
fn markers() -> String {
    let mut out = String::from("<defs>\n");
    for class in ["none", "ready", "delivered", "done", "blocked", "expired"] {
        let _ = writeln!(
            out,
            "<marker id=\"to-{class}\" class=\"{class}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto-start-reverse\"><path d=\"M0 0 8 4 0 8z\"/></marker>"
        );
    }
    out.push_str("</defs>\n");
    out
}

fn draw_edge(out: &mut String, pipeline: &Pipeline, edge: &Edge, line: &[(f64, f64)]) {
    let state = class(edge.state);
    let dashed = if edge.declared == Declared::Giver { "" } else { " dashed" };
    let reason = if edge.reason.is_empty() { String::new() } else { format!(": {}", edge.reason) };
    let title = format!(
        "{} → {}{reason}{}",
        pipeline.name(edge.from),
        pipeline.name(edge.to),
        edge.state.map(|state| format!(" ({})", state.word())).unwrap_or_default(),
    );
    let _ = writeln!(
        out,
        "<path class=\"edge {state}{dashed}\" d=\"{}\" marker-end=\"url(#to-{state})\"><title>{}</title></path>",
        curve(line),
        escaped(&title)
    );
}

/// A line through the points that leaves and enters each of them level.
fn curve(points: &[(f64, f64)]) -> String {
    let mut path = String::new();
    let mut last = None;
    for (x, y) in points.iter().copied() {
        let _ = match last {
            None => write!(path, "M{x:.0} {y:.0}"),
            Some((_, level)) if f64::abs(level - y) < 0.5 => write!(path, " L{x:.0} {y:.0}"),
            // Between two boxes of one layer: a bow to their right.
            Some((from, level)) if f64::abs(from - x) < 0.5 => {
                let bow = x + 44.0;
                write!(path, " C{bow:.0} {level:.0} {bow:.0} {y:.0} {x:.0} {y:.0}")
            }
            Some((from, level)) => {
                let middle = f64::midpoint(from, x);
                write!(path, " C{middle:.0} {level:.0} {middle:.0} {y:.0} {x:.0} {y:.0}")
            }
        };
        last = Some((x, y));
    }
    path
}

fn draw_agents(out: &mut String, pipeline: &Pipeline, layout: &Layout) {
    for (agent, (x, y)) in pipeline.agents.iter().zip(&layout.boxes) {
        let kind = if agent.file.is_none() { "agent unknown" } else { "agent" };
        let lists = [("may write", &agent.allowed), ("must not write", &agent.forbidden)];
        let lists = lists.iter().filter(|(_, globs)| !globs.is_empty());
        let lists: Vec<String> =
            lists.map(|(what, globs)| format!("\n{what}: {}", globs.join(", "))).collect();
        let title = format!("{}{}", agent.name, lists.concat());
        let _ = writeln!(
            out,
            "<g class=\"{kind}\" transform=\"translate({x:.0} {y:.0})\"><title>{}</title><rect width=\"{BOX_WIDTH}\" height=\"{BOX_HEIGHT}\" rx=\"8\"/><text class=\"name\" x=\"12\" y=\"23\">{}</text><text class=\"lane\" x=\"12\" y=\"41\">{}</text></g>",
            escaped(&title),
            escaped(&cut(&agent.name, NAME_CHARS_MAX)),
            escaped(&cut(&agent.lane(), LANE_CHARS_MAX)),
        );
    }
}

fn cut(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    text.chars().take(chars_max - 1).chain(['…']).collect()
}

/// Text that cannot become markup, in an element or a quoted attribute.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

//! The pipeline as one page: no script, nothing from elsewhere.
//!
//! All foreign text goes through [`escaped`]; the page forbids itself whatever
//! it does not need, should anything ever slip through.

use std::fmt::Write;

use serde_json::Value;
use time::OffsetDateTime;

use super::pipeline::{Agent, Pipeline};
use super::svg::{self, escaped};
use crate::context::clock;
use crate::context::handoff::State;
use crate::hook::{clip, printable};

const CSS: &str = include_str!("page.css");

pub(super) fn draw(pipeline: &Pipeline, handoffs: &[Value], now: OffsetDateTime) -> String {
    let title = format!("Agents of {}", pipeline.project);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>\n{CSS}</style>\n</head>\n<body>\n<h1>{title}</h1>\n",
        title = escaped(&title)
    );
    let known = pipeline.agents.len() - pipeline.unknown().len();
    let _ = writeln!(
        out,
        "<p class=\"quiet\">{}, {} between them · {}</p>",
        counted(known, "agent", "agents"),
        counted(pipeline.edges.len(), "handoff", "handoffs"),
        escaped(&clock::stamp(now)),
    );
    let _ = writeln!(out, "<div class=\"drawing\">\n{}</div>", svg::draw(pipeline));
    out.push_str(LEGEND);
    notes(&mut out, pipeline);
    handoff_table(&mut out, handoffs, now);
    agent_table(&mut out, pipeline);
    out.push_str("</body>\n</html>\n");
    out
}

const LEGEND: &str = "\
<div class=\"legend\">\
<span class=\"none\">no handoff yet</span><span class=\"ready\">ready</span>\
<span class=\"delivered\">delivered</span><span class=\"done\">done</span>\
<span class=\"blocked\">blocked</span>\
<span class=\"dashed\">only the receiver names it</span></div>\n";

/// What is odd about the pipeline, each with its reason; nothing when all is well.
fn notes(out: &mut String, pipeline: &Pipeline) {
    let names = |list: &[usize]| {
        let names: Vec<String> =
            list.iter().map(|at| format!("<code>{}</code>", escaped(pipeline.name(*at)))).collect();
        names.join(", ")
    };
    let mut items = Vec::new();
    let unknown = pipeline.unknown();
    if !unknown.is_empty() {
        items.push(format!("<b>No definition:</b> {}", names(&unknown)));
    }
    for ring in &pipeline.cycles {
        items.push(format!("<b>Hand to each other in a ring:</b> {}", names(ring)));
    }
    let never = pipeline.never_handed_to();
    let (apart, first): (Vec<usize>, Vec<usize>) =
        never.into_iter().partition(|at| pipeline.apart().contains(at));
    if !first.is_empty() {
        items.push(format!("<b>Nobody hands to:</b> {}", names(&first)));
    }
    if !apart.is_empty() {
        items.push(format!("<b>Take no part in any handoff:</b> {}", names(&apart)));
    }
    for (file, why) in &pipeline.unreadable {
        items.push(format!(
            "<b>Cannot be read:</b> <code>{}</code>: {}",
            escaped(file),
            escaped(why)
        ));
    }
    if items.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "<h2>Worth a look</h2>\n<ul class=\"notes\">\n<li>{}</li>\n</ul>",
        items.join("</li>\n<li>")
    );
}

fn handoff_table(out: &mut String, handoffs: &[Value], now: OffsetDateTime) {
    if handoffs.is_empty() {
        return;
    }
    out.push_str("<h2>Handoffs</h2>\n<table>\n<tr><th>State</th><th>From</th><th>To</th><th>When</th><th>What</th></tr>\n");
    for handoff in handoffs {
        let text = |key: &str| {
            let text = handoff.get(key).and_then(Value::as_str).unwrap_or_default();
            escaped(&printable(&clip(text, 240)))
        };
        let state = State::of(handoff, now).map_or("unknown", State::word);
        let blockers = handoff.get("blockers").and_then(Value::as_array).into_iter().flatten();
        let blockers: Vec<&str> = blockers.filter_map(Value::as_str).collect();
        let why = if blockers.is_empty() {
            String::new()
        } else {
            let all = clip(&blockers.join("; "), 400);
            format!("<div class=\"quiet\">{}</div>", escaped(&printable(&all)))
        };
        let _ = writeln!(
            out,
            "<tr><td><span class=\"state {state}\">{state}</span></td><td>{}</td><td>{}</td><td class=\"when\">{}</td><td>{}{why}</td></tr>",
            text("from"),
            text("to"),
            escaped(&clock::age(&text("timestamp"), now)),
            text("summary"),
        );
    }
    out.push_str("</table>\n");
}

fn agent_table(out: &mut String, pipeline: &Pipeline) {
    out.push_str("<h2>Agents</h2>\n<table>\n<tr><th>Agent</th><th>May write</th><th>Must not write</th><th>Hands off to</th></tr>\n");
    for (at, agent) in pipeline.agents.iter().enumerate() {
        let Some(file) = &agent.file else { continue };
        let receivers: Vec<String> = pipeline
            .edges
            .iter()
            .filter(|edge| edge.from == at)
            .map(|edge| {
                let reason = if edge.reason.is_empty() {
                    String::new()
                } else {
                    format!(" <span class=\"quiet\">({})</span>", escaped(&edge.reason))
                };
                format!("{}{reason}", escaped(pipeline.name(edge.to)))
            })
            .collect();
        let _ = writeln!(
            out,
            "<tr><td class=\"name\" title=\"{}\">{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escaped(file),
            escaped(&agent.name),
            may_write(agent),
            globs(&agent.forbidden),
            receivers.join("<br>"),
        );
    }
    out.push_str("</table>\n");
}

fn may_write(agent: &Agent) -> String {
    match (agent.read_only, agent.allowed.is_empty()) {
        (true, _) => "<span class=\"quiet\">nothing</span>".to_owned(),
        (_, true) => "<span class=\"quiet\">not limited</span>".to_owned(),
        _ => globs(&agent.allowed),
    }
}

fn globs(globs: &[String]) -> String {
    let globs: Vec<String> =
        globs.iter().map(|glob| format!("<code>{}</code>", escaped(glob))).collect();
    globs.join("<br>")
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::super::pipeline::tests::pipeline;
    use super::*;

    #[test]
    fn foreign_text_never_becomes_markup() {
        let evil = "<script>alert(1)</script>\"'&\u{202e}";
        let handoff = serde_json::json!({
            "from": evil, "to": evil, "state": evil, "summary": evil, "blockers": [evil],
            "timestamp": evil, "reason": evil,
        });
        let now = clock::parse("2026-11-20T12:00:00Z").unwrap();
        let page = draw(&pipeline(&[(evil, &["b"])]), &[handoff], now);
        assert!(!page.contains("<script") && !page.contains('\u{202e}'), "{page}");
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        assert!(!page.contains("http://") && !page.contains("https://"), "{page}");
    }
}

//! The pipeline as a Mermaid flow chart.

use std::fmt::Write;

use super::pipeline::{Declared, Pipeline};

pub(super) fn draw(pipeline: &Pipeline) -> String {
    let mut out = String::from("flowchart LR\n");
    for (at, agent) in pipeline.agents.iter().enumerate() {
        let label = format!("{}<br/>{}", escaped(&agent.name), escaped(&agent.lane()));
        let class = if agent.file.is_none() { ":::unknown" } else { "" };
        let _ = writeln!(out, "  n{at}[\"{label}\"]{class}");
    }
    for edge in &pipeline.edges {
        let arrow = if edge.declared == Declared::Giver { "-->" } else { "-.->" };
        let state = edge.state.map(|state| format!("{}: ", state.word())).unwrap_or_default();
        let label = escaped(&format!("{state}{}", edge.reason));
        let label = if label.is_empty() { String::new() } else { format!("|\"{label}\"|") };
        let _ = writeln!(out, "  n{} {arrow}{label} n{}", edge.from, edge.to);
    }
    out.push_str("  classDef unknown stroke-dasharray: 4 4\n");
    out
}

/// Mermaid reads `#name;` in a quoted label, and little else.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' => out.push_str("#quot;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '#' => out.push_str("#35;"),
            '&' => out.push_str("#amp;"),
            '`' => out.push_str("#96;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::pipeline::tests::pipeline;
    use super::*;

    #[test]
    fn draws_agents_and_handoffs() {
        let expected = "\
flowchart LR
  n0[\"a<br/>no boundaries\"]
  n1[\"b#quot;]<br/>no definition\"]:::unknown
  n0 --> n1
  classDef unknown stroke-dasharray: 4 4
";
        assert_eq!(draw(&pipeline(&[("a", &["b\"]"])])), expected);
    }
}

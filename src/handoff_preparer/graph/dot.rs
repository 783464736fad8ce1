//! The pipeline for Graphviz.

use std::fmt::Write;

use super::pipeline::{Declared, Pipeline};

pub(super) fn draw(pipeline: &Pipeline) -> String {
    let mut out = String::from(
        "digraph pipeline {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n",
    );
    for (at, agent) in pipeline.agents.iter().enumerate() {
        let label = format!("{}\\n{}", escaped(&agent.name), escaped(&agent.lane()));
        let style = if agent.file.is_none() { ", style=\"rounded,dashed\"" } else { "" };
        let _ = writeln!(out, "  n{at} [label=\"{label}\"{style}];");
    }
    for edge in &pipeline.edges {
        let state = edge.state.map(|state| format!("{}: ", state.word())).unwrap_or_default();
        let label = escaped(&format!("{state}{}", edge.reason));
        let style = if edge.declared == Declared::Giver { "solid" } else { "dashed" };
        let _ =
            writeln!(out, "  n{} -> n{} [label=\"{label}\", style={style}];", edge.from, edge.to);
    }
    out.push_str("}\n");
    out
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::super::pipeline::tests::pipeline;
    use super::*;

    #[test]
    fn draws_agents_and_handoffs() {
        let drawn = draw(&pipeline(&[("a", &["b\"\\"])]));
        assert!(drawn.contains("  n0 [label=\"a\\nno boundaries\"];\n"), "{drawn}");
        assert!(
            drawn.contains(
                "  n1 [label=\"b\\\"\\\\\\nno definition\", style=\"rounded,dashed\"];\n"
            ),
            "{drawn}"
        );
        assert!(drawn.contains("  n0 -> n1 [label=\"\", style=solid];\n"), "{drawn}");
    }
}

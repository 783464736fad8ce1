//! Hooks in the frontmatter, read only to say which of them will not run.

use super::Item;
use super::frontmatter::Front;
use super::yaml::{Entry, Node};

/// Warns of hooks in a form that the client does not document.
///
/// It documents `Event: [{matcher?, hooks: [{type, command}]}]`. A third of
/// the files with hooks leave out the inner list, and as many again carry
/// `pre:` and `post:` shell texts of another tool.
pub(super) fn warnings(front: &Front<'_>) -> Vec<Item> {
    let Some(Entry { node: Node::Map(events), .. }) = front.keys.get("hooks") else {
        return Vec::new();
    };
    events.iter().filter_map(of_event).collect()
}

fn of_event(event: &Entry) -> Option<Item> {
    let why = match &event.node {
        Node::List(groups) if groups.iter().any(|group| is_short(&group.node)) => {
            "is in short form, without an inner `hooks:` list: the client may not run it"
        }
        Node::Text(text) if !text.is_empty() => "is a text: the client does not run it",
        Node::Map(_) => "is no list: the client does not run it",
        _ => return None,
    };
    let text = format!("hook `{}` {why}; install hooks in the settings", event.key);
    Some(Item { text, line: event.line })
}

fn is_short(group: &Node) -> bool {
    group.get("hooks").is_none() && group.get("command").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::frontmatter;

    #[track_caller]
    fn check(hooks: &str, lines: &[usize]) {
        let text = format!("---\nname: a\nhooks:\n{hooks}\n---\n");
        let front = frontmatter::read(&text);
        let found: Vec<usize> = warnings(&front).iter().map(|item| item.line).collect();
        assert_eq!(found, lines, "{hooks}");
    }

    #[test]
    fn warns_of_forms_that_do_not_run() {
        check("  Stop:\n    - command: \"a.sh\"", &[4]);
        check("  pre: |\n    echo hi\n  post: |\n    echo ho", &[4, 6]);
        check(
            "  PreToolUse:\n    - matcher: Write\n      hooks:\n        - type: command\n          command: a.sh",
            &[],
        );
    }
}

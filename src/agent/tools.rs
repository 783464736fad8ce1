//! Which tools an agent has, and whether one of them can write files.

use super::frontmatter::Front;
use super::{Item, Tools};

/// The tools that the frontmatter leaves the agent.
pub(super) fn read(front: &Front<'_>) -> Tools {
    let denied: Vec<String> = ["disallowedTools", "disallowed-tools", "disallowed_tools"]
        .iter()
        .find_map(|key| front.words(key))
        .unwrap_or_default()
        .into_iter()
        .map(|(tool, _)| tool)
        .collect();
    let named = ["tools", "allowed-tools", "allowedTools", "allowed_tools"]
        .iter()
        .find_map(|key| front.words(key).filter(|_| filled(front, key)));
    let Some(named) = named else {
        return if denied.is_empty() { Tools::All } else { Tools::AllBut(denied) };
    };
    if named.iter().any(|(tool, _)| matches!(tool.as_str(), "*" | "all" | "All" | "ALL")) {
        return if denied.is_empty() { Tools::All } else { Tools::AllBut(denied) };
    }
    let kept = named.into_iter().map(|(tool, _)| tool).filter(|tool| !denied.contains(tool));
    Tools::Only(kept.collect())
}

/// `tools:` with nothing behind it is as good as absent; `tools: []` is not.
fn filled(front: &Front<'_>, key: &str) -> bool {
    front.keys.get(key).is_some_and(
        |entry| !matches!(&entry.node, super::yaml::Node::Text(text) if text.trim().is_empty()),
    )
}

/// Why the tools alone make the agent read-only, if they do.
pub(super) fn read_only(front: &Front<'_>, tools: &Tools) -> Option<Item> {
    let item = |text: String, key: &str| {
        let line = front.keys.get(key).map_or(1, |entry| entry.line);
        Some(Item { text, line })
    };
    if front.text("permissionMode") == Some("plan") {
        return item("permissionMode: plan".to_owned(), "permissionMode");
    }
    match tools {
        Tools::All => None,
        Tools::AllBut(denied) => {
            let writing = ["Write", "Edit"];
            let all = writing.iter().all(|tool| denied.iter().any(|denied| denied == tool));
            if all {
                item("disallowedTools: no tool that writes is left".to_owned(), "disallowedTools")
            } else {
                None
            }
        }
        Tools::Only(named) => {
            let key = if front.keys.get("tools").is_some() { "tools" } else { "allowed-tools" };
            if named.iter().any(|tool| writes(tool)) {
                None
            } else {
                item("tools: none of them writes files".to_owned(), key)
            }
        }
    }
}

/// Why tools that are known without a frontmatter make an agent read-only.
pub(super) fn none_writes(tools: &Tools) -> Option<Item> {
    match tools {
        Tools::Only(named) if !named.iter().any(|tool| writes(tool)) => {
            Some(Item { text: "tools: none of them writes files".to_owned(), line: 1 })
        }
        _ => None,
    }
}

/// Whether a tool of this name, in any client's spelling, writes files.
pub(super) fn writes(tool: &str) -> bool {
    let bare = tool.split('(').next().unwrap_or(tool).trim();
    let last = bare.rsplit("__").next().unwrap_or(bare);
    if bare.starts_with("mcp__") {
        let verbs =
            ["write", "edit", "create_file", "create_text_file", "replace", "insert", "apply"];
        return last == "*" && bare.contains("filesystem")
            || verbs.iter().any(|verb| last.starts_with(verb))
            || last.contains("file") && (last.contains("write") || last.contains("edit"));
    }
    let group = bare.split('/').next().unwrap_or(bare);
    let name = bare.rsplit('/').next().unwrap_or(bare).to_ascii_lowercase();
    matches!(
        name.replace(['_', '-'], "").as_str(),
        "write"
            | "edit"
            | "multiedit"
            | "notebookedit"
            | "create"
            | "applypatch"
            | "patch"
            | "writefile"
            | "editfile"
            | "editfiles"
            | "createfile"
            | "replace"
            | "new"
            | "insert"
            | "strreplace"
            | "strreplaceeditor"
            | "strreplacebasededittool"
            | "searchreplace"
            | "createandrunworkflow"
            | "writetofile"
            | "applydiff"
    ) || group == "edit"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_writing_tools_in_any_spelling() {
        for tool in
            ["Write", "Edit(src/**)", "edit/editFiles", "write_file", "Create", "apply_patch"]
        {
            assert!(writes(tool), "{tool}");
        }
        for tool in
            ["Read", "Bash", "Execute", "Grep", "TodoWrite", "mcp__x__read_page", "WebFetch"]
        {
            assert!(!writes(tool), "{tool}");
        }
    }
}

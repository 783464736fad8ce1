//! The text of `settings.json` with our entries, and without them.
//!
//! Pure: text in, text out. What else the file holds stays to the byte: its
//! order, its layout, its line ends.

use std::ops::Range;

use anyhow::{Context, bail};
use serde_json::{Map, Value, json};

use super::json_text::{Member, elements, members, root};
use super::{EXECUTABLES, FOLDER};

const HOOKS_JSON: &str = include_str!("../../hooks/hooks.json");

/// Our hooks by event, as they stand in a project's settings.
pub fn entries() -> anyhow::Result<Map<String, Value>> {
    let text = HOOKS_JSON
        .replace("${CLAUDE_PLUGIN_ROOT}/bin/", &format!("${{CLAUDE_PROJECT_DIR}}/{FOLDER}/"));
    let mut json: Value = serde_json::from_str(&text).context("`hooks/hooks.json` is damaged")?;
    match json.get_mut("hooks").map(Value::take) {
        Some(Value::Object(events)) => Ok(events),
        _ => bail!("`hooks/hooks.json` is damaged"),
    }
}

/// The settings with our entries at the end of each event's list; unchanged
/// when they are all there. `None`: there is no file yet.
///
/// Errors when the text is not one JSON object, or `hooks` has another shape.
pub fn merge(text: Option<&str>) -> anyhow::Result<String> {
    let entries = entries()?;
    let Some(text) = text else {
        return Ok(format!("{:#}\n", json!({"hooks": entries})));
    };
    let settings = parse(text)?;
    if has_all(&settings, &entries) {
        return Ok(text.to_owned());
    }
    let mut text = strip(text)?;
    for (event, groups) in &entries {
        text = match find_list(&text, event)? {
            Found::Nothing => {
                insert_member(&text, &root(&text), 0, "hooks", &json!({event: groups}))
            }
            Found::Hooks(hooks) => insert_member(&text, &hooks, 1, event, groups),
            Found::List(list) => insert_groups(&text, &list, groups),
        };
    }
    Ok(text)
}

/// The settings without our entries, and without what only they filled.
///
/// Errors when the text is not one JSON object.
pub fn strip(text: &str) -> anyhow::Result<String> {
    parse(text)?;
    let mut text = text.to_owned();
    while let Some(next) = strip_one(&text) {
        text = next;
    }
    Ok(text)
}

fn parse(text: &str) -> anyhow::Result<Value> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match serde_json::from_str(text).context("it is not valid JSON")? {
        settings @ Value::Object(_) => Ok(settings),
        _ => bail!("it is JSON, but no object"),
    }
}

/// Whether every one of our entries is there, wherever the user moved it to.
fn has_all(settings: &Value, entries: &Map<String, Value>) -> bool {
    let list = |groups: Option<&Value>| -> Vec<Value> {
        let groups = groups.and_then(Value::as_array).into_iter().flatten();
        let hooks = groups.filter_map(|group| group.get("hooks")?.as_array());
        hooks.flatten().filter(|hook| is_ours(hook)).cloned().collect()
    };
    let of_event = |event: &str| settings.get("hooks").and_then(|hooks| hooks.get(event));
    entries.iter().all(|(event, groups)| list(of_event(event)) == list(Some(groups)))
}

fn is_ours(hook: &Value) -> bool {
    let command = hook.get("command").and_then(Value::as_str).unwrap_or_default();
    let name = command
        .strip_prefix("${CLAUDE_PROJECT_DIR}/")
        .and_then(|rest| rest.strip_prefix(FOLDER)?.strip_prefix('/'));
    name.is_some_and(|name| EXECUTABLES.contains(&name))
}

/// How far the way to an event's list is already there.
enum Found {
    Nothing,
    Hooks(Range<usize>),
    List(Range<usize>),
}

fn find_list(text: &str, event: &str) -> anyhow::Result<Found> {
    let Some(hooks) = member(text, &root(text), "hooks") else {
        return Ok(Found::Nothing);
    };
    if !starts_with(text, &hooks.value, b'{') {
        bail!("`hooks` is not an object");
    }
    let Some(list) = member(text, &hooks.value, event) else {
        return Ok(Found::Hooks(hooks.value));
    };
    if !starts_with(text, &list.value, b'[') {
        bail!("`hooks.{event}` is not a list");
    }
    Ok(Found::List(list.value))
}

/// The member of this name; of several the last, which is the one that counts.
fn member(text: &str, object: &Range<usize>, key: &str) -> Option<Member> {
    members(text, object).into_iter().rfind(|member| member.key == key)
}

fn starts_with(text: &str, span: &Range<usize>, byte: u8) -> bool {
    text.as_bytes().get(span.start) == Some(&byte)
}

fn insert_member(
    text: &str,
    object: &Range<usize>,
    depth: usize,
    key: &str,
    value: &Value,
) -> String {
    let last = members(text, object).last().map(|member| member.whole.end);
    let member = format!("\"{key}\": {}", pretty(text, value, depth + 1));
    insert(text, object, last, depth, &member)
}

/// The text with the groups at the end of an event's list.
fn insert_groups(text: &str, list: &Range<usize>, groups: &Value) -> String {
    let groups = groups.as_array().into_iter().flatten();
    let items: Vec<_> = groups.map(|group| pretty(text, group, 3)).collect();
    let end = elements(text, list).last().map(|group| group.end);
    insert(text, list, end, 2, &items.join(&format!(",{}", new_line(text, 3))))
}

/// The text with `item` as the last one of the container.
fn insert(
    text: &str,
    container: &Range<usize>,
    last: Option<usize>,
    depth: usize,
    item: &str,
) -> String {
    let at = last.unwrap_or(container.start + 1);
    let (head, tail) = text.split_at_checked(at).unwrap_or((text, ""));
    let space = text.get(at..container.end.saturating_sub(1)).unwrap_or_default();
    let comma = if last.is_some() { "," } else { "" };
    let close = if space.contains('\n') { String::new() } else { new_line(text, depth) };
    let tail = if space.contains('\n') { tail } else { tail.trim_start() };
    format!("{head}{comma}{}{item}{close}{tail}", new_line(text, depth + 1))
}

/// A value laid out for its depth in the text.
fn pretty(text: &str, value: &Value, depth: usize) -> String {
    let lines = format!("{value:#}");
    let mut out = String::new();
    for (number, line) in lines.lines().enumerate() {
        let inner = line.trim_start_matches(' ');
        let own = (line.len() - inner.len()) / 2;
        if number > 0 {
            out.push_str(&new_line(text, depth + own));
        }
        out.push_str(inner);
    }
    out
}

/// A line end and the indentation of a depth, in the text's own manner.
fn new_line(text: &str, depth: usize) -> String {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let indented =
        text.lines().find(|line| line.starts_with([' ', '\t']) && !line.trim().is_empty());
    let unit = indented
        .map_or("  ", |line| line.get(..line.len() - line.trim_start().len()).unwrap_or("  "));
    format!("{end}{}", unit.repeat(depth))
}

/// The text without the first of our entries, or without the first container
/// that has nothing else in it.
fn strip_one(text: &str) -> Option<String> {
    let hooks = member(text, &root(text), "hooks")?;
    if !starts_with(text, &hooks.value, b'{') {
        return None;
    }
    let all_ours = |span: &Range<usize>| holds_only_ours(text, span);
    if all_ours(&hooks.value) {
        let spans: Vec<_> = members(text, &root(text)).into_iter().map(|m| m.whole).collect();
        return Some(cut(text, &root(text), &spans, &hooks.whole));
    }
    let events = members(text, &hooks.value);
    let event_spans: Vec<_> = events.iter().map(|event| event.whole.clone()).collect();
    for event in events.iter().filter(|event| starts_with(text, &event.value, b'[')) {
        if all_ours(&event.value) {
            return Some(cut(text, &hooks.value, &event_spans, &event.whole));
        }
        let groups = elements(text, &event.value);
        for group in groups.iter().filter(|group| starts_with(text, group, b'{')) {
            if all_ours(group) {
                return Some(cut(text, &event.value, &groups, group));
            }
            let Some(list) = member(text, group, "hooks") else { continue };
            if !starts_with(text, &list.value, b'[') {
                continue;
            }
            let entries = elements(text, &list.value);
            if let Some(ours) = entries.iter().find(|entry| all_ours(entry)) {
                return Some(cut(text, &list.value, &entries, ours));
            }
        }
    }
    None
}

/// Whether a part of the settings holds at least one of our entries and nothing else.
fn holds_only_ours(text: &str, span: &Range<usize>) -> bool {
    let Ok(value) = serde_json::from_str::<Value>(text.get(span.clone()).unwrap_or_default())
    else {
        return false;
    };
    // From the entry outwards: an entry, a group, a list of groups, all events.
    let entries = |list: &Value| {
        list.as_array().is_some_and(|list| !list.is_empty() && list.iter().all(is_ours))
    };
    let group = |group: &Value| {
        group.get("hooks").is_some_and(entries)
            && group
                .as_object()
                .is_some_and(|group| group.keys().all(|key| key == "hooks" || key == "matcher"))
    };
    let groups = |list: &Value| {
        list.as_array().is_some_and(|list| !list.is_empty() && list.iter().all(group))
    };
    let events = |events: &Value| {
        events.as_object().is_some_and(|events| !events.is_empty() && events.values().all(groups))
    };
    is_ours(&value) || group(&value) || groups(&value) || events(&value)
}

/// The text without one item of a container, its comma and the space before it.
fn cut(
    text: &str,
    container: &Range<usize>,
    items: &[Range<usize>],
    item: &Range<usize>,
) -> String {
    let before = items.iter().rfind(|other| other.end <= item.start);
    let after = items.iter().find(|other| other.start >= item.end);
    let opening = items
        .first()
        .map_or(container.start..container.start, |first| container.start..first.start);
    let on_one_line = !text.get(opening).unwrap_or_default().contains('\n');
    let (from, to) = match (before, after) {
        // The line end before the bracket came with our entry.
        (Some(before), None) if on_one_line => (before.end, container.end - 1),
        (Some(before), _) => (before.end, item.end),
        (None, Some(after)) => (item.start, after.start),
        (None, None) => (container.start + 1, container.end - 1),
    };
    let head = text.get(..from).unwrap_or_default();
    let tail = text.get(to..).unwrap_or_default();
    format!("{head}{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Settings in the manners in which people write them.
    const SETTINGS: [&str; 9] = [
        "{}",
        "{ }\n",
        "{\n}\n",
        "{\"model\":\"opus\"}",
        "{\n\t\"model\": \"opus\",\n\t\"hooks\": {}\n}\n",
        "{\r\n    \"hooks\": {\r\n        \"Stop\": []\r\n    },\r\n    \"env\": {\"A\": \"}\"}\r\n}\r\n",
        r#"{"hooks":{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"mine"}]}]}}"#,
        "{\n  \"hooks\": {\n    \"Stop\": [\n      {\"hooks\": [{\"type\": \"command\", \"command\": \"a\"}]}\n    ],\n    \"Notification\": []\n  },\n  \"z\": [1, 2.50, 1e3]\n}",
        "\u{feff}{\"hooks\": {\"Stop\": [{\"hooks\": []}]}}",
    ];

    fn value(text: &str) -> Value {
        parse(text).unwrap()
    }

    #[test]
    fn every_entry_is_added_and_the_rest_stays() {
        for text in SETTINGS {
            let merged = merge(Some(text)).unwrap();
            assert!(has_all(&value(&merged), &entries().unwrap()), "{merged}");
            let (mut rest, mut wanted) = (value(&strip(&merged).unwrap()), value(text));
            for settings in [&mut rest, &mut wanted] {
                // A container that was empty before may go with our entries.
                let hooks = settings.get_mut("hooks").and_then(Value::as_object_mut);
                if let Some(hooks) = hooks {
                    hooks.retain(|_, groups| *groups != json!([]));
                    if hooks.is_empty() {
                        settings.as_object_mut().unwrap().remove("hooks");
                    }
                }
            }
            assert_eq!(rest, wanted, "{merged}");
        }
    }

    #[test]
    fn merging_twice_changes_nothing() {
        for text in SETTINGS {
            let once = merge(Some(text)).unwrap();
            assert_eq!(merge(Some(&once)).unwrap(), once);
        }
        let fresh = merge(None).unwrap();
        assert_eq!(merge(Some(&fresh)).unwrap(), fresh);
    }

    #[test]
    fn what_stood_there_stands_there_to_the_byte() {
        let text = "{\n  \"a\":   1,\n  \"hooks\": {\n    \"Stop\": [ {\"hooks\": []} ]\n  }\n}\n";
        let merged = merge(Some(text)).unwrap();
        let (head, _) = merged.split_once(",\n      {\n        \"hooks\"").unwrap();
        assert_eq!(head, "{\n  \"a\":   1,\n  \"hooks\": {\n    \"Stop\": [ {\"hooks\": []}");
        assert!(merged.ends_with("\n    ]\n  }\n}\n"), "{merged}");
    }

    #[test]
    fn the_manner_of_the_file_is_kept() {
        let merged = merge(Some("{\r\n\t\"a\": 1\r\n}\r\n")).unwrap();
        assert!(
            merged.starts_with("{\r\n\t\"a\": 1,\r\n\t\"hooks\": {\r\n\t\t\"PreToolUse\": ["),
            "{merged}"
        );
        assert_eq!(merged.matches('\n').count(), merged.matches("\r\n").count());
    }

    #[test]
    fn an_entry_of_an_older_version_is_replaced() {
        let old = r#"{"hooks": {"PreToolUse": [{"hooks": [{"type": "command",
            "command": "${CLAUDE_PROJECT_DIR}/.claude/hooks/agent/boundary-guard"}]}]}}"#;
        let merged = value(&merge(Some(old)).unwrap());
        assert_eq!(merged["hooks"]["PreToolUse"], entries().unwrap()["PreToolUse"]);
    }

    #[test]
    fn says_what_is_wrong_with_settings_that_are_none() {
        let check = |text: &str, message: &str| {
            let error = format!("{:#}", merge(Some(text)).unwrap_err());
            assert!(error.starts_with(message), "{error}");
        };
        check("", "it is not valid JSON: EOF while parsing a value at line 1 column 0");
        check("{\"a\": 1,}", "it is not valid JSON: trailing comma at line 1 column 9");
        check("// x\n{}", "it is not valid JSON: expected value at line 1 column 1");
        check("[]", "it is JSON, but no object");
        check(r#"{"hooks": []}"#, "`hooks` is not an object");
        check(r#"{"hooks": {"Stop": {}}}"#, "`hooks.Stop` is not a list");
    }

    #[test]
    fn only_the_guard_before_a_tool_fails_closed() {
        for (event, groups) in entries().unwrap() {
            let groups = groups.as_array().unwrap().iter();
            for hook in groups.flat_map(|group| group["hooks"].as_array().unwrap()) {
                let guard = hook["command"].as_str().unwrap().ends_with("/boundary-guard");
                let closed = guard && event == "PreToolUse";
                assert_eq!(hook.get("onFailure"), closed.then_some(&json!("block")), "{event}");
                assert_eq!(hook["args"], json!([]), "{event}");
                assert!(hook["timeout"].as_u64().is_some_and(|seconds| seconds <= 60), "{event}");
            }
        }
    }
}

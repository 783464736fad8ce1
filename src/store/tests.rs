//! What happens to files that are in the way, and to the rest of the folder.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use serde_json::json;

use super::*;

/// A project folder, and the path of a context file in it.
fn project() -> (tempfile::TempDir, PathBuf, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().canonicalize().unwrap();
    let file = root.join(".claude/context/session/state.json");
    (dir, root, file)
}

fn lay(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn set(path: &Path, key: &str) -> anyhow::Result<()> {
    update_json(path, |json| {
        json[key] = json!(1);
        Ok(())
    })
}

#[track_caller]
fn check_refused(result: anyhow::Result<()>, message: &str) {
    let error = format!("{:#}", result.expect_err("must be refused"));
    assert!(error.starts_with(message), "{error}\ndoes not start with\n{message}");
}

#[test]
fn makes_files_and_folders_for_the_owner_only_and_leaves_nothing_else() {
    let (_keep, root, file) = project();
    set(&file, "a").unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), "{\n  \"a\": 1\n}\n");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let folder = root.join(".claude/context/session");
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(names(&folder), ["state.json"]);
}

#[test]
fn keeps_unknown_fields_their_order_and_the_permissions() {
    let (_keep, _root, file) = project();
    lay(&file, r#"{"z":{"b":2,"a":[1]},"theirs":"x"}"#);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o664)).unwrap();
    set(&file, "ours").unwrap();
    let text = fs::read_to_string(&file).unwrap();
    let compact = text.split_whitespace().collect::<String>();
    assert_eq!(compact, r#"{"z":{"b":2,"a":[1]},"theirs":"x","ours":1}"#);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o664);
}

#[test]
fn an_object_left_as_it_was_is_not_written() {
    let (_keep, _root, file) = project();
    lay(&file, r#"{"a":1}"#);
    set(&file, "a").unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), r#"{"a":1}"#);
}

#[test]
fn a_change_that_fails_changes_nothing() {
    let (_keep, root, file) = project();
    lay(&file, r#"{"a":1}"#);
    let failed: anyhow::Result<()> = update_json(&file, |json| {
        json["a"] = json!(2);
        bail!("no")
    });
    assert!(failed.is_err());
    assert_eq!(fs::read_to_string(&file).unwrap(), r#"{"a":1}"#);
    assert_eq!(names(&root.join(".claude/context/session")), ["state.json"]);
}

#[test]
fn sets_aside_what_is_no_json_object() {
    let (_keep, root, file) = project();
    for (number, text) in [(1, "{torn"), (2, "[1]"), (3, "\"text\"")] {
        lay(&file, text);
        let updated = update_json_noting(&file, |json| {
            json["a"] = json!(1);
            Ok(())
        });
        let aside = root.join(format!(".claude/context/session/state.json.unreadable-{number}"));
        assert_eq!(updated.unwrap().set_aside.as_deref(), Some(aside.as_path()));
        assert_eq!(fs::read_to_string(&aside).unwrap(), text);
        assert_eq!(read_json(&file).unwrap(), Some(json!({"a": 1})));
    }
}

#[test]
fn an_empty_file_and_a_byte_order_mark_are_no_damage() {
    let (_keep, root, file) = project();
    lay(&file, "\n");
    set(&file, "a").unwrap();
    lay(&file, "\u{feff}{\"b\":1}");
    set(&file, "a").unwrap();
    assert_eq!(read_json(&file).unwrap(), Some(json!({"b": 1, "a": 1})));
    assert_eq!(names(&root.join(".claude/context/session")), ["state.json"]);
}

#[test]
fn refuses_links_planted_below_the_client_folder() {
    let (_keep, root, file) = project();
    let elsewhere = root.join("elsewhere");
    lay(&elsewhere.join("state.json"), r#"{"mine":true}"#);
    fs::create_dir_all(root.join(".claude/context")).unwrap();
    symlink(&elsewhere, root.join(".claude/context/session")).unwrap();
    let folder = format!("`{}` is a symbolic link", root.join(".claude/context/session").display());
    check_refused(set(&file, "a"), &folder);
    check_refused(append_line(&file, "x", 100), &folder);
    check_refused(read_json(&file).map(drop), &folder);

    fs::remove_file(root.join(".claude/context/session")).unwrap();
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    symlink(elsewhere.join("state.json"), &file).unwrap();
    let itself = format!("`{}` is a symbolic link", file.display());
    check_refused(set(&file, "a"), &itself);
    check_refused(replace(&file, b"x"), &itself);
    check_refused(append_line(&file, "x", 100), &itself);
    check_refused(read_json(&file).map(drop), &itself);
    assert_eq!(fs::read_to_string(elsewhere.join("state.json")).unwrap(), r#"{"mine":true}"#);
    assert_eq!(names(&elsewhere), ["state.json"]);
}

#[test]
fn refuses_links_on_the_way_to_a_file_of_the_checkout() {
    let (_keep, root, _file) = project();
    fs::create_dir_all(root.join(".git")).unwrap();
    fs::create_dir_all(root.join("elsewhere")).unwrap();
    symlink(root.join("elsewhere"), root.join("notes")).unwrap();
    let refused = replace(&root.join("notes/role-comm-backend.md"), b"x");
    check_refused(refused, &format!("`{}` is a symbolic link", root.join("notes").display()));
    assert!(names(&root.join("elsewhere")).is_empty());
}

#[test]
fn a_shared_client_folder_may_be_a_link() {
    let (_keep, root, file) = project();
    fs::create_dir_all(root.join("shared")).unwrap();
    symlink(root.join("shared"), root.join(".claude")).unwrap();
    set(&file, "a").unwrap();
    assert!(root.join("shared/context/session/state.json").is_file());
}

#[test]
fn says_what_is_in_the_way() {
    let (_keep, root, file) = project();
    fs::create_dir_all(&file).unwrap();
    let expected = format!("`{}` is a folder, expected a file", file.display());
    check_refused(set(&file, "a"), &expected);
    check_refused(replace(&file, b"x"), &expected);
    check_refused(append_line(&file, "x", 100), &expected);
    lay(&root.join(".claude/context/knowledge"), "a file");
    check_refused(
        set(&root.join(".claude/context/knowledge/active.json"), "a"),
        &format!(
            "`{}` is a file, expected a folder",
            root.join(".claude/context/knowledge").display()
        ),
    );
    check_refused(set(Path::new("relative.json"), "a"), "`relative.json` is not an absolute path");
    check_refused(
        set(Path::new("/nowhere/at/all/.claude/x.json"), "a"),
        "there is no folder `/nowhere/at/all`",
    );
}

#[test]
fn what_a_killed_writer_left_is_taken_away() {
    let (_keep, root, file) = project();
    lay(&root.join(".claude/context/session/.state.json.tmp"), "{\"half");
    set(&file, "a").unwrap();
    assert_eq!(names(&root.join(".claude/context/session")), ["state.json"]);
}

#[test]
fn removing_what_is_not_there_is_no_error() {
    let (_keep, _root, file) = project();
    remove(&file).unwrap();
    set(&file, "a").unwrap();
    remove(&file).unwrap();
    assert!(!file.exists());
    assert_eq!(read_json(&file).unwrap(), None);
}

#[test]
fn text_is_changed_only_when_it_is_text() {
    let (_keep, _root, file) = project();
    update_text(&file, |before| before.is_none().then(|| "one\n".to_owned())).unwrap();
    update_text(&file, |before| before.map(|text| format!("{text}two\n"))).unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), "one\ntwo\n");
    fs::write(&file, b"\xff").unwrap();
    let expected = format!("`{}` is not UTF-8", file.display());
    check_refused(update_text(&file, |_| Some("x".to_owned())), &expected);
    assert_eq!(fs::read(&file).unwrap(), b"\xff");
}

#[test]
fn appends_rotates_and_mends_a_torn_line() {
    let (_keep, root, _file) = project();
    let log = root.join(".claude/context/ledger.jsonl");
    for number in 0..5 {
        append_line(&log, &format!("line {number}"), 20).unwrap();
    }
    assert_eq!(fs::read_to_string(&log).unwrap(), "line 4\n");
    let older = root.join(".claude/context/ledger.1.jsonl");
    assert_eq!(fs::read_to_string(older).unwrap(), "line 2\nline 3\n");
    fs::write(&log, "torn").unwrap();
    append_line(&log, "whole", 100).unwrap();
    assert_eq!(fs::read_to_string(&log).unwrap(), "torn\nwhole\n");
    check_refused(append_line(&log, "a\nb", 100), "a line for");
}

#[test]
fn an_archive_keeps_every_line() {
    let (_keep, root, _file) = project();
    let archive = root.join(".claude/context/history/runs.jsonl");
    for number in 0..10 {
        archive_line(&archive, &format!("line {number}"), 20).unwrap();
    }
    let folder = root.join(".claude/context/history");
    // `-` sorts before `.`: the oldest first, the current one last.
    let lines: String =
        names(&folder).iter().map(|name| fs::read_to_string(folder.join(name)).unwrap()).collect();
    let expected: Vec<String> = (0..10).map(|number| format!("line {number}")).collect();
    assert_eq!(lines.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_pipe_in_the_place_of_a_file_does_not_hang_the_reader() {
    let (_keep, _root, file) = project();
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let made = std::process::Command::new("mkfifo").arg(&file).status();
    if !made.is_ok_and(|status| status.success()) {
        println!("skipped: no mkfifo on this machine");
        return;
    }
    check_refused(set(&file, "a"), &format!("`{}` is no regular file", file.display()));
    check_refused(tail(&file, 9).map(drop), &format!("`{}` is no regular file", file.display()));
}

#[test]
fn reads_the_end_of_a_file() {
    let (_keep, _root, file) = project();
    assert_eq!(tail(&file, 5).unwrap(), b"");
    lay(&file, "one\ntwo\n");
    assert_eq!(
        (tail(&file, 5).unwrap(), tail(&file, 99).unwrap()),
        (b"\ntwo\n".to_vec(), b"one\ntwo\n".to_vec())
    );
    symlink(&file, file.with_extension("link")).unwrap();
    assert!(tail(&file.with_extension("link"), 5).is_err());
}

#[test]
fn threads_lose_nothing() {
    const WRITERS: usize = 8;
    const ROUNDS: usize = 25;
    let (_keep, root, file) = project();
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let file = &file;
            scope.spawn(move || {
                for round in 0..ROUNDS {
                    set(file, &format!("{writer}-{round}")).unwrap();
                    assert!(read_json(file).unwrap().is_some());
                }
            });
        }
    });
    let json = read_json(&file).unwrap().unwrap();
    assert_eq!(json.as_object().unwrap().len(), WRITERS * ROUNDS);
    assert_eq!(names(&root.join(".claude/context/session")), ["state.json"]);
}

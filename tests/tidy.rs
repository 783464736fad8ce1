//! The repository keeps its own rules: the walls of ARCHITECTURE.md, held here.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::sandbox::{EXECUTABLES, Sandbox};

/// A room holds one noun; beyond this it holds two.
const ROOM_LINES_MAX: usize = 700;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// A file of `src/`: its name from the root, and its lines without the tests.
struct Source {
    name: String,
    lines: Vec<String>,
}

fn sources() -> Vec<Source> {
    let files = rust_files(&root().join("src"));
    let sources = files.into_iter().map(|path| {
        let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let lines = text.lines().take_while(|line| !line.starts_with("#[cfg(test)]"));
        Source { name, lines: lines.map(str::to_owned).collect() }
    });
    sources.filter(|source| !source.name.ends_with("/tests.rs")).collect()
}

/// No file of `src/` outside `rooms` may name any of `words` in code.
#[track_caller]
fn only(rooms: &[&str], words: &[&str], why: &str) {
    let mut found = Vec::new();
    for source in sources() {
        if rooms.iter().any(|room| source.name.starts_with(room)) {
            continue;
        }
        for (number, line) in (1..).zip(&source.lines) {
            let code = line.split("//").next().unwrap_or_default();
            for word in words.iter().filter(|word| names(code, word)) {
                found.push(format!("{}:{number}: `{word}`", source.name));
            }
        }
    }
    assert!(found.is_empty(), "{why}:\n{}", found.join("\n"));
}

/// Whether the word occurs with nothing of a longer name before it.
fn names(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code.get(..at).and_then(|head| head.chars().last());
        !before.is_some_and(|before| before.is_alphanumeric() || before == '_')
    })
}

#[test]
fn only_hook_touches_the_process() {
    let words = [
        "stdin()",
        "stdout()",
        "stderr()",
        "print!",
        "println!",
        "eprint!",
        "eprintln!",
        "env::",
        "process::",
        "ExitCode",
        "exit(",
    ];
    only(&["src/hook/", "src/bin/"], &words, "stdio, environment and exit code are hook's");
}

#[test]
fn only_store_writes_files() {
    let words = [
        "fs::write",
        "fs::rename",
        "fs::remove_file",
        "fs::remove_dir",
        "fs::create_dir",
        "fs::copy",
        "fs::hard_link",
        "fs::set_permissions",
        "symlink(",
        "File::create",
        "OpenOptions",
        "File::options",
        "rustix::fs",
    ];
    only(&["src/store"], &words, "writing files is store's");
}

#[test]
fn only_repo_names_git2() {
    only(&["src/repo"], &["git2"], "the repository is read by repo");
}

#[test]
fn rooms_do_not_know_the_executables() {
    let executables = EXECUTABLES.map(|name| name.replace('-', "_"));
    for own in &executables {
        let words: Vec<_> = vec![format!("{own}::")];
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        let (file, folder) = (format!("src/{own}.rs"), format!("src/{own}/"));
        only(&[&file, &folder, "src/bin/"], &words, "rooms do not know who uses them");
    }
}

#[test]
fn every_file_says_what_it_is_for_and_is_one_room() {
    let mut found = Vec::new();
    for source in sources() {
        let length = source.lines.len();
        if length > ROOM_LINES_MAX {
            found.push(format!("{}: {length} lines, at most {ROOM_LINES_MAX}", source.name));
        }
        if !source.lines.first().is_some_and(|line| line.starts_with("//! ")) {
            found.push(format!("{}: opens without a `//!` paragraph", source.name));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_executable_is_one_statement() {
    for name in EXECUTABLES {
        let text = text(&format!("src/bin/{name}.rs"));
        let body = text.split_once("{\n").map(|(_, body)| body).unwrap_or_default();
        assert_eq!(body.lines().filter(|line| line.trim() != "}").count(), 1, "{name}");
    }
}

#[test]
fn every_test_file_runs() {
    let (all, manifest) = (text("tests/all.rs"), text("Cargo.toml"));
    for path in fs::read_dir(root().join("tests")).unwrap().map(|entry| entry.unwrap().path()) {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.extension().is_none_or(|extension| extension != "rs") || stem == "all" {
            continue;
        }
        let runs = all.lines().any(|line| line == format!("mod {stem};"));
        let is_example = manifest.contains(&format!("path = \"tests/{stem}.rs\""));
        assert!(runs || is_example, "tests/{stem}.rs is in no module list");
    }
}

#[test]
fn the_version_is_the_same_everywhere() {
    let plugin: Value = serde_json::from_str(&text(".claude-plugin/plugin.json")).unwrap();
    assert_eq!(plugin["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn the_changelog_is_open_for_the_next_change() {
    let text = text("CHANGELOG.md");
    let first = text.lines().find(|line| line.starts_with("## "));
    assert_eq!(first, Some("## [Unreleased]"));
}

#[test]
fn the_plugin_registers_the_four_executables() {
    let json: Value = serde_json::from_str(&text("hooks/hooks.json")).unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for (event, groups) in json["hooks"].as_object().unwrap() {
        for hook in
            groups.as_array().unwrap().iter().flat_map(|group| group["hooks"].as_array().unwrap())
        {
            let command = hook["command"].as_str().unwrap();
            let name = command.strip_prefix("${CLAUDE_PLUGIN_ROOT}/bin/").unwrap_or_default();
            assert!(EXECUTABLES.contains(&name), "{event}: {command}");
            seen.insert(name);
        }
    }
    assert_eq!(seen.len(), EXECUTABLES.len());
}

/// The lines of the README's shell blocks.
fn readme_commands() -> Vec<String> {
    let text = text("README.md");
    let mut commands = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match line {
            "```sh" => inside = true,
            "```" => inside = false,
            line if inside => commands.push(line.to_owned()),
            _ => {}
        }
    }
    commands
}

#[test]
fn every_command_of_the_readme_exists() {
    let sandbox = Sandbox::new();
    let mut checked = 0;
    for command in readme_commands() {
        let mut words = command.split_whitespace();
        let program = words.next().unwrap_or_default();
        let help = if program == "./install.sh" {
            text("install.sh")
        } else if EXECUTABLES.contains(&program) {
            sandbox.run(program, &["--help"], b"").stdout
        } else {
            continue;
        };
        // The subcommand and the options, without their values.
        let named = words.enumerate().filter(|(number, word)| {
            word.starts_with("--") || (*number == 0 && word.chars().all(|c| c.is_ascii_lowercase()))
        });
        for (_, word) in named {
            assert!(help.contains(word), "`{command}`: `{program} --help` has no `{word}`");
            checked += 1;
        }
    }
    assert!(checked > 0, "the README shows no command");
}

#[test]
fn the_architecture_names_tests_and_places_that_exist() {
    let text = text("ARCHITECTURE.md");
    for word in text.split('`').skip(1).step_by(2) {
        if let Some((module, name)) = word.split_once("::") {
            let path = root().join(format!("tests/{module}.rs"));
            let Ok(code) = fs::read_to_string(path) else { continue };
            assert!(code.contains(&format!("fn {name}(")), "`{word}` is no test");
        } else if word.contains('/') && !word.contains(['<', ' ', '*']) && !word.starts_with('.') {
            // A room that grew into a folder is the same room.
            let exists =
                root().join(word).exists() || root().join(word).with_extension("").exists();
            assert!(exists, "`{word}` does not exist");
        }
    }
}

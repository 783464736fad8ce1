//! What a call changes in the code, as far as it makes older runs stale.
//!
//! Documentation, logs, temporary files and the agents' own notes change no
//! behaviour. What an agent may write is [`crate::lane`]'s.

use std::path::Path;

use serde_json::Value;

use super::super::rules;
use super::command::Part;
use super::wrapper;

/// A change of the code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Edit {
    /// The file, or what changed many.
    pub(super) what: String,
    /// The text that was put there or taken away.
    pub(super) text: String,
}

/// The changes that a tool other than a shell makes.
pub(super) fn of_tool(tool: &str, input: &Value) -> Option<Edit> {
    let text = |key: &str| input.get(key).and_then(Value::as_str).unwrap_or_default();
    let path = ["file_path", "notebook_path", "path"]
        .iter()
        .map(|key| text(key))
        .find(|path| !path.is_empty())
        .unwrap_or_default();
    match tool {
        "Write" | "Edit" | "MultiEdit" | "NotebookEdit" | "Create" => {
            is_code(path).then(|| Edit { what: path.to_owned(), text: texts(input) })
        }
        "ApplyPatch" | "apply_patch" => {
            Some(Edit { what: "a patch".to_owned(), text: texts(input) })
        }
        "Agent" | "Task" => {
            let reads = matches!(text("subagent_type"), "Explore" | "Plan" | "claude-code-guide");
            (!reads).then(|| Edit { what: "a subagent's work".to_owned(), text: String::new() })
        }
        _ => None,
    }
}

/// All strings of a tool's input that may be code.
fn texts(input: &Value) -> String {
    const KEYS: &[&str] = &[
        "content",
        "new_string",
        "old_string",
        "new_source",
        "patch",
        "input",
        "command",
        "edits",
    ];
    let mut all = String::new();
    for value in KEYS.iter().filter_map(|key| input.get(*key)) {
        match value {
            Value::String(text) => all.push_str(text),
            Value::Array(items) => {
                for item in items {
                    for key in ["new_string", "old_string"] {
                        all.push_str(item.get(key).and_then(Value::as_str).unwrap_or_default());
                    }
                }
            }
            _ => {}
        }
        all.push('\n');
    }
    all
}

/// The change that one part of a shell command makes, and whether it comes
/// after what the same part reports (`ruff check --fix`).
pub(super) fn of_part(part: &Part) -> Option<Edit> {
    let redirected = part.files.iter().find(|file| is_code(file)).cloned();
    let what = redirected.or_else(|| by_program(&part.words))?;
    let text = part.stdin.clone().unwrap_or_default() + "\n" + &part.words.join(" ");
    Some(Edit { what, text })
}

fn by_program(words: &[String]) -> Option<String> {
    let (program, arguments) = words.split_first()?;
    let has = |wanted: &[&str]| arguments.iter().any(|word| wanted.contains(&word.as_str()));
    let starts = |wanted: &str| arguments.iter().any(|word| word.starts_with(wanted));
    let file =
        || arguments.iter().rev().find(|word| !word.starts_with('-') && is_code(word)).cloned();
    let all = |what: &str| Some(format!("`{what}`"));
    match wrapper::name(program) {
        "sed" | "gsed" if starts("-i") || has(&["--in-place", "-n -i"]) => file(),
        "perl" if starts("-pi") || starts("-i") => file(),
        "tee" | "cp" | "mv" | "install" | "truncate" | "dd" => file(),
        "patch" => all("patch"),
        "git" => by_git(arguments),
        "ruff" if has(&["format", "--fix", "--fix-only"]) && !has(&["--check", "--diff"]) => {
            all("ruff")
        }
        "black" | "isort" | "autopep8" | "yapf"
            if !has(&["--check", "--diff", "--check-only", "-c"]) =>
        {
            all(wrapper::name(program))
        }
        "prettier" if has(&["--write", "-w"]) => all("prettier --write"),
        "eslint" | "stylelint" | "oxlint" if starts("--fix") => all("--fix"),
        "biome" if has(&["--write", "--apply", "--fix"]) => all("biome --write"),
        "gofmt" | "goimports" | "shfmt" if starts("-w") => all("gofmt -w"),
        "rustfmt" if !has(&["--check"]) => all("rustfmt"),
        "clang-format" if has(&["-i"]) => all("clang-format -i"),
        "cargo" if has(&["fmt"]) && !has(&["--check"]) => all("cargo fmt"),
        "cargo" if has(&["fix", "--fix"]) => all("cargo fix"),
        "npm" | "pnpm" | "yarn" | "bun" => arguments
            .iter()
            .find(|word| {
                let words: Vec<&str> = word.split([':', '-', '_']).collect();
                let fixes = words.contains(&"fix") || words.contains(&"format");
                fixes && !words.contains(&"check") && !word.starts_with('-')
            })
            .map(|script| format!("`{script}`")),
        _ => None,
    }
}

/// What of git changes the working tree.
fn by_git(arguments: &[String]) -> Option<String> {
    let mut words = arguments.iter().map(String::as_str).filter(|word| !word.starts_with("-C"));
    let verb = words.find(|word| !word.starts_with('-') && !word.starts_with('/'))?;
    let rest: Vec<&str> = words.collect();
    let has = |wanted: &[&str]| rest.iter().any(|word| wanted.contains(word));
    let changes = match verb {
        "pull" | "merge" | "rebase" | "cherry-pick" | "revert" | "apply" | "am" => true,
        "stash" => !has(&["list", "show", "drop", "clear"]),
        "reset" => has(&["--hard", "--merge", "--keep"]),
        "checkout" | "switch" => !has(&["-b", "-B", "-c", "-C", "--orphan"]),
        "restore" => !has(&["--staged", "-S"]) || has(&["--worktree", "-W"]),
        _ => false,
    };
    changes.then(|| format!("`git {verb}`"))
}

/// Whether a file can change what the program does.
pub(super) fn is_code(path: &str) -> bool {
    if path.is_empty() || is_temporary(path) {
        return false;
    }
    let mut parts = path.split('/').rev();
    let name = parts.next().unwrap_or_default();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let prose = if let Some(ending) = &ending {
        rules::words().prose_endings.contains(&ending.as_str())
    } else {
        let upper = name.to_ascii_uppercase();
        ["README", "LICENSE", "CHANGELOG", "NOTICE", "AUTHORS", "CONTRIBUTING", ".GITIGNORE"]
            .contains(&upper.as_str())
            || name.is_empty()
    };
    let ignored = matches!(name, ".gitignore" | ".env.example" | ".editorconfig");
    !prose && !ignored && !parts.any(|folder| rules::words().prose_folders.contains(&folder))
}

/// Whether a file lies in a temporary folder, outside every repository.
fn is_temporary(path: &str) -> bool {
    let temporary = ["/tmp/", "/var/tmp/", "/dev/", "$TMPDIR", "${TMPDIR"];
    temporary.iter().any(|start| path.starts_with(start))
        && !Path::new(path).ancestors().skip(1).any(|folder| folder.join(".git").exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(command: &str, expected: Option<&str>) {
        let parts = super::super::command::parts(command);
        let found = parts.iter().find_map(of_part).map(|edit| edit.what);
        assert_eq!(found.as_deref(), expected, "{command}");
    }

    #[test]
    fn tells_which_commands_change_the_code() {
        check("sed -i 's/a/b/' src/a.py", Some("src/a.py"));
        check("sed -i '' 's/a/b/' src/a.py", Some("src/a.py"));
        check("sed 's/a/b/' src/a.py", None);
        check("echo x >> src/config.js", Some("src/config.js"));
        check("pytest > out.txt 2>&1", None);
        check("pytest | tee result.log", None);
        check("cat > /tmp/x.py <<'E'\nE", None);
        check("mv src/a.txt src/B.txt", None);
        check("mv src/a.ts src/b.ts", Some("src/b.ts"));
        check("git stash pop", Some("`git stash`"));
        check("git reset --hard HEAD~1", Some("`git reset`"));
        check("git checkout -b x && git commit -m y && git status", None);
        check("git checkout main -- .", Some("`git checkout`"));
        check("ruff check --fix .", Some("`ruff`"));
        check("ruff check . && ruff format --check .", None);
        check("prettier --write a.js", Some("`prettier --write`"));
        check("npm run lint:fix", Some("`lint:fix`"));
        check("cargo fmt --check", None);
    }

    #[test]
    fn tells_code_from_notes() {
        for path in ["src/a.py", "Makefile", "package.json", "tests/test_a.py", "a.css"] {
            assert!(is_code(path), "{path}");
        }
        for path in [
            "README.md",
            "docs/a.py",
            "/tmp/a.py",
            ".claude/context/x.json",
            "a.log",
            "LICENSE",
            "",
        ] {
            assert!(!is_code(path), "{path}");
        }
    }
}

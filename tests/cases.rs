//! Every file in tests/cases, end to end.
//!
//! A case is `tests/cases/<executable>/<what-it-shows>.txt`: a sentence, then
//! sections `-- name --`. A step starts with `stdin` (an event) or `args` (one
//! argument per line); a further step with `then stdin` or `then args`.
//!
//! | section | meaning |
//! | --- | --- |
//! | `before PATH` | written before the step runs; `~/…` is the home folder |
//! | `link PATH` | a symbolic link to the section's one line |
//! | `git` | one git command per line, run before the step |
//! | `code`, `stdout`, `stderr` | expected exactly; JSON on stdout compares as a value |
//! | `after PATH` | the whole file after the step; `gone` in the header: it must not exist |
//! | `besides` | paths, or folders ending in `/`, that the case does not look at |
//!
//! No other file may be created, changed or left behind. `(no newline)` at the
//! end of a header: the text does not end in one. `<project>` and `<home>` stand
//! for the folders, `<time>` for a time of about now, `<commit>` for a commit's id.
//! `UPDATE=1 cargo test cases` rewrites what is expected; review the difference.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use crate::sandbox::{EXECUTABLES, Ran, Sandbox};

#[test]
fn every_case_holds() {
    let update = std::env::var_os("UPDATE").is_some();
    let (mut count, mut failures) = (0, Vec::new());
    for path in case_files() {
        count += 1;
        let text = fs::read_to_string(&path).unwrap();
        let case = Case::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let executable = path.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
        let seen = case.run(&executable);
        if update {
            fs::write(&path, seen.to_text()).unwrap();
        } else if let Some(difference) = case.difference(&seen) {
            failures.push(format!("{}\n{}\n{difference}", path.display(), case.sentence.trim()));
        }
    }
    println!("{count} cases");
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

fn case_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files = Vec::new();
    for executable in EXECUTABLES {
        let Ok(entries) = fs::read_dir(folder.join(executable)) else { continue };
        files.extend(entries.map(|entry| entry.unwrap().path()));
    }
    files.sort();
    files
}

/// A case as written, or as it came out.
#[derive(Clone, Debug)]
struct Case {
    sentence: String,
    besides: Vec<String>,
    steps: Vec<Step>,
}

/// One call, what lies ready for it, and what it must come to.
#[derive(Clone, Debug, Default)]
struct Step {
    /// `stdin`, `args`, `before …`, `link …`, `git`: in the order written.
    given: Vec<(String, String)>,
    code: String,
    stdout: String,
    stderr: String,
    /// `None`: the file is gone.
    after: BTreeMap<String, Option<String>>,
}

impl Case {
    fn parse(text: &str) -> Result<Self, String> {
        let (sentence, sections) = sections(text);
        let mut case = Self { sentence, besides: Vec::new(), steps: vec![Step::default()] };
        for (header, body) in sections {
            if header.starts_with("then ") {
                case.steps.push(Step::default());
            }
            let header = header.trim_start_matches("then ").to_owned();
            let step = case.steps.last_mut().ok_or("no step")?;
            match header.split_once(' ').unwrap_or((&header, "")) {
                ("stdin" | "args" | "git", "") | ("before" | "link", _) => {
                    step.given.push((header, body));
                }
                ("code", "") => step.code = body,
                ("stdout", "") => step.stdout = body,
                ("stderr", "") => step.stderr = body,
                ("after", path) => {
                    let (path, body) = match path.strip_suffix(" gone") {
                        Some(path) => (path, None),
                        None => (path, Some(body)),
                    };
                    step.after.insert(path.to_owned(), body);
                }
                ("besides", "") => case.besides.extend(body.lines().map(str::to_owned)),
                _ => return Err(format!("unknown section `{header}`")),
            }
        }
        Ok(case)
    }

    /// The case with the expectations replaced by what really came out.
    fn run(&self, executable: &str) -> Self {
        let sandbox = Sandbox::new();
        let steps = self.steps.iter().map(|step| self.run_step(step, executable, &sandbox));
        Self { steps: steps.collect(), ..self.clone() }
    }

    fn run_step(&self, step: &Step, executable: &str, sandbox: &Sandbox) -> Step {
        let (mut stdin, mut args) = (String::new(), String::new());
        for (header, body) in &step.given {
            let body = fill(body, sandbox);
            match header.split_once(' ').unwrap_or((header, "")) {
                ("before", path) => sandbox.write(path, &body),
                ("link", path) => sandbox.link(path, body.trim_end()),
                ("git", _) => {
                    for line in body.lines() {
                        sandbox.git(&line.split(' ').collect::<Vec<_>>());
                    }
                }
                ("args", _) => args = body,
                _ => stdin = body,
            }
        }
        let before = sandbox.files();
        let ran =
            sandbox.run(executable, &args.lines().collect::<Vec<_>>(), stdin.trim_end().as_bytes());
        let after = self.changes(&before, &sandbox.files(), sandbox);
        let Ran { code, stdout, stderr } = ran;
        Step {
            given: step.given.clone(),
            code: code.map_or_else(|| "signal\n".to_owned(), |code| format!("{code}\n")),
            stdout: readable_json(&unfill(&stdout, sandbox)),
            stderr: unfill(&stderr, sandbox),
            after,
        }
    }

    fn changes(
        &self,
        before: &BTreeMap<String, Vec<u8>>,
        after: &BTreeMap<String, Vec<u8>>,
        sandbox: &Sandbox,
    ) -> BTreeMap<String, Option<String>> {
        let mut changes = BTreeMap::new();
        for (name, bytes) in after {
            if before.get(name) != Some(bytes) {
                let text = unfill(&String::from_utf8_lossy(bytes), sandbox);
                changes.insert(unfill(name, sandbox), Some(text));
            }
        }
        for name in before.keys().filter(|name| !after.contains_key(*name)) {
            changes.insert(name.clone(), None);
        }
        changes.retain(|name, _| !self.is_besides(name));
        changes
    }

    fn is_besides(&self, name: &str) -> bool {
        self.besides
            .iter()
            .any(|besides| besides == name || (besides.ends_with('/') && name.starts_with(besides)))
    }

    fn difference(&self, seen: &Self) -> Option<String> {
        let mut out = String::new();
        for (number, (wanted, seen)) in (1..).zip(self.steps.iter().zip(&seen.steps)) {
            let mut compare = |what: &str, wanted: &str, seen: &str| {
                if readable_json(wanted) != seen {
                    let _ = write!(
                        out,
                        "step {number}, {what}\n--- expected\n{wanted}--- seen\n{seen}"
                    );
                }
            };
            compare("code", &wanted.code, &seen.code);
            compare("stdout", &wanted.stdout, &seen.stdout);
            compare("stderr", &wanted.stderr, &seen.stderr);
            let names: std::collections::BTreeSet<_> =
                wanted.after.keys().chain(seen.after.keys()).collect();
            for name in names {
                let text = |step: &Step| match step.after.get(name) {
                    Some(Some(text)) => text.clone(),
                    Some(None) => "(gone)\n".to_owned(),
                    None => "(unchanged)\n".to_owned(),
                };
                let (wanted, seen) = (text(wanted), text(seen));
                if wanted != seen {
                    let _ = write!(
                        out,
                        "step {number}, {name}\n--- expected\n{wanted}--- seen\n{seen}"
                    );
                }
            }
        }
        (!out.is_empty()).then_some(out)
    }

    fn to_text(&self) -> String {
        let mut out = self.sentence.clone();
        for (number, step) in self.steps.iter().enumerate() {
            for (index, (header, body)) in step.given.iter().enumerate() {
                let then = if number > 0 && index == 0 { "then " } else { "" };
                out.push_str(if out.ends_with("\n\n") { "" } else { "\n" });
                section(&mut out, &format!("{then}{header}"), body);
            }
            section(&mut out, "code", &step.code);
            section(&mut out, "stdout", &step.stdout);
            section(&mut out, "stderr", &step.stderr);
            for (path, body) in &step.after {
                match body {
                    Some(body) => section(&mut out, &format!("after {path}"), body),
                    None => section(&mut out, &format!("after {path} gone"), ""),
                }
            }
        }
        if !self.besides.is_empty() {
            section(&mut out, "besides", &(self.besides.join("\n") + "\n"));
        }
        out
    }
}

/// The sentence, and the sections in order. Blank lines at a section's end are layout.
fn sections(text: &str) -> (String, Vec<(String, String)>) {
    let (mut sentence, mut sections) = (String::new(), Vec::<(String, String)>::new());
    for line in text.lines() {
        let header = line.strip_prefix("-- ").and_then(|line| line.strip_suffix(" --"));
        match (header, sections.last_mut()) {
            (Some(header), _) => sections.push((header.to_owned(), String::new())),
            (None, Some((_, body))) => body.extend([line, "\n"]),
            (None, None) => sentence.extend([line, "\n"]),
        }
    }
    for (header, body) in &mut sections {
        body.truncate(body.trim_end_matches('\n').len());
        match header.strip_suffix(" (no newline)") {
            Some(rest) => *header = rest.to_owned(),
            None if !body.is_empty() => body.push('\n'),
            None => {}
        }
    }
    (sentence, sections)
}

fn section(out: &mut String, header: &str, body: &str) {
    let newline = if body.is_empty() || body.ends_with('\n') { "" } else { " (no newline)" };
    let _ = write!(out, "-- {header}{newline} --\n{body}");
    if !newline.is_empty() {
        out.push('\n');
    }
}

/// A JSON object on one line, laid out for reading; any other text as it is.
fn readable_json(text: &str) -> String {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(value) if value.is_object() => format!("{value:#}\n"),
        _ => text.to_owned(),
    }
}

fn fill(text: &str, sandbox: &Sandbox) -> String {
    text.replace("<project>", &sandbox.project.to_string_lossy())
        .replace("<home>", &sandbox.home.to_string_lossy())
        .replace("<tmp>", &sandbox.tmp().to_string_lossy())
}

fn unfill(text: &str, sandbox: &Sandbox) -> String {
    let text = text
        .replace(&*sandbox.project.to_string_lossy(), "<project>")
        .replace(&*sandbox.home.to_string_lossy(), "<home>")
        .replace(&*sandbox.tmp().to_string_lossy(), "<tmp>");
    let text = regex_lite::Regex::new(r"\b[0-9a-f]{40}\b").unwrap().replace_all(&text, "<commit>");
    times_of_now().replace_all(&text, "<time>").into_owned()
}

/// RFC 3339 times of yesterday, today and tomorrow; older ones are part of a case.
fn times_of_now() -> regex_lite::Regex {
    let now = time::OffsetDateTime::now_utc();
    let day = |offset| {
        let date = (now + time::Duration::days(offset)).date();
        format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
    };
    let time = r"T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)";
    regex_lite::Regex::new(&format!("(?:{}|{}|{}){time}", day(-1), day(0), day(1))).unwrap()
}

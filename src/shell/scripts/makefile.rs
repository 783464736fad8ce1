//! A tiny Makefile reader: explicit and pattern rules, simple variables,
//! recipe lines. What it does not know (`include`, `$(shell …)`, `define`) it
//! says, so that the caller treats the call as opaque.

use std::collections::HashMap;

/// Longest expansion of one line, in characters.
const LINE_CHARS_MAX: usize = 16 * 1024;
/// Deepest variables in variables, and prerequisites of prerequisites.
const DEPTH_MAX: usize = 12;
/// Most recipes that one target runs.
const RECIPES_MAX: usize = 128;

/// The rules and variables of one Makefile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Makefile {
    rules: Vec<Rule>,
    variables: HashMap<String, String>,
    /// It uses what this reader does not know.
    pub opaque: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Rule {
    targets: Vec<String>,
    needs: Vec<String>,
    lines: Vec<String>,
}

/// The commands of one target, expanded, each run by a shell of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    /// The target that is made.
    pub target: String,
    /// Its command lines, without `@`, `-` and `+`.
    pub lines: Vec<String>,
}

impl Makefile {
    /// Reads a Makefile; `overrides` are `NAME=value` words of the command line.
    pub fn parse(text: &str, overrides: &[(String, String)]) -> Self {
        let mut file = Self::default();
        if text.len() > super::SOURCE_BYTES_MAX {
            file.opaque = true;
            return file;
        }
        let joined = text.replace("\\\n", " ");
        let mut in_rule = false;
        for line in joined.lines() {
            if let (true, Some(recipe)) = (in_rule, line.strip_prefix('\t')) {
                if let Some(rule) = file.rules.last_mut() {
                    rule.lines.push(recipe.to_owned());
                }
                continue;
            }
            let line = line.split('#').next().unwrap_or_default().trim_end();
            if !line.trim().is_empty() {
                in_rule = file.line(line);
            }
        }
        file.variables.extend(overrides.iter().cloned());
        file
    }

    /// Reads a line that is no recipe; says whether a rule began.
    fn line(&mut self, line: &str) -> bool {
        let first = line.split_whitespace().next().unwrap_or_default();
        if matches!(
            first,
            "include"
                | "-include"
                | "sinclude"
                | "define"
                | "ifeq"
                | "ifneq"
                | "ifdef"
                | "ifndef"
                | "else"
                | "endif"
        ) {
            // Both branches of a condition are read.
            self.opaque |= !matches!(first, "else" | "endif");
            return false;
        }
        let line =
            line.strip_prefix("export ").or_else(|| line.strip_prefix("override ")).unwrap_or(line);
        let assigns = line.find('=');
        let colon = line.find(':');
        match (colon, assigns) {
            (Some(colon), assigns)
                if !assigns.is_some_and(|at| {
                    at < colon || at <= colon + 2 && is_assignment(line, colon, at)
                }) =>
            {
                self.rule(line, colon)
            }
            (_, Some(at)) => {
                let (name, value) = line.split_at(at);
                let value = value.strip_prefix('=').unwrap_or_default().trim();
                let (append, once) = (name.ends_with('+'), name.ends_with('?'));
                let name = name.trim_end_matches([':', '+', '?', '!']).trim().to_owned();
                match self.variables.get_mut(&name) {
                    Some(known) if append => {
                        known.push(' ');
                        known.push_str(value);
                    }
                    Some(_) if once => {}
                    _ => {
                        self.variables.insert(name, value.to_owned());
                    }
                }
                false
            }
            _ => false,
        }
    }

    fn rule(&mut self, line: &str, colon: usize) -> bool {
        let (targets, rest) = line.split_at(colon);
        let rest = rest.trim_start_matches([':', '&']);
        let (needs, inline) = rest.split_once(';').unwrap_or((rest, ""));
        let needs = needs.rsplit_once('|').map_or(needs, |(needs, _)| needs);
        // `target: NAME = value` sets a variable for one target.
        if needs.contains('=') {
            self.opaque = true;
            return false;
        }
        let words = |file: &Self, text: &str| {
            file.expand(text, &[], 0).split_whitespace().map(str::to_owned).collect::<Vec<_>>()
        };
        let lines =
            if inline.trim().is_empty() { Vec::new() } else { vec![inline.trim().to_owned()] };
        let rule = Rule { targets: words(self, targets), needs: words(self, needs), lines };
        self.rules.push(rule);
        true
    }

    /// The target that plain `make` makes.
    pub fn default_target(&self) -> Option<&str> {
        let all = self.rules.iter().flat_map(|rule| &rule.targets);
        all.map(String::as_str).find(|target| !target.starts_with('.') && !target.contains('%'))
    }

    /// What making a target runs: its prerequisites' recipes first.
    pub fn recipes(&self, target: &str) -> Vec<Recipe> {
        let mut made = Vec::new();
        let mut seen = Vec::new();
        self.make(target, &mut made, &mut seen, 0);
        made
    }

    fn make(&self, target: &str, made: &mut Vec<Recipe>, seen: &mut Vec<String>, depth: usize) {
        if depth > DEPTH_MAX
            || made.len() >= RECIPES_MAX
            || seen.len() >= RECIPES_MAX
            || seen.iter().any(|known| known == target)
        {
            return;
        }
        seen.push(target.to_owned());
        let explicit: Vec<(&Rule, &str)> = self
            .rules
            .iter()
            .filter(|rule| rule.targets.iter().any(|known| known == target))
            .map(|rule| (rule, ""))
            .collect();
        let has_recipe = explicit.iter().any(|(rule, _)| !rule.lines.is_empty());
        let pattern = if has_recipe { None } else { self.pattern(target) };
        for (rule, stem) in explicit.into_iter().chain(pattern) {
            let needs: Vec<String> =
                rule.needs.iter().map(|need| need.replace('%', stem)).collect();
            for need in &needs {
                self.make(need, made, seen, depth + 1);
            }
            if !rule.lines.is_empty() {
                let automatic = [
                    ("@", target.to_owned()),
                    ("<", needs.first().cloned().unwrap_or_default()),
                    ("^", needs.join(" ")),
                    ("*", stem.to_owned()),
                    ("@D", super::value::parent(target)),
                    ("@F", super::value::base(target)),
                ];
                let lines = rule.lines.iter().map(|line| self.expand(line, &automatic, 0));
                let lines = lines
                    .map(|line| line.trim_start_matches(['@', '-', '+', ' ', '\t']).to_owned())
                    .collect();
                made.push(Recipe { target: target.to_owned(), lines });
            }
        }
    }

    fn pattern<'s>(&'s self, target: &'s str) -> Option<(&'s Rule, &'s str)> {
        self.rules.iter().find_map(|rule| {
            rule.targets.iter().find_map(|pattern| {
                let (before, after) = pattern.split_once('%')?;
                let stem = target.strip_prefix(before)?.strip_suffix(after)?;
                (!stem.is_empty()).then_some((rule, stem))
            })
        })
    }

    /// A line with its variables put in; functions become an unknown word.
    fn expand(&self, line: &str, automatic: &[(&str, String)], depth: usize) -> String {
        let mut out = String::new();
        let mut rest = line;
        while let Some((before, after)) = rest.split_once('$') {
            out.push_str(before);
            let (name, tail) = variable(after);
            rest = tail;
            let value =
                automatic.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str());
            if name == "$" {
                out.push('$');
            } else if let Some(value) = value {
                out.push_str(value);
            } else if name.contains([' ', ':']) || depth > DEPTH_MAX {
                out.push_str(super::UNKNOWN_WORD);
            } else if let Some(value) = self.variables.get(name) {
                out.push_str(&self.expand(value, automatic, depth + 1));
            } else if matches!(name, "MAKE") {
                out.push_str("make");
            } else if matches!(name, "CURDIR" | "PWD") {
                out.push_str("$PWD");
            } else if name == "RM" {
                out.push_str("rm -f");
            } else if name == "HOME" {
                out.push_str("$HOME");
            }
            if out.len() > LINE_CHARS_MAX {
                out.push_str(super::UNKNOWN_WORD);
                return out;
            }
        }
        out.push_str(rest);
        out
    }
}

/// `:=`, `::=`, `?=`, `+=` right at the colon.
fn is_assignment(line: &str, colon: usize, equals: usize) -> bool {
    line.get(colon..equals).is_some_and(|between| between.chars().all(|c| c == ':'))
}

/// The name behind a `$`, and the text after it.
fn variable(text: &str) -> (&str, &str) {
    let Some(first) = text.chars().next() else { return ("", "") };
    let close = match first {
        '(' => ')',
        '{' => '}',
        _ => return text.split_at(first.len_utf8()),
    };
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        if c == first {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return (
                    text.get(1..at).unwrap_or_default(),
                    text.get(at + 1..).unwrap_or_default(),
                );
            }
        }
    }
    ("", "")
}

//! Statements that the agent writes nothing: "You are read-only", "파일 수정 금지".
//!
//! Only what an agent says of itself as a whole counts. "Do not modify files"
//! inside a step of a workflow limits the step, not the agent.

use std::iter::Peekable;

use memchr::memmem;

use super::Item;
use super::marks;
use super::outline::{Kind, Line, Outline};
use super::tokens;
use super::words::{self, ALLOW, BAN, FILES, MAY, NOT, ONLY, OTHER, OUTSIDE, UNKNOWN, WRITE};

/// The first statement of the body that makes the agent read-only.
pub(super) fn read(outline: &Outline<'_>) -> Option<Item> {
    let body = outline.body;
    let mut read_only = Places::of(marks::read_only_in(body));
    let mut files = Places::of(memmem::find_iter(body.as_bytes(), "ile"));
    let mut title = None;
    let mut end = 0;
    for line in &outline.lines {
        end += line.raw.len() + 1;
        let holds = Holds { read_only: read_only.any_before(end), file: files.any_before(end) };
        match line.kind {
            Kind::Heading(_) => title = Some(line.text),
            Kind::Item(_) | Kind::Text if states(line, title, holds) => {
                return Some(Item { text: line.text.to_owned(), line: line.number });
            }
            _ => {}
        }
    }
    None
}

/// What a line holds of what a statement needs.
#[derive(Clone, Copy)]
struct Holds {
    /// "read-only".
    read_only: bool,
    /// "file", as part of any word.
    file: bool,
}

/// Where the whole body holds something, asked line by line: most bodies hold
/// it in no line or two, and looking through each line costs more.
struct Places<I: Iterator<Item = usize>>(Peekable<I>);

impl<I: Iterator<Item = usize>> Places<I> {
    fn of(places: I) -> Self {
        Self(places.peekable())
    }

    /// Whether a place not asked for yet lies before this one.
    fn any_before(&mut self, end: usize) -> bool {
        let mut any = false;
        while self.0.next_if(|at| *at < end).is_some() {
            any = true;
        }
        any
    }
}

/// Headings under which a ban on writing is meant for the whole agent.
fn is_about_self(title: &str) -> bool {
    const WORDS: [&str; 22] = [
        "boundar",
        "scope",
        "constraint",
        "rule",
        "role",
        "identity",
        "restrict",
        "guardrail",
        "critical",
        "important",
        "safety",
        "principle",
        "what you do",
        "mandat",
        "limit",
        "never",
        "mission",
        "purpose",
        "directive",
        "규칙",
        "금지",
        "ограничени",
    ];
    let title = title.to_lowercase();
    WORDS.iter().any(|word| title.contains(word))
}

fn states(line: &Line<'_>, title: Option<&str>, holds: Holds) -> bool {
    if holds.read_only && tokens::sentences(line.text).any(says_of_itself) {
        return true;
    }
    let files = line.holds(marks::FOREIGN) || holds.file && marks::says(line.text, marks::NOT);
    files && bans(line) && title.is_none_or(is_about_self)
}

fn bans(line: &Line<'_>) -> bool {
    line.label.is_some_and(|label| bans_all(label.name))
        || tokens::sentences(line.text).any(bans_all)
}

/// "You are read-only", "This agent operates in **read-only mode**".
fn says_of_itself(sentence: &str) -> bool {
    const SUBJECTS: [&str; 7] = [
        "you are ",
        "you're ",
        "you operate ",
        "this agent ",
        "the agent is ",
        "your role is ",
        "i am ",
    ];
    const SIGNS: [&str; 3] = ["read-only", "readonly", "read only"];
    let lower = sentence.trim_start_matches(['*', '_', '>', ' ']).to_lowercase();
    let lower = lower.replace('*', "");
    let Some(rest) = SUBJECTS.iter().find_map(|subject| lower.strip_prefix(subject)) else {
        return false;
    };
    let Some(at) = SIGNS.iter().find_map(|sign| rest.find(sign)) else {
        return false;
    };
    // "You are a reviewer with read-only access to the database" is about the
    // database; the sign must stand near the subject.
    let between = rest.get(..at).unwrap_or_default();
    let behind = rest.get(at..).unwrap_or_default();
    between.split_whitespace().count() <= 4
        && !between.contains("not ")
        && !behind.contains(" access to ")
        && !behind.contains("except")
}

/// "Do not modify any files": a ban on writing files, and no other word.
fn bans_all(sentence: &str) -> bool {
    let mut sense = 0;
    for word in words::words(sentence) {
        sense |= words::of_word(word);
        if sense & (UNKNOWN | OTHER | OUTSIDE | ONLY | MAY | ALLOW) != 0 {
            return false;
        }
    }
    sense & FILES != 0 && sense & WRITE != 0 && sense & (NOT | BAN) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, expected: bool) {
        assert_eq!(read(&Outline::read(body, 1)).is_some(), expected, "{body}");
    }

    #[test]
    fn statements_about_the_whole_agent_count() {
        check("You are read-only. Report what you find.", true);
        check("You are a read-only reviewer.", true);
        check("This agent operates in **read-only mode** (plan mode).", true);
        check("## Rules\n- NEVER modify files.", true);
        check("## Scope Boundary\n- **파일 수정 금지**: 보고서만", true);
        check("## Constraints\nDo not create or edit any files.", true);
    }

    #[test]
    fn remarks_about_a_step_or_a_thing_do_not() {
        check("## Step 1\nDo not modify files.", false);
        check("## Rules\n- Never modify generated files.", false);
        check("Run the script (read-only execution).", false);
        check("You are a DBA with read-only access to production.", false);
        check("## Rules\n- Do not edit files outside `src/`.", false);
        check("Keep reference decks read-only.", false);
    }
}

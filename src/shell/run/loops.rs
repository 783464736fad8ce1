//! Loops: followed round by round while their values are known, then widened.

use super::super::machine::{Machine, Outcome};
use super::super::parse::tree::{For, Kind, Script, Word};
use super::super::state::{State, either};
use super::super::text::{self, HOLE, Values};
use super::Io;

/// Most rounds of a loop that are followed one by one.
const ROUNDS: usize = 32;

impl Machine<'_> {
    pub(super) fn for_loop(&mut self, clause: &For, state: State, io: &Io) -> Outcome {
        let mut state = state;
        let lists: Vec<Vec<String>> = match &clause.words {
            Some(words) => {
                let words = self.expand_words(words, &mut state);
                if words.is_empty() { vec![Vec::new()] } else { words }
            }
            None => {
                vec![state.arguments.iter().filter_map(|values| values.first().cloned()).collect()]
            }
        };
        let mut values: Values = Vec::new();
        for value in lists.into_iter().flatten() {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        let rest = values.split_off(values.len().min(ROUNDS));
        let mut rounds: Vec<Values> = values.into_iter().map(|value| vec![value]).collect();
        if !rest.is_empty() {
            rounds.push(vec![format!("{}{HOLE}", text::common_folder(&rest))]);
        }
        let mut out = vec![String::new()];
        let mut after = state.clone();
        let several = rounds.len() > 1;
        for values in rounds {
            let mut round = after;
            round.set(&clause.name, values);
            let left = self.round(&clause.body, round, io);
            if io.wanted {
                out = text::join(out, &left.1);
            }
            match left.0 {
                Some(next) => after = next,
                None if several => after = state.clone(),
                None => return Outcome::gone().printing(out),
            }
        }
        Outcome::of(after).printing(out)
    }

    /// One round: the state after it, also by `break` and `continue`, and what it printed.
    fn round(&mut self, body: &Script, state: State, io: &Io) -> (Option<State>, Values) {
        let jumps = self.jumps.len();
        let (mut after, out) = self.script(body, state, io).after();
        for jump in self.jumps.split_off(jumps.min(self.jumps.len())) {
            after = either(after, Some(jump));
        }
        (after, out)
    }

    pub(super) fn while_loop(
        &mut self,
        until: bool,
        condition: &Script,
        body: &Script,
        state: State,
        io: &Io,
    ) -> Outcome {
        if let (Some(stdin), true) = (&io.stdin, reads_lines(condition))
            && let Some(lines) = lines(stdin)
        {
            return self.line_loop(condition, body, state, io, &lines);
        }
        let mut ended: Option<State> = None;
        let mut entering = Some(state);
        let mut out = vec![String::new()];
        for pass in 0..3 {
            let Some(before) = entering.take() else { break };
            let test = self.condition(condition, before.clone(), io);
            let (runs, ends) = if until { (test.fail, test.ok) } else { (test.ok, test.fail) };
            ended = either(ended, ends);
            let Some(runs) = runs else { break };
            let (after, printed) = self.maybe(|it| it.round(body, runs, io));
            if io.wanted {
                let longer = text::join(out.clone(), &printed);
                text::add_all(&mut out, longer);
            }
            let Some(mut after) = after else { break };
            if pass == 1 {
                after.widen(&before);
            }
            ended = either(ended, Some(after.clone()));
            entering = Some(after);
        }
        match ended {
            Some(state) => Outcome::of(state).printing(out),
            None => Outcome::gone(),
        }
    }

    /// `while read …` over text that is known: one round for each line.
    fn line_loop(
        &mut self,
        condition: &Script,
        body: &Script,
        state: State,
        io: &Io,
        lines: &[String],
    ) -> Outcome {
        let mut out = vec![String::new()];
        let mut after = state;
        for line in lines {
            let own = Io { stdin: Some(vec![line.clone()]), wanted: io.wanted };
            let test = self.condition(condition, after.clone(), &own);
            let Some(runs) = either(test.ok, test.fail) else { break };
            let own = Io { stdin: None, wanted: io.wanted };
            let (next, printed) = self.round(body, runs, &own);
            if io.wanted {
                out = text::join(out, &printed);
            }
            match next {
                Some(next) => after = next,
                None => break,
            }
        }
        Outcome::of(after).printing(out)
    }

    pub(super) fn counting_loop(
        &mut self,
        header: &Word,
        body: &Script,
        state: State,
        io: &Io,
    ) -> Outcome {
        let mut state = state;
        let header = self.expand_text(header, &mut state).into_iter().next().unwrap_or_default();
        let mut parts = header.split(';');
        self.evaluate(parts.next().unwrap_or_default(), &mut state);
        let step = parts.nth(1).unwrap_or_default();
        let before = state.clone();
        let (after, first) = self.maybe(|it| it.round(body, state, io));
        let Some(mut after) = after else { return Outcome::sure(before).printing(first) };
        self.evaluate(step, &mut after);
        after.widen(&before);
        let (last, out) = self.maybe(|it| it.round(body, after.clone(), io));
        let state = either(Some(after), last).unwrap_or(before);
        Outcome::of(state).printing(text::join(first, &out))
    }
}

/// Whether a condition is one `read`.
fn reads_lines(condition: &Script) -> bool {
    let [item] = condition.items.as_slice() else { return false };
    let [command] = item.first.commands.as_slice() else { return false };
    let Kind::Simple(simple) = &command.kind else { return false };
    let Some(word) = simple.words.first() else { return false };
    matches!(
        word.pieces.as_slice(),
        [super::super::parse::tree::Piece::Literal(name)] if name == "read"
    )
}

/// The lines of text, or its NUL-separated items; none when nothing is known of it.
fn lines(stdin: &[String]) -> Option<Vec<String>> {
    let mut lines = Vec::new();
    for text in stdin {
        if text::is_hole(text) {
            return None;
        }
        for line in text.split(['\n', '\0']).filter(|line| !line.is_empty()) {
            if lines.len() >= ROUNDS {
                lines.push(format!("{}{HOLE}", text::common_folder(&lines)));
                return Some(lines);
            }
            if !lines.iter().any(|known| known == line) {
                lines.push(line.to_owned());
            }
        }
    }
    Some(lines)
}

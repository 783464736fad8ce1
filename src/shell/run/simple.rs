//! Simple commands: assignments, expansion, redirections, then what the command does.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::super::machine::{Call, Machine, Outcome};
use super::super::parse::tree::{Assignment, Command, Piece, Simple, Word};
use super::super::state::{State, Variable};
use super::super::text::{self, Values};
use super::Io;

/// Variables that make programs run code, or take another program for theirs.
const RUN_CODE: [&str; 19] = [
    "BASH_ENV",
    "ENV",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_SYSTEM",
    "GIT_EXEC_PATH",
    "GIT_TEMPLATE_DIR",
    "LD_AUDIT",
    "LD_PRELOAD",
    "LESSOPEN",
    "MANPAGER",
    "PERL5DB",
    "PERL5OPT",
    "PROMPT_COMMAND",
    "PS4",
    "PYTHONSTARTUP",
    "RUBYOPT",
    "ZDOTDIR",
    "npm_config_script_shell",
];

impl Machine<'_> {
    pub(super) fn simple(
        &mut self,
        simple: &Simple,
        command: &Command,
        state: State,
        io: &Io,
    ) -> Outcome {
        let mut state = state;
        self.part = command.span.of(&self.source).to_owned();
        let seen = self.seen();
        let lists = self.expand_words(&simple.words, &mut state);
        // Copied only where it is needed: many assignments must stay cheap.
        let restores = !simple.words.is_empty() && !simple.assignments.is_empty();
        let before = restores.then(|| state.clone());
        for assignment in &simple.assignments {
            self.assign(assignment, &mut state);
        }
        // `export NAME=…` and `env NAME=…` as well.
        let words = lists.iter().flatten().filter_map(|word| word.split_once('='));
        let mut names =
            simple.assignments.iter().map(|set| &*set.name).chain(words.map(|(name, _)| name));
        if names.any(|name| RUN_CODE.contains(&name)) {
            self.opaque();
        }
        let part = self.part.clone();
        let plumbing = self.redirects(command, &mut state);
        self.part = part;
        let stdin = plumbing.stdin.clone().or_else(|| io.stdin.clone());
        let dirs = Rc::clone(&state.dirs);
        if simple.words.is_empty() {
            // `$(< file)` prints the file.
            let out = match plumbing.stdin.clone() {
                Some(text) if io.wanted && simple.assignments.is_empty() => text,
                _ => vec![String::new()],
            };
            let substitutes =
                simple.assignments.iter().any(|assignment| !is_plain(&assignment.value));
            let outcome = if substitutes { Outcome::of(state) } else { Outcome::sure(state) };
            self.note(&dirs, &seen);
            return self.plumbed(outcome.printing(out), &plumbing);
        }
        let wanted = io.wanted || plumbing.takes_output();
        let mut done: Option<Outcome> = None;
        let several = lists.len() > 1;
        for words in lists {
            if words.is_empty() {
                continue;
            }
            let call = Call { words, state: state.clone(), stdin: stdin.clone(), wanted };
            let outcome =
                if several { self.maybe(|it| it.dispatch(call)) } else { self.dispatch(call) };
            done = Some(match done {
                Some(before) => before.or(outcome),
                None => outcome,
            });
        }
        let mut outcome = done.unwrap_or_else(|| Outcome::silent(state));
        for after in [outcome.ok.as_mut(), outcome.fail.as_mut()].into_iter().flatten() {
            self.declared(&simple.words, after);
        }
        if let Some(before) = before {
            for after in [outcome.ok.as_mut(), outcome.fail.as_mut()].into_iter().flatten() {
                restore(after, &before, &simple.assignments);
            }
        }
        self.note(&dirs, &seen);
        self.plumbed(outcome, &plumbing)
    }

    /// `name=value` takes effect.
    pub(in crate::shell) fn assign(&mut self, assignment: &Assignment, state: &mut State) {
        let name = &*assignment.name;
        if let [Piece::Array(words)] = assignment.value.pieces.as_slice() {
            let variable = self.array(words, state);
            let variable = match (assignment.append, state.variables.get(name), variable) {
                (true, Some(Variable::List(before)), Variable::List(more)) => {
                    Variable::List([before.as_slice(), more.as_slice()].concat())
                }
                (_, _, variable) => variable,
            };
            state.put(name, variable);
            return;
        }
        let mut values = self.assigned_values(&assignment.value, state);
        if let Some(index) = &assignment.index {
            let keys = self.expand_text(index, state);
            self.hidden_all(&keys, state);
            put_element(state, name, keys.first().map_or("", String::as_str), values);
            return;
        }
        if assignment.append {
            let before = match state.variables.get(name) {
                Some(Variable::Scalar(before)) => before.clone(),
                Some(Variable::Unset) => vec![String::new()],
                _ => text::unknown(),
            };
            values = text::join(before, &values);
        }
        state.set(name, values);
    }

    /// `declare name=(…)`: arrays among the arguments.
    fn declared(&mut self, words: &[Word], state: &mut State) {
        for word in words {
            if let [Piece::Literal(name), Piece::Array(elements)] = word.pieces.as_slice() {
                let variable = self.array(elements, state);
                state.put(name.trim_end_matches(['=', '+']), variable);
            }
        }
    }

    /// A value with the home folder for a tilde at its start.
    fn assigned_values(&mut self, value: &Word, state: &mut State) -> Values {
        if value.pieces.is_empty() { vec![String::new()] } else { self.expand_text(value, state) }
    }

    /// The elements of `(…)`; a table when they are `[key]=value`.
    pub(in crate::shell) fn array(&mut self, words: &[Word], state: &mut State) -> Variable {
        let mut table = BTreeMap::new();
        let mut elements: Vec<Values> = Vec::new();
        for word in words {
            let keyed = match word.pieces.as_slice() {
                [Piece::Literal(text), rest @ ..] => text
                    .strip_prefix('[')
                    .and_then(|text| text.split_once("]="))
                    .map(|(key, start)| (key.to_owned(), start.to_owned(), rest)),
                _ => None,
            };
            if let Some((key, start, rest)) = keyed {
                let values = text::join(vec![start], &self.expand_value(rest, state));
                table.insert(key, values);
                continue;
            }
            for fields in self.expand_fields(word, state).into_iter().take(1) {
                elements.extend(fields.into_iter().map(|field| vec![field]));
            }
        }
        if table.is_empty() { Variable::List(elements) } else { Variable::Table(table) }
    }
}

fn is_plain(value: &Word) -> bool {
    !value.pieces.iter().any(|piece| match piece {
        Piece::Command(_) => true,
        Piece::Double(inner) => inner.iter().any(|piece| matches!(piece, Piece::Command(_))),
        _ => false,
    })
}

/// Sets one element of a list or a table.
pub(in crate::shell) fn put_element(state: &mut State, name: &str, key: &str, values: Values) {
    let variable = match state.variables.get(name).cloned() {
        Some(Variable::Table(mut table)) => {
            table.insert(key.to_owned(), values);
            Variable::Table(table)
        }
        Some(Variable::List(mut list)) => match key.parse::<usize>() {
            Ok(index) if index < 1_000 => {
                if list.len() <= index {
                    list.resize(index + 1, vec![String::new()]);
                }
                if let Some(element) = list.get_mut(index) {
                    *element = values;
                }
                Variable::List(list)
            }
            _ => Variable::List(vec![text::unknown()]),
        },
        _ => Variable::Table(BTreeMap::from([(key.to_owned(), values)])),
    };
    state.put(name, variable);
}

/// Variables set for one command only are as they were.
fn restore(after: &mut State, before: &State, assignments: &[Assignment]) {
    for assignment in assignments {
        let variables = Rc::make_mut(&mut after.variables);
        match before.variables.get(&*assignment.name) {
            Some(value) => variables.insert(assignment.name.to_string(), value.clone()),
            None => variables.remove(&*assignment.name),
        };
    }
}

//! What a shell would know at one point of a command: directories, variables, functions.
//!
//! Cheap to copy, because every branch of a command gets its own; joining two
//! states keeps what either could be.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::parse::tree::Command;
use super::text::{self, HOLE, Values};

/// Most working directories that are told apart.
const DIRS: usize = 8;
/// Most variables that are remembered.
const VARIABLES: usize = 200;

/// The shell's state.
#[derive(Clone)]
pub(super) struct State {
    /// Possible working directories, absolute; a hole is an unknown one.
    pub(super) dirs: Rc<Values>,
    /// Possible values of `OLDPWD`.
    pub(super) previous: Rc<Values>,
    /// The stack of `pushd`.
    pub(super) stack: Rc<Vec<Rc<Values>>>,
    pub(super) variables: Rc<BTreeMap<String, Variable>>,
    pub(super) functions: Rc<BTreeMap<String, Function>>,
    pub(super) aliases: Rc<BTreeMap<String, String>>,
    /// `$1`, `$2`, …
    pub(super) arguments: Rc<Vec<Values>>,
    /// `$0`
    pub(super) name: Rc<str>,
    pub(super) options: Options,
}

/// The shell options that change what a command means.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the shell")]
pub(super) struct Options {
    /// Aliases are expanded.
    pub(super) aliases: bool,
    /// `**` crosses folders.
    pub(super) globstar: bool,
    /// A glob without a match is nothing.
    pub(super) nullglob: bool,
    /// A failing statement ends the shell.
    pub(super) errexit: bool,
    /// `>` does not overwrite.
    pub(super) noclobber: bool,
}

/// A variable.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Variable {
    /// One value, of these.
    Scalar(Values),
    /// A list, each element one of these.
    List(Vec<Values>),
    /// A table.
    Table(BTreeMap<String, Values>),
    /// Unset on purpose.
    Unset,
}

/// A function with the text that its spans refer to.
#[derive(Clone)]
pub(super) struct Function {
    pub(super) body: Rc<Command>,
    pub(super) source: Rc<str>,
}

impl State {
    pub(super) fn new(cwd: String) -> Self {
        State {
            dirs: Rc::new(vec![cwd]),
            previous: Rc::new(text::unknown()),
            stack: Rc::default(),
            variables: Rc::default(),
            functions: Rc::default(),
            aliases: Rc::default(),
            arguments: Rc::default(),
            name: "bash".into(),
            options: Options::default(),
        }
    }

    pub(super) fn set(&mut self, name: &str, values: Values) {
        if matches!(name, "PWD" | "BASHPID" | "RANDOM" | "SECONDS") {
            return;
        }
        self.put(name, Variable::Scalar(values));
    }

    pub(super) fn put(&mut self, name: &str, variable: Variable) {
        let variables = Rc::make_mut(&mut self.variables);
        // One more than that is as good as unknown.
        if variables.len() < VARIABLES || variables.contains_key(name) {
            variables.insert(name.to_owned(), variable);
        }
    }

    pub(super) fn enter(&mut self, dirs: Values) {
        self.previous = std::mem::replace(&mut self.dirs, Rc::new(dirs));
    }

    /// The characters that split words; none when unknown.
    pub(super) fn separators(&self) -> &str {
        match self.variables.get("IFS") {
            Some(Variable::Scalar(values)) => values.first().map_or(" \t\n", String::as_str),
            _ => " \t\n",
        }
    }

    /// What holds in either state.
    pub(super) fn join(mut self, other: State) -> State {
        self.dirs = join_dirs(self.dirs, &other.dirs);
        self.previous = join_dirs(self.previous, &other.previous);
        if self.stack.len() < other.stack.len() {
            self.stack = other.stack;
        }
        if !Rc::ptr_eq(&self.variables, &other.variables) {
            let mine = Rc::make_mut(&mut self.variables);
            join_variables(mine, &other.variables);
        }
        if !Rc::ptr_eq(&self.functions, &other.functions) {
            let mine = Rc::make_mut(&mut self.functions);
            for (name, function) in other.functions.iter() {
                mine.entry(name.clone()).or_insert_with(|| function.clone());
            }
        }
        if !Rc::ptr_eq(&self.aliases, &other.aliases) {
            let mine = Rc::make_mut(&mut self.aliases);
            mine.extend(other.aliases.iter().map(|(name, text)| (name.clone(), text.clone())));
        }
        if !Rc::ptr_eq(&self.arguments, &other.arguments) {
            let mine = Rc::make_mut(&mut self.arguments);
            for (index, values) in other.arguments.iter().enumerate() {
                match mine.get_mut(index) {
                    Some(known) => values.iter().for_each(|value| text::add(known, value.clone())),
                    None => mine.push(values.clone()),
                }
            }
        }
        self.options.aliases |= other.options.aliases;
        self.options.globstar |= other.options.globstar;
        self.options.nullglob &= other.options.nullglob;
        self.options.errexit &= other.options.errexit;
        self.options.noclobber &= other.options.noclobber;
        self
    }

    /// What every variable that changed since `before` could be after any number of rounds.
    pub(super) fn widen(&mut self, before: &State) {
        if !Rc::ptr_eq(&self.variables, &before.variables) {
            for (name, variable) in Rc::make_mut(&mut self.variables) {
                if before.variables.get(name) != Some(variable) {
                    variable.widen();
                }
            }
        }
        if self.dirs != before.dirs {
            let prefix = text::common_folder(&self.dirs).to_owned();
            self.dirs = Rc::new(vec![format!("{prefix}{HOLE}")]);
        }
    }
}

impl Variable {
    fn widen(&mut self) {
        if let Variable::Scalar(values) = self {
            let digits = values
                .iter()
                .all(|value| !value.is_empty() && value.chars().all(|char| char.is_ascii_digit()));
            let wide = if digits {
                text::NAME.to_string()
            } else {
                format!("{}{HOLE}", text::common_folder(values))
            };
            *values = vec![wide];
        }
    }
}

/// Two optional states: a branch that is never reached has none.
pub(super) fn either(left: Option<State>, right: Option<State>) -> Option<State> {
    match (left, right) {
        (Some(left), Some(right)) => Some(left.join(right)),
        (left, right) => left.or(right),
    }
}

fn join_dirs(mine: Rc<Values>, other: &Rc<Values>) -> Rc<Values> {
    if Rc::ptr_eq(&mine, other) || mine == *other {
        return mine;
    }
    let mut joined = (*mine).clone();
    for dir in other.iter().filter(|dir| !mine.contains(dir)) {
        joined.push(dir.clone());
    }
    if joined.len() > DIRS { Rc::new(text::unknown()) } else { Rc::new(joined) }
}

fn join_variables(mine: &mut BTreeMap<String, Variable>, other: &BTreeMap<String, Variable>) {
    for (name, theirs) in other {
        match (mine.get_mut(name), theirs) {
            (Some(known), theirs) if known == theirs => {}
            (Some(Variable::Scalar(known)), Variable::Scalar(theirs)) => {
                text::add_all(known, theirs.iter().cloned());
            }
            (Some(Variable::Scalar(_)), Variable::Unset) => {}
            (Some(known), theirs) => {
                if matches!(known, Variable::Unset) {
                    *known = theirs.clone();
                } else {
                    *known = Variable::Scalar(text::unknown());
                }
            }
            (None, theirs) => {
                mine.insert(name.clone(), theirs.clone());
            }
        }
    }
}

//! `$name` and `${…}`: the value of a parameter and what its operator makes of it.

use std::collections::BTreeMap;

use super::super::machine::Machine;
use super::super::parse::tree::{Parameter, Piece};
use super::super::state::{State, Variable};
use super::super::text::{self, HOLE, NAME, Values};
use super::{Chunk, Chunks, operator};

/// Most elements of a list that are followed.
const ELEMENTS: usize = 200;

/// What is known of a parameter.
enum Value {
    /// One of these.
    Scalar(Values),
    /// Never set by the command: from the environment, or empty.
    Never,
    /// A list.
    List(Vec<Values>),
}

impl Machine<'_> {
    /// What a parameter expands to.
    pub(super) fn parameter(
        &mut self,
        parameter: &Parameter,
        state: &mut State,
        quoted: bool,
    ) -> Vec<Chunks> {
        let mut name = parameter.name.to_string();
        if parameter.indirect {
            match self.value(&name, parameter, state) {
                Value::Scalar(values) if parameter.operator.is_empty() && values.len() == 1 => {
                    name = values.into_iter().next().unwrap_or_default();
                }
                _ => return vec![vec![Chunk::of(HOLE, quoted)]],
            }
        }
        let value = self.value(&name, parameter, state);
        if parameter.length {
            return vec![vec![Chunk::of(NAME, quoted)]];
        }
        match value {
            Value::List(elements) => self.list(elements, parameter, state, quoted),
            Value::Scalar(values) => self.operated(values, false, &name, parameter, state, quoted),
            Value::Never => self.operated(text::unknown(), true, &name, parameter, state, quoted),
        }
    }

    /// The elements of `$@`, `${list[@]}`, each through the operator.
    fn list(
        &mut self,
        elements: Vec<Values>,
        parameter: &Parameter,
        state: &mut State,
        quoted: bool,
    ) -> Vec<Chunks> {
        let operator = &*parameter.operator;
        if elements.is_empty() && matches!(operator, ":-" | "-" | ":=" | "=") {
            return self.argument(parameter, state, quoted);
        }
        let starred = &*parameter.name == "*"
            || matches!(parameter.index.as_deref(), Some([Piece::Literal(index)]) if index == "*");
        let sliced = operator == ":";
        let mut elements = elements;
        if sliced {
            let from = self.slice_start(parameter, state);
            // `${@:1}` counts from `$1`, an array from 0.
            let skip =
                if matches!(&*parameter.name, "@" | "*") { from.saturating_sub(1) } else { from };
            elements.drain(..skip.min(elements.len()));
        }
        let longest = elements.iter().map(Vec::len).max().unwrap_or(1).min(text::ALTERNATIVES);
        let mut all = Vec::new();
        for choice in 0..longest.max(1) {
            let mut chunks = Vec::new();
            for (index, element) in elements.iter().take(ELEMENTS).enumerate() {
                let Some(value) = element.get(choice % element.len().max(1)) else { continue };
                if index > 0 {
                    chunks.push(if starred && quoted { Chunk::quoted(" ") } else { Chunk::Break });
                }
                let values = if operator.is_empty() || sliced {
                    vec![value.clone()]
                } else {
                    self.transformed(std::slice::from_ref(value), parameter, state)
                };
                chunks.extend(values.first().map(|value| Chunk::of(value.as_str(), quoted)));
            }
            all.push(chunks);
        }
        all
    }

    /// A scalar through its operator.
    fn operated(
        &mut self,
        values: Values,
        never: bool,
        name: &str,
        parameter: &Parameter,
        state: &mut State,
        quoted: bool,
    ) -> Vec<Chunks> {
        let chunks = |values: Values| -> Vec<Chunks> {
            values.into_iter().map(|value| vec![Chunk::of(value, quoted)]).collect()
        };
        let colon = parameter.operator.starts_with(':');
        match &*parameter.operator {
            ":-" | "-" | ":=" | "=" => {
                let assigns = parameter.operator.ends_with('=');
                let empty = |value: &String| value.is_empty() && colon || text::is_hole(value);
                if !never && !values.iter().any(empty) {
                    return chunks(values);
                }
                let argument = self.argument(parameter, state, quoted);
                if assigns {
                    let value = self.expand_value(&parameter.argument, state);
                    state.set(name, value);
                }
                let mut all = argument;
                if !never {
                    all.extend(chunks(
                        values.into_iter().filter(|value| !value.is_empty()).collect(),
                    ));
                }
                all
            }
            ":+" | "+" => {
                if values.iter().all(String::is_empty) && !never {
                    return chunks(vec![String::new()]);
                }
                let mut all = self.argument(parameter, state, quoted);
                if never || values.iter().any(|value| value.is_empty() || text::is_hole(value)) {
                    all.push(vec![Chunk::of("", quoted)]);
                }
                all
            }
            ":?" | "?" => {
                self.argument(parameter, state, quoted);
                chunks(values)
            }
            "" => chunks(values),
            ":" => {
                let from = self.slice_start(parameter, state);
                let whole = parameter.argument.iter().all(
                    |piece| matches!(piece, Piece::Literal(text) if !text.contains([':', '-', '(', ' '])),
                );
                let cut = |value: &String| match value.char_indices().nth(from) {
                    _ if !text::is_known(value) || !whole => HOLE.to_string(),
                    Some((at, _)) => value.get(at..).unwrap_or_default().to_owned(),
                    None => String::new(),
                };
                chunks(values.iter().map(cut).collect())
            }
            _ => {
                let values = self.transformed(&values, parameter, state);
                chunks(values)
            }
        }
    }

    fn argument(&mut self, parameter: &Parameter, state: &mut State, quoted: bool) -> Vec<Chunks> {
        let mut all: Vec<Chunks> = vec![Vec::new()];
        for piece in &parameter.argument {
            let next = self.deeper(|it| it.expand_piece(piece, state, quoted)).unwrap_or_default();
            // The words of the argument are split like the parameter itself.
            let next: Vec<Chunks> = next
                .into_iter()
                .map(|chunks| {
                    let split = |chunk| match chunk {
                        Chunk::Text { text, quoted: false, .. } => Chunk::of(text, false),
                        chunk => chunk,
                    };
                    chunks.into_iter().map(split).collect()
                })
                .collect();
            all = super::combine(all, &next);
        }
        all
    }

    fn slice_start(&mut self, parameter: &Parameter, state: &mut State) -> usize {
        let values = self.expand_value(&parameter.argument, state);
        let start = values.first().map_or("", |value| value.split(':').next().unwrap_or_default());
        start.trim().parse().unwrap_or(0)
    }

    /// Values through `#`, `%`, `/`, `^`, `,` and `@`.
    fn transformed(
        &mut self,
        values: &[String],
        parameter: &Parameter,
        state: &mut State,
    ) -> Values {
        let operator = &*parameter.operator;
        if operator == "@" {
            self.hidden_all(values, state);
            return text::unknown();
        }
        let arguments = self.expand_pattern(&parameter.argument, state);
        let mut out = Values::new();
        for value in values {
            for argument in &arguments {
                text::add(&mut out, operator::apply(value, operator, argument));
            }
        }
        out
    }

    /// What is known of the parameter `name`.
    fn value(&mut self, name: &str, parameter: &Parameter, state: &mut State) -> Value {
        let known = |values: Values| Value::Scalar(values);
        match name {
            "@" | "*" => return Value::List(state.arguments.to_vec()),
            "#" => return known(vec![state.arguments.len().to_string()]),
            "0" => return known(vec![state.name.to_string()]),
            "?" | "$" | "!" | "-" | "UID" | "EUID" | "PPID" | "BASHPID" | "RANDOM" | "SECONDS"
            | "LINENO" | "EPOCHSECONDS" | "HOSTNAME" | "SHLVL" | "COLUMNS" => {
                return known(vec![NAME.to_string()]);
            }
            "PWD" => return known(state.dirs.to_vec()),
            "OLDPWD" => return known(state.previous.to_vec()),
            _ => {}
        }
        if let Ok(position) = name.parse::<usize>() {
            let argument = position.checked_sub(1).and_then(|index| state.arguments.get(index));
            return known(argument.cloned().unwrap_or_else(|| vec![String::new()]));
        }
        let index = match &parameter.index {
            Some(pieces) if !parameter.indirect => {
                let values = self.expand_value(pieces, state);
                self.hidden_all(&values, state);
                values.into_iter().next()
            }
            _ => None,
        };
        match state.variables.get(name) {
            Some(Variable::Scalar(values)) => known(values.clone()),
            Some(Variable::List(elements)) => element(elements, index.as_deref()),
            Some(Variable::Table(table)) => entry(table, index.as_deref()),
            Some(Variable::Unset) => known(vec![String::new()]),
            None => match name {
                "HOME" => known(self.home()),
                "TMPDIR" | "TMP" | "TEMP" => known(vec![self.tmp().to_owned()]),
                "IFS" => known(vec![" \t\n".to_owned()]),
                "USER" | "LOGNAME" => known(vec![NAME.to_string()]),
                "BASH_SOURCE" => known(vec![state.name.to_string()]),
                _ => Value::Never,
            },
        }
    }
}

fn element(elements: &[Values], index: Option<&str>) -> Value {
    match index {
        Some("@" | "*") => Value::List(elements.to_vec()),
        index => {
            let index = index.unwrap_or("0");
            let wanted = match index.parse::<isize>() {
                Ok(back) if back < 0 => elements.len().checked_sub(back.unsigned_abs()),
                Ok(index) => Some(index.unsigned_abs()),
                // An index that is not known: any element.
                Err(_) => {
                    let mut any = Values::new();
                    elements.iter().flatten().for_each(|value| text::add(&mut any, value.clone()));
                    return Value::Scalar(any);
                }
            };
            let element = wanted.and_then(|index| elements.get(index)).cloned();
            Value::Scalar(element.unwrap_or_else(|| vec![String::new()]))
        }
    }
}

fn entry(table: &BTreeMap<String, Values>, index: Option<&str>) -> Value {
    match index {
        Some("@" | "*") => Value::List(table.values().cloned().collect()),
        Some(key) if text::is_known(key) => {
            Value::Scalar(table.get(key).cloned().unwrap_or_else(text::unknown))
        }
        _ => Value::Scalar(text::unknown()),
    }
}

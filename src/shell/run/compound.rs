//! Compound commands: groups, conditions, `case`, functions, `coproc`.

use std::rc::Rc;

use super::super::expand::pattern;
use super::super::machine::{Machine, Outcome};
use super::super::parse::tree::{Arm, Command, Kind, Script, Word};
use super::super::state::{Function, State};
use super::super::text;
use super::Io;

impl Machine<'_> {
    /// Follows a command of any kind with its redirections.
    pub(super) fn command(&mut self, command: &Command, state: State, io: &Io) -> Outcome {
        if !self.step() {
            return Outcome::silent(state);
        }
        if let Kind::Simple(simple) = &command.kind {
            return self.simple(simple, command, state, io);
        }
        let before = state.clone();
        let ran = self.deeper(|it| {
            let mut state = state;
            let plumbing = it.redirects(command, &mut state);
            let stdin = plumbing.stdin.clone().or_else(|| io.stdin.clone());
            let own = Io { stdin, wanted: io.wanted || plumbing.takes_output() };
            let outcome = it.compound(command, state, &own);
            it.plumbed(outcome, &plumbing)
        });
        ran.unwrap_or_else(|| Outcome::silent(before))
    }

    fn compound(&mut self, command: &Command, state: State, io: &Io) -> Outcome {
        match &command.kind {
            Kind::Simple(_) => Outcome::silent(state),
            Kind::Subshell(script) => self.script(script, state.clone(), io).apart(&state),
            Kind::Group(script) => self.script(script, state, io),
            Kind::If(branches, otherwise) => self.branches(branches, otherwise.as_ref(), state, io),
            Kind::Loop { until, condition, body } => {
                self.while_loop(*until, condition, body, state, io)
            }
            Kind::For(clause) => self.for_loop(clause, state, io),
            Kind::Counting(header, body) => self.counting_loop(header, body, state, io),
            Kind::Case(subject, arms) => self.case(subject, arms, state, io),
            Kind::Arithmetic(word) => {
                let mut state = state;
                self.part = command.span.of(&self.source).to_owned();
                self.arithmetic(&word.pieces, &mut state);
                Outcome::silent(state)
            }
            Kind::Test(words) => self.double_bracket(words, state),
            Kind::Function(name, body) => {
                let mut state = state;
                let function = Function { body: Rc::clone(body), source: Rc::clone(&self.source) };
                Rc::make_mut(&mut state.functions).insert(name.to_string(), function);
                Outcome::sure(state)
            }
            Kind::Coproc(body) => {
                self.command(body, state.clone(), io);
                Outcome::sure(state)
            }
        }
    }

    fn branches(
        &mut self,
        branches: &[(Script, Script)],
        otherwise: Option<&Script>,
        state: State,
        io: &Io,
    ) -> Outcome {
        let mut left = Some(state);
        let mut done: Option<Outcome> = None;
        for (condition, body) in branches {
            let Some(state) = left.take() else { break };
            self.charge(&state);
            let test = self.condition(condition, state, io);
            left = test.fail;
            if let Some(state) = test.ok {
                let outcome = if left.is_some() || done.is_some() {
                    self.maybe(|it| it.script(body, state, io))
                } else {
                    self.script(body, state, io)
                };
                done = Some(match done {
                    Some(before) => before.or(outcome),
                    None => outcome,
                });
            }
        }
        let rest = match (left, otherwise) {
            (Some(state), Some(script)) if done.is_some() => {
                Some(self.maybe(|it| it.script(script, state, io)))
            }
            (Some(state), Some(script)) => Some(self.script(script, state, io)),
            (Some(state), None) => Some(Outcome::sure(state)),
            (None, _) => None,
        };
        match (done, rest) {
            (Some(done), Some(rest)) => done.or(rest),
            (done, rest) => done.or(rest).unwrap_or_else(Outcome::gone),
        }
    }

    /// Follows a condition: `set -e` does not count in it.
    pub(super) fn condition(&mut self, condition: &Script, state: State, io: &Io) -> Outcome {
        let errexit = state.options.errexit;
        let mut state = state;
        state.options.errexit = false;
        let mut outcome = self.script(condition, state, io);
        for state in [outcome.ok.as_mut(), outcome.fail.as_mut()].into_iter().flatten() {
            state.options.errexit |= errexit;
        }
        outcome
    }

    fn case(&mut self, subject: &Word, arms: &[Arm], state: State, io: &Io) -> Outcome {
        let mut state = state;
        let subjects = self.expand_text(subject, &mut state);
        let mut done: Option<Outcome> = None;
        let mut always = false;
        for arm in arms {
            let mut fits = Fit::Never;
            for word in &arm.patterns {
                let patterns = self.expand_pattern(&word.pieces, &mut state);
                fits = fits.max(fit(&patterns, &subjects));
            }
            if fits == Fit::Never {
                continue;
            }
            self.charge(&state);
            always = fits == Fit::Always && done.is_none();
            let own = state.clone();
            let outcome = if always {
                self.script(&arm.body, own, io)
            } else {
                self.maybe(|it| it.script(&arm.body, own, io))
            };
            done = Some(match done {
                Some(before) => before.or(outcome),
                None => outcome,
            });
            if fits == Fit::Always {
                always = true;
                break;
            }
        }
        match done {
            Some(done) if always => done,
            Some(done) => done.or(Outcome::sure(state)),
            None => Outcome::sure(state),
        }
    }

    /// Calls a function: its own arguments, everything else shared.
    pub(super) fn call_function(
        &mut self,
        function: &Function,
        words: &[String],
        state: State,
        io: &Io,
    ) -> Outcome {
        let outer = (state.arguments.clone(), self.jumps.len());
        let mut inner = state.clone();
        let arguments = words.iter().skip(1).map(|word| vec![word.clone()]).collect();
        inner.arguments = Rc::new(arguments);
        let part = self.part.clone();
        let ran = self.deeper(|it| {
            it.in_source(Rc::clone(&function.source), |it| it.command(&function.body, inner, io))
        });
        self.part = part;
        let Some(mut outcome) = ran else { return Outcome::silent(state) };
        for jump in self.jumps.split_off(outer.1.min(self.jumps.len())) {
            outcome = outcome.or(Outcome::of(jump).printing(text::unknown()));
        }
        for state in [outcome.ok.as_mut(), outcome.fail.as_mut()].into_iter().flatten() {
            state.arguments = Rc::clone(&outer.0);
        }
        outcome
    }
}

/// Whether a pattern fits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Never,
    Maybe,
    Always,
}

fn fit(patterns: &[String], subjects: &[String]) -> Fit {
    if patterns.iter().any(|pattern| pattern == "*") {
        return Fit::Always;
    }
    let mut fits = Vec::new();
    for pattern in patterns {
        for subject in subjects {
            let vague =
                !text::is_known(subject) || !text::is_known(pattern) || pattern.contains('(');
            fits.push(if vague { None } else { Some(pattern::matches(pattern, subject)) });
        }
    }
    if fits.iter().all(|fit| *fit == Some(true)) && !fits.is_empty() {
        Fit::Always
    } else if fits.iter().all(|fit| *fit == Some(false)) {
        Fit::Never
    } else {
        Fit::Maybe
    }
}

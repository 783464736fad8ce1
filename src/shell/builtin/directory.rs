//! `cd`, `pushd`, `popd`: where a command works.

use std::rc::Rc;

use super::super::machine::{Call, Machine, Outcome};
use super::super::state::{State, Variable};
use super::super::target;
use super::super::text::{self, HOLE, Values};
use super::operand;

/// `cd`: fails only if the folder is not there now.
pub(super) fn cd(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut words: Vec<String> = call.words;
    let physical = words.iter().any(|word| word == "-P");
    // `cd -` and `cd ~-`
    words.retain(|word| !matches!(word.as_str(), "-P" | "-L" | "-e" | "-@"));
    let state = call.state;
    let goal = match operand(&words).map(String::as_str) {
        None => {
            let home = machine.home();
            return entered(machine, state, &home, physical);
        }
        Some("") => return Outcome::sure(state),
        Some("-") => {
            let previous = state.previous.to_vec();
            return entered(machine, state, &previous, physical);
        }
        Some(goal) => goal.to_owned(),
    };
    entered(machine, state, &[goal], physical)
}

/// The state in each of the folders, and the state before if one may not be there.
fn entered(machine: &mut Machine<'_>, state: State, goals: &[String], physical: bool) -> Outcome {
    let mut dirs = Values::new();
    let mut missing = false;
    for goal in goals {
        for dir in state.dirs.iter() {
            let found = searched(machine, &state, dir, goal);
            missing |= !text::is_known(&found) || !machine.disk.is_folder(&found);
            let found = if physical { machine.disk.real(&found) } else { found };
            text::add(&mut dirs, found);
        }
    }
    let fail = missing.then(|| state.clone());
    let printed = dirs.iter().map(|_| String::new()).take(1).collect();
    let mut ok = state;
    ok.enter(dirs);
    Outcome { ok: Some(ok), fail, out: printed }
}

/// The folder that `cd goal` enters, with `CDPATH`.
fn searched(machine: &mut Machine<'_>, state: &State, dir: &str, goal: &str) -> String {
    let plain = target::absolute(dir, goal);
    if goal.starts_with(['/', '.']) {
        return plain;
    }
    let Some(Variable::Scalar(paths)) = state.variables.get("CDPATH") else { return plain };
    for base in paths.iter().flat_map(|paths| paths.split(':')) {
        let found = target::absolute(dir, &format!("{base}/{goal}"));
        if !base.is_empty() && (machine.disk.is_folder(&found) || text::has_hole(base)) {
            return found;
        }
    }
    plain
}

/// `pushd`
pub(super) fn pushd(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let keeps = call.words.iter().any(|word| word == "-n");
    let mut state = call.state;
    let goal = operand(&call.words).cloned();
    let Some(goal) = goal.filter(|goal| !is_rotation(goal)) else {
        // `pushd` alone swaps the two top folders; a rotation could reach any.
        let stack = Rc::make_mut(&mut state.stack);
        let Some(top) = stack.pop() else { return Outcome::failure(state) };
        let old = Rc::clone(&state.dirs);
        stack.push(old);
        state.enter(top.to_vec());
        return Outcome::sure(state);
    };
    if keeps {
        let kept: Values = state.dirs.iter().map(|dir| target::absolute(dir, &goal)).collect();
        Rc::make_mut(&mut state.stack).push(Rc::new(kept));
        return Outcome::sure(state);
    }
    let old = Rc::clone(&state.dirs);
    let mut outcome = entered(machine, state, &[goal], false);
    if let Some(ok) = &mut outcome.ok {
        Rc::make_mut(&mut ok.stack).push(old);
    }
    outcome.printing(text::unknown())
}

fn is_rotation(goal: &str) -> bool {
    goal.strip_prefix(['+', '-']).is_some_and(|rest| rest.chars().all(|char| char.is_ascii_digit()))
}

/// `popd`
pub(super) fn popd(_machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut state = call.state;
    let rotated = call.words.iter().skip(1).any(|word| is_rotation(word));
    let Some(top) = Rc::make_mut(&mut state.stack).pop() else { return Outcome::failure(state) };
    if !call.words.iter().any(|word| word == "-n") {
        let dirs = if rotated { vec![HOLE.to_string()] } else { top.to_vec() };
        state.enter(dirs);
    }
    Outcome::sure(state).printing(text::unknown())
}

/// `dirs`
pub(super) fn dirs(_machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut state = call.state;
    if call.words.iter().any(|word| word == "-c") {
        Rc::make_mut(&mut state.stack).clear();
    }
    Outcome::sure(state).printing(text::unknown())
}

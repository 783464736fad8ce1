//! `sqlite3`: the database changes unless every statement only reads.

use super::super::WriteKind;
use super::super::machine::{Call, Machine, Outcome};
use super::super::text;

/// `sqlite3`
pub(super) fn sqlite3(machine: &mut Machine<'_>, call: Call) -> Outcome {
    let mut operands: Vec<String> = Vec::new();
    let mut words = call.arguments().iter();
    let mut read_only = false;
    while let Some(word) = words.next() {
        match word.as_str() {
            "-cmd" | "-separator" | "-init" | "-newline" | "-nullvalue" | "-vfs" => {
                words.next();
            }
            "-readonly" => read_only = true,
            word if word.starts_with('-') => {}
            word => operands.push(word.to_owned()),
        }
    }
    let Some((file, statements)) = operands.split_first() else { return Outcome::of(call.state) };
    let code: Vec<String> = if statements.is_empty() {
        call.stdin.clone().unwrap_or_default()
    } else {
        statements.to_vec()
    };
    let mut reads = !code.is_empty();
    for statement in code.iter().flat_map(|text| text.split([';', '\n'])) {
        let statement = statement.trim();
        if let Some(command) = statement.strip_prefix('.') {
            let (name, rest) = command.split_at(command.find(' ').unwrap_or(command.len()));
            let rest = rest.trim().trim_matches(['"', '\'']);
            match name {
                "output" | "once" | "save" | "backup" | "log" | "clone"
                    if !rest.is_empty() && rest != "stdout" =>
                {
                    machine.write(&call.state, rest, WriteKind::Write);
                }
                "shell" | "system" => {
                    drop(machine.text(rest, call.state.clone(), &super::super::run::Io::default()));
                }
                "import" | "restore" | "read" => reads = false,
                _ => {}
            }
            continue;
        }
        let lower = statement.to_ascii_lowercase();
        // Functions and statements of the client that write other files.
        for verb in ["writefile", "attach", "vacuum"] {
            if let Some((_, after)) = lower.split_once(verb)
                && (verb != "vacuum" || after.contains("into"))
            {
                let offset = statement.len().saturating_sub(after.len());
                match statement.get(offset..).and_then(literal) {
                    Some(":memory:" | "") => {}
                    Some(file) => machine.write(&call.state, file, WriteKind::Write),
                    None => machine.unnamed("SQL writes a file whose name is computed"),
                }
            }
        }
        let first =
            statement.split(|char: char| !char.is_ascii_alphabetic()).next().unwrap_or_default();
        let first = first.to_ascii_lowercase();
        reads &= text::is_known(statement)
            && matches!(first.as_str(), "" | "select" | "explain" | "pragma" | "with" | "values");
    }
    if !(reads || read_only || file == ":memory:") {
        machine.write(&call.state, file, WriteKind::Write);
    }
    Outcome::of(call.state)
}

/// The text in quotes that a statement goes on with; none if it is computed.
fn literal(sql: &str) -> Option<&str> {
    let start = sql.find(['\'', '"'])?;
    let before = sql.get(..start)?.to_ascii_lowercase();
    let plain = before.split_whitespace().all(|word| matches!(word, "(" | "database" | "into"));
    let quote = sql.get(start..)?.chars().next()?;
    let (text, after) = sql.get(start + 1..)?.split_once(quote)?;
    (plain && !after.trim_start().starts_with("||")).then_some(text)
}

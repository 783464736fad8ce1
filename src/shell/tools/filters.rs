//! What reading commands print, where it can be told.
//!
//! Too much is fine and too little is not: a filter that drops lines passes all of
//! them on, so that whatever is done with one of them is seen.

use super::super::machine::{Call, Machine};
use super::super::run::Io;
use super::super::table::Arguments;
use super::super::target;
use super::super::text::{self, HOLE, NAME, Values};
use super::roles::anything_in;

/// The possible outputs of a command of the table.
pub(super) fn output(machine: &mut Machine<'_>, call: &Call, given: &Arguments) -> Values {
    let operands = given.operands.as_slice();
    match call.name().rsplit('/').next().unwrap_or_default() {
        "cat" | "tac" | "bat" => contents(machine, call, operands),
        "head" | "tail" | "sort" | "uniq" | "shuf" | "pv" | "expand" | "fmt" => {
            contents(machine, call, operands)
        }
        "grep" | "egrep" | "fgrep" | "rg" | "zgrep" => matches(machine, call, given),
        "rev" => contents(machine, call, operands).iter().map(|text| reversed(text)).collect(),
        "tr" => translated(call, operands, given),
        "base64" if given.named(&["-d", "--decode", "-D"]) => {
            contents(machine, call, operands).iter().map(|text| from_base64(text)).collect()
        }
        "openssl"
            if call.words.iter().any(|word| word == "-d")
                && call.words.iter().any(|word| word.trim_start_matches('-') == "base64") =>
        {
            call.stdin
                .clone()
                .unwrap_or_else(text::unknown)
                .iter()
                .map(|text| from_base64(text))
                .collect()
        }
        "xxd" if given.named(&["-r"]) => {
            contents(machine, call, operands).iter().map(|text| from_hex(text)).collect()
        }
        "basename" => each_line(operands.iter().take(1), |path| {
            let base = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
            let base = if text::has_hole(base) { NAME.to_string() } else { base.to_owned() };
            match operands.get(1) {
                Some(suffix) => base.strip_suffix(suffix.as_str()).unwrap_or(&base).to_owned(),
                None => base,
            }
        }),
        "dirname" => {
            each_line(operands.iter(), |path| match path.trim_end_matches('/').rsplit_once('/') {
                Some(("", _)) => "/".to_owned(),
                Some((_, base)) if text::has_hole(base) && text::is_hole(path) => HOLE.to_string(),
                Some((folder, _)) => folder.to_owned(),
                None if text::has_hole(path) => HOLE.to_string(),
                None => ".".to_owned(),
            })
        }
        "realpath" | "readlink" => {
            let mut out = Values::new();
            for dir in call.state.dirs.iter() {
                let paths = operands.iter().map(|path| target::absolute(dir, path) + "\n");
                text::add(&mut out, paths.collect());
            }
            out
        }
        "which" => each_line(operands.iter(), |name| format!("/usr/bin/{name}")),
        "ls" => listed(machine, call, operands),
        "yes" => vec![format!(
            "{}\n",
            if operands.is_empty() { "y".to_owned() } else { operands.join(" ") }
        )],
        "seq" | "date" | "wc" | "id" | "nproc" | "hostname" | "whoami" | "uname" | "md5sum"
        | "sha256sum" | "stat" | "cksum" | "uptime" | "tty" | "expr" => vec![format!("{NAME}\n")],
        "sleep" | "sync" | "diff" if operands.is_empty() => vec![String::new()],
        _ => text::unknown(),
    }
}

/// The contents of the named files, or the input.
fn contents(machine: &mut Machine<'_>, call: &Call, operands: &[String]) -> Values {
    let mut out = vec![String::new()];
    if operands.is_empty() {
        return call.stdin.clone().unwrap_or(out);
    }
    for operand in operands {
        let part = match operand.as_str() {
            "-" | "/dev/stdin" => call.stdin.clone().unwrap_or_else(|| vec![String::new()]),
            name => machine.content(name, &call.state),
        };
        out = text::join(out, &part);
    }
    out
}

/// `grep -l` prints files below its operands; else lines of its input.
fn matches(machine: &mut Machine<'_>, call: &Call, given: &Arguments) -> Values {
    let lists = given.named(&[
        "-l",
        "-L",
        "-c",
        "--files-with-matches",
        "--files-without-match",
        "--files",
    ]);
    let patterned = given.named(&["-e", "-f", "--files"]);
    let files = given.operands.get(usize::from(!patterned)..).unwrap_or_default();
    if lists {
        let deep = given.named(&["-r", "-R", "--recursive"]) || call.name() == "rg";
        let here = [".".to_owned()];
        let files = if files.is_empty() && deep { &here } else { files };
        let zero = given.named(&["-Z", "--null", "-0"]);
        let mut out = String::new();
        for file in files {
            if machine.is_folder(&call.state, file) {
                out.push_str(&anything_in(file));
            } else {
                out.push_str(file);
            }
            out.push(if zero { '\0' } else { '\n' });
        }
        return vec![out];
    }
    if given.named(&["-r", "-R"]) || files.len() > 1 {
        return text::unknown();
    }
    contents(machine, call, files)
}

/// The names in the folders, or the files as given.
fn listed(machine: &mut Machine<'_>, call: &Call, operands: &[String]) -> Values {
    if call
        .words
        .iter()
        .any(|word| word.starts_with('-') && !word.starts_with("--") && word.contains('l'))
    {
        return text::unknown();
    }
    let mut out = String::new();
    let here = [".".to_owned()];
    let flat = call.words.iter().any(|word| word.starts_with('-') && word.contains('d'));
    for operand in if operands.is_empty() { &here } else { operands } {
        let folder = machine.is_folder(&call.state, operand) && !flat;
        if !folder {
            out.push_str(operand);
            out.push('\n');
            continue;
        }
        let Some(dir) = call.state.dirs.first().filter(|_| call.state.dirs.len() == 1) else {
            return vec![format!("{NAME}\n")];
        };
        for name in machine.disk.list(&target::absolute(dir, operand)) {
            if !name.starts_with('.') {
                out.push_str(&name);
                out.push('\n');
            }
        }
    }
    vec![text::bounded(out)]
}

fn each_line<'a>(words: impl Iterator<Item = &'a String>, line: impl Fn(&str) -> String) -> Values {
    vec![words.map(|word| line(word) + "\n").collect()]
}

fn reversed(text: &str) -> String {
    text.lines().map(|line| line.chars().rev().collect::<String>() + "\n").collect()
}

/// `tr` with plain sets and ranges.
fn translated(call: &Call, operands: &[String], given: &Arguments) -> Values {
    let input = call.stdin.clone().unwrap_or_else(text::unknown);
    let set = |index: usize| operands.get(index).map(|text| characters(text));
    if given.named(&["-d", "--delete"]) {
        let Some(Some(gone)) = set(0) else { return text::unknown() };
        return input
            .iter()
            .map(|text| text.chars().filter(|char| !gone.contains(char)).collect())
            .collect();
    }
    let (Some(Some(from)), Some(Some(to))) = (set(0), set(1)) else { return text::unknown() };
    let last = to.last().copied();
    let swap = |char: char| match from.iter().position(|from| *from == char) {
        Some(index) => to.get(index).copied().or(last).unwrap_or(char),
        None => char,
    };
    input.iter().map(|text| text.chars().map(swap).collect()).collect()
}

/// The characters of a `tr` set; none for classes.
fn characters(set: &str) -> Option<Vec<char>> {
    let set = super::super::parse::decode(set);
    if set.contains("[:") {
        return match set.as_str() {
            "[:upper:]" => Some(('A'..='Z').collect()),
            "[:lower:]" => Some(('a'..='z').collect()),
            _ => None,
        };
    }
    let chars: Vec<char> = set.chars().collect();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(first) = chars.get(at).copied() {
        match (chars.get(at + 1), chars.get(at + 2)) {
            (Some('-'), Some(last)) if u32::from(*last).saturating_sub(u32::from(first)) < 256 => {
                out.extend(first..=*last);
                at += 3;
            }
            _ => {
                out.push(first);
                at += 1;
            }
        }
    }
    Some(out)
}

fn from_base64(text: &str) -> String {
    let mut bits = 0_u32;
    let mut count = 0;
    let mut out = Vec::new();
    for char in text.chars() {
        let value = match char {
            'A'..='Z' => u32::from(char) - u32::from('A'),
            'a'..='z' => u32::from(char) - u32::from('a') + 26,
            '0'..='9' => u32::from(char) - u32::from('0') + 52,
            '+' | '-' => 62,
            '/' | '_' => 63,
            '=' | '\n' | '\r' | ' ' => continue,
            _ => return HOLE.to_string(),
        };
        bits = bits << 6 | value;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from(bits >> count & 0xff).unwrap_or_default());
            bits &= (1 << count) - 1;
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| HOLE.to_string())
}

fn from_hex(text: &str) -> String {
    let digits: Option<Vec<u8>> = text
        .chars()
        .filter(|char| !char.is_whitespace())
        .map(|char| char.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    let Some(digits) = digits else { return HOLE.to_string() };
    let bytes =
        digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
    String::from_utf8(bytes).unwrap_or_else(|_| HOLE.to_string())
}

/// What a sequence of commands given as text prints, for tools that run text themselves.
pub(super) fn run_text(machine: &mut Machine<'_>, code: &str, call: &Call) {
    machine.text(code, call.state.clone(), &Io::default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_undone() {
        assert_eq!(from_base64("dG91Y2ggYQo="), "touch a\n");
        assert_eq!(from_hex("746f75\n6368"), "touch");
        assert_eq!(characters("a-cx").unwrap(), ['a', 'b', 'c', 'x']);
        assert_eq!(reversed("ab\ncd"), "ba\ndc\n");
    }
}

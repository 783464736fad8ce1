//! The command table: what a command's options and operands mean, as data.
//!
//! `hooks/commands.txt` holds one sorted line for each command; a line is found by
//! bisection over its bytes and read only then. What the roles do is in
//! [`super::tools`].

/// The table.
const TABLE: &str = include_str!("../../hooks/commands.txt");

/// A command's line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// What the command does with its operands.
    pub(super) role: &'static str,
    /// `-x:meaning` for every option that means something.
    pub(super) options: &'static str,
    /// The example with its effects.
    pub(super) example: &'static str,
}

/// The row of a command.
pub(super) fn row(name: &str) -> Option<Row> {
    // The comments at the top sort before every name, as `#` does.
    let (mut low, mut high) = (0, TABLE.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = TABLE.as_bytes().get(low..middle)?;
        let start = memchr::memrchr(b'\n', start).map_or(low, |at| low + at + 1);
        let rest = TABLE.get(start..)?;
        let line = rest.split('\n').next()?;
        let (found, after) = line.split_once(' ').unwrap_or((line, ""));
        match found.as_bytes().cmp(name.as_bytes()) {
            std::cmp::Ordering::Equal => return Some(read(after)),
            std::cmp::Ordering::Less => low = start + line.len() + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    None
}

fn read(line: &'static str) -> Row {
    let (fields, example) = line.split_once("# ").unwrap_or((line, ""));
    let (role, options) = fields.trim_end().split_once(' ').unwrap_or((fields.trim_end(), ""));
    Row { role, options, example }
}

/// All names with their rows, in order.
#[cfg(test)]
pub(super) fn rows() -> impl Iterator<Item = (&'static str, Row)> {
    TABLE.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(|line| {
        let (name, rest) = line.split_once(' ').unwrap_or((line, ""));
        (name, read(rest))
    })
}

impl Row {
    /// What an option means; empty when it is a plain flag.
    pub(super) fn meaning(&self, option: &str) -> &'static str {
        self.options
            .split(' ')
            .find_map(|entry| match entry.rsplit_once(':') {
                Some((name, meaning)) if name == option => Some(meaning),
                _ => None,
            })
            .unwrap_or_default()
    }

    /// The whole name and meaning of a long option that was cut short (`--ref` for `--reference`).
    fn cut_short(&self, option: &str) -> &'static str {
        let mut fits = self.options.split(' ').filter_map(|entry| {
            let (name, meaning) = entry.rsplit_once(':')?;
            (option.len() > 3 && name.starts_with(option)).then_some(meaning)
        });
        fits.next().unwrap_or_default()
    }
}

/// An option with its meaning and value, as one command line has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Given {
    /// As spelled, without its value.
    pub(super) name: String,
    /// From the table.
    pub(super) meaning: &'static str,
    /// Its value, if it takes one.
    pub(super) value: Option<String>,
}

/// The arguments of a command, sorted into options and operands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Arguments {
    pub(super) options: Vec<Given>,
    pub(super) operands: Vec<String>,
    /// How many words stand before the operands when reading stops at the first.
    pub(super) before: usize,
}

impl Arguments {
    /// Reads arguments; `first` stops at the first operand, as wrappers do.
    pub(super) fn read(row: &Row, words: &[String], first: bool) -> Arguments {
        let mut read = Arguments::default();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            at += 1;
            if word == "--" {
                read.operands.extend(words.get(at..).unwrap_or_default().iter().cloned());
                read.before = at;
                return read;
            }
            if !word.starts_with('-') || word == "-" {
                if first {
                    read.before = at - 1;
                    read.operands = words.get(at - 1..).unwrap_or_default().to_vec();
                    return read;
                }
                read.operands.push(word.clone());
                continue;
            }
            at += read.option(row, word, words.get(at..).unwrap_or_default());
        }
        read.before = at;
        read
    }

    /// Reads one option word; returns how many words after it are its values.
    fn option(&mut self, row: &Row, word: &str, after: &[String]) -> usize {
        let (name, attached) = match word.split_once('=') {
            Some((name, value)) if word.starts_with("--") => (name, Some(value)),
            _ => (word, None),
        };
        let whole = row.meaning(name);
        if word.starts_with("--") || !whole.is_empty() {
            let meaning = if whole.is_empty() { row.cut_short(name) } else { whole };
            return self.push(name, meaning, attached.map(str::to_owned), after);
        }
        // A cluster of letters: one that takes a value takes the rest of the word.
        let letters = word.char_indices().skip(1);
        for (at, letter) in letters {
            let name = format!("-{letter}");
            let meaning = row.meaning(&name);
            let rest = word.get(at + letter.len_utf8()..).unwrap_or_default();
            if takes_value(meaning) {
                let attached = (!rest.is_empty()).then(|| rest.trim_start_matches('=').to_owned());
                return self.push(&name, meaning, attached, after);
            }
            self.options.push(Given { name, meaning, value: None });
        }
        0
    }

    fn push(
        &mut self,
        name: &str,
        meaning: &'static str,
        attached: Option<String>,
        after: &[String],
    ) -> usize {
        let takes = takes_value(meaning);
        let used = match (takes, &attached) {
            (true, None) => 1 + usize::from(meaning == "value2"),
            _ => 0,
        };
        let value = if used > 0 { after.first().cloned() } else { attached };
        self.options.push(Given { name: name.to_owned(), meaning, value });
        used
    }

    /// Whether an option of that meaning is given.
    pub(super) fn has(&self, meaning: &str) -> bool {
        self.options.iter().any(|option| option.meaning == meaning)
    }

    /// Whether an option is given by one of these names.
    pub(super) fn named(&self, names: &[&str]) -> bool {
        self.options.iter().any(|option| names.contains(&option.name.as_str()))
    }

    /// The values of the options of that meaning.
    pub(super) fn values(&self, meaning: &str) -> Vec<String> {
        self.options
            .iter()
            .filter(|option| option.meaning == meaning)
            .filter_map(|option| option.value.clone())
            .collect()
    }
}

fn takes_value(meaning: &str) -> bool {
    matches!(meaning, "value" | "value2" | "file" | "prefix" | "into" | "dir" | "target" | "shell")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_found_and_sorted() {
        let names: Vec<&str> = rows().map(|(name, _)| name).collect();
        assert!(names.is_sorted(), "the table is sorted by name");
        for (name, expected) in rows() {
            assert_eq!(row(name), Some(expected), "{name}");
        }
        assert_eq!(row("no-such-command"), None);
        assert_eq!(row(""), None);
    }

    fn check(command: &str, options: &[(&str, Option<&str>)], operands: &[&str]) {
        let words: Vec<String> = command.split(' ').map(str::to_owned).collect();
        let row = row(&words[0]).unwrap();
        let read = Arguments::read(&row, &words[1..], false);
        let found: Vec<(&str, Option<&str>)> = read
            .options
            .iter()
            .map(|given| (given.name.as_str(), given.value.as_deref()))
            .collect();
        assert_eq!(
            (found.as_slice(), read.operands.as_slice()),
            (
                options,
                operands.iter().map(|operand| (*operand).to_owned()).collect::<Vec<_>>().as_slice()
            )
        );
    }

    #[test]
    fn options_take_their_values() {
        check("touch -d now a", &[("-d", Some("now"))], &["a"]);
        check("touch -dnow -- -a", &[("-d", Some("now"))], &["-a"]);
        check("cp -rt b a", &[("-r", None), ("-t", Some("b"))], &["a"]);
        check("cp --target-directory=b a", &[("--target-directory", Some("b"))], &["a"]);
        check("cp --target-dir b a", &[("--target-dir", Some("b"))], &["a"]);
        check("sort a -o b", &[("-o", Some("b"))], &["a"]);
    }
}

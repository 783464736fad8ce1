//! What a call that changes nothing is worth: joined paths, loops, decoded texts.

use super::calls::Arg;
use super::eval::{Call, Walk};
use super::value::{HOLE, Value, base, join_path, parent};
use super::{Language, ScriptDir, imports};

/// What a call is worth.
#[derive(Clone, Copy, Debug)]
pub(super) enum Gives {
    /// The same text or list.
    Same(Arg),
    /// The texts joined as a path; an absolute part begins anew.
    JoinPath,
    /// The same with the receiver before them.
    JoinPathToReceiver,
    /// The folder that it lies in.
    Parent(Arg),
    /// Its last name.
    Base(Arg),
    /// Anything below that folder.
    Below(Arg),
    /// What a file name pattern finds.
    Glob(Arg),
    /// Folders below, the folders and the files in them (`os.walk`).
    Walk(Arg),
    /// The working directory.
    Here,
    /// Somewhere in the folder for temporary files.
    Temp,
    /// The texts of a list, with the receiver between them.
    JoinTexts,
    /// The receiver with its fields filled in.
    Format,
    /// The receiver with another ending or name in the same folder.
    Beside,
    /// Keys and values of a map.
    Items(Arg),
    /// The values of a map.
    Values(Arg),
    /// Each with its position.
    Enumerate(Arg),
    /// Several lists side by side.
    Zip,
    /// Perl's `shift`: the script's first argument.
    Shift,
    /// Base64 undone.
    Decode,
    /// A module by name.
    Module(Arg),
}

impl Walk<'_> {
    pub(super) fn gives(&mut self, call: &Call<'_>, gives: Gives) -> Value {
        match gives {
            Gives::Same(arg) => self.arg(call, arg),
            Gives::JoinPath | Gives::JoinPathToReceiver => {
                let first = match gives {
                    Gives::JoinPath => Value::text(""),
                    _ => self.arg(call, Arg::Receiver),
                };
                let Value::List(parts) = self.arg(call, Arg::From(0)) else {
                    return Value::Unknown;
                };
                let rooted =
                    self.language == Language::JavaScript && !call.name.ends_with("resolve");
                parts.iter().fold(first, |path, part| {
                    path.combine(part, |left, right| {
                        let right = if rooted && !left.is_empty() {
                            right.trim_start_matches('/')
                        } else {
                            right
                        };
                        join_path(left, right)
                    })
                })
            }
            Gives::Parent(arg) => self.arg(call, arg).each(parent),
            Gives::Base(arg) => self.arg(call, arg).each(base),
            Gives::Below(arg) => match self.arg(call, arg) {
                Value::Texts(texts) => Value::list(vec![Value::Texts(texts).below("/")]),
                _ => Value::list(vec![Value::hole()]),
            },
            Gives::Glob(arg) => Value::list(vec![self.arg(call, arg).each(before_pattern)]),
            Gives::Walk(arg) => {
                let folder = self.arg(call, arg).below("");
                let names = Value::list(vec![Value::hole()]);
                Value::list(vec![Value::list(vec![folder, names.clone(), names])])
            }
            Gives::Here => match &self.dir {
                ScriptDir::Same => Value::text("."),
                ScriptDir::At(dir) => Value::text(dir.clone()),
                ScriptDir::Unknown => Value::hole(),
            },
            Gives::Temp => Value::text(format!("/tmp/{HOLE}")),
            Gives::JoinTexts => self.join_texts(call),
            Gives::Format => self.format(call),
            Gives::Beside => self.arg(call, Arg::Receiver).each(parent).below("/"),
            Gives::Items(arg) => match self.arg(call, arg) {
                Value::Map(items) => Value::list(
                    items.into_iter().map(|(key, value)| Value::list(vec![key, value])).collect(),
                ),
                _ => Value::Unknown,
            },
            Gives::Values(arg) => match self.arg(call, arg) {
                Value::Map(items) => {
                    Value::list(items.into_iter().map(|(_, value)| value).collect())
                }
                _ => Value::Unknown,
            },
            Gives::Enumerate(arg) => match self.arg(call, arg) {
                Value::List(items) => Value::list(
                    items.into_iter().map(|item| Value::list(vec![Value::Unknown, item])).collect(),
                ),
                _ => Value::Unknown,
            },
            Gives::Zip => match self.arg(call, Arg::From(0)) {
                Value::List(lists) => {
                    Value::list(vec![Value::list(lists.iter().map(Value::element).collect())])
                }
                _ => Value::Unknown,
            },
            Gives::Decode => {
                let text = self.arg(call, Arg::At(0, "s"));
                text.known().and_then(decode_base64).map_or(Value::Unknown, Value::text)
            }
            Gives::Shift => match self.lookup("@ARGV") {
                Value::List(argv) => argv.into_iter().fold(Value::Texts(Vec::new()), Value::or),
                _ => Value::Unknown,
            },
            Gives::Module(arg) => {
                if let Some(name) = self.arg(call, arg).known() {
                    let name = imports::canonical(self.language, name);
                    let seen =
                        self.language != Language::JavaScript || imports::is_known_node(&name);
                    self.effects.opaque |= !seen;
                    Value::Name(name)
                } else {
                    self.effects.opaque = true;
                    Value::Unknown
                }
            }
        }
    }

    /// Python's `", ".join(list)`; elsewhere the list is the receiver.
    pub(super) fn join_texts(&mut self, call: &Call<'_>) -> Value {
        let (list, between) = match self.language {
            Language::Python => (self.arg(call, Arg::At(0, "")), self.arg(call, Arg::Receiver)),
            _ => (self.arg(call, Arg::Receiver), self.arg(call, Arg::At(0, ""))),
        };
        let Value::List(items) = list else { return Value::hole() };
        let mut items = items.into_iter();
        let first = items.next().unwrap_or(Value::text(""));
        items.fold(first, |text, item| text.concat(&between).concat(&item))
    }

    pub(super) fn format(&mut self, call: &Call<'_>) -> Value {
        let Value::List(args) = self.arg(call, Arg::From(0)) else { return Value::hole() };
        let mut next = 0;
        let receiver = self.arg(call, Arg::Receiver);
        let Some(template) = receiver.known().map(str::to_owned) else { return Value::hole() };
        let mut text = Value::text("");
        let mut rest = template.as_str();
        while let Some((before, field)) = rest.split_once('{') {
            let Some((name, after)) = field.split_once('}') else { break };
            let value = match name.parse::<usize>() {
                Ok(at) => args.get(at).cloned(),
                Err(_) if name.is_empty() => {
                    next += 1;
                    args.get(next - 1).cloned()
                }
                Err(_) => Some(self.keyword(call, name)),
            };
            text = text.concat(&Value::text(before)).concat(&value.unwrap_or(Value::Unknown));
            rest = after;
        }
        text.concat(&Value::text(rest))
    }
}

/// A pattern up to its first wildcard, then a hole.
fn before_pattern(pattern: &str) -> String {
    match pattern.split_once(['*', '?', '[', '{', HOLE]) {
        Some((known, _)) => format!("{known}{HOLE}"),
        None => pattern.to_owned(),
    }
}

fn decode_base64(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut held = 0_u32;
    let mut bits = 0_u32;
    for c in text.bytes().filter(|c| !c.is_ascii_whitespace()) {
        let six = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            _ => return None,
        };
        held = (held << 6 | u32::from(six)) & 0xFF_FFFF;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xFF).ok()?);
        }
    }
    String::from_utf8(bytes).ok()
}

//! What names, attributes and indices are worth.

use super::eval::Walk;
use super::value::{Value, base, parent};
use super::{Language, imports, perl};

impl Walk<'_> {
    /// What a name is worth here.
    pub(super) fn lookup(&mut self, name: &str) -> Value {
        let plain = if self.language == Language::Perl { perl::container(name) } else { name };
        let known = self
            .names
            .get(plain)
            .or_else(|| self.earlier.get(plain))
            .map(|(value, _)| value.clone());
        if let Some(value) = known {
            value
        } else {
            let value = imports::builtin(self.language, name);
            self.constant(value)
        }
    }

    /// `sys.argv`, `ARGV`, `__file__` and the like.
    pub(super) fn constant(&mut self, value: Value) -> Value {
        let Value::Name(name) = &value else { return value };
        let argv = |from: usize| {
            let words = self.argv.get(from..).unwrap_or_default();
            Value::list(words.iter().map(|word| Value::text(word.clone())).collect())
        };
        match (self.language, name.as_str()) {
            (Language::Python, "sys.argv") | (Language::Php, "$argv") => argv(0),
            (Language::JavaScript, "process.argv" | "Bun.argv") => {
                let mut words = vec![Value::text("node")];
                if let Value::List(own) =
                    argv(usize::from(self.argv.first().is_some_and(|own| own.starts_with('-'))))
                {
                    words.extend(own);
                }
                Value::list(words)
            }
            (Language::JavaScript, "Deno.args")
            | (Language::Perl | Language::Ruby, "@ARGV" | "ARGV") => argv(1),
            (Language::Python, "__file__")
            | (Language::JavaScript, "__filename")
            | (Language::Perl, "$0")
            | (Language::Ruby, "__FILE__" | "$0")
            | (Language::Php, "__FILE__") => {
                Value::text(self.argv.first().cloned().unwrap_or_default())
            }
            (Language::JavaScript, "__dirname")
            | (Language::Ruby, "__dir__")
            | (Language::Php, "__DIR__") => {
                Value::text(parent(self.argv.first().map_or("", String::as_str)))
            }
            (Language::Python, "os.sep") | (Language::JavaScript, "path.sep") => Value::text("/"),
            (Language::Python, "os.devnull" | "subprocess.DEVNULL") => Value::text("/dev/null"),
            _ => value,
        }
    }

    pub(super) fn attribute(
        &mut self,
        value: Value,
        name: &str,
    ) -> (Value, Option<(Value, String)>) {
        let worth = match (&value, name) {
            (Value::Name(owner), _) => Value::Name(format!("{owner}.{name}")),
            (Value::Texts(_), "parent") => value.each(parent),
            (Value::Texts(_), "name" | "basename") => value.each(base),
            (Value::Map(items), _) => items
                .iter()
                .find(|(key, _)| key.known() == Some(name))
                .map_or(Value::Unknown, |(_, value)| value.clone()),
            _ => Value::Unknown,
        };
        (self.constant(worth), Some((value, name.to_owned())))
    }

    pub(super) fn index(value: &Value, index: &Value, whole: bool) -> Value {
        match value {
            Value::List(items) if whole => {
                match index.known().and_then(|text| text.parse::<usize>().ok()) {
                    Some(at) => items.get(at).cloned().unwrap_or(Value::Unknown),
                    None => value.element(),
                }
            }
            // A slice: `argv[1:]`.
            Value::List(items) => match index.known().and_then(|text| text.parse::<usize>().ok()) {
                Some(from) => Value::list(items.get(from..).unwrap_or_default().to_vec()),
                None => value.clone(),
            },
            Value::Map(items) => match index.known() {
                Some(key) => items
                    .iter()
                    .find(|(name, _)| name.known() == Some(key))
                    .map_or(Value::Unknown, |(_, value)| value.clone()),
                None => items
                    .iter()
                    .map(|(_, value)| value.clone())
                    .fold(Value::Texts(Vec::new()), Value::or),
            },
            Value::Name(owner) => match index.known() {
                Some(key) => Value::Name(format!("{owner}.{key}")),
                None => Value::Unknown,
            },
            _ => Value::Unknown,
        }
    }
}

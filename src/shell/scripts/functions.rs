//! The script's own functions: what they are passed and what they return.

use super::Language;
use super::scan::Statements;
use super::value::Value;

impl Statements<'_, '_> {
    /// A function definition: its parameters are worth what callers pass.
    pub(super) fn function(&mut self, at: usize) {
        let Some(name) = self
            .code
            .word(at + 1)
            .map(|name| name.rsplit('.').next().unwrap_or_default().to_owned())
        else {
            return;
        };
        let name = if self.code.is(at + 2, ".") {
            self.code.word(at + 3).unwrap_or_default().to_owned()
        } else {
            name
        };
        let open = (at + 2..at + 5).find(|at| self.code.is(*at, "("));
        let mut params = Vec::new();
        if let Some(open) = open {
            for (key, start) in self.walk.bracketed(self.code, open) {
                let param = match key {
                    Some(name) => name,
                    None => self.code.word(start).unwrap_or_default().to_owned(),
                };
                let equals = (start.saturating_sub(1)..start + 4).find(|at| self.code.is(*at, "="));
                let default = equals
                    .filter(|equals| *equals < self.code.close(open))
                    .map(|equals| self.walk.expr(self.code, equals + 1).0);
                if !matches!(param.as_str(), "self" | "cls" | "") {
                    params.push((param, default));
                }
            }
        }
        let function = self.walk.functions.entry(name).or_default();
        function.params.clone_from(&params);
        let passed = if function.escapes { None } else { Some(function.passed.clone()) };
        let indent = self.body_indent(at);
        self.open_block(Some(indent));
        for (position, (param, _)) in params.into_iter().enumerate() {
            let value = match &passed {
                None => Value::Unknown,
                Some(passed) => passed.get(position).cloned().unwrap_or(Value::Texts(Vec::new())),
            };
            self.shadow(param, value);
        }
    }

    pub(super) fn returns(&mut self, at: usize) {
        let (value, _) = self.walk.expr(self.code, at + 1);
        // Which function returns is not followed closely: the one defined last.
        let name = (at.saturating_sub(400)..at)
            .rev()
            .find(|at| matches!(self.code.word(*at), Some("def" | "function" | "sub")));
        let Some(name) = name.and_then(|at| self.code.word(at + 1)) else { return };
        if let Some(function) = self.walk.functions.get_mut(name) {
            let known = function.returns.take().unwrap_or(Value::Texts(Vec::new()));
            function.returns = Some(known.or(value));
        }
    }

    /// One of the script's own functions handed on as a value.
    pub(super) fn escape(&mut self, at: usize, word: &str) {
        let called = self.code.is(at + 1, "(")
            || matches!(self.walk.language, Language::Perl | Language::Ruby);
        let name = word.trim_start_matches(['&', '\\']);
        if !called && let Some(function) = self.walk.functions.get_mut(name) {
            function.escapes = true;
        }
    }
}

//! `lanekeeper:allow RULE reason` on a line: the one way to say "I know".
//!
//! A reason is required, so that whoever reads the line, or the audit that
//! lists them all, can judge it.

use memchr::memmem;

const MARK: &str = "lanekeeper:allow";

/// One line that allows a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// 1-based line of the text.
    pub line: usize,
    /// The rule's id as written.
    pub rule: String,
    /// Why; `None` when the line does not say, and then allows nothing.
    pub reason: Option<String>,
}

/// Every allowance of a text, in order.
pub fn allowances(text: &str) -> Vec<Allowance> {
    if memmem::find(text.as_bytes(), MARK.as_bytes()).is_none() {
        return Vec::new();
    }
    let lines = text.lines().zip(1..);
    lines.filter_map(|(text, line)| of_line(text, line)).collect()
}

fn of_line(text: &str, line: usize) -> Option<Allowance> {
    let (_, rest) = text.split_once(MARK)?;
    let rest = rest.trim();
    let (rule, reason) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let reason =
        reason.trim_end_matches("*/").trim_end_matches("-->").trim_end_matches("#}").trim();
    let reason = reason.chars().any(char::is_alphanumeric).then(|| reason.to_owned());
    Some(Allowance { line, rule: rule.trim_end_matches([',', ':']).to_owned(), reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, rule: &str, reason: Option<&str>) {
        let expected = Allowance { line: 1, rule: rule.into(), reason: reason.map(str::to_owned) };
        assert_eq!(allowances(text), [expected]);
    }

    #[test]
    fn reads_the_rule_and_the_reason() {
        check(
            "x // lanekeeper:allow sql-identifier from a fixed list",
            "sql-identifier",
            Some("from a fixed list"),
        );
        check("x /* lanekeeper:allow secret-jwt public */", "secret-jwt", Some("public"));
        check("x # lanekeeper:allow secret-jwt", "secret-jwt", None);
        check("<!-- lanekeeper:allow a -->", "a", None);
        assert_eq!(allowances("let a = 1"), []);
    }
}

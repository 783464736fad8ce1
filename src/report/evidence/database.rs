//! Words by which programs tell that they could not reach their database.

use super::super::rules;

/// The line of an output that tells of a database that could not be reached.
pub(super) fn failure_in(output: &str) -> Option<&str> {
    const PORTS: &[&str] = &[":5432", ":3306", ":27017", ":6379", ":1433"];
    output.lines().find(|line| {
        let lower = line.to_ascii_lowercase();
        let refused = lower.contains("econnrefused") || lower.contains("connection refused");
        rules::words().no_database.iter().any(|words| lower.contains(words))
            || (refused && PORTS.iter().any(|port| lower.contains(port)))
            || (lower.contains("database \"") && lower.contains("does not exist"))
    })
}

//! Timestamps as the files spell them, and their age in words.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The present, to the second.
pub fn now() -> OffsetDateTime {
    let now = OffsetDateTime::now_utc();
    now.replace_nanosecond(0).unwrap_or(now)
}

/// RFC 3339 in UTC.
pub fn stamp(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_default()
}

/// The moment that a stamp names; `None` for what is no RFC 3339.
pub fn parse(stamp: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(stamp, &Rfc3339).ok()
}

/// How long ago a stamp was, in one unit.
pub fn age(stamp: &str, now: OffsetDateTime) -> String {
    let Some(at) = parse(stamp) else {
        return "at an unknown time".to_owned();
    };
    let seconds = (now - at).whole_seconds();
    let (count, unit) = match seconds {
        ..=59 => return "less than a minute ago".to_owned(),
        60..=3_599 => (seconds / 60, "minute"),
        3_600..=86_399 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_age_in_one_unit() {
        let check = |at: &str, expected: &str| {
            assert_eq!(age(at, parse("2026-11-20T12:00:00Z").unwrap()), expected);
        };
        check("2026-11-20T11:59:30Z", "less than a minute ago");
        check("2026-11-20T11:59:00Z", "1 minute ago");
        check("2026-11-20T13:30:00+02:00", "30 minutes ago");
        check("2026-11-19T12:00:00Z", "1 day ago");
        check("2027-01-01T00:00:00Z", "less than a minute ago");
        check("yesterday", "at an unknown time");
    }
}

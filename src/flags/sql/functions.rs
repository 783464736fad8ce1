//! What functions, methods and names are known to make: numbers, escaped text,
//! constants.
//!
//! A list of names and nothing else; how they are called is
//! [`super::operand`]'s.

use crate::flags::source::code::Code;

/// Methods that only take away from what they are called on.
pub(super) fn keeps_content(name: &[u8]) -> bool {
    matches!(
        name,
        b"join"
            | b"repeat"
            | b"slice"
            | b"trim"
            | b"toUpperCase"
            | b"toLowerCase"
            | b"flat"
            | b"filter"
            | b"sort"
            | b"reverse"
            | b"strip"
            | b"upper"
            | b"lower"
            | b"rstrip"
            | b"lstrip"
            | b"keys"
            | b"values"
            | b"entries"
            | b"toString"
            | b"at"
            | b"split"
            | b"substring"
            | b"title"
            | b"trimEnd"
            | b"pop"
            | b"shift"
            | b"items"
    )
}

/// `request.args.get("page", 1, type=int)`
pub(super) fn asks_for_number(code: &Code<'_>, open: usize, end: usize) -> bool {
    (open..end).any(|at| {
        code.name(at) == b"type"
            && code.sign(at + 1) == b'='
            && matches!(code.name(at + 2), b"int" | b"float")
    })
}

/// `req.query`, `request.GET`: what somebody sent.
pub(super) fn is_request(head: &[u8], name: &[u8]) -> bool {
    matches!(head, b"req" | b"request" | b"ctx")
        && matches!(
            name,
            b"query"
                | b"body"
                | b"params"
                | b"args"
                | b"form"
                | b"GET"
                | b"POST"
                | b"json"
                | b"values"
                | b"headers"
                | b"cookies"
        )
}

/// `MAX_ROWS`
pub(super) fn is_constant_name(name: &[u8]) -> bool {
    name.len() > 1
        && name.iter().any(u8::is_ascii_uppercase)
        && name
            .iter()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_')
}

pub(super) fn is_constant_word(name: &[u8]) -> bool {
    matches!(
        name,
        b"true" | b"false" | b"null" | b"undefined" | b"None" | b"True" | b"False" | b"nil"
    )
}

pub(super) fn is_placeholder_name(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    [&b"placeholder"[..], b"qmarks", b"questionmarks", b"bindvars"]
        .iter()
        .any(|part| memchr::memmem::find(&lower, part).is_some())
}

/// Functions whose result is a number, whatever they are given.
pub(super) fn makes_numbers(name: &[u8]) -> bool {
    matches!(
        name,
        b"Number"
            | b"parseInt"
            | b"parseFloat"
            | b"BigInt"
            | b"int"
            | b"float"
            | b"len"
            | b"bool"
            | b"Boolean"
            | b"abs"
            | b"round"
            | b"ord"
            | b"isNaN"
            | b"intval"
            | b"Atoi"
            | b"Itoa"
            | b"toFixed"
            | b"getTime"
            | b"indexOf"
            | b"getFullYear"
            | b"getMonth"
            | b"toInt"
            | b"isdigit"
            | b"is_integer"
            | b"timestamp"
            | b"total_seconds"
            | b"Decimal"
            | b"int64"
            | b"int32"
            | b"uint"
            | b"uint64"
            | b"bit_length"
            | b"toNumber"
            | b"Int"
            | b"Float"
            | b"floatval"
            | b"ParseInt"
            | b"to_i"
            | b"to_f"
            | b"uuid4"
            | b"randomUUID"
            | b"uuidv4"
            | b"clamp"
            | b"toInteger"
            | b"valueAsNumber"
            | b"size"
            | b"count"
    )
}

/// Functions whose result is escaped, or made of placeholders.
pub(super) fn escapes(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    let name = lower.strip_prefix(b"_").unwrap_or(&lower);
    let starts = |start: &[u8]| name.starts_with(start);
    starts(b"escape")
        || starts(b"quote")
        || starts(b"sanitize_id")
        || starts(b"sanitizeid")
        || starts(b"bind_param")
        || starts(b"bindparam")
        || starts(b"parametrize")
        || starts(b"sqlstring")
        || name.ends_with(b"identifier")
        || name.ends_with(b"escape")
        || name.ends_with(b"quote")
        || name.ends_with(b"_quoted")
        || matches!(name, b"literal" | b"wrap" | b"qn" | b"quotename" | b"allowlisted" | b"adapt")
}

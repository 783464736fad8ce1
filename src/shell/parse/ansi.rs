//! The escapes of `$'…'`, `echo -e` and `printf`.

/// Text with its backslash escapes undone. Bytes that are not UTF-8 become U+FFFD.
pub(in crate::shell) fn decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte == b'\\' {
            rest = escape(rest, &mut out);
        } else {
            out.push(byte);
        }
    }
    // Bash ends the string at a NUL.
    let end = memchr::memchr(0, &out).unwrap_or(out.len());
    out.truncate(end);
    String::from_utf8(out)
        .unwrap_or_else(|bad| String::from_utf8_lossy(bad.as_bytes()).into_owned())
}

/// One escape after its backslash; returns what follows it.
fn escape<'a>(text: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
    let Some((&kind, rest)) = text.split_first() else {
        out.push(b'\\');
        return text;
    };
    let plain = match kind {
        b'a' => 7,
        b'b' => 8,
        b'e' | b'E' => 27,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 11,
        b'\\' | b'\'' | b'"' | b'?' => kind,
        b'x' => return number(rest, 16, 2, out, kind),
        b'u' => return number(rest, 16, 4, out, kind),
        b'U' => return number(rest, 16, 8, out, kind),
        b'0'..=b'7' => return number(text, 8, if kind == b'0' { 4 } else { 3 }, out, kind),
        b'c' => {
            if let Some((control, rest)) = rest.split_first() {
                out.push(control & 0x1f);
                return rest;
            }
            return rest;
        }
        _ => {
            out.extend([b'\\', kind]);
            return rest;
        }
    };
    out.push(plain);
    rest
}

/// A character by its number, of at most `most` digits.
fn number<'a>(text: &'a [u8], base: u32, most: usize, out: &mut Vec<u8>, kind: u8) -> &'a [u8] {
    let mut value = 0_u32;
    let mut rest = text;
    for _ in 0..most {
        let Some((&digit, after)) = rest.split_first() else { break };
        let Some(digit) = char::from(digit).to_digit(base) else { break };
        value = value.wrapping_mul(base).wrapping_add(digit);
        rest = after;
    }
    if rest.len() == text.len() {
        out.extend([b'\\', kind]);
    } else if matches!(kind, b'u' | b'U') {
        let char = char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER);
        out.extend(char.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        out.push(u8::try_from(value & 0xff).unwrap_or(b'?'));
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::decode;

    fn check(text: &str, expected: &str) {
        assert_eq!(decode(text), expected, "{text}");
    }

    #[test]
    fn escapes_are_undone() {
        check("a\\nb", "a\nb");
        check("front\\x65nd", "frontend");
        check("\\146rontend", "frontend");
        check("it\\'s", "it's");
        check("\\u00fc", "ü");
        check("\\q\\", "\\q\\");
        check("a\\0b", "a");
    }
}

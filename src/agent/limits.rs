//! What a definition may be at most. Past a limit the agent is refused, with
//! the limit named: a policy half read is no policy.

use anyhow::bail;

/// The largest definition that is read; the largest seen in the wild is 51 KB.
pub(super) const FILE_BYTES_MAX: usize = 512 * 1024;
/// The longest line; descriptions of 5 KB occur.
const LINE_BYTES_MAX: usize = 64 * 1024;
const LINES_MAX: usize = 20_000;
/// The most globs of one definition.
pub(super) const GLOBS_MAX: usize = 1_000;
const SECTIONS_MAX: usize = 2_000;

/// Refuses text that is no definition a person would write.
pub(super) fn check_text(text: &str) -> anyhow::Result<()> {
    if text.len() > FILE_BYTES_MAX {
        bail!("the definition is larger than {FILE_BYTES_MAX} bytes");
    }
    // Nearly every definition is shorter than the least that could break these.
    if text.len() >= LINES_MAX.min(LINE_BYTES_MAX) {
        check_lines(text)?;
    }
    check_characters(text)
}

fn check_lines(text: &str) -> anyhow::Result<()> {
    let mut lines = 0;
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
        lines += 1;
        if end - start > LINE_BYTES_MAX {
            bail!("line {lines} of the definition is longer than {LINE_BYTES_MAX} bytes");
        }
        start = end + 1;
    }
    if lines > LINES_MAX {
        bail!("the definition has more than {LINES_MAX} lines");
    }
    Ok(())
}

fn check_characters(text: &str) -> anyhow::Result<()> {
    let control = |byte: u8| byte < b' ' && byte != b'\n';
    let odd = |byte: u8| control(byte) && !matches!(byte, b'\t' | b'\r' | 0x0c);
    // Without an early exit the whole text is looked at sixteen bytes at a time,
    // at half the cost where it is asked for fewer bytes.
    let any = |test: &dyn Fn(u8) -> bool| text.bytes().fold(false, |any, byte| any | test(byte));
    if !any(&control) || !any(&odd) {
        return Ok(());
    }
    for (index, line) in text.split('\n').enumerate() {
        if let Some(byte) = line.bytes().find(|byte| odd(*byte)) {
            bail!("line {} of the definition has the control character U+{byte:04X}", index + 1);
        }
    }
    Ok(())
}

/// Refuses a body cut into more sections than a person would write.
pub(super) fn check_sections(count: usize) -> anyhow::Result<()> {
    if count > SECTIONS_MAX {
        bail!("the definition has {count} headings, more than {SECTIONS_MAX}");
    }
    Ok(())
}

/// Refuses a policy of more globs than can be weighed in time.
pub(super) fn check_globs(count: usize) -> anyhow::Result<()> {
    if count > GLOBS_MAX {
        bail!("the definition has more than {GLOBS_MAX} globs");
    }
    Ok(())
}

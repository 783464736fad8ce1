//! What excuses an error that nobody looks at: a comment that says why, or a
//! call whose failure is an answer.

use std::ops::Range;

use crate::flags::handlers::named;
use crate::flags::handlers::outline::Outline;
use crate::flags::name::listed;
use crate::flags::text::slice;

/// Words that only repeat that nothing is done.
const EMPTY: &str = "ignore ignored ignores ignoring noop no op nop nothing empty swallow swallowed pass silent silently silence error errors err \
    exception exceptions this it its do does done the a an intentionally intentional intended catch caught catches any all e ex here todo fixme handle handled \
    handling eslint disable next line block fail failure failures failed fails and of just is are on purpose skip suppress suppressed quiet \
    quietly deliberately explicitly noqa pylint nosec type ble001 s110 w0703 bare except broad prettier ts expect tslint biome lint xxx hack later \
    proper properly add we them will be left blank body continue anyway safely";
/// Calls whose failure says no more than "no": parsing, looking, cleaning up.
const ANSWERS: &str = "json text formData blob arrayBuffer parse stat lstat statSync access accessSync existsSync unlink unlinkSync rm rmSync rmdir \
    rmdirSync close terminate cancel destroy abort kill disconnect exit quit play pause releaseLock import require resolve \
    requestFullscreen exitFullscreen dispose end stop cleanup verify jwtVerify decode decodeURIComponent URL BigInt atob isValid \
    test match readlink realpath screenshot loads fromisoformat strptime get_version find_spec import_module getItem setItem removeItem";

/// Calls that do nothing of their own.
const PLAIN: &str = "get strip String Number str int float bool len Buffer from toString trim split decode encode Uint8Array \
    Boolean if for while switch match catch replace join keys Date new URL Error print log";

/// Whether the comments of these gaps say why.
pub(super) fn explains(outline: &Outline<'_>, gaps: Range<usize>) -> bool {
    gaps.take(20).any(|at| {
        outline.bytes(outline.gap(at)).len() > 3 && says_why(outline.bytes(outline.gap(at)))
    })
}

/// Whether the rest of the line after a token says why.
pub(super) fn explained_behind(outline: &Outline<'_>, at: usize) -> bool {
    let gap = outline.bytes(outline.gap(at));
    let line = memchr::memchr(b'\n', gap).map_or(gap, |end| slice(gap, 0..end));
    says_why(line)
}

/// Whether the comment above a statement says that its failure does not matter.
pub(super) fn excused_above(outline: &Outline<'_>, at: usize) -> bool {
    const SAYS: [&str; 16] = [
        "best effort",
        "best-effort",
        "ignore",
        "optional",
        "may fail",
        "may already",
        "might",
        "fire and forget",
        "fire-and-forget",
        "not critical",
        "non-critical",
        "does not matter",
        "doesn't matter",
        "already gone",
        "don't care",
        "not fatal",
    ];
    let first = (at.saturating_sub(200)..=at).rev().find(|&at| {
        let begins = outline.column(at).is_some();
        begins && !matches!(outline.code.sign(at), b'.' | b')' | b'}' | b']')
    });
    let Some(first) = first else { return false };
    let comment = outline.bytes(outline.gap(first));
    let text = comment.get(comment.len().saturating_sub(400)..).unwrap_or_default();
    let text = String::from_utf8_lossy(text).to_lowercase();
    says_why(text.as_bytes()) && SAYS.iter().any(|words| text.contains(words))
}

fn says_why(comment: &[u8]) -> bool {
    let text = comment.get(..comment.len().min(1000)).unwrap_or_default();
    let text = String::from_utf8_lossy(text).to_lowercase();
    let Some(mark) = text.find(['/', '#', '*']) else { return false };
    let words = text.get(mark..).unwrap_or_default();
    if words.contains("todo") || words.contains("fixme") {
        return false;
    }
    words
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| word.chars().any(char::is_alphabetic) && !listed(EMPTY, word))
        .count()
        >= 1
}

/// Whether all that is tried are calls whose failure is an answer.
pub(super) fn only_asks(outline: &Outline<'_>, tried: Range<usize>) -> bool {
    let code = outline.code;
    let (mut asks, mut works) = (false, false);
    for at in tried.take(400) {
        let name = code.name(at);
        if matches!(name, b"import" | b"require") {
            return true;
        }
        if code.sign(at + 1) == b'(' && !name.is_empty() {
            asks |= named(ANSWERS, name);
            works |= !named(ANSWERS, name) && !named(PLAIN, name);
        }
    }
    asks && !works
}

pub(super) fn is_answer(name: &[u8]) -> bool {
    named(ANSWERS, name)
}

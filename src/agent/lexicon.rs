//! The words by which authors set boundaries, in six languages.
//!
//! What they say together, in a label or a heading, is [`super::words`]' affair.

/// What a word says; a label's sense is the union of its words'.
pub(super) type Sense = u32;

/// No, never, not.
pub(super) const NOT: Sense = 1;
/// Forbidden, off-limits, blocked.
pub(super) const BAN: Sense = 1 << 1;
/// Allowed, permitted.
pub(super) const ALLOW: Sense = 1 << 2;
/// Own, owned, responsible.
pub(super) const OWN: Sense = 1 << 3;
/// May, can: allows only together with a verb of writing.
pub(super) const MAY: Sense = 1 << 4;
/// Write, edit, modify, touch.
pub(super) const WRITE: Sense = 1 << 5;
/// Read, consult.
pub(super) const READ: Sense = 1 << 6;
/// Only.
pub(super) const ONLY: Sense = 1 << 7;
/// Files, paths, folders.
pub(super) const FILES: Sense = 1 << 8;
/// Scope, boundary, zone.
pub(super) const SCOPE: Sense = 1 << 9;
/// You, your.
pub(super) const YOU: Sense = 1 << 10;
/// Outside, beyond, except.
pub(super) const OUTSIDE: Sense = 1 << 11;
/// Something that is no file: commands, tools, imports.
pub(super) const OTHER: Sense = 1 << 12;
/// Domain, area: owned only when "your".
pub(super) const DOMAIN: Sense = 1 << 13;
/// Any other word.
pub(super) const UNKNOWN: Sense = 1 << 14;

/// Words in lower case, sorted by their bytes; a test holds the order.
const WORDS: &[(&str, Sense)] = &[
    ("a", 0),
    ("access", 0),
    ("actions", OTHER),
    ("agents", OTHER),
    ("all", 0),
    ("allow", ALLOW),
    ("allowed", ALLOW),
    ("alterar", WRITE),
    ("an", 0),
    ("and", 0),
    ("and/or", 0),
    ("any", 0),
    ("anything", 0),
    ("apenas", ONLY),
    ("api", OTHER),
    ("apis", OTHER),
    ("archivos", FILES),
    ("are", 0),
    ("area", DOMAIN),
    ("areas", DOMAIN),
    ("arquivos", FILES),
    ("artifacts", 0),
    ("at", 0),
    ("außerhalb", OUTSIDE),
    ("be", 0),
    ("bearbeiten", WRITE),
    ("below", 0),
    ("beyond", OUTSIDE),
    ("blocked", BAN),
    ("bloqueado", BAN),
    ("bloqueados", BAN),
    ("boundaries", SCOPE),
    ("boundary", SCOPE),
    ("can", MAY),
    ("can't", NOT),
    ("cannot", NOT),
    ("can’t", NOT),
    ("change", WRITE),
    ("changed", WRITE),
    ("changes", WRITE),
    ("characters", OTHER),
    ("code", 0),
    ("commands", OTHER),
    ("consult", READ),
    ("create", WRITE),
    ("created", WRITE),
    ("creating", WRITE),
    ("creation", 0),
    ("da", 0),
    ("dateien", FILES),
    ("de", 0),
    ("dependencies", OTHER),
    ("dependency", OTHER),
    ("directories", FILES),
    ("directory", FILES),
    ("dirs", FILES),
    ("do", 0),
    ("docs", 0),
    ("document", 0),
    ("documents", 0),
    ("does", 0),
    ("domain", DOMAIN),
    ("domains", OTHER),
    ("don't", NOT),
    ("dono", OWN),
    ("don’t", NOT),
    ("dürfen", MAY),
    ("edit", WRITE),
    ("edit-allowed", ALLOW | WRITE),
    ("editar", WRITE),
    ("edited", WRITE),
    ("editing", WRITE),
    ("edits", WRITE),
    ("else", 0),
    ("em", 0),
    ("en", 0),
    ("erlaubt", ALLOW),
    ("erlaubte", ALLOW),
    ("escrever", WRITE),
    ("escribir", WRITE),
    ("escrita", WRITE),
    ("escritura", WRITE),
    ("every", 0),
    ("everything", 0),
    ("except", OUTSIDE),
    ("exclusive", 0),
    ("exclusively", ONLY),
    ("faz", 0),
    ("file", FILES),
    ("files", FILES),
    ("folder", FILES),
    ("folders", FILES),
    ("following", 0),
    ("for", 0),
    ("fora", OUTSIDE),
    ("forbidden", BAN),
    ("fuera", OUTSIDE),
    ("gesperrt", BAN),
    ("hace", 0),
    ("hagas", 0),
    ("haz", 0),
    ("imports", OTHER),
    ("in", 0),
    ("inside", 0),
    ("into", 0),
    ("is", 0),
    ("keywords", OTHER),
    ("language", OTHER),
    ("languages", OTHER),
    ("lectura", READ),
    ("leitura", READ),
    ("libraries", OTHER),
    ("located", 0),
    ("mach", 0),
    ("machst", 0),
    ("may", MAY),
    ("modificar", WRITE),
    ("modification", WRITE),
    ("modifications", WRITE),
    ("modified", WRITE),
    ("modify", WRITE),
    ("modifying", WRITE),
    ("must", 0),
    ("mustn't", NOT),
    ("mustn’t", NOT),
    ("never", NOT),
    ("new", 0),
    ("nicht", NOT),
    ("no", NOT),
    ("not", NOT),
    ("nunca", NOT),
    ("nur", ONLY),
    ("não", NOT),
    ("of", 0),
    ("off", BAN),
    ("off-limits", BAN),
    ("on", 0),
    ("only", ONLY),
    ("operations", OTHER),
    ("options", OTHER),
    ("or", 0),
    ("other", 0),
    ("out", NOT),
    ("output", 0),
    ("outputs", 0),
    ("outside", OUTSIDE),
    ("own", OWN),
    ("owned", OWN),
    ("owner", OWN),
    ("owns", OWN),
    ("packages", OTHER),
    ("paths", FILES),
    ("patterns", OTHER),
    ("permitido", ALLOW),
    ("permitidos", ALLOW),
    ("permitted", ALLOW),
    ("pfade", FILES),
    ("phrases", OTHER),
    ("practices", OTHER),
    ("prohibido", BAN),
    ("prohibidos", BAN),
    ("prohibited", BAN),
    ("proibido", BAN),
    ("proibidos", BAN),
    ("project", 0),
    ("protected", BAN),
    ("read", READ),
    ("read-only", READ | ONLY),
    ("readonly", READ | ONLY),
    ("restricted", BAN),
    ("rutas", FILES),
    ("schreiben", WRITE),
    ("scope", SCOPE),
    ("shall", 0),
    ("should", 0),
    ("sole", 0),
    ("solely", ONLY),
    ("solo", ONLY),
    ("somente", ONLY),
    ("sources", OTHER),
    ("syntax", OTHER),
    ("só", ONLY),
    ("techniques", OTHER),
    ("terms", OTHER),
    ("than", 0),
    ("the", 0),
    ("then", 0),
    ("these", 0),
    ("this", 0),
    ("to", 0),
    ("tool", OTHER),
    ("tools", OTHER),
    ("topics", OTHER),
    ("touch", WRITE),
    ("tun", 0),
    ("types", OTHER),
    ("under", 0),
    ("update", WRITE),
    ("updated", WRITE),
    ("updates", WRITE),
    ("updating", WRITE),
    ("urls", OTHER),
    ("values", OTHER),
    ("verboten", BAN),
    ("verbotene", BAN),
    ("way", 0),
    ("will", 0),
    ("with", 0),
    ("within", 0),
    ("won't", NOT),
    ("won’t", NOT),
    ("words", OTHER),
    ("workspace", 0),
    ("would", 0),
    ("writable", ALLOW | WRITE),
    ("write", WRITE),
    ("write-scope", WRITE | SCOPE),
    ("writes", WRITE),
    ("writing", WRITE),
    ("written", WRITE),
    ("you", YOU),
    ("your", YOU),
    ("zone", SCOPE),
    ("zones", SCOPE),
    ("ändern", WRITE),
    ("único", 0),
    ("владеешь", OWN | YOU),
    ("вне", OUTSIDE),
    ("делает", 0),
    ("делаешь", 0),
    ("делай", 0),
    ("запрещенные", BAN),
    ("запрещено", BAN),
    ("запрещённые", BAN),
    ("изменять", WRITE),
    ("можно", ALLOW),
    ("не", NOT),
    ("нельзя", BAN),
    ("никогда", NOT),
    ("пишешь", WRITE | YOU),
    ("разрешено", ALLOW),
    ("разрешённые", ALLOW),
    ("редактировать", WRITE),
    ("редактируешь", WRITE | YOU),
    ("только", ONLY),
    ("трогаешь", WRITE),
    ("трогать", WRITE),
    ("файлы", FILES),
    ("читаешь", READ),
    ("경로", FILES),
    ("구역", SCOPE),
    ("금지", BAN),
    ("담당", OWN),
    ("수정", WRITE),
    ("쓰기", WRITE),
    ("영역", SCOPE),
    ("읽기", READ),
    ("전용", ONLY),
    ("파일", FILES),
    ("편집", WRITE),
    ("허용", ALLOW),
];

/// The sense of one word, in any case.
pub(super) fn of_word(word: &str) -> Sense {
    if word.is_ascii() { of_ascii_word(word.as_bytes()) } else { of_foreign_word(word) }
}

/// The sense of a word of ASCII letters, in any case.
#[inline]
pub(super) fn of_ascii_word(word: &[u8]) -> Sense {
    let first = word.first().map_or(0, u8::to_ascii_lowercase);
    match starting_with(first, word.len()) {
        [] => UNKNOWN,
        near => find_ascii(near, word),
    }
}

fn find_ascii(near: &[(&str, Sense)], word: &[u8]) -> Sense {
    let found = near.iter().find(|(known, _)| known.as_bytes().eq_ignore_ascii_case(word));
    found.map_or(UNKNOWN, |(_, sense)| *sense)
}

fn of_foreign_word(word: &str) -> Sense {
    const LONGEST: usize = 32;
    if word.len() > LONGEST {
        return UNKNOWN;
    }
    let word = word.to_lowercase();
    let first = word.bytes().next().unwrap_or_default();
    let found = starting_with(first, word.len()).iter().find(|(known, _)| *known == word);
    found.map_or(UNKNOWN, |(_, sense)| *sense)
}

/// The words that start with one byte: where they stand, and their lengths as bits.
#[derive(Clone, Copy, Default)]
struct Near {
    start: usize,
    end: usize,
    lengths: u32,
}

const NEAR: [Near; 256] = near();

#[expect(clippy::indexing_slicing, reason = "run by the compiler, which checks it")]
const fn near() -> [Near; 256] {
    let mut table = [Near { start: 0, end: 0, lengths: 0 }; 256];
    let mut at = 0;
    while at < WORDS.len() {
        let word = WORDS[at].0.as_bytes();
        let near = &mut table[word[0] as usize];
        if near.lengths == 0 {
            near.start = at;
        }
        near.end = at + 1;
        near.lengths |= length_bit(word.len());
        at += 1;
    }
    table
}

const fn length_bit(length: usize) -> u32 {
    1 << (length & 31)
}

/// The words that may be one of this first byte and length; most often none.
#[inline]
fn starting_with(first: u8, length: usize) -> &'static [(&'static str, Sense)] {
    let near = NEAR.get(usize::from(first)).copied().unwrap_or_default();
    if near.lengths & length_bit(length) == 0 {
        return &[];
    }
    WORDS.get(near.start..near.end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_sorted() {
        assert!(WORDS.is_sorted_by_key(|(word, _)| *word));
    }
}

//! The words by which authors set boundaries, in six languages.
//!
//! A label or a heading is understood by what its words say together ("You
//! never touch", "Paths permitidos"), not by a list of whole phrases. What an
//! entry below it means is [`super::entries`]' affair.

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
    const LONGEST: usize = 32;
    let mut buffer = [0_u8; LONGEST];
    if let (true, Some(lower)) = (word.is_ascii(), buffer.get_mut(..word.len())) {
        lower.copy_from_slice(word.as_bytes());
        lower.make_ascii_lowercase();
        return std::str::from_utf8(lower).map_or(UNKNOWN, known);
    }
    if word.len() > LONGEST { UNKNOWN } else { known(&word.to_lowercase()) }
}

/// For each first byte the lengths of the words that start with it, as bits.
const LENGTHS: [u32; 256] = lengths();

#[expect(clippy::indexing_slicing, reason = "run by the compiler, which checks it")]
const fn lengths() -> [u32; 256] {
    let mut lengths = [0; 256];
    let mut at = 0;
    while at < WORDS.len() {
        let word = WORDS[at].0.as_bytes();
        lengths[word[0] as usize] |= 1 << (word.len() & 31);
        at += 1;
    }
    lengths
}

fn known(word: &str) -> Sense {
    let first = word.bytes().next().map_or(0, usize::from);
    let lengths = LENGTHS.get(first).copied().unwrap_or_default();
    if lengths & (1 << (word.len() & 31)) == 0 {
        return UNKNOWN;
    }
    WORDS
        .binary_search_by(|(known, _)| known.cmp(&word))
        .ok()
        .and_then(|at| WORDS.get(at))
        .map_or(UNKNOWN, |(_, sense)| *sense)
}

/// The words of a text: letters, digits, inner hyphens and apostrophes.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '\'' | '’')))
        .filter(|word| !word.is_empty())
}

/// The union of the senses of a text's words.
pub(super) fn sense(text: &str) -> Sense {
    words(text).fold(0, |sense, word| sense | of_word(word))
}

/// What a label or a heading says about the entries below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// They may be written.
    Allow,
    /// They may not.
    Forbid,
    /// They may not even be read: said of secrets, and no boundary for writing.
    Unreadable,
    /// What the agent does not do; tasks, not files.
    Dont,
}

/// The meaning of a label; headings say less with the same words.
pub(super) fn meaning(sense: Sense, whole: &str) -> Option<Meaning> {
    let has = |flags: Sense| sense & flags != 0;
    if has(OTHER) {
        return None;
    }
    if has(BAN) {
        let reads = has(READ) && !has(WRITE);
        return Some(if reads { Meaning::Unreadable } else { Meaning::Forbid });
    }
    if has(NOT) {
        if has(OUTSIDE) {
            return None;
        }
        return match (has(WRITE), has(READ)) {
            (true, _) => Some(Meaning::Forbid),
            (false, true) => Some(Meaning::Unreadable),
            // "Will Not", "DON'T": a list of what is not done, in no other words.
            (false, false) => (!has(UNKNOWN)).then_some(Meaning::Dont),
        };
    }
    if has(READ) && !has(WRITE) {
        return None;
    }
    let own = has(OWN) || (has(DOMAIN) && has(YOU));
    let may = has(MAY) && has(WRITE);
    let scoped = has(WRITE) && (has(ONLY) || has(SCOPE) || has(YOU));
    let allowed = has(ALLOW) && (!has(UNKNOWN) || has(FILES) || has(WRITE) || whole.len() <= 12);
    (own || may || scoped || allowed).then_some(Meaning::Allow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_sorted() {
        let mut sorted: Vec<&str> = WORDS.iter().map(|(word, _)| *word).collect();
        sorted.sort_unstable();
        let words: Vec<&str> = WORDS.iter().map(|(word, _)| *word).collect();
        assert_eq!(words, sorted);
    }

    #[track_caller]
    fn check(label: &str, expected: Option<Meaning>) {
        assert_eq!(meaning(sense(label), label), expected, "{label}");
    }

    #[test]
    fn understands_labels_in_six_languages() {
        use Meaning::{Allow, Dont, Forbid, Unreadable};
        check("Allowed", Some(Allow));
        check("Forbidden", Some(Forbid));
        check("Edit-allowed zones", Some(Allow));
        check("Write-scope guardrail", Some(Allow));
        check("You own", Some(Allow));
        check("You consult on but do NOT modify", Some(Forbid));
        check("You never touch", Some(Forbid));
        check("You may only write to", Some(Allow));
        check("Off-Limits (do not edit)", Some(Forbid));
        check("Files You Own (full Write/Edit access)", Some(Allow));
        check("Owned Files & Directories", Some(Allow));
        check("Your Domain", Some(Allow));
        check("Scope (owned)", Some(Allow));
        check("Paths permitidos (escrita)", Some(Allow));
        check("Paths bloqueados (leitura ok, escrita não)", Some(Forbid));
        check("Archivos prohibidos", Some(Forbid));
        check("Пишешь", Some(Allow));
        check("Читаешь", None);
        check("담당 구역", Some(Allow));
        check("파일 수정 금지", Some(Forbid));
        check("VERBOTEN", Some(Forbid));
        check("DON'T", Some(Dont));
        check("Will Not", Some(Dont));
        check("NEVER read or include in your output", Some(Unreadable));
        check("Forbidden commands", None);
        check("Allowed Tools", None);
        check("Read", None);
        check("Domain Expertise", None);
    }
}

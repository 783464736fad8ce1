//! "Fixed the bug", "verified that it works": claims of work that is done.

use super::prose::Word;
use super::rules::ClaimRule;

/// "Fixed the bug", "the issue is fixed", "this resolves the crash".
pub(super) fn says_fixed(rule: &ClaimRule<'_>, words: &[Word]) -> bool {
    let plain: Vec<&str> = words.iter().filter_map(Word::plain).collect();
    let is_object = |word: &str| rule.objects.contains(&word);
    let near = |from: usize| plain.iter().skip(from).take(5).any(|word| is_object(word));
    plain.iter().enumerate().any(|(at, word)| {
        if rule.verbs.contains(word) && !is_adjective(plain.get(at + 1)) {
            let before = plain.get(at.saturating_sub(5)..at).unwrap_or_default();
            let stated = at == 0
                || before.iter().all(|word| {
                    matches!(
                        *word,
                        "i" | "we"
                            | "i've"
                            | "we've"
                            | "have"
                            | "has"
                            | "successfully"
                            | "also"
                            | "and"
                            | "now"
                    )
                });
            let passive = before
                .iter()
                .rev()
                .take(4)
                .any(|word| matches!(*word, "is" | "are" | "been" | "was" | "now" | "were"));
            let of_object = before.iter().any(|word| is_object(word))
                || words.iter().filter_map(Word::plain).any(|word| word.starts_with('#'));
            (stated && near(at + 1)) || (passive && of_object && !by_someone(&plain, at))
        } else if rule.verbs_now.iter().any(|verb| verb == word) {
            let this = plain.get(at.saturating_sub(2)..at).unwrap_or_default();
            let mine = this.iter().any(|word| {
                matches!(*word, "this" | "fix" | "change" | "patch" | "commit" | "that" | "it")
            });
            mine && near(at + 1)
        } else {
            false
        }
    })
}

/// "fixed-size", "fixed number of".
fn is_adjective(after: Option<&&str>) -> bool {
    after.is_some_and(|word| {
        matches!(
            *word,
            "size"
                | "sized"
                | "length"
                | "width"
                | "point"
                | "term"
                | "cost"
                | "rate"
                | "price"
                | "number"
                | "set"
                | "amount"
                | "time"
                | "position"
                | "order"
                | "format"
                | "seed"
        )
    })
}

/// "was fixed by …", "fixed in …": told of elsewhere.
fn by_someone(plain: &[&str], verb: usize) -> bool {
    matches!(plain.get(verb + 1), Some(&"by"))
}

/// "Verified the fix works", "tested and confirmed working", "✅ Verified".
pub(super) fn says_verified(rule: &ClaimRule<'_>, words: &[Word]) -> bool {
    let plain: Vec<&str> = words.iter().filter_map(Word::plain).collect();
    let Some(at) = plain.iter().position(|word| rule.verbs.iter().any(|verb| verb == word)) else {
        return false;
    };
    let is_working = plain.iter().any(|word| rule.works.contains(word));
    let alone = plain.len() <= 2
        && plain.iter().all(|word| {
            rule.verbs.iter().any(|verb| verb == word)
                || matches!(*word, "and" | "done" | "fully" | "status")
        });
    let near: Vec<&str> = plain.iter().skip(at.saturating_sub(4)).take(10).copied().collect();
    let object = rule.objects.iter().any(|object| {
        let wanted: Vec<&str> = object.split(' ').collect();
        near.windows(wanted.len()).any(|window| window == wanted.as_slice())
    });
    is_working || alone || object
}

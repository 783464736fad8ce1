//! Sorting lists of anything with one compiled sort.
//!
//! The standard sort is compiled anew for each list and each comparison, some
//! 7 KB a time. Here numbers are sorted, and the list follows. For lists that
//! are long where time matters the standard sort is the better one.

use std::cmp::Ordering;

/// Sorts a list; what is equal keeps its order.
pub(crate) fn by<T>(list: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    if list.len() < 2 {
        return;
    }
    let order = numbers(list.len(), &|left, right| match (list.get(left), list.get(right)) {
        (Some(left), Some(right)) => compare(left, right),
        _ => Ordering::Equal,
    });
    let mut taken: Vec<Option<T>> = std::mem::take(list).into_iter().map(Some).collect();
    list.extend(order.into_iter().filter_map(|at| taken.get_mut(at).and_then(Option::take)));
}

/// Sorts a list by what `key` makes of its items; what is equal keeps its order.
pub(crate) fn by_key<T, K: Ord>(list: &mut Vec<T>, key: impl Fn(&T) -> K) {
    by(list, |left, right| key(left).cmp(&key(right)));
}

#[inline(never)]
fn numbers(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..count).collect();
    numbers.sort_by(|left, right| compare(*left, *right));
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_and_keeps_the_order_of_equals() {
        let check = |list: &[&str], wanted: &[&str]| {
            let mut list = list.to_vec();
            by_key(&mut list, |text| text.len());
            assert_eq!(list, wanted);
        };
        check(&[], &[]);
        check(&["b"], &["b"]);
        check(&["ccc", "b", "aa", "a", "bb", "c"], &["b", "a", "c", "aa", "bb", "ccc"]);
        let mut many: Vec<(usize, usize)> = (0..1000).map(|at| (at * 7919 % 10, at)).collect();
        let mut wanted = many.clone();
        wanted.sort_by_key(|(key, _)| *key);
        by_key(&mut many, |(key, _)| *key);
        assert_eq!(many, wanted);
    }
}

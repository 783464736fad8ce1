//! Rings in a directed graph: strongly connected parts of more than one node.

/// Each ring's nodes in ascending order, the rings by their first node.
///
/// Kosaraju's two passes with a stack of their own: a pipeline's depth must
/// not be the program's.
pub(super) fn find(count: usize, edges: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut forward = vec![Vec::new(); count];
    let mut backward = vec![Vec::new(); count];
    for (from, to) in edges {
        if let Some(list) = forward.get_mut(*from) {
            list.push(*to);
        }
        if let Some(list) = backward.get_mut(*to) {
            list.push(*from);
        }
    }
    let mut seen = vec![false; count];
    let mut finished = Vec::new();
    for node in 0..count {
        finished.extend(visit(node, &forward, &mut seen));
    }
    let mut seen = vec![false; count];
    let mut rings = Vec::new();
    for node in finished.into_iter().rev() {
        let mut ring = visit(node, &backward, &mut seen);
        if ring.len() > 1 {
            ring.sort_unstable();
            rings.push(ring);
        }
    }
    rings.sort();
    rings
}

/// The unseen nodes that can be reached from one, in the order they are left.
fn visit(start: usize, next: &[Vec<usize>], seen: &mut [bool]) -> Vec<usize> {
    let mut left = Vec::new();
    let mut stack = Vec::new();
    if enter(start, seen) {
        stack.push((start, 0));
    }
    while let Some((node, at)) = stack.pop() {
        match next.get(node).and_then(|list| list.get(at)) {
            Some(child) => {
                stack.push((node, at + 1));
                if enter(*child, seen) {
                    stack.push((*child, 0));
                }
            }
            None => left.push(node),
        }
    }
    left
}

fn enter(node: usize, seen: &mut [bool]) -> bool {
    seen.get_mut(node).is_some_and(|seen| !std::mem::replace(seen, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_rings_and_only_rings() {
        let check =
            |edges: &[(usize, usize)], rings: &[&[usize]]| assert_eq!(find(5, edges), rings);
        check(&[], &[]);
        check(&[(0, 1), (1, 2), (0, 2)], &[]);
        check(&[(0, 1), (1, 0)], &[&[0, 1]]);
        check(&[(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 3)], &[&[0, 1, 2], &[3, 4]]);
    }

    #[test]
    fn a_long_chain_needs_no_deep_stack() {
        let edges: Vec<(usize, usize)> = (0..100_000).map(|node| (node, node + 1)).collect();
        assert!(find(100_001, &edges).is_empty());
    }
}

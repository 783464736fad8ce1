//! Which layer of the drawing each agent is in.
//!
//! By the longest way to it, so that work flows to the right; by the shortest
//! where rings make the longest too long to be read.

use crate::order;

/// More columns than this nobody looks at.
pub(super) const LAYERS_MAX: usize = 8;

/// The layer of each node.
pub(super) fn ranks(count: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let backward = backward_edges(count, edges);
    let forward = edges
        .iter()
        .zip(&backward)
        .map(|((from, to), backward)| if *backward { (*to, *from) } else { (*from, *to) });
    let longest = longest_ways(count, &forward.collect::<Vec<_>>());
    if longest.iter().max().is_some_and(|deepest| *deepest >= LAYERS_MAX) {
        return shortest_ways(count, edges);
    }
    longest
}

/// The shortest way to each node from a node that nobody leads to, or from the
/// one that leads to most where all lie in rings.
fn shortest_ways(count: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut out = vec![Vec::new(); count];
    let mut entered = vec![0_usize; count];
    for (from, to) in edges {
        if let (Some(list), Some(count)) = (out.get_mut(*from), entered.get_mut(*to)) {
            list.push(*to);
            *count += 1;
        }
    }
    let mut ranks = vec![None; count];
    let beginnings = (0..count).filter(|node| entered.get(*node) == Some(&0));
    let mut level: Vec<usize> = beginnings.collect();
    let mut by_reach: Vec<usize> = (0..count).collect();
    order::by_key(&mut by_reach, |node| std::cmp::Reverse(out.get(*node).map_or(0, Vec::len)));
    let mut rest = by_reach.into_iter();
    loop {
        let mut rank = 0;
        while !level.is_empty() {
            let mut next = Vec::new();
            for node in level {
                if ranks.get(node) == Some(&None) {
                    set(&mut ranks, node, Some(rank));
                    next.extend(out.get(node).into_iter().flatten().copied());
                }
            }
            level = next;
            rank += 1;
        }
        match rest.find(|node| ranks.get(*node) == Some(&None)) {
            Some(node) => level = vec![node],
            None => break,
        }
    }
    ranks.into_iter().map(Option::unwrap_or_default).collect()
}

/// Which edges close a ring when the graph is walked from its beginnings.
fn backward_edges(count: usize, edges: &[(usize, usize)]) -> Vec<bool> {
    const WHITE: u8 = 0;
    const GREY: u8 = 1;
    const BLACK: u8 = 2;
    let mut out = vec![Vec::new(); count];
    let mut entered = vec![0_usize; count];
    for (at, (from, to)) in edges.iter().enumerate() {
        if let (Some(list), Some(count)) = (out.get_mut(*from), entered.get_mut(*to)) {
            list.push((at, *to));
            *count += 1;
        }
    }
    let mut starts: Vec<usize> = (0..count).collect();
    order::by_key(&mut starts, |node| entered.get(*node).copied());
    let mut colour = vec![WHITE; count];
    let mut backward = vec![false; edges.len()];
    for start in starts {
        if colour.get(start) != Some(&WHITE) {
            continue;
        }
        let mut stack = vec![(start, 0)];
        set(&mut colour, start, GREY);
        while let Some((node, next)) = stack.pop() {
            let Some((edge, child)) = out.get(node).and_then(|list| list.get(next)) else {
                set(&mut colour, node, BLACK);
                continue;
            };
            stack.push((node, next + 1));
            match colour.get(*child) {
                Some(&WHITE) => {
                    set(&mut colour, *child, GREY);
                    stack.push((*child, 0));
                }
                Some(&GREY) => set(&mut backward, *edge, true),
                _ => {}
            }
        }
    }
    backward
}

pub(super) fn set<T>(list: &mut [T], at: usize, value: T) {
    if let Some(place) = list.get_mut(at) {
        *place = value;
    }
}

/// The longest way to each node; the edges have no ring.
fn longest_ways(count: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut ranks = vec![0_usize; count];
    let mut entered = vec![0_usize; count];
    let mut out = vec![Vec::new(); count];
    for (from, to) in edges {
        if let (Some(list), Some(count)) = (out.get_mut(*from), entered.get_mut(*to)) {
            list.push(*to);
            *count += 1;
        }
    }
    let mut ready: Vec<usize> = (0..count).filter(|node| entered.get(*node) == Some(&0)).collect();
    while let Some(node) = ready.pop() {
        let rank = ranks.get(node).copied().unwrap_or_default() + 1;
        for child in out.get(node).into_iter().flatten() {
            if let (Some(of_child), Some(left)) = (ranks.get_mut(*child), entered.get_mut(*child)) {
                *of_child = rank.max(*of_child);
                *left -= 1;
                if *left == 0 {
                    ready.push(*child);
                }
            }
        }
    }
    ranks
}

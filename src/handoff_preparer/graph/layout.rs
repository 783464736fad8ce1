//! Where each agent and each line of the drawing goes.
//!
//! In layers from left to right ([`super::layers`]). A line that passes a layer
//! gets a place of its own in it, so that lines go between agents, not behind them.

use super::layers::{ranks, set};
use crate::order;

/// Sizes of the drawing, in pixels.
pub(super) const BOX_WIDTH: f64 = 228.0;
pub(super) const BOX_HEIGHT: f64 = 54.0;
const LANE_HEIGHT: f64 = 16.0;
const GAP_X: f64 = 96.0;
const GAP_Y: f64 = 18.0;
const MARGIN: f64 = 16.0;
const SWEEPS: usize = 12;

/// The drawing, without its looks.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Layout {
    pub(super) width: f64,
    pub(super) height: f64,
    /// The top left corner of each agent's box.
    pub(super) boxes: Vec<(f64, f64)>,
    /// For each edge the points it goes through, from giver to receiver.
    pub(super) lines: Vec<Vec<(f64, f64)>>,
}

/// Something with a place in a layer: an agent, or a line passing by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seat {
    Agent(usize),
    Passing,
}

struct Seats {
    kinds: Vec<Seat>,
    layers: Vec<Vec<usize>>,
    /// For each edge its seats from left to right.
    ways: Vec<Vec<usize>>,
}

/// Lays out `count` agents; those without an edge come below, in rows.
pub(super) fn layout(count: usize, edges: &[(usize, usize)]) -> Layout {
    let ranks = ranks(count, edges);
    let rank = |node: usize| ranks.get(node).copied().unwrap_or_default();
    let goes_back = |(from, to): &(usize, usize)| rank(*from) > rank(*to);
    let rightward = |edge: &(usize, usize)| if goes_back(edge) { (edge.1, edge.0) } else { *edge };
    let rightward: Vec<(usize, usize)> = edges.iter().map(rightward).collect();
    let mut seats = seats(count, &rightward, &ranks);
    order(&mut seats);
    let mut layout = place(count, &seats);
    let mut lines = Vec::new();
    for (edge, way) in edges.iter().zip(&seats.ways) {
        let mut points = points(way, &seats, &layout);
        if goes_back(edge) {
            points.reverse();
        }
        lines.push(points);
    }
    layout.lines = lines;
    rows_below(&mut layout, &apart(count, edges));
    layout
}

fn seats(count: usize, edges: &[(usize, usize)], ranks: &[usize]) -> Seats {
    let rank = |node: usize| ranks.get(node).copied().unwrap_or_default();
    let deepest = ranks.iter().copied().max().unwrap_or_default();
    let mut seats =
        Seats { kinds: Vec::new(), layers: vec![Vec::new(); deepest + 1], ways: Vec::new() };
    let has_edge = |node: usize| edges.iter().any(|(from, to)| *from == node || *to == node);
    for node in 0..count {
        seats.kinds.push(Seat::Agent(node));
        if has_edge(node)
            && let Some(layer) = seats.layers.get_mut(rank(node))
        {
            layer.push(node);
        }
    }
    for (from, to) in edges {
        let mut way = vec![*from];
        for between in rank(*from) + 1..rank(*to) {
            let seat = seats.kinds.len();
            seats.kinds.push(Seat::Passing);
            if let Some(layer) = seats.layers.get_mut(between) {
                layer.push(seat);
            }
            way.push(seat);
        }
        way.push(*to);
        seats.ways.push(way);
    }
    seats
}

/// Orders each layer by the mean place of its neighbours, to and fro.
fn order(seats: &mut Seats) {
    let mut left = vec![Vec::new(); seats.kinds.len()];
    let mut right = vec![Vec::new(); seats.kinds.len()];
    for way in &seats.ways {
        for pair in way.windows(2) {
            // Two of one layer say nothing about each other's place.
            let level =
                seats.layers.iter().any(|layer| pair.iter().all(|seat| layer.contains(seat)));
            if let ([from, to], false) = (pair, level) {
                if let Some(list) = right.get_mut(*from) {
                    list.push(*to);
                }
                if let Some(list) = left.get_mut(*to) {
                    list.push(*from);
                }
            }
        }
    }
    for sweep in 0..SWEEPS {
        let forward = sweep % 2 == 0;
        let neighbours = if forward { &left } else { &right };
        let layers: Vec<usize> = if forward {
            (1..seats.layers.len()).collect()
        } else {
            (0..seats.layers.len().saturating_sub(1)).rev().collect()
        };
        for layer in layers {
            let mut place = vec![0.0; seats.kinds.len()];
            for layer in &seats.layers {
                let middle = as_f64(layer.len()) / 2.0;
                for (at, seat) in layer.iter().enumerate() {
                    set(&mut place, *seat, as_f64(at) - middle);
                }
            }
            let mean = |seat: &usize| {
                let near = neighbours.get(*seat).map_or(&[][..], Vec::as_slice);
                let of = |seat: &usize| place.get(*seat).copied().unwrap_or_default();
                if near.is_empty() {
                    of(seat)
                } else {
                    near.iter().map(of).sum::<f64>() / as_f64(near.len())
                }
            };
            if let Some(layer) = seats.layers.get_mut(layer) {
                order::by(layer, |one, other| mean(one).total_cmp(&mean(other)));
            }
        }
    }
}

/// Gives every seat its corner; the layers are centred on each other.
fn place(count: usize, seats: &Seats) -> Layout {
    let height_of = |seat: usize| match seats.kinds.get(seat) {
        Some(Seat::Passing) => LANE_HEIGHT,
        _ => BOX_HEIGHT,
    };
    let height = |layer: &Vec<usize>| -> f64 {
        layer.iter().map(|seat| height_of(*seat) + GAP_Y).sum::<f64>() - GAP_Y
    };
    let tallest = seats.layers.iter().map(height).fold(0.0, f64::max);
    let used = seats.layers.iter().filter(|layer| !layer.is_empty()).count();
    let mut boxes = vec![(MARGIN, MARGIN); seats.kinds.len().max(count)];
    for (at, layer) in seats.layers.iter().enumerate() {
        let x = MARGIN + as_f64(at) * (BOX_WIDTH + GAP_X);
        let mut y = MARGIN + (tallest - height(layer)) / 2.0;
        for seat in layer {
            set(&mut boxes, *seat, (x, y));
            y += height_of(*seat) + GAP_Y;
        }
    }
    let width = as_f64(used) * (BOX_WIDTH + GAP_X) - GAP_X;
    Layout {
        width: width.max(BOX_WIDTH) + 2.0 * MARGIN,
        height: tallest.max(0.0) + 2.0 * MARGIN,
        boxes,
        lines: Vec::new(),
    }
}

/// From the right side of the first box to the left side of the last; between
/// two of one layer, from right side to right side.
fn points(way: &[usize], seats: &Seats, layout: &Layout) -> Vec<(f64, f64)> {
    let mut points = Vec::new();
    let column = |at: Option<&usize>| at.and_then(|seat| layout.boxes.get(*seat)).map(|(x, _)| *x);
    let level = column(way.first()) == column(way.last());
    for (at, seat) in way.iter().enumerate() {
        let Some((x, y)) = layout.boxes.get(*seat).copied() else { continue };
        match seats.kinds.get(*seat) {
            Some(Seat::Passing) => {
                points.push((x, y + LANE_HEIGHT / 2.0));
                points.push((x + BOX_WIDTH, y + LANE_HEIGHT / 2.0));
            }
            _ if at == 0 || level => points.push((x + BOX_WIDTH, y + BOX_HEIGHT / 2.0)),
            _ => points.push((x, y + BOX_HEIGHT / 2.0)),
        }
    }
    points
}

fn apart(count: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let has_edge = |node: &usize| edges.iter().any(|(from, to)| from == node || to == node);
    (0..count).filter(|node| !has_edge(node)).collect()
}

/// Agents that take no part, below the pipeline.
fn rows_below(layout: &mut Layout, apart: &[usize]) {
    const COLUMNS: usize = 4;
    if apart.is_empty() {
        return;
    }
    let columns = COLUMNS.min(apart.len());
    let top = if layout.height > 2.0 * MARGIN { layout.height + GAP_Y } else { MARGIN };
    for (at, node) in apart.iter().enumerate() {
        let x = MARGIN + as_f64(at % columns) * (BOX_WIDTH + GAP_Y);
        let y = top + as_f64(at / columns) * (BOX_HEIGHT + GAP_Y);
        set(&mut layout.boxes, *node, (x, y));
    }
    let rows = apart.len().div_ceil(columns);
    layout.height = top + as_f64(rows) * (BOX_HEIGHT + GAP_Y) - GAP_Y + MARGIN;
    let width = as_f64(columns) * (BOX_WIDTH + GAP_Y) - GAP_Y + 2.0 * MARGIN;
    layout.width = layout.width.max(width);
}

#[expect(clippy::cast_precision_loss, reason = "counts of boxes on a page")]
fn as_f64(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::super::layers::LAYERS_MAX;
    use super::*;

    #[track_caller]
    fn check_boxes_apart(count: usize, edges: &[(usize, usize)]) -> Layout {
        let layout = layout(count, edges);
        for one in 0..count {
            let (x, y) = layout.boxes[one];
            assert!(x >= 0.0 && x + BOX_WIDTH <= layout.width, "{one} at {x}");
            assert!(y >= 0.0 && y + BOX_HEIGHT <= layout.height, "{one} at {y}");
            for other in 0..one {
                let (x2, y2) = layout.boxes[other];
                let clear = (x - x2).abs() >= BOX_WIDTH || (y - y2).abs() >= BOX_HEIGHT;
                assert!(clear, "{one} covers {other}");
            }
        }
        assert_eq!(layout.lines.len(), edges.len());
        layout
    }

    #[test]
    fn no_box_covers_another() {
        check_boxes_apart(0, &[]);
        check_boxes_apart(1, &[]);
        check_boxes_apart(9, &[]);
        check_boxes_apart(4, &[(0, 1), (0, 2), (1, 3), (2, 3)]);
        check_boxes_apart(7, &[(0, 1), (1, 2), (2, 0), (2, 3), (0, 3), (3, 4)]);
    }

    #[test]
    fn work_flows_to_the_right_and_long_lines_pass_between() {
        let layout = check_boxes_apart(3, &[(0, 1), (1, 2), (0, 2)]);
        let x: Vec<f64> = layout.boxes.iter().take(3).map(|(x, _)| *x).collect();
        assert!(x[0] < x[1] && x[1] < x[2]);
        let (_, box_top) = layout.boxes[1];
        let (_, passing) = layout.lines[2][1];
        assert!(passing < box_top || passing > box_top + BOX_HEIGHT, "behind the box");
    }

    #[test]
    fn large_rings_stay_narrow() {
        let ring = |node| (node, (node + 1) % 20);
        let mut edges: Vec<(usize, usize)> = (0..20).map(ring).collect();
        edges.extend((0..20).map(|node| (node, (node + 7) % 20)));
        let layout = check_boxes_apart(20, &edges);
        assert!(layout.width < as_f64(LAYERS_MAX) * (BOX_WIDTH + GAP_X), "{}", layout.width);
    }

    #[test]
    fn a_ring_is_drawn_with_one_line_going_back() {
        let layout = check_boxes_apart(2, &[(0, 1), (1, 0)]);
        let goes_back = |line: &Vec<(f64, f64)>| line[0].0 > line[line.len() - 1].0;
        assert_eq!(layout.lines.iter().filter(|line| goes_back(line)).count(), 1);
    }
}

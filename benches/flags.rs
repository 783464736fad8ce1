//! What looking for red flags costs: `cargo bench --bench flags [FILE…]`.
//!
//! Prints the best of many runs over a megabyte and over 10 KB of clean
//! TypeScript, and over each file that is named.
#![allow(
    clippy::cast_precision_loss,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a report for people"
)]

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use lanekeeper::flags;

const RUNS: u32 = 50;
const CLEAN: &str = "\
import { Router } from 'express'\n\
import { type Order, listOrders } from '../services/orders'\n\
\n\
/** Lists the orders of the signed-in customer, newest first. */\n\
export const orders = Router()\n\
\n\
export async function ordersOf(customerId: string, limit = 20): Promise<Order[]> {\n\
  const page = await listOrders({ customerId, limit, sortBy: 'createdAt' })\n\
  return page.items.filter((order) => order.state !== 'cancelled').map(toPublic)\n\
}\n\
\n\
function toPublic(order: Order): Order {\n\
  const { internalNotes: _notes, ...rest } = order\n\
  return { ...rest, total: Math.round(rest.total * 100) / 100 }\n\
}\n\n";

fn main() {
    report("10 KB clean", Path::new("a.ts"), &repeated(10 * 1024));
    report("1 MB clean", Path::new("a.ts"), &repeated(1024 * 1024));
    for path in std::env::args().skip(1).filter(|arg| !arg.starts_with('-')) {
        let text = std::fs::read_to_string(&path).unwrap();
        report(&path, Path::new(&path), &text);
    }
}

fn repeated(bytes: usize) -> String {
    CLEAN.repeat(bytes / CLEAN.len() + 1)
}

fn report(name: &str, path: &Path, text: &str) {
    let write = best(|| flags::in_added(path, "", black_box(text)).len());
    let scan = best(|| flags::in_file(path, black_box(text)).len());
    let redact = best(|| flags::redact(black_box(text)).len());
    let rate = |time: Duration| text.len() as f64 / time.as_secs_f64() / 1e6;
    println!(
        "{name}: {} bytes; added {write:?} ({:.0} MB/s), scan {scan:?} ({:.0} MB/s), redact {redact:?}",
        text.len(),
        rate(write),
        rate(scan)
    );
}

fn best(mut run: impl FnMut() -> usize) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..RUNS {
        let start = Instant::now();
        black_box(run());
        best = best.min(start.elapsed());
    }
    best
}

//! What looking for red flags costs: `cargo bench --bench flags [FILE…]`.
//!
//! Prints the best of many runs over texts of a megabyte that look dangerous
//! and are not, and over each file that is named.
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

/// SQL as it should be, in every string.
const SQL: &str = "\
export async function orderOf(id: string) {\n\
  const sql = 'SELECT id, total, state FROM orders WHERE id = $1 AND deleted_at IS NULL'\n\
  const { rows } = await pool.query(sql, [id])\n\
  await pool.query(`UPDATE orders SET seen_at = now() WHERE id = $1`, [id])\n\
  return rows[0] ?? (await pool.query('INSERT INTO misses (id) VALUES ($1)', [id]))\n\
}\n\n";

/// SQL whose joining has to be looked at, and is harmless.
const JOINED: &str = "\
export const orders = (ids: string[]) =>\n\
  pool.query(`SELECT id, total FROM orders WHERE id IN (${ids.map(() => '?').join(', ')})`, ids)\n\n";

const PYTHON: &str = "\
def orders_of(session: Session, customer: Customer, *, limit: int = 20) -> list[Order]:\n\
    \"\"\"Select the newest orders; update the cache where it is stale.\"\"\"\n\
    query = session.query(Order).filter(Order.customer_id == customer.id)\n\
    return [order for order in query.limit(limit) if order.state != \"cancelled\"]\n\n";

const PROSE: &str = "\
The key to a good password is its length; a token is a secret too. Select the user,\n\
update the author of the record, and delete what nobody uses from the current cache.\n";

fn main() {
    report("clean TypeScript, 10 KB", Path::new("a.ts"), &CLEAN.repeat(10 * 1024 / CLEAN.len()));
    for (name, path, text) in [
        ("clean TypeScript", "a.ts", CLEAN),
        ("SQL with placeholders", "a.ts", SQL),
        ("SQL with lists of them", "a.ts", JOINED),
        ("clean Python", "a.py", PYTHON),
        ("prose full of the words", "a.md", PROSE),
        ("minified", "a.js", "var a=function(b,c){return b?c(b):null},k=[1,2,3];"),
        ("one long run", "a.txt", "c2VjcmV0IGtleSBwYXNzd29yZA"),
        ("bytes that are no text", "a.bin", "\u{1}\u{fffd}\u{7f}"),
    ] {
        report(&format!("{name}, 1 MB"), Path::new(path), &text.repeat(1024 * 1024 / text.len()));
    }
    for path in std::env::args().skip(1).filter(|arg| !arg.starts_with('-')) {
        let text = std::fs::read_to_string(&path).unwrap();
        report(&path, Path::new(&path), &text);
    }
}

fn report(name: &str, path: &Path, text: &str) {
    let write = best(|| flags::in_added(path, "", black_box(text)).len());
    let scan = best(|| flags::in_file(path, black_box(text)).len());
    let redact = best(|| flags::redact(black_box(text)).len());
    let rate = |time: Duration| text.len() as f64 / time.as_secs_f64() / 1e6;
    println!(
        "{name:<32} added {:>6.0} MB/s, scan {:>6.0} MB/s, redact {:>6.0} MB/s",
        rate(write),
        rate(scan),
        rate(redact)
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

//! Files written whole or not at all, under a lock, durable. Nothing else writes.

//! Handing a handoff to exactly one run of its receiver.
//!
//! Called on the object of a pair's file, under that file's lock.

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::State;
use crate::context::clock::stamp;
use crate::context::record::Run;
use crate::context::value::text;

/// What a run that starts is to be told of one pair.
#[derive(Clone, Debug, PartialEq)]
pub enum Claim {
    /// The handoff is this run's now, and no other's.
    Taken(Value),
    /// The giver's last run failed; nobody can take this.
    Blocked(Value),
    /// The file is in nobody's reach: why.
    Unreadable(String),
}

/// Claims what the file has for a run. What was claimed before, by this run or
/// another, is not claimed again.
pub fn claim(file: &mut Value, run: &Run, now: OffsetDateTime) -> Vec<Claim> {
    let mut claims = Vec::new();
    match State::of(file, now) {
        Some(State::Ready) => claims.push(Claim::Taken(take(file, run, now))),
        Some(State::Blocked) => claims.push(Claim::Blocked(file.clone())),
        _ => {}
    }
    if let Some(undelivered) = file.get_mut("undelivered")
        && State::of(undelivered, now) == Some(State::Ready)
    {
        claims.push(Claim::Taken(take(undelivered, run, now)));
    }
    claims
}

/// What a run claimed before and still works on, for one that forgot it.
pub fn held(file: &Value, run: &Run) -> Vec<Claim> {
    let both = [Some(file), file.get("undelivered")];
    let theirs = both.into_iter().flatten().filter(|handoff| is_held(handoff, run));
    theirs.map(|handoff| Claim::Taken(handoff.clone())).collect()
}

/// Ends what a run had claimed: it passed.
pub fn finish(file: &mut Value, run: &Run, now: OffsetDateTime) {
    finish_one(file, run, now);
    if let Some(undelivered) = file.get_mut("undelivered") {
        finish_one(undelivered, run, now);
    }
}

fn take(handoff: &mut Value, run: &Run, now: OffsetDateTime) -> Value {
    let taken = handoff.clone();
    if let Some(fields) = handoff.as_object_mut() {
        let by = json!({
            "session_id": run.session_id,
            "agent_id": run.agent_id,
            "timestamp": stamp(now),
        });
        fields.insert("state".to_owned(), json!(State::Delivered.word()));
        fields.insert("claimed_by".to_owned(), by);
    }
    taken
}

fn finish_one(handoff: &mut Value, run: &Run, now: OffsetDateTime) {
    if !is_held(handoff, run) {
        return;
    }
    if let Some(fields) = handoff.as_object_mut() {
        fields.insert("state".to_owned(), json!(State::Done.word()));
        fields.insert("done_at".to_owned(), json!(stamp(now)));
    }
}

fn is_held(handoff: &Value, run: &Run) -> bool {
    text(handoff, "state") == State::Delivered.word()
        && handoff.get("claimed_by").is_some_and(|by| run.owns(by))
}

#[cfg(test)]
mod tests {
    use super::super::prepare;
    use super::super::prepare::tests::{handoff_of, noon};
    use super::*;
    use crate::context::record::tests::{failed, record};
    use time::Duration;

    fn run(agent_id: &str) -> Run {
        Run { session_id: "s1".into(), agent_id: agent_id.into() }
    }

    fn file() -> Value {
        handoff_of(&record("a", "1", "Done."))
    }

    #[test]
    fn one_run_claims_it_and_finishes_it() {
        let mut file = file();
        assert!(matches!(claim(&mut file, &run("r1"), noon()).as_slice(), [Claim::Taken(_)]));
        assert_eq!(claim(&mut file, &run("r2"), noon()), []);
        assert_eq!(claim(&mut file, &run("r1"), noon()), [], "resumed");
        assert_eq!((held(&file, &run("r1")).len(), held(&file, &run("r2")).len()), (1, 0));
        finish(&mut file, &run("r2"), noon());
        assert_eq!(text(&file, "state"), "delivered");
        finish(&mut file, &run("r1"), noon());
        assert_eq!(text(&file, "state"), "done");
        assert_eq!(held(&file, &run("r1")), []);
    }

    #[test]
    fn a_claim_whose_run_never_ended_well_lapses() {
        let mut file = file();
        claim(&mut file, &run("killed"), noon());
        let soon = noon() + super::super::CLAIM_LAPSES_AFTER - Duration::SECOND;
        assert_eq!(claim(&mut file, &run("r2"), soon), []);
        let later = soon + Duration::SECOND;
        assert!(matches!(claim(&mut file, &run("r2"), later).as_slice(), [Claim::Taken(_)]));
        assert_eq!(claim(&mut file, &run("r3"), later), [], "exactly one has it still");
        finish(&mut file, &run("killed"), later);
        assert_eq!(text(&file, "state"), "delivered", "it is another's now");
        let over = noon() + super::super::EXPIRES_AFTER + super::super::CLAIM_LAPSES_AFTER;
        assert_eq!(State::of(&file, over), Some(State::Expired));
        file["claimed_by"]["timestamp"] = json!("9999-12-31T23:59:59Z");
        assert_eq!(State::of(&file, later), Some(State::Delivered));
    }

    #[test]
    fn nobody_claims_what_is_too_old() {
        let mut file = file();
        let later = noon() + super::super::EXPIRES_AFTER + Duration::SECOND;
        assert_eq!(claim(&mut file, &run("r1"), later), []);
        assert_eq!(State::of(&file, later), Some(State::Expired));
    }

    #[test]
    fn a_blocked_one_is_told_but_not_claimed_and_the_one_before_is() {
        let mut file = file();
        prepare::merge(&mut file, handoff_of(&failed("a", "2", "no report")), noon());
        let claims = claim(&mut file, &run("r1"), noon());
        assert!(matches!(claims.as_slice(), [Claim::Blocked(_), Claim::Taken(_)]), "{claims:?}");
        assert!(matches!(claim(&mut file, &run("r2"), noon()).as_slice(), [Claim::Blocked(_)]));
        finish(&mut file, &run("r1"), noon());
        assert_eq!(text(&file["undelivered"], "state"), "done");
    }
}

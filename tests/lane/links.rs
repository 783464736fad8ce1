//! Random trees of links and random spellings: what the guard allows is then
//! really written, and must have landed in the lane.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use lanekeeper::agent::{Containment, Definition, Rule};
use lanekeeper::boundary_guard::decide::{Case, decide};
use lanekeeper::config::Config;
use lanekeeper::hook::{Place, ToolCall};
use lanekeeper::lane::{Lane, Target};
use lanekeeper::project::{Project, tidy};
use lanekeeper::shell::WriteKind;
use serde_json::json;

use crate::sandbox::Sandbox;

const TREES: u64 = 80;
const SPELLINGS: usize = 30;
const MARK: &str = "written by the test";

/// Names that trees and paths are made of; few, so that they meet.
const NAMES: &[&str] = &["backend", "frontend", "a", "b", "l", "m", "n", "l", "m", "..", ".", "é"];

/// xorshift64*: the same trees on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).unwrap() % limit
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    fn path(&mut self, names_max: usize) -> String {
        let count = 1 + self.below(names_max);
        let names: Vec<&str> = (0..count).map(|_| self.pick(NAMES)).collect();
        let slash = self.pick(&["/", "/", "//", "/./"]);
        names.join(slash)
    }
}

fn plant(sandbox: &Sandbox, random: &mut Random) {
    sandbox.write(".git/HEAD", "ref: refs/heads/main\n");
    for folder in ["backend/a", "backend/b", "frontend/a", "api"] {
        fs::create_dir_all(sandbox.project.join(folder)).unwrap();
    }
    let base = sandbox.base().to_str().unwrap();
    for _ in 0..10 {
        let parent =
            random.pick(&["backend", "backend", "backend/a", "backend/b", "frontend", "api"]);
        let link = sandbox.project.join(parent).join(random.pick(&["l", "m", "n", "x.ts"]));
        let target = match random.below(6) {
            0 => format!("{base}/shop/{}", random.path(2)),
            1 => format!("{base}/{}", random.pick(&["home", "tmp", "shop", "tmp/x", "."])),
            2 => format!("../{}", random.path(2)),
            3 => format!("../../{}", random.path(2)),
            _ => random.path(2),
        };
        let _ = std::os::unix::fs::symlink(target, link);
    }
}

fn spelling(sandbox: &Sandbox, random: &mut Random) -> String {
    let base = sandbox.base().to_str().unwrap();
    let tail = random.pick(&["", "/", "/.", "/x.ts", "/x.ts", "/l"]);
    let path = random.path(4);
    match random.below(8) {
        0 => format!("{base}/shop/{path}{tail}"),
        1 => format!("{base}/tmp/{path}{tail}"),
        3 => format!("{base}/shop/backend/{path}{tail}"),
        4 => format!("/proc/self/cwd/{path}"),
        _ => format!("backend/{path}{tail}"),
    }
}

/// Everything below the base, links not followed: so each path is a real one.
fn entries(folder: &Path, found: &mut BTreeSet<(PathBuf, bool)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let kind = fs::symlink_metadata(&path).unwrap().file_type();
        let marked = kind.is_file() && fs::read_to_string(&path).is_ok_and(|text| text == MARK);
        found.insert((path.clone(), marked));
        if kind.is_dir() {
            entries(&path, found);
        }
    }
}

fn snapshot(sandbox: &Sandbox) -> BTreeSet<(PathBuf, bool)> {
    let mut found = BTreeSet::new();
    entries(sandbox.base(), &mut found);
    found
}

fn backend() -> Definition {
    let mut definition = Definition { name: "be".to_owned(), ..Definition::default() };
    let rule = |glob: &str| Rule { glob: glob.to_owned(), line: 1, ..Rule::default() };
    definition.boundaries.allowed = vec![rule("backend/**")];
    definition.boundaries.containment = Containment::Closed;
    definition
}

/// Writes as tools do: some take `..` by spelling, others as the system does.
fn write_for_real(path: &Path) {
    for path in [path.to_owned(), tidy(path)] {
        if let Some(parent) = path.parent() {
            let _ = fs::create_dir_all(parent);
        }
        let _ = fs::write(&path, MARK);
    }
}

fn outside_lane<'a>(
    before: &'a BTreeSet<(PathBuf, bool)>,
    after: &'a BTreeSet<(PathBuf, bool)>,
    sandbox: &Sandbox,
) -> Vec<&'a PathBuf> {
    let lane = [sandbox.project.join("backend"), sandbox.tmp()];
    let changed = after.difference(before).map(|(path, _)| path);
    changed.filter(|path| !lane.iter().any(|folder| path.starts_with(folder))).collect()
}

#[test]
fn what_is_allowed_lands_in_the_lane() {
    let definition = backend();
    let config = Config::default();
    let (mut allowed, mut refused, mut through_links) = (0, 0, 0);
    for seed in 1..=TREES {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let sandbox = Sandbox::without_git();
        plant(&sandbox, &mut random);
        let place = Place {
            home: Some(sandbox.home.clone()),
            tmp_dir: Some(sandbox.tmp()),
            ..Place::default()
        };
        let project = Project::by_hand(&sandbox.project, Some(&sandbox.project)).unwrap();
        let lane = Lane::new(&definition, &project, &place);
        for _ in 0..SPELLINGS {
            let path = spelling(&sandbox, &mut random);
            let full = sandbox.project.join(&path);
            if random.below(4) == 0 {
                let target =
                    Target { path: Path::new(&path), kind: WriteKind::Delete, subtree: false };
                if lane.judge(target).refusal.is_none() {
                    let before = snapshot(&sandbox);
                    let _ = fs::remove_file(&full);
                    let after = snapshot(&sandbox);
                    let gone = outside_lane(&after, &before, &sandbox);
                    assert!(gone.is_empty(), "seed {seed}: removing `{path}` removed {gone:?}");
                }
                continue;
            }
            let call = ToolCall {
                name: "Write".to_owned(),
                input: json!({ "file_path": path, "content": MARK }),
                id: None,
            };
            let case = Case {
                call: &call,
                definition: &definition,
                project: &project,
                config: &config,
                place: &place,
            };
            if decide(case).refusal().is_some() {
                refused += 1;
                continue;
            }
            allowed += 1;
            let before = snapshot(&sandbox);
            write_for_real(&full);
            let after = snapshot(&sandbox);
            let outside = outside_lane(&before, &after, &sandbox);
            assert!(outside.is_empty(), "seed {seed}: writing `{path}` changed {outside:?}");
            through_links += usize::from(full.canonicalize().is_ok_and(|real| real != tidy(&full)));
        }
    }
    assert!(
        allowed > 500 && refused > 500 && through_links > 20,
        "{allowed} allowed, {refused} refused, {through_links} through links"
    );
    println!("{allowed} allowed, {refused} refused, {through_links} through links");
}

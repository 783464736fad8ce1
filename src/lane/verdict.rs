//! The verdict on one path.
//!
//! Both the path as written and the place where the write would land must be
//! allowed. Protected files come first, then what the rules say.

use std::borrow::Cow;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::dialect::Bases;
use super::glob::{Place, normalised};
use super::path::{Landing, LastLink, landings};
use super::position::{Ground, Position};
use super::protected;
use super::refusal::{Entry, Refusal, Why};
use super::rules::{Rules, Say, Source};
use super::wildcard::Case;
use crate::agent::{Containment, Definition};
use crate::hook;
use crate::project::Project;
use crate::shell::WriteKind;

/// A path that is about to be changed, and how.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// Absolute, or relative to the working directory of the call.
    pub path: &'a Path,
    /// What happens to it.
    pub kind: WriteKind,
    /// Whether everything below it is meant.
    pub subtree: bool,
}

/// The verdict on one write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Where it would land: relative to the working tree if it lies in it,
    /// else absolute. Foreign text.
    pub landed: String,
    /// Why it may not happen; `None` when it may.
    pub refusal: Option<Refusal>,
}

/// Where one agent may write.
#[derive(Debug)]
pub struct Lane<'a> {
    definition: &'a Definition,
    ground: Ground<'a>,
    rules: Rules<'a>,
    executable: Option<&'a Path>,
}

impl<'a> Lane<'a> {
    /// The lane that a definition draws in a project.
    pub fn new(definition: &'a Definition, project: &'a Project, place: &'a hook::Place) -> Self {
        let bases = Bases { tree: &project.tree, home: place.home.as_deref() };
        Self {
            definition,
            ground: Ground::new(project, place),
            rules: Rules::new(&definition.boundaries, &definition.coordination, bases),
            executable: place.executable.as_deref(),
        }
    }

    /// Whether the definition limits anything but the protected files.
    pub fn is_bounded(&self) -> bool {
        let boundaries = &self.definition.boundaries;
        boundaries.read_only.is_some()
            || boundaries.containment == Containment::Closed
            || !boundaries.allowed.is_empty()
            || !boundaries.forbidden.is_empty()
            || !boundaries.concepts.is_empty()
    }

    /// Judges one write.
    pub fn judge(&self, target: Target<'_>) -> Judged {
        let last = match target.kind {
            WriteKind::Delete | WriteKind::Link | WriteKind::Replace => LastLink::Keep,
            WriteKind::Write | WriteKind::Attributes | WriteKind::MakeFolder => LastLink::Follow,
        };
        let landings = match landings(target.path, &self.ground.project.cwd, last) {
            Ok(landings) => landings,
            Err(unresolved) => {
                let path = target.path.to_string_lossy().into_owned();
                let why = Why::Unresolved(unresolved.why());
                let refusal =
                    Refusal { why, path: path.clone(), spelled: None, entry: None, owner: None };
                return Judged { landed: path, refusal: Some(refusal) };
            }
        };
        let landed = landings.last().map(|landing| self.ground.shown(&landing.real));
        Judged {
            landed: landed.unwrap_or_default(),
            refusal: landings.iter().find_map(|landing| self.refuses_landing(landing, target)),
        }
    }

    fn refuses_landing(&self, landing: &Landing, target: Target<'_>) -> Option<Refusal> {
        let position = self.ground.position_spelled(&landing.spelled, &landing.real);
        let as_spelled = self.refuses_at(&landing.spelled, &position, target);
        if as_spelled.is_some() || landing.real == landing.spelled {
            return as_spelled;
        }
        let position = self.ground.position(&landing.real);
        let refusal = self.refuses_at(&landing.real, &position, target)?;
        let spelled = self.ground.shown(&landing.spelled);
        Some(Refusal {
            spelled: Some(spelled).filter(|spelled| *spelled != refusal.path),
            ..refusal
        })
    }

    /// Whether the agent's own allow-list takes the path in: it is the owner.
    pub fn owns(&self, relative: &Path) -> bool {
        let bytes = relative.as_os_str().as_bytes();
        let absolute = self.ground.project.tree.join(relative);
        let place = Place { inside: Some(normalised(bytes)), absolute: absolute_bytes(&absolute) };
        self.rules.own(&place, Case::Kept)
    }

    fn refuses_at(
        &self,
        path: &Path,
        position: &Position<'_>,
        target: Target<'_>,
    ) -> Option<Refusal> {
        let inside = match position {
            Position::Tree(rel) => Some(normalised(rel)),
            _ => None,
        };
        let place = Place { inside, absolute: absolute_bytes(path) };
        let kept = self.finding(path, &place, position, target, Case::Kept);
        if !self.case_matters(&place) {
            return kept.map(|finding| finding.into_refusal(self.ground.shown(path)));
        }
        let folded = self.finding(path, &place, position, target, Case::Folded);
        let same = kept.is_some() == folded.is_some();
        let spelled = place.inside.as_deref().unwrap_or_default();
        let finding = if same || !self.ground.folds_case(spelled) { kept } else { folded };
        finding.map(|finding| finding.into_refusal(self.ground.shown(path)))
    }

    fn case_matters(&self, place: &Place<'_>) -> bool {
        let capital = |bytes: &[u8]| bytes.iter().any(u8::is_ascii_uppercase);
        place.inside.as_deref().is_some_and(capital) || self.rules.have_capitals()
    }

    fn finding(
        &self,
        path: &Path,
        place: &Place<'_>,
        position: &Position<'_>,
        target: Target<'_>,
        case: Case,
    ) -> Option<Finding<'a>> {
        if let Some(what) = self.protection(path, place, target, case) {
            return Some(Finding::of(Why::Protected(what)));
        }
        if !self.is_bounded() || matches!(position, Position::Device) {
            return None;
        }
        let say = self.rules.say(place, case);
        let Position::Tree(_) = position else {
            return self.finding_outside(place, position, say, case);
        };
        let leads =
            target.kind == WriteKind::MakeFolder && self.rules.leads_to_allowed(place, case, say);
        match say {
            _ if leads => None,
            Say::Forbidden(source) => {
                Some(Finding { source: Some(source), ..Finding::of(Why::Forbidden) })
            }
            Say::NotAllowed => Some(self.not_allowed()),
            Say::Allowed if !takes_in_folder(path, target) => None,
            Say::Allowed => match self.rules.forbidden_below(place, case) {
                Some(source) => Some(Finding { source: Some(source), ..Finding::of(Why::Holds) }),
                None if self.rules.covers(place, case) => None,
                None => Some(self.not_allowed()),
            },
        }
    }

    /// Outside the working tree only an entry that names the place lets a write in.
    fn finding_outside(
        &self,
        place: &Place<'_>,
        position: &Position<'_>,
        say: Say<'a>,
        case: Case,
    ) -> Option<Finding<'a>> {
        match (say, position) {
            (Say::Forbidden(source), _) => {
                Some(Finding { source: Some(source), ..Finding::of(Why::Forbidden) })
            }
            (_, Position::Temporary) => None,
            _ if self.rules.own(place, case) => None,
            (_, Position::OtherTree) => Some(Finding::of(Why::OtherTree)),
            (_, Position::Home) => Some(Finding::of(Why::Home)),
            _ => Some(Finding::of(Why::Elsewhere)),
        }
    }

    /// What protects the path, unless the boundaries name the file itself.
    fn protection(
        &self,
        path: &Path,
        place: &Place<'_>,
        target: Target<'_>,
        case: Case,
    ) -> Option<&'static str> {
        const GUARD: &str = "the guard's own executables";
        if protected::is_executable(path, self.executable) {
            return Some(GUARD);
        }
        let spelled: &[u8] = place.inside.as_deref().unwrap_or(&place.absolute);
        if let Some(found) = protected::find(spelled, case) {
            return (!self.rules.name(place, found.tail, case)).then_some(found.what);
        }
        let replaces = match target.kind {
            WriteKind::Delete | WriteKind::Link | WriteKind::Write | WriteKind::Replace => true,
            WriteKind::Attributes => target.subtree,
            WriteKind::MakeFolder => false,
        };
        if replaces && protected::holds(spelled, case) {
            return Some("a folder that holds protected files");
        }
        (takes_in_folder(path, target) && holds_on_disk(path))
            .then_some("a folder that holds protected files")
    }

    fn not_allowed(&self) -> Finding<'a> {
        let boundaries = &self.definition.boundaries;
        if let Some(item) = &boundaries.read_only {
            let source = Source { text: &item.text, line: item.line, owner: None };
            return Finding { source: Some(source), ..Finding::of(Why::ReadOnly) };
        }
        let first = boundaries.allowed.first();
        let source = first.map(|rule| Source { text: "", line: rule.line, owner: None });
        Finding { source, ..Finding::of(Why::NotAllowed) }
    }
}

/// What was found against a path, before it is put into words.
struct Finding<'d> {
    why: Why,
    source: Option<Source<'d>>,
}

impl Finding<'_> {
    fn of(why: Why) -> Self {
        Self { why, source: None }
    }

    fn into_refusal(self, path: String) -> Refusal {
        let source = self.source;
        Refusal {
            why: self.why,
            path,
            spelled: None,
            owner: source.and_then(|source| source.owner).map(str::to_owned),
            entry: source.map(|source| Entry { text: source.text.to_owned(), line: source.line }),
        }
    }
}

/// Whether the operation takes in everything below the path.
fn takes_in_folder(path: &Path, target: Target<'_>) -> bool {
    target.subtree
        || (target.kind == WriteKind::Delete
            && std::fs::symlink_metadata(path).is_ok_and(|meta| meta.is_dir()))
}

fn holds_on_disk(folder: &Path) -> bool {
    protected::folders().any(|name| {
        std::fs::symlink_metadata(folder.join(std::ffi::OsStr::from_bytes(name))).is_ok()
    })
}

fn absolute_bytes(path: &Path) -> Cow<'_, [u8]> {
    let bytes = path.as_os_str().as_bytes();
    normalised(bytes.strip_prefix(b"/").unwrap_or(bytes))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::*;
    use crate::agent::{Item, Rule};

    /// A project with a few folders and links, and a home folder beside it.
    struct Ground {
        dir: tempfile::TempDir,
        project: Project,
        place: hook::Place,
    }

    impl Ground {
        fn new() -> Self {
            // Not below `/tmp`, which is a lane of its own.
            let dir =
                tempfile::tempdir_in(env!("CARGO_MANIFEST_DIR").to_owned() + "/target").unwrap();
            let base = dir.path().canonicalize().unwrap();
            let root = base.join("p");
            for folder in ["backend/sub", "frontend", ".claude/agents", ".git/hooks"] {
                fs::create_dir_all(root.join(folder)).unwrap();
            }
            for folder in ["home", "tmp/repo/.git"] {
                fs::create_dir_all(base.join(folder)).unwrap();
            }
            let project =
                Project { root: root.clone(), tree: root.clone(), main: root.clone(), cwd: root };
            let place = hook::Place {
                home: Some(base.join("home")),
                tmp_dir: Some(base.join("tmp")),
                executable: Some(project.root.join("tools/boundary-guard")),
                ..hook::Place::default()
            };
            Self { dir, project, place }
        }

        fn link(&self, name: &str, target: &str) {
            std::os::unix::fs::symlink(target, self.project.root.join(name)).unwrap();
        }

        fn judge(&self, definition: &Definition, path: &str, kind: WriteKind) -> &'static str {
            let base = self.dir.path().canonicalize().unwrap();
            let path = path.replace('@', base.to_str().unwrap());
            let lane = Lane::new(definition, &self.project, &self.place);
            let target = Target { path: Path::new(&path), kind, subtree: false };
            lane.judge(target).refusal.map_or("allowed", |refusal| refusal.why.rule())
        }

        #[track_caller]
        fn check(&self, definition: &Definition, path: &str, expected: &str) {
            assert_eq!(self.judge(definition, path, WriteKind::Write), expected, "{path}");
        }
    }

    fn rules(globs: &[&str]) -> Vec<Rule> {
        globs
            .iter()
            .map(|glob| Rule { glob: (*glob).to_owned(), line: 7, ..Rule::default() })
            .collect()
    }

    fn agent(allowed: &[&str], forbidden: &[&str], containment: Containment) -> Definition {
        let mut definition = Definition {
            name: "a".to_owned(),
            file: PathBuf::from("a.md"),
            ..Definition::default()
        };
        definition.boundaries.allowed = rules(allowed);
        definition.boundaries.forbidden = rules(forbidden);
        definition.boundaries.containment = containment;
        definition
    }

    fn backend() -> Definition {
        agent(&["backend/**"], &["frontend/**"], Containment::Closed)
    }

    #[test]
    fn what_the_rules_say() {
        let ground = Ground::new();
        let closed = backend();
        for (path, expected) in [
            ("backend/a.ts", "allowed"),
            ("./backend//sub/./a.ts", "allowed"),
            ("frontend/a.ts", "lane.forbidden"),
            ("docs/a.md", "lane.outside"),
            ("backend/../frontend/a", "lane.forbidden"),
            ("@/tmp/x", "allowed"),
            ("@/tmp/repo/x", "lane.outside-project"),
            ("@/home/.bashrc", "lane.outside-project"),
            ("@/x", "lane.outside-project"),
            ("/dev/null", "allowed"),
            ("/proc/self/cwd/backend/x", "lane.outside-project"),
            ("/etc/passwd", "lane.outside-project"),
            (".claude/agents/a.md", "lane.protected"),
            ("backend/.claude/settings.local.json", "lane.protected"),
            (".claude/worktrees/b/backend/x", "lane.outside-project"),
            ("backend/.git/hooks/pre-commit", "lane.protected"),
            ("tools/boundary-guard", "lane.protected"),
            ("", "lane.unresolved"),
            ("backend/\0", "lane.unresolved"),
            ("backend/caf\u{e9}\n.ts", "allowed"),
        ] {
            ground.check(&closed, path, expected);
        }
        ground.check(&closed, &format!("backend/{}", "a/".repeat(3000)), "lane.unresolved");
        let open = agent(&[], &["frontend/**"], Containment::Open);
        ground.check(&open, "docs/a.md", "allowed");
        ground.check(&open, "@/home/x", "lane.outside-project");
        let free = Definition::default();
        ground.check(&free, "@/home/x", "allowed");
        ground.check(&free, "@/home/.claude/settings.json", "lane.protected");
        ground.check(&free, ".claude/context/session/state.json", "lane.protected");
    }

    #[test]
    fn the_closer_glob_decides() {
        let ground = Ground::new();
        let mut definition = agent(
            &["src/**", "frontend/src/**"],
            &["frontend/**", "*.test.ts", ".env*"],
            Containment::Closed,
        );
        definition.boundaries.forbidden[2].except = vec![".env.example".to_owned()];
        for (path, expected) in [
            ("src/a.ts", "allowed"),
            ("src/a.test.ts", "lane.forbidden"),
            ("src/.env", "lane.forbidden"),
            ("src/.env.example", "allowed"),
            (".env.example", "allowed"),
            ("frontend/src/a.ts", "allowed"),
            ("frontend/a.ts", "lane.forbidden"),
        ] {
            ground.check(&definition, path, expected);
        }
        let mut residual = agent(&["packages/ui/**"], &["packages/**"], Containment::Open);
        residual.boundaries.forbidden[0].residual = true;
        ground.check(&residual, "packages/ui/a", "allowed");
        ground.check(&residual, "packages/db/a", "lane.forbidden");
        let named =
            agent(&[".claude/agents/x.md", ".claude/**", ".git/**"], &[], Containment::Closed);
        ground.check(&named, ".claude/agents/x.md", "allowed");
        ground.check(&named, ".claude/agents/y.md", "lane.protected");
        ground.check(&named, ".git/config", "lane.protected");
        ground.check(&named, ".git/COMMIT_EDITMSG", "allowed");
    }

    #[test]
    fn prose_yields_to_a_glob_for_the_same_thing() {
        let ground = Ground::new();
        let mut definition = agent(&["backend/**", "docs/**"], &[], Containment::Closed);
        definition.boundaries.concepts = vec![crate::agent::Concept {
            id: "documentation",
            text: "documentation".to_owned(),
            globs: vec!["docs/**", "doc/**", "README*", "**/*.{md,mdx,rst,adoc}"],
            except: vec!["**/CHANGELOG.md"],
            ..crate::agent::Concept::default()
        }];
        ground.check(&definition, "docs/plan.md", "allowed");
        ground.check(&definition, "backend/README.md", "lane.forbidden");
        ground.check(&definition, "backend/CHANGELOG.md", "allowed");
        ground.check(&definition, "CHANGELOG.md", "lane.outside");
    }

    #[test]
    fn prose_as_it_is_written_yields_to_the_globs_beside_it() {
        let ground = Ground::new();
        let read = |allowed: &str, prose: &str| {
            let text = format!(
                "---\nname: x\n---\n## Boundaries\n- Allowed: {allowed}\n- Forbidden: {prose}\n"
            );
            Definition::parse(&text, Path::new("x.md")).unwrap()
        };
        let writer = read("docs/**, notes", "documentation");
        ground.check(&writer, "docs/plan.md", "allowed");
        ground.check(&writer, "docs/plan.html", "allowed");
        ground.check(&writer, "backend/plan.md", "lane.forbidden");
        let api = read("docs/api/**, notes", "documentation");
        ground.check(&api, "docs/api/plan.md", "allowed");
        ground.check(&api, "docs/plan.md", "lane.forbidden");
        let coder = read("src/**, tests/**, notes", "application code, tests");
        ground.check(&coder, "src/a.ts", "allowed");
        ground.check(&coder, "tests/a.test.ts", "allowed");
        ground.check(&coder, "src/a.test.ts", "lane.forbidden");
    }

    #[test]
    fn a_read_only_agent_writes_what_it_is_told_to_and_no_more() {
        let ground = Ground::new();
        let mut definition = agent(&["docs/**"], &[], Containment::Open);
        definition.boundaries.read_only =
            Some(Item { text: "no writing tool".to_owned(), line: 3 });
        definition.coordination.writes = vec![Item { text: "role-comm-x.md".to_owned(), line: 9 }];
        ground.check(&definition, "docs/a.md", "lane.read-only");
        ground.check(&definition, "role-comm-x.md", "allowed");
        ground.check(&definition, "docs/role-comm-x.md", "lane.read-only");
        ground.check(&definition, "@/tmp/notes", "allowed");
    }

    #[test]
    fn links_are_followed_to_where_the_write_lands() {
        let ground = Ground::new();
        ground.link("backend/out", "../frontend");
        ground.link("backend/dangling", "../frontend/new.ts");
        ground.link("backend/chain", "chain2");
        ground.link("backend/chain2", "dangling");
        ground.link("backend/loop", "loop");
        ground.link("backend/proc", "/proc/self/cwd/frontend/x");
        ground.link("frontend/in", "../backend");
        ground.link("backend/here", "sub");
        let definition = backend();
        for (path, expected) in [
            ("backend/out/a.ts", "lane.forbidden"),
            ("backend/dangling", "lane.forbidden"),
            ("backend/chain", "lane.forbidden"),
            ("backend/loop", "lane.unresolved"),
            ("backend/proc", "lane.outside-project"),
            ("frontend/in/a.ts", "lane.forbidden"),
            ("backend/here/a.ts", "allowed"),
            ("backend/here/../a.ts", "allowed"),
            ("backend/out/../backend/a.ts", "allowed"),
            ("backend/out/../frontend/a.ts", "lane.forbidden"),
        ] {
            ground.check(&definition, path, expected);
        }
        assert_eq!(ground.judge(&definition, "backend/out", WriteKind::Delete), "allowed");
        assert_eq!(ground.judge(&definition, "backend/out/", WriteKind::Delete), "lane.forbidden");
    }

    #[test]
    fn folders_are_judged_with_what_they_hold() {
        let ground = Ground::new();
        let definition = agent(&["src/**", "app/api/v1/**"], &["src/auth/**"], Containment::Closed);
        let judge = |path, kind| ground.judge(&definition, path, kind);
        fs::create_dir_all(ground.project.root.join("src/auth")).unwrap();
        assert_eq!(judge("src", WriteKind::Delete), "lane.forbidden");
        assert_eq!(judge("src/other", WriteKind::Delete), "allowed");
        assert_eq!(judge("app/api", WriteKind::MakeFolder), "allowed");
        assert_eq!(judge("lib", WriteKind::MakeFolder), "lane.outside");
        assert_eq!(judge(".claude", WriteKind::Delete), "lane.protected");
        assert_eq!(judge(".", WriteKind::Delete), "lane.protected");
    }

    /// One file under three spellings is what a case-folding file system shows.
    #[test]
    fn case_folds_where_the_file_system_folds_it() {
        let ground = Ground::new();
        let root = &ground.project.root;
        let definition = agent(&[], &["secrets.txt"], Containment::Open);
        fs::write(root.join("Secrets.txt"), "").unwrap();
        ground.check(&definition, "Secrets.txt", "allowed");
        fs::hard_link(root.join("Secrets.txt"), root.join("sECRETS.TXT")).unwrap();
        ground.check(&definition, "Secrets.txt", "lane.forbidden");
    }

    #[test]
    fn names_need_not_be_utf8() {
        use std::ffi::OsStr;
        let ground = Ground::new();
        let definition = backend();
        let lane = Lane::new(&definition, &ground.project, &ground.place);
        let judge = |name: &[u8]| {
            let path = Path::new(OsStr::from_bytes(name));
            let target = Target { path, kind: WriteKind::Write, subtree: false };
            lane.judge(target).refusal.map(|refusal| refusal.why)
        };
        assert_eq!(judge(b"backend/\xff\xfe/*"), None);
        assert_eq!(judge(b"frontend/\xff"), Some(Why::Forbidden));
        assert_eq!(judge(b"\xffbackend/a"), Some(Why::NotAllowed));
    }

    #[test]
    fn a_worktree_agent_stays_in_its_worktree() {
        let mut ground = Ground::new();
        ground.project.tree = ground.project.root.join(".claude/worktrees/w");
        ground.project.cwd = ground.project.tree.clone();
        let definition = backend();
        ground.check(&definition, "backend/a", "allowed");
        ground.check(&definition, "@/p/backend/a", "lane.outside-project");
        ground.check(&definition, "@/p/.claude/worktrees/v/backend/a", "lane.outside-project");
    }
}

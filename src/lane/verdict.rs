//! The verdict on one path.
//!
//! Both the path as written and the place where the write would land must be
//! allowed. Protected files come first, then what the rules say.

use std::borrow::Cow;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::dialect::Bases;
use super::glob::{Place, normalised};
use super::path::{LastLink, landings};
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
    }

    /// Judges one write; `None` when it is allowed.
    pub fn refuses(&self, target: Target<'_>) -> Option<Refusal> {
        let last = match target.kind {
            WriteKind::Delete | WriteKind::Link => LastLink::Keep,
            WriteKind::Write | WriteKind::Attributes | WriteKind::MakeFolder => LastLink::Follow,
        };
        let landings = match landings(target.path, &self.ground.project.cwd, last) {
            Ok(landings) => landings,
            Err(unresolved) => {
                let path = target.path.to_string_lossy().into_owned();
                let why = Why::Unresolved(unresolved.why());
                return Some(Refusal { why, path, spelled: None, entry: None, owner: None });
            }
        };
        landings.iter().find_map(|landing| {
            let position = self.ground.position_spelled(&landing.spelled, &landing.real);
            self.refuses_at(&landing.spelled, &position, target).or_else(|| {
                if landing.real == landing.spelled {
                    return None;
                }
                let position = self.ground.position(&landing.real);
                let refusal = self.refuses_at(&landing.real, &position, target)?;
                let spelled = Some(target.path.to_string_lossy().into_owned());
                Some(Refusal { spelled, ..refusal })
            })
        })
    }

    /// Whether the agent's own allow-list takes the path in: it is the owner.
    pub fn owns(&self, relative: &Path) -> bool {
        let bytes = relative.as_os_str().as_bytes();
        let absolute = self.ground.project.tree.join(relative);
        let place = Place {
            inside: Some(normalised(bytes)),
            absolute: absolute_bytes(&absolute),
        };
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
            return kept.map(|finding| finding.into_refusal(path, position));
        }
        let folded = self.finding(path, &place, position, target, Case::Folded);
        let same = kept.is_some() == folded.is_some();
        let spelled = place.inside.as_deref().unwrap_or_default();
        let finding = if same || !self.ground.folds_case(spelled) { kept } else { folded };
        finding.map(|finding| finding.into_refusal(path, position))
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
        let leads = target.kind == WriteKind::MakeFolder
            && self.rules.leads_to_allowed(place, case, say);
        match say {
            _ if leads => None,
            Say::Forbidden(source) => Some(Finding { source: Some(source), ..Finding::of(Why::Forbidden) }),
            Say::NotAllowed => Some(self.not_allowed()),
            Say::Allowed if !self.takes_in_folder(path, target) => None,
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
            WriteKind::Delete | WriteKind::Link | WriteKind::Write => true,
            WriteKind::Attributes => target.subtree,
            WriteKind::MakeFolder => false,
        };
        if replaces && protected::holds(spelled, case) {
            return Some("a folder that holds protected files");
        }
        (self.takes_in_folder(path, target) && holds_on_disk(path))
            .then_some("a folder that holds protected files")
    }

    /// Whether the operation takes in everything below the path.
    fn takes_in_folder(&self, path: &Path, target: Target<'_>) -> bool {
        target.subtree
            || (target.kind == WriteKind::Delete
                && std::fs::symlink_metadata(path).is_ok_and(|meta| meta.is_dir()))
    }

    fn not_allowed(&self) -> Finding<'a> {
        match &self.definition.boundaries.read_only {
            Some(item) => {
                let source = Source { text: &item.text, line: item.line, owner: None };
                Finding { source: Some(source), ..Finding::of(Why::ReadOnly) }
            }
            None => {
                let first = self.definition.boundaries.allowed.first();
                let source = first.map(|rule| Source { text: "", line: rule.line, owner: None });
                Finding { source, ..Finding::of(Why::NotAllowed) }
            }
        }
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

    fn into_refusal(self, path: &Path, position: &Position<'_>) -> Refusal {
        let shown = match position {
            Position::Tree([]) => Cow::Borrowed("."),
            Position::Tree(rel) => String::from_utf8_lossy(rel),
            _ => path.to_string_lossy(),
        };
        Refusal {
            why: self.why,
            path: shown.into_owned(),
            spelled: None,
            owner: self.source.and_then(|source| source.owner).map(str::to_owned),
            entry: self
                .source
                .map(|source| Entry { text: source.text.to_owned(), line: source.line }),
        }
    }
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

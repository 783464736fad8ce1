//! Why a path may not be written, as facts; the wording is the guard's.

/// A refused write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What stands against it.
    pub why: Why,
    /// The path that was refused: relative to the working tree if it lies in
    /// it, else absolute. Foreign text, not yet fit to print.
    pub path: String,
    /// The path as it was spelled, when links or `..` lead from there to `path`.
    pub spelled: Option<String>,
    /// The line of the definition that decides, if one does.
    pub entry: Option<Entry>,
    /// The agent that the definition itself names as owner.
    pub owner: Option<String>,
}

/// An entry of a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// As written.
    pub text: String,
    /// 1-based line of the definition; 0 when it stands in the configuration.
    pub line: usize,
}

/// What stands against a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// A Forbidden entry, or an exception of an Allowed one.
    Forbidden,
    /// Not in an exhaustive allow-list.
    NotAllowed,
    /// The agent writes no project file at all.
    ReadOnly,
    /// A file that holds the guard itself; what kind of file.
    Protected(&'static str),
    /// Another working tree of the same project.
    OtherTree,
    /// The user's home folder.
    Home,
    /// Outside the project.
    Elsewhere,
    /// The folder holds something that may not be changed.
    Holds,
    /// Nobody can say where the path leads; the reason.
    Unresolved(String),
}

impl Why {
    /// The id of the rule, for messages, modes and the ledger.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Forbidden | Self::Holds => "lane.forbidden",
            Self::NotAllowed => "lane.outside",
            Self::ReadOnly => "lane.read-only",
            Self::Protected(_) => "lane.protected",
            Self::OtherTree | Self::Home | Self::Elsewhere => "lane.outside-project",
            Self::Unresolved(_) => "lane.unresolved",
        }
    }
}

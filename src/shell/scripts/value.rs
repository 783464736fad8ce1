//! What an expression may be worth: possible texts, with holes where something
//! unknown stands.
//!
//! Bounded in every direction, so that no script can make folding expensive.

/// Stands for unknown text inside a text.
pub(super) const HOLE: char = '\u{FFFC}';

/// Most alternatives of one text; more become their common beginning and a hole.
const ALTERNATIVES_MAX: usize = 16;
/// Longest text, in characters; the rest becomes a hole.
const TEXT_CHARS_MAX: usize = 1024;
/// Most values inside one list or map, counted through all levels.
const WEIGHT_MAX: usize = 128;

/// What an expression may be worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// Anything.
    Unknown,
    /// One of these; none at all where no value ever arrives.
    Texts(Vec<String>),
    /// A list or tuple.
    List(Vec<Value>),
    /// A dictionary or object literal.
    Map(Vec<(Value, Value)>),
    /// A module, class or function by its full name (`os.path.join`).
    Name(String),
}

impl Value {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Texts(vec![cut(text.into())])
    }

    pub(super) fn hole() -> Self {
        Self::text(HOLE)
    }

    /// A text that begins like this.
    pub(super) fn below(self, separator: &str) -> Self {
        self.concat(&Self::text(format!("{separator}{HOLE}")))
    }

    pub(super) fn list(items: Vec<Self>) -> Self {
        if items.iter().map(Self::weight).sum::<usize>() > WEIGHT_MAX {
            return Self::Unknown;
        }
        Self::List(items)
    }

    pub(super) fn map(items: Vec<(Self, Self)>) -> Self {
        let weight: usize = items.iter().map(|(key, value)| key.weight() + value.weight()).sum();
        if weight > WEIGHT_MAX {
            return Self::Unknown;
        }
        Self::Map(items)
    }

    fn weight(&self) -> usize {
        match self {
            Self::Texts(texts) => texts.len().max(1),
            Self::List(items) => 1 + items.iter().map(Self::weight).sum::<usize>(),
            Self::Map(items) => {
                1 + items.iter().map(|(key, value)| key.weight() + value.weight()).sum::<usize>()
            }
            Self::Unknown | Self::Name(_) => 1,
        }
    }

    /// The possible texts; a single hole where nothing is known.
    pub(super) fn texts(&self) -> Vec<String> {
        match self {
            Self::Texts(texts) => texts.clone(),
            _ => vec![HOLE.to_string()],
        }
    }

    /// The only possible text, if it is known whole.
    pub(super) fn known(&self) -> Option<&str> {
        match self {
            Self::Texts(texts) => match texts.as_slice() {
                [text] if !text.contains(HOLE) => Some(text),
                _ => None,
            },
            _ => None,
        }
    }

    /// One value or the other.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (left, right) if left == right => left,
            (Self::Texts(none), other) | (other, Self::Texts(none)) if none.is_empty() => other,
            (Self::Texts(mut left), Self::Texts(right)) => {
                for text in right {
                    if !left.contains(&text) {
                        left.push(text);
                    }
                }
                Self::Texts(few(left))
            }
            (Self::List(left), Self::List(right)) if left.len() == right.len() => Self::list(
                left.into_iter().zip(right).map(|(left, right)| left.or(right)).collect(),
            ),
            (Self::Texts(texts), _) | (_, Self::Texts(texts)) => {
                Self::Texts(texts).or(Self::hole())
            }
            _ => Self::Unknown,
        }
    }

    /// One text after the other; lists are chained.
    pub(super) fn concat(&self, other: &Self) -> Self {
        if let (Self::List(left), Self::List(right)) = (self, other) {
            return Self::list(left.iter().chain(right).cloned().collect());
        }
        self.combine(other, |left, right| format!("{left}{right}"))
    }

    /// Every text of one with every text of the other.
    pub(super) fn combine(&self, other: &Self, join: impl Fn(&str, &str) -> String) -> Self {
        let (left, right) = (self.texts(), other.texts());
        let mut all = Vec::new();
        for left in &left {
            for right in &right {
                let text = cut(join(left, right));
                if !all.contains(&text) {
                    all.push(text);
                }
            }
        }
        Self::Texts(few(all))
    }

    /// Each text changed.
    pub(super) fn each(&self, change: impl Fn(&str) -> String) -> Self {
        Self::Texts(few(self.texts().iter().map(|text| cut(change(text))).collect()))
    }

    /// One value for all that a loop over this value would see.
    pub(super) fn element(&self) -> Self {
        let nothing = Self::Texts(Vec::new());
        match self {
            Self::List(items) => items.iter().cloned().fold(nothing, Self::or),
            Self::Map(items) => items.iter().map(|(key, _)| key.clone()).fold(nothing, Self::or),
            _ => Self::Unknown,
        }
    }

    /// Every text in this value, through lists.
    pub(super) fn flat(&self) -> Vec<String> {
        match self {
            Self::List(items) => items.iter().flat_map(Self::flat).collect(),
            other => other.texts(),
        }
    }

    /// The words of a command; `None` when their number is unknown.
    pub(super) fn words(&self) -> Option<Vec<String>> {
        match self {
            Self::List(items) => Some(
                items
                    .iter()
                    .map(|item| item.texts().into_iter().next().unwrap_or_default())
                    .collect(),
            ),
            _ => None,
        }
    }
}

/// The path `right`, seen from `left`.
pub(super) fn join_path(left: &str, right: &str) -> String {
    match (left, right) {
        (_, right) if right.starts_with('/') || right.starts_with('~') => right.to_owned(),
        (left, "." | "") => left.to_owned(),
        ("" | ".", right) => right.to_owned(),
        (left, right) if left.ends_with('/') => format!("{left}{right}"),
        (left, right) => format!("{left}/{right}"),
    }
}

/// The folder of a path, as `dirname` says it.
pub(super) fn parent(path: &str) -> String {
    match path.trim_end_matches('/').rsplit_once('/') {
        Some(("", _)) => "/".to_owned(),
        Some((folder, _)) => folder.to_owned(),
        None => ".".to_owned(),
    }
}

/// The last name of a path.
pub(super) fn base(path: &str) -> String {
    let path = path.trim_end_matches('/');
    path.rsplit_once('/').map_or(path, |(_, name)| name).to_owned()
}

fn cut(text: String) -> String {
    match text.char_indices().nth(TEXT_CHARS_MAX) {
        None => text,
        Some((end, _)) => format!("{}{HOLE}", text.get(..end).unwrap_or_default()),
    }
}

fn few(texts: Vec<String>) -> Vec<String> {
    if texts.len() <= ALTERNATIVES_MAX {
        return texts;
    }
    let mut all = texts.iter();
    let first = all.next().map_or("", String::as_str);
    let common = all.fold(first, |common, text| {
        let same = common.char_indices().zip(text.chars()).find(|((_, a), b)| a != b);
        let end = same.map_or_else(|| common.len().min(text.len()), |((at, _), _)| at);
        common.get(..end).unwrap_or_default()
    });
    vec![format!("{common}{HOLE}")]
}

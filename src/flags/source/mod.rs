//! Source code as tokens: enough of each language to find strings, names and
//! signs, and nothing of its grammar.

pub(super) mod code;
mod lexer;
mod template;

use std::path::Path;

pub(super) use lexer::{Form, Kind, Language, Token};
pub(super) use template::{Piece, pieces};

impl Language {
    /// The language of a file, by its extension.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let extension = path.extension().and_then(|extension| extension.to_str())?;
        Some(match extension.to_ascii_lowercase().as_str() {
            "ts" | "tsx" | "js" | "jsx" | "mjs" | "cjs" | "mts" | "cts" | "vue" | "svelte" => {
                Self::JavaScript
            }
            "py" | "pyw" => Self::Python,
            "go" => Self::Go,
            "java" | "kt" | "kts" | "scala" | "groovy" => Self::Java,
            "cs" => Self::CSharp,
            "php" => Self::Php,
            "rb" => Self::Ruby,
            "rs" => Self::Rust,
            _ => return None,
        })
    }
}

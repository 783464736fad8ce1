//! What a path says about its text: language, test, or nothing to look at.

use std::path::Path;

use super::name::listed;

/// Parts of a path that make its content a test, an example or a fixture.
const TEST_PARTS: &str = "test tests __tests__ spec specs __mocks__ mocks mock fixtures fixture testdata test_data \
    e2e cypress stories examples example samples testing __fixtures__";

/// How values are written in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// Values are quoted.
    Code,
    /// Values may be bare: `.env`, YAML, INI, shell.
    Config,
    /// XML and HTML.
    Markup,
    /// Text for people, or unknown.
    Prose,
}

const CODE: &str = "ts tsx js jsx mjs cjs mts cts py pyi rs go java kt kts scala rb php cs c h cc cpp hpp \
    cxx m mm swift dart lua pl pm ex exs groovy gradle vue svelte sql json json5 jsonc fs \
    clj cljs edn ps1 psm1 bas vb r";
const CONFIG: &str = "env ini cfg conf config properties yml yaml toml sh bash zsh fish bat cmd tf tfvars \
    netrc";
const MARKUP: &str = "xml html htm xhtml jsp plist csproj";

impl Syntax {
    /// By file name alone.
    pub fn of(path: &Path) -> Self {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let lower = name.to_ascii_lowercase();
        let extension = lower.rsplit_once('.').map_or("", |(_, extension)| extension);
        let bare = lower.trim_start_matches('.');
        if lower.starts_with(".env")
            || bare.starts_with("dockerfile")
            || matches!(
                bare,
                "npmrc"
                    | "pypirc"
                    | "netrc"
                    | "pgpass"
                    | "bashrc"
                    | "profile"
                    | "makefile"
                    | "envrc"
            )
        {
            return Self::Config;
        }
        if listed(CODE, extension) {
            Self::Code
        } else if listed(CONFIG, extension) {
            Self::Config
        } else if listed(MARKUP, extension) {
            Self::Markup
        } else {
            Self::Prose
        }
    }
}

/// Whether the path is that of a test, an example or a fixture.
pub fn is_test(path: &Path) -> bool {
    let parts = path.parent().into_iter().flat_map(Path::iter);
    let in_folder = parts
        .filter_map(|part| part.to_str())
        .any(|part| TEST_PARTS.split(' ').any(|test| part.eq_ignore_ascii_case(test)));
    in_folder || path.file_name().and_then(|name| name.to_str()).is_some_and(is_test_name)
}

/// Whether what lies there is meant to stand in for something: demonstrations,
/// seeds, mock servers.
pub(super) fn is_stand_in(path: &Path) -> bool {
    const PARTS: &str = "demo demos seed seeds seeders seeding msw mirage playground storybook .storybook fakes stubs \
        sandbox benchmark benchmarks bench docs factories";
    const NAMES: [&str; 6] = ["mock", "fake", "stub", "seed", "demo", "fixture"];
    let parts = path.parent().into_iter().flat_map(Path::iter).filter_map(|part| part.to_str());
    let mut parts = parts.map(str::to_ascii_lowercase);
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let words = super::name::words(name.as_bytes());
    parts.any(|part| listed(PARTS, &part))
        || words.iter().any(|word| NAMES.contains(&word.trim_end_matches('s')))
}

fn is_test_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let stem = name.split('.').next().unwrap_or_default();
    name.contains(".test.")
        || name.contains(".spec.")
        || name.contains(".stories.")
        || name.contains(".example")
        || name.contains(".sample")
        || [".template", ".dist"].iter().any(|end| name.ends_with(end))
        || stem.starts_with("test_")
        || stem.ends_with("_test")
        || stem.ends_with("_spec")
        || stem == "conftest"
        || stem == "tests"
}

/// Whether the file holds what people read in their own language: there the
/// names of passwords are given their translations.
pub fn is_translation(path: &Path) -> bool {
    const FOLDERS: &str = "locale locales i18n l10n lang langs language languages translations translation nls \
    intl";
    let parts = path.parent().into_iter().flat_map(Path::iter).filter_map(|part| part.to_str());
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let mut folders = parts.map(str::to_ascii_lowercase);
    folders.any(|part| listed(FOLDERS, &part) || part.strip_suffix(".lproj").is_some())
        || name.starts_with("messages")
        || [".po", ".pot", ".strings", ".resx", ".xlf", ".xliff", ".arb"]
            .iter()
            .any(|end| name.ends_with(end))
}

/// Whether people do not write this file: lock files, source maps, snapshots.
pub fn is_generated(path: &Path) -> bool {
    const NAMES: &str = "package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock Cargo.lock \
    poetry.lock uv.lock Pipfile.lock composer.lock Gemfile.lock go.sum flake.lock deno.lock \
    RECORD SHA256SUMS";
    const ENDINGS: &str = ".min.js .min.css .map .snap .svg .pdf .ipynb_checkpoints .lock";
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    listed(NAMES, name) || ENDINGS.split(' ').any(|end| name.ends_with(end))
}

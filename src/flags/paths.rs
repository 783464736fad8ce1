//! What a path says about its text: language, test, or nothing to look at.

use std::path::Path;

/// Parts of a path that make its content a test, an example or a fixture.
const TEST_PARTS: [&str; 20] = [
    "test",
    "tests",
    "__tests__",
    "spec",
    "specs",
    "__mocks__",
    "mocks",
    "mock",
    "fixtures",
    "fixture",
    "testdata",
    "test_data",
    "e2e",
    "cypress",
    "stories",
    "examples",
    "example",
    "samples",
    "testing",
    "__fixtures__",
];

/// Whether the path is that of a test, an example or a fixture.
pub fn is_test(path: &Path) -> bool {
    let parts = path.parent().into_iter().flat_map(Path::iter);
    let in_folder = parts
        .filter_map(|part| part.to_str())
        .any(|part| TEST_PARTS.iter().any(|test| part.eq_ignore_ascii_case(test)));
    in_folder || path.file_name().and_then(|name| name.to_str()).is_some_and(is_test_name)
}

fn is_test_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let stem = name.split('.').next().unwrap_or_default();
    name.contains(".test.")
        || name.contains(".spec.")
        || name.contains(".stories.")
        || name.contains(".example")
        || name.contains(".sample")
        || stem.starts_with("test_")
        || stem.ends_with("_test")
        || stem.ends_with("_spec")
        || stem == "conftest"
        || stem == "tests"
}

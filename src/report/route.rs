//! An endpoint: a method and a path, with its parameters as wildcards.

/// More segments are not compared.
const SEGMENTS_MAX: usize = 32;

/// An endpoint as a report claims it or as a request called it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Route {
    /// Upper case; empty for any.
    pub(super) methods: Vec<String>,
    /// As written, without host, query and trailing slash.
    pub(super) path: String,
}

impl Route {
    /// `GET`, `get, post`, `ANY` with a path or a URL.
    pub(super) fn new(methods: &str, path: &str) -> Option<Self> {
        let methods: Vec<String> = methods
            .split(|letter: char| !letter.is_ascii_alphabetic())
            .filter(|word| !word.is_empty())
            .map(str::to_ascii_uppercase)
            .collect();
        let any = methods.iter().any(|method| matches!(method.as_str(), "ANY" | "ALL"));
        let path = path_of(path)?;
        Some(Self { methods: if any { Vec::new() } else { methods }, path })
    }

    /// Whether a request of this method to this path is one to the endpoint.
    ///
    /// A report may name a path as its router does, without the prefix that the
    /// request has; then the end of the path decides.
    pub(super) fn is_called_by(&self, request: &Self) -> bool {
        let same_method = self.methods.is_empty()
            || request.methods.iter().any(|method| {
                self.methods.contains(method)
                    || (method == "HEAD" && self.methods.iter().any(|own| own == "GET"))
            });
        same_method && same_path(&self.path, &request.path)
    }

    /// Whether a piece of code speaks of the endpoint: its path, or the end of
    /// it as a router spells it.
    pub(super) fn is_named_in(&self, code: &str) -> bool {
        let segments: Vec<&str> = segments(&self.path).filter(|part| !is_parameter(part)).collect();
        let Some(last) = segments.last() else { return false };
        let quoted = |needle: &str| {
            code.match_indices(needle).any(|(at, _)| {
                let before = code.get(..at).and_then(|text| text.chars().next_back());
                let after = code.get(at + needle.len()..).and_then(|text| text.chars().next());
                let starts = needle.starts_with('/')
                    || before.is_none_or(|letter| !letter.is_alphanumeric());
                let ends = after
                    .is_none_or(|letter| !letter.is_alphanumeric() && !matches!(letter, '_' | '-'));
                starts && ends
            })
        };
        quoted(&format!("/{last}"))
            || quoted(&format!("\"{last}\""))
            || quoted(&format!("'{last}'"))
    }
}

impl std::fmt::Display for Route {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.methods.join("/") {
            methods if methods.is_empty() => out.write_str(&self.path),
            methods => write!(out, "{methods} {}", self.path),
        }
    }
}

/// The path of a path or URL; `None` when there is none to be seen.
pub(super) fn path_of(url: &str) -> Option<String> {
    let url = url.trim().trim_matches(['`', '"', '\'']);
    let rest = match url.split_once("://") {
        Some((_, rest)) => rest.get(rest.find('/').unwrap_or(rest.len())..)?,
        None if url.starts_with('/') => url,
        // `$BASE/api`, `${BASE}/api`, `localhost:8000/api`, `:8000/api`, `{{host}}/api`.
        None => {
            let authority = match url.strip_prefix("${") {
                Some(rest) => rest.find('}').map_or(url.len(), |at| at + 3),
                None => url.find('/').unwrap_or(url.len()),
            };
            url.get(authority.min(url.len())..)?
        }
    };
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    let path = rest.get(..end)?.trim_end_matches('/');
    Some(if path.is_empty() { "/".to_owned() } else { path.to_owned() })
}

/// Whether the segments match from the end, all those of the claimed path.
fn same_path(claimed: &str, called: &str) -> bool {
    let claimed: Vec<&str> = segments(claimed).collect();
    let called: Vec<&str> = segments(called).collect();
    if claimed.is_empty() || called.is_empty() {
        return claimed.is_empty() && called.is_empty();
    }
    let shared = claimed.len().min(called.len());
    let prefix_of = |parts: &[&str]| parts.len() - shared;
    let left = claimed.iter().skip(prefix_of(&claimed)).copied();
    let pairs: Vec<(&str, &str)> =
        left.zip(called.iter().skip(prefix_of(&called)).copied()).collect();
    let same = pairs.iter().all(|(left, right)| same_segment(left, right));
    if claimed.len() == called.len() {
        return same;
    }
    // A prefix that one of them leaves out is short and fixed, and something is left.
    let (longer, missing) = if claimed.len() > called.len() {
        (&claimed, prefix_of(&claimed))
    } else {
        (&called, prefix_of(&called))
    };
    let is_fixed = |part: &&str| {
        !is_parameter(part) && !part.starts_with(|first: char| first.is_ascii_digit())
    };
    same && missing <= 3
        && longer.iter().take(missing).all(is_fixed)
        && pairs.iter().any(|(left, right)| left.eq_ignore_ascii_case(right))
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty()).take(SEGMENTS_MAX)
}

fn same_segment(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right) || is_parameter(left) || is_parameter(right)
}

/// `{id}`, `:id`, `<int:id>`, `[id]`, `*`, `$ID`.
fn is_parameter(segment: &str) -> bool {
    segment.starts_with([':', '*', '$', '%'])
        || segment.contains(['{', '<', '['])
        || segment.contains("${")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(claimed: &str, called: &str, expected: bool) {
        let route = |text: &str| {
            let (methods, path) = text.split_once(' ').unwrap();
            Route::new(methods, path).unwrap()
        };
        assert_eq!(route(claimed).is_called_by(&route(called)), expected, "{claimed} by {called}");
    }

    #[test]
    fn parameters_are_wildcards() {
        check("GET /items/{id}", "GET /items/3", true);
        check("GET /items/:id/tags", "GET /items/3/tags/", true);
        check("GET /items/<int:id>", "GET http://localhost:8000/items/3?x=1", true);
        check("GET /items/[id]", "GET $BASE/items/$ID", true);
        check("GET /items/{id}", "GET /items", false);
        check("GET /items", "GET /items/3", false);
        check("GET /items/{id}", "GET /items/3/tags", false);
        check("POST /items", "GET /items", false);
        check("ANY /items", "DELETE /items", true);
    }

    #[test]
    fn a_router_may_leave_out_its_prefix() {
        check("GET /users", "GET localhost:8000/api/v1/users", true);
        check("GET /api/v1/users", "GET ${BASE}/users", true);
        check("GET /{id}", "GET /a/b/3", false);
        check("GET /", "GET localhost:8000", true);
        check("GET /", "GET localhost:8000/users", false);
    }

    #[test]
    fn code_names_an_endpoint_by_its_last_fixed_segment() {
        let route = Route::new("GET", "/api/me/{id}").unwrap();
        assert!(route.is_named_in("@app.get(\"/api/me/{id}\")"));
        assert!(route.is_named_in("router.get('/me/:id')"));
        assert!(!route.is_named_in("app.get('/api/menu')"));
        assert!(!route.is_named_in("some() + me"));
    }
}

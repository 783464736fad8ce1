//! The arguments of a subcommand, the same style in all four executables.
//!
//! Names the options that a subcommand takes and says so when another is
//! given. What the values mean is the subcommand's affair.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Context, anyhow, bail};
use lexopt::Arg;

use crate::hook::{Place, printable};
use crate::project::Project;

/// What a subcommand takes.
#[derive(Clone, Copy, Debug)]
pub struct Takes {
    /// Options without a value, such as `json`.
    pub flags: &'static [&'static str],
    /// Options with one value each time, such as `agent`.
    pub values: &'static [&'static str],
}

/// The arguments of one call, after the subcommand's name.
#[derive(Clone, Debug, Default)]
pub struct Args {
    flags: Vec<&'static str>,
    values: Vec<(&'static str, OsString)>,
    /// What is not an option, in order; `-` included.
    pub rest: Vec<OsString>,
}

impl Args {
    /// Reads the arguments after a subcommand's name.
    pub fn parse(args: &[OsString], takes: Takes) -> anyhow::Result<Self> {
        let mut found = Self::default();
        let mut parser = lexopt::Parser::from_args(args.iter().cloned());
        while let Some(arg) = parser.next()? {
            let name = match arg {
                Arg::Value(value) => {
                    found.rest.push(value);
                    continue;
                }
                Arg::Long(name) => name.to_owned(),
                Arg::Short(letter) => letter.to_string(),
            };
            if let Some(flag) = takes.flags.iter().find(|flag| **flag == name) {
                found.flags.push(flag);
            } else if let Some(option) = takes.values.iter().find(|option| **option == name) {
                let value =
                    parser.value().with_context(|| format!("`--{option}` needs a value"))?;
                found.values.push((option, value));
            } else {
                return Err(unknown(&name, takes));
            }
        }
        Ok(found)
    }

    /// Whether the option without a value was given.
    pub fn flag(&self, name: &str) -> bool {
        self.flags.contains(&name)
    }

    /// The last value of an option, as text.
    pub fn text(&self, name: &str) -> anyhow::Result<Option<String>> {
        self.paths(name)
            .pop()
            .map(|value| {
                value.into_os_string().into_string().map_err(|value| {
                    anyhow!("`--{name}` is not UTF-8: `{}`", printable(&value.to_string_lossy()))
                })
            })
            .transpose()
    }

    /// The last value of an option, as a path.
    pub fn path(&self, name: &str) -> Option<PathBuf> {
        self.paths(name).pop()
    }

    /// Every value of an option, in order.
    pub fn paths(&self, name: &str) -> Vec<PathBuf> {
        let of_name = self.values.iter().filter(|(option, _)| *option == name);
        of_name.map(|(_, value)| PathBuf::from(value)).collect()
    }

    /// The project that the call is about: `--project`, `--cwd`, else where it was called.
    pub fn project(&self, place: &Place) -> anyhow::Result<Project> {
        let here = place.cwd.clone().context("the working directory is gone")?;
        let cwd = self.path("cwd").map_or_else(|| here.clone(), |cwd| here.join(cwd));
        let root = self.path("project").map(|root| here.join(root));
        if let Some(root) = root.as_ref().filter(|root| !root.is_dir()) {
            bail!("`--project`: there is no folder `{}`", printable(&root.display().to_string()));
        }
        match (&root, self.path("cwd")) {
            (Some(root), None) => Project::by_hand(root, Some(root)),
            (root, _) => Project::by_hand(&cwd, root.as_deref().or(place.project_dir.as_deref())),
        }
    }
}

fn unknown(name: &str, takes: Takes) -> anyhow::Error {
    let known: Vec<String> =
        takes.flags.iter().chain(takes.values).map(|name| format!("`--{name}`")).collect();
    anyhow!("unknown option `--{}`, expected one of {}", printable(name), known.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAKES: Takes = Takes { flags: &["json"], values: &["agent", "path"] };

    fn args(words: &[&str]) -> anyhow::Result<Args> {
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        Args::parse(&words, TAKES)
    }

    #[test]
    fn tells_flags_values_and_the_rest_apart() {
        let args = args(&["--path", "a", "x", "--json", "--path=b", "-"]).unwrap();
        assert!(args.flag("json"));
        assert_eq!(args.paths("path"), [PathBuf::from("a"), PathBuf::from("b")]);
        assert_eq!(args.text("agent").unwrap(), None);
        assert_eq!(args.rest, ["x", "-"]);
    }

    #[test]
    fn names_the_options_it_knows() {
        let error = args(&["--jsno"]).unwrap_err().to_string();
        assert_eq!(error, "unknown option `--jsno`, expected one of `--json`, `--agent`, `--path`");
    }
}

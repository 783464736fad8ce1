//! A `package.json`: its scripts, with what runs before and after them.

use serde_json::Value;

/// The parts of a `package.json` that running a script needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Package {
    /// Name and command, in order.
    pub scripts: Vec<(String, String)>,
    /// Folders or patterns of workspaces.
    pub workspaces: Vec<String>,
    /// Its own name, by which a workspace is chosen.
    pub name: Option<String>,
}

impl Package {
    /// Reads the file's text; `None` when it is no JSON object.
    pub fn parse(text: &str) -> Option<Self> {
        let Value::Object(package) = serde_json::from_str(text).ok()? else { return None };
        let scripts = package.get("scripts").and_then(Value::as_object);
        let scripts = scripts
            .into_iter()
            .flatten()
            .filter_map(|(name, command)| Some((name.clone(), command.as_str()?.to_owned())));
        let workspaces = match package.get("workspaces") {
            Some(Value::Object(nested)) => nested.get("packages"),
            other => other,
        };
        let workspaces = workspaces.and_then(Value::as_array).into_iter().flatten();
        Some(Self {
            scripts: scripts.collect(),
            workspaces: workspaces
                .filter_map(|folder| folder.as_str().map(str::to_owned))
                .collect(),
            name: package.get("name").and_then(Value::as_str).map(str::to_owned),
        })
    }

    /// The command of one script.
    pub fn script(&self, name: &str) -> Option<&str> {
        self.scripts.iter().find(|(known, _)| known == name).map(|(_, command)| command.as_str())
    }

    /// What `npm run name` runs, in order: the script with its `pre` and `post`.
    pub fn run(&self, name: &str) -> Vec<&str> {
        let Some(script) = self.script(name) else { return Vec::new() };
        let (pre, post) = (format!("pre{name}"), format!("post{name}"));
        [self.script(&pre), Some(script), self.script(&post)].into_iter().flatten().collect()
    }
}

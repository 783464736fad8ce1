use std::fs;

use super::*;

struct Home {
    _keep: tempfile::TempDir,
    project: Project,
    place: Place,
}

fn home(files: &[(&str, &str)]) -> Home {
    let keep = tempfile::tempdir().unwrap();
    let base = keep.path().to_owned();
    for (file, text) in files {
        let file = base.join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let root = base.join("shop");
    let project = Project { root: root.clone(), tree: root.clone(), main: root.clone(), cwd: root };
    let place = Place { home: Some(base.join("home")), ..Place::default() };
    Home { _keep: keep, project, place }
}

fn named(name: &str) -> String {
    format!("---\nname: {name}\ndescription: d\n---\n")
}

#[track_caller]
fn check(home: &Home, name: &str, file: Option<&str>) {
    let found = find(name, &home.project, &home.place).unwrap();
    let found = found.map(|definition| definition.file.to_string_lossy().into_owned());
    match (&found, file) {
        (Some(found), Some(file)) => assert!(found.ends_with(file), "{name}: {found}"),
        (found, file) => assert_eq!(found.is_some(), file.is_some(), "{name}: {found:?}"),
    }
}

#[test]
fn the_frontmatter_names_the_agent_and_the_file_where_it_does_not() {
    let home = home(&[
        ("shop/.claude/agents/a.md", &named("b")),
        ("shop/.claude/agents/deep/er/c.md", "no frontmatter"),
        ("shop/.claude/agents/q.md", "---\nname: \"quoted\"\n---\n"),
        ("shop/.factory/droids/d.md", &named("d")),
        ("shop/.factory/droids/deep/e.md", &named("e")),
    ]);
    check(&home, "a", None);
    check(&home, "b", Some("agents/a.md"));
    check(&home, "c", Some("deep/er/c.md"));
    check(&home, "quoted", Some("q.md"));
    check(&home, "d", Some("droids/d.md"));
    check(&home, "e", None);
    check(&home, "../q", None);
}

#[test]
fn project_before_home_before_plugins_but_a_plugins_name_is_the_plugins() {
    let home = home(&[
        ("shop/.claude/agents/a.md", &named("a")),
        ("home/.claude/agents/a.md", &named("a")),
        ("home/.claude/agents/b.md", &named("b")),
        ("home/.claude/plugins/cache/ork/agents/a.md", &named("a")),
        ("home/.claude/plugins/cache/ork/agents/p.md", &named("p")),
        ("home/.claude/plugins/cache/ork/README.md", &named("readme")),
    ]);
    check(&home, "a", Some("shop/.claude/agents/a.md"));
    check(&home, "b", Some("home/.claude/agents/b.md"));
    check(&home, "p", Some("ork/agents/p.md"));
    check(&home, "ork:a", Some("ork/agents/a.md"));
    check(&home, "x:folder:b", Some("home/.claude/agents/b.md"));
    check(&home, "readme", None);
}

#[test]
fn a_teammate_is_its_agent_unless_one_has_that_very_name() {
    let home = home(&[
        ("shop/.claude/agents/reviewer.md", &named("reviewer")),
        ("shop/.claude/agents/level-2.md", &named("level-2")),
    ]);
    check(&home, "reviewer-12", Some("reviewer.md"));
    check(&home, "level-2", Some("level-2.md"));
    check(&home, "reviewer-x", None);
}

#[test]
fn a_definition_that_cannot_be_read_is_an_error_and_never_nothing() {
    let large = format!("---\nname: large\n---\n{}", "x\n".repeat(limits::FILE_BYTES_MAX));
    let home =
        home(&[("shop/.claude/agents/a.md", "\u{1b}"), ("shop/.claude/agents/other.md", &large)]);
    std::os::unix::fs::symlink("nowhere", home.project.root.join(".claude/agents/gone.md"))
        .unwrap();
    for name in ["a", "large", "gone"] {
        assert!(find(name, &home.project, &home.place).is_err(), "{name}");
    }
    check(&home, "b", None);
}

#[test]
fn events_say_whose_they_are() {
    let mut home = home(&[
        ("shop/.claude/agents/a.md", &named("a")),
        ("shop/.claude/agents/b.md", &named("b")),
    ]);
    home.place.agent_name = Some("b".to_owned());
    let of = |text: &str| {
        let event = Event::parse(text).unwrap();
        let found = of_event(&event, &home.project, &home.place).unwrap();
        found.map(|definition| definition.name)
    };
    assert_eq!(of(r#"{"hook_event_name":"Stop","agent_type":"a"}"#).as_deref(), Some("a"));
    assert_eq!(of(r#"{"hook_event_name":"Stop","agent_type":""}"#), None);
    assert_eq!(of(r#"{"hook_event_name":"Stop"}"#).as_deref(), Some("b"));
}

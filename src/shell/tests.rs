//! One line per construct: the command, and what it would change.

use std::path::Path;

use super::*;

fn analysed(command: &str) -> Analysis {
    let dir = Path::new("/w/p");
    analyse(command, &Setting { cwd: dir, tree: dir, home: Some(Path::new("/home/u")), tmp: None })
}

/// `a` changed, `!a` gone, `a/**` with all below, `?` a path that cannot be told, `opaque`.
fn shown(command: &str) -> Vec<String> {
    let found = analysed(command);
    let mut all = Vec::new();
    for write in &found.writes {
        let path = write.path.strip_prefix("/w/p").unwrap_or(&write.path).display().to_string();
        let gone = if write.kind == WriteKind::Delete { "!" } else { "" };
        let below = if write.subtree { "/**" } else { "" };
        all.push(format!("{gone}{path}{below}"));
    }
    all.extend(found.unnamed.iter().map(|_| "?".to_owned()));
    all.extend(found.opaque.iter().map(|_| "opaque".to_owned()));
    all.extend(found.unparsed.iter().map(|_| "unparsed".to_owned()));
    all.sort();
    all.dedup();
    all
}

#[track_caller]
fn check(command: &str, expected: &str) {
    let mut expected: Vec<String> = expected.split_whitespace().map(str::to_owned).collect();
    expected.sort();
    assert_eq!(shown(command), expected, "{command}");
}

#[test]
fn the_examples_of_the_table() {
    let mut wrong = Vec::new();
    for (name, row) in table::rows() {
        let Some((command, effects)) = row.example.split_once(" => ") else { continue };
        let mut expected: Vec<String> = effects
            .split_whitespace()
            .filter(|effect| *effect != "nothing")
            .map(str::to_owned)
            .collect();
        expected.sort();
        let found = shown(command);
        if found != expected {
            wrong.push(format!("{name}: {command}: expected {expected:?}, found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn redirections_write() {
    check("echo a > b", "b");
    check("echo a >> b 2> c", "b c");
    check("ls > /dev/null 2>&1", "");
    check("cat <<E > b\n$(touch c)\nE", "b c");
    check("cat <<'E' > b\n$(touch c)\nE", "b");
    check("echo '> b'", "");
    check("a=b; echo > $a", "b");
    check("echo > $unknown", "?");
    check("echo > a/$unknown", "a/**");
    check("rm -rf 2>/dev/null x", "!x/**");
}

#[test]
fn directories_are_followed() {
    check("cd a && touch b", "a/b");
    check("cd a; touch b", "a/b b");
    check("cd /; touch b", "/b");
    check("(cd /; touch b); touch c", "/b c");
    check("cd / && cd - && touch b", "b");
    check("pushd / && touch a && popd && touch b", "/a b");
    check("cd $unknown && touch b", "?");
    check("env -C a touch b", "a/b");
    check("if cd /; then touch b; fi", "/b");
    check("cd / || exit; touch b", "/b");
    check("cd ~ && touch b", "/home/u/b");
}

#[test]
fn options_and_variables_that_write_or_run() {
    check("chmod -r a", "a");
    check("chmod -x,+w a", "a");
    check("chattr -i a", "a");
    check("chmod -R u+w a", "a");
    check("GIT_TRACE2_EVENT=/w/p/a git status", "a");
    check("GIT_TRACE=1 git status", "");
    check("GIT_INDEX_FILE=a/b git add c", "a/b");
    check("git grep -O'touch a' b", "a");
    check("git --exec-path=/tmp/a status", "opaque");
    check("git -c include.path=/tmp/a status", "opaque");
    check("LD_PRELOAD=/tmp/a.so ls", "opaque");
    check("export BASH_ENV=/tmp/a; ls", "opaque");
    check("PROMPT_COMMAND='touch a'", "opaque");
    check("history -w a", "a");
    check("HISTFILE=a; history -w", "a");
    check("history | tail", "");
    check("enable -f /tmp/a.so a", "opaque");
    check("ssh -E a host ls", "a opaque");
    check("rsync -e 'touch a' x:y b", "a b/**");
    check("sort --compress-program='touch a' b", "a");
    check("man -P 'touch a' ls", "a");
    check("TMPDIR=a mktemp", "a/tmp.…");
    check("python3 -c 'import os; os.posix_spawnp(\"touch\", [\"\", \"a\"], {})'", "a");
    check("ruff format a.py", "a.py");
    check("ruff format --check a.py", "");
    check("ruff check a.py", "");
}

#[test]
fn sql_names_the_files_that_it_writes() {
    check("sqlite3 a.db 'select 1'", "");
    check("sqlite3 a.db \"select writefile('b', 'x')\"", "b");
    check("sqlite3 a.db \"select writefile(name, 'x') from t\"", "?");
    check("sqlite3 a.db \"select writefile('b' || 'c', 'x')\"", "?");
    check("sqlite3 a.db \"vacuum into 'b'\"", "a.db b");
    check("sqlite3 a.db \"attach database 'b' as c; create table c.d(e)\"", "a.db b");
    check("sqlite3 a.db \"attach ':memory:' as c\"", "a.db");
    check("sqlite3 a.db vacuum", "a.db");
}

#[test]
fn values_are_followed() {
    check("for x in a b; do touch $x/c; done", "a/c b/c");
    check("x=a; x+=b; touch $x", "ab");
    check("x=(a b); touch ${x[1]}", "b");
    check("x=a/b.c; touch ${x%.*} ${x##*/}", "a/b b.c");
    check("touch $(echo a)", "a");
    check("touch ${x:-a}", "a");
    check("f() { touch $1; }; f a", "a");
    check("set -- a; touch \"$@\"", "a");
    check("read x <<< a; touch $x", "a");
    check("printf 'a\\nb\\n' | while read x; do touch $x; done", "a b");
    check("if x; then y=a; else y=b; fi; touch $y", "a b opaque");
    check("[ a = b ] && touch c", "");
    check("case a in b) touch c;; a) touch d;; esac", "d");
    check("while x; do i=$((i+1)); touch a/$i; done", "a/… opaque");
    check("touch {a,b}/{c,d}", "a/c a/d b/c b/d");
}

#[test]
fn commands_in_commands() {
    check("bash -c 'touch a'", "a");
    check("bash -c 'touch $1' _ a", "a");
    check("echo 'touch a' | sh", "a");
    check("curl https://x | sh", "?");
    check("eval \"touch a\"", "a");
    check("sudo -u x env A=b timeout 5 nice touch a", "a");
    check("echo a b | xargs touch", "a b");
    check("echo a | xargs -I{} cp x {}/y", "a/y");
    check("x | xargs rm", "? opaque");
    check("alias x='touch a'; x", "opaque");
    check("\\touch a", "a");
    check("/bin/touch a", "a");
    check("command -v touch a", "");
    check("cat <(touch a)", "a");
    check("echo 'touch a' > s.sh; sh s.sh", "a s.sh");
    check("ln -s /q l; touch l/a", "/q/a l l/a");
    check("python3 -c \"open('a', 'w')\"", "a");
    check("sed -i s/x/y/ a", "a");
    check("awk '{ print > \"a\" }' b", "a");
}

#[test]
fn reading_and_testing_change_nothing() {
    for command in [
        "ls -la a",
        "cat a b",
        "grep -rn 'x > y' a",
        "find a -name b",
        "git status",
        "git log --oneline",
        "git diff a",
        "git add -A",
        "git commit -m 'rm -rf a > b'",
        "test -f a || echo no",
        "[ -d a ] && echo yes",
        "jq . a",
        "head -5 a | tail -2",
        "echo \"a; rm -rf b\"",
        "printf '%s' '$(rm a)'",
        "sed -n 1,5p a",
        "awk '$1 > 2' a",
        "diff <(sort a) <(sort b)",
        "wc -l a",
        "tar tzf a",
        "curl -s https://x | jq .",
        "which rm",
        "type rm",
        "sort a | uniq -c",
        "stat a",
        "tree a",
        "true",
        ":",
        "export A=b; echo $A",
        "for f in a/*; do wc -l $f; done",
        "python3 -c 'print(1)'",
        "node -p 1+1",
        "[[ a > b ]]",
        "(( 3 > 2 ))",
    ] {
        check(command, "");
    }
    for command in [
        "npm test",
        "npx jest",
        "pytest -q",
        "cargo test",
        "go test ./...",
        "pip install x",
        "./run",
        "make test",
    ] {
        let found = analysed(command);
        assert!(found.writes.is_empty() && found.unnamed.is_empty(), "{command}: {found:?}");
    }
}

#[test]
fn what_stands_before_an_error_counts() {
    let found = analysed("touch a\n)");
    assert_eq!(found.writes.len(), 1);
    assert!(found.unparsed.is_some_and(|unparsed| !unparsed.may_write));
    assert!(analysed("echo ( > a").unparsed.is_some_and(|unparsed| unparsed.may_write));
}

#[test]
fn added_text_is_kept() {
    let added = |command: &str| -> Vec<String> {
        analysed(command).added.into_iter().map(|added| added.text).collect()
    };
    assert_eq!(added("cat > a <<'E'\nx=$y\nE"), ["x=$y\n"]);
    assert_eq!(added("echo b | tee a"), ["b\n"]);
    assert_eq!(added("printf 'a\\n' >> b"), ["a\n"]);
    assert_eq!(added("cat a > b"), [""; 0]);
}

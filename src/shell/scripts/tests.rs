//! One line per construct: source, and what it would do.

use super::*;

/// `W path`, `D`elete, `A`ttributes, `M`ake folder, `L`ink; `…` for an unknown
/// rest, `/**` for a tree, `<name` for an entry of a folder; `$ shell`,
/// `% words`, `@dir`; `?call` unnamed; `!` opaque.
fn shown(effects: &ScriptEffects) -> String {
    let mut all = Vec::new();
    for write in &effects.writes {
        let kind = match write.kind {
            WriteKind::Write => 'W',
            WriteKind::Replace => 'R',
            WriteKind::Delete => 'D',
            WriteKind::Attributes => 'A',
            WriteKind::MakeFolder => 'M',
            WriteKind::Link => 'L',
        };
        let rest = if write.rest == Rest::Unknown { "…" } else { "" };
        let tree = if write.subtree { "/**" } else { "" };
        let into = write.into.as_ref().map(|name| format!("<{name}")).unwrap_or_default();
        all.push(format!("{kind} {}{rest}{tree}{into}", write.path));
    }
    for command in &effects.commands {
        let dir = match &command.dir {
            ScriptDir::Same => String::new(),
            ScriptDir::At(dir) => format!(" @{dir}"),
            ScriptDir::Unknown => " @?".to_owned(),
        };
        all.push(match &command.run {
            Run::Shell(text) => format!("$ {text}{dir}"),
            Run::Argv(words) => format!("% {}{dir}", words.join(" ")),
        });
    }
    all.extend(effects.unnamed.iter().map(|part| format!("?{part}")));
    if effects.opaque {
        all.push("!".to_owned());
    }
    all.join(", ")
}

#[track_caller]
fn check(language: Language, source: &str, expected: &str) {
    let argv: Vec<String> = ["tools/run", "one", "two"].map(String::from).into();
    assert_eq!(shown(&script(language, source, &argv)), expected, "{source}");
}

#[track_caller]
fn python(source: &str, expected: &str) {
    check(Language::Python, source, expected);
}

#[track_caller]
fn node(source: &str, expected: &str) {
    check(Language::JavaScript, source, expected);
}

#[test]
fn python_opens() {
    python("open('a','w').write('x')", "W a");
    python("open('a')", "");
    python("open('a', 'rb').read()", "");
    python("open('a', mode='a')", "W a");
    python("open('a', encoding='utf-8')", "");
    python("open('a', encoding='utf-8', mode='x')", "W a");
    python("open(file='a', mode='r+')", "W a");
    python("with open('a', 'w') as f, open('b') as g:\n    f.write(g.read())", "W a");
    python("open('a', m)", "W a");
    python("open(name, 'w')", "?open");
    python("open(f'out/{name}.txt', 'w')", "W out/…");
    python("f = open; f('a', 'w')", "W a");
    python("import io; io.open('a', 'w')", "W a");
    python("import gzip, json\nwith gzip.open('a.gz', 'wt') as f: json.dump({}, f)", "W a.gz");
    python("import os; os.open('a', os.O_WRONLY | os.O_CREAT)", "W a");
    python("import os; os.open('a', os.O_RDONLY)", "");
}

#[test]
fn python_strings_and_comments_are_no_calls() {
    python("print('open(\"a\",\"w\")')", "");
    python("# open('a','w')\nx = 1", "");
    python("'''\nopen('a','w')\n'''", "");
    python("s = \"it's\" # open('a','w')", "");
    python("s.write('x')", "");
    python("text.replace('a', 'b')", "");
    python("p = 'x'; p.replace('a', 'b')", "");
    python("df.rename(columns={'a': 'b'})", "");
}

#[test]
fn python_folds_constants() {
    python("open('a'+'b/c','w')", "W ab/c");
    python("open('a' 'b','w')", "W ab");
    python("p='a'\nopen(p,'w')\np='b'\nopen(p).read()", "W a");
    python("p='a'\ns=open(p).read()\nopen(p,'w').write(s.replace('x','y'))", "W a");
    python("import os\nd='a'\nopen(os.path.join(d,'b','c'),'w')", "W a/b/c");
    python("open('a/%s.txt' % 'b','w')", "W a/b.txt");
    python("open('a/{}.txt'.format('b'),'w')", "W a/b.txt");
    python("open('a/{n}.txt'.format(n='b'),'w')", "W a/b.txt");
    python("d='a'; open(f'{d}/b','w')", "W a/b");
    python("open(r'a/b','w')", "W a/b");
    python("open('\\x61/b','w')", "W a/b");
    python("import sys; open(sys.argv[1],'w')", "W one");
    python("import sys\nopen(sys.argv[1] if len(sys.argv) > 1 else 'd','w')", "W one, W d");
    python("import sys\nfor p in sys.argv[1:]:\n    open(p,'a')", "W one, W two");
    python("import os\nopen(os.path.join(os.path.dirname(__file__), 'x'),'w')", "W tools/x");
    python("if c:\n    p='a'\nelse:\n    p='b'\nopen(p,'w')", "W a, W b");
    python("p='a'\nif c:\n    p='b'\nopen(p,'w')", "W a, W b");
    python("a, b = 'x', 'y'\nopen(b,'w')", "W y");
    python("p: str = 'a'\nopen(p,'w')", "W a");
    python("p = 'a'\np += '/b'\nopen(p,'w')", "W a/b");
    python("out = x or 'a'\nopen(out, 'w')", "W a, ?open");
}

#[test]
fn python_loops_and_maps() {
    python("for p in ['a','b']:\n    open(p,'w')", "W a, W b");
    python("[os.remove(f) for f in ('a','b')]", "D a, D b");
    python("import glob,os; [os.remove(f) for f in glob.glob('a/*.txt')]", "D a/…");
    python(
        "from pathlib import Path\nfor p in Path('a').rglob('*.py'):\n    p.write_text(p.read_text())",
        "W a/…",
    );
    python(
        "files={'a':'1','b':'2'}\nfor p, c in files.items():\n    open(p,'w').write(c)",
        "W a, W b",
    );
    python("for i, p in enumerate(['a','b']):\n    open(p,'w')", "W a, W b");
    python("for p, t in [('a','1'),('b','2')]:\n    open(p,'w').write(t)", "W a, W b");
    python(
        "import os\nfor r, d, fs in os.walk('a'):\n    for f in fs:\n        os.remove(os.path.join(r, f))",
        "D a…",
    );
    python("for i in range(3):\n    open(f'a/{i}.txt','w')", "W a/…");
}

#[test]
fn python_functions_get_what_callers_pass() {
    python("def w(p, t):\n    open(p,'w').write(t)\nw('a','1')\nw('b','2')", "W a, W b");
    python("def w(p='d'):\n    open(p,'w')\nw()", "W d");
    python("def never(p):\n    open(p,'w')", "");
    python("def w(p):\n    open(p,'w')\nlist(map(w, names))", "?open");
    python("def a(p):\n    b(p)\ndef b(q):\n    open(q,'w')\na('x')", "W x");
    python("def main():\n    p = 'a'\n    open(p,'w')\nmain()", "W a");
    python("class W:\n    def save(self, p):\n        open(p,'w')\nW().save('a')", "W a");
    python("def out(n):\n    return 'a/' + n\nopen(out('b'),'w')", "W a/b");
    python("p='a'\ndef f(p):\n    open(p)\nf('z')\nopen(p,'w')", "W a");
}

#[test]
fn python_pathlib() {
    python("from pathlib import Path; (Path('a')/'b').write_bytes(b'x')", "W a/b");
    python("from pathlib import Path; Path('a').unlink()", "D a");
    python("from pathlib import Path; Path('a', 'b').mkdir(parents=True)", "M a/b");
    python("from pathlib import Path; Path('a').rename('b')", "D a/**, W b/**<a");
    python("import pathlib\np = pathlib.Path(\"a\")\np.write_text(p.read_text())", "W a");
    python(
        "from pathlib import Path\nroot = Path('a')\nsrc = root / 'b' / 'c.txt'\nsrc.touch()",
        "W a/b/c.txt",
    );
    python("from pathlib import Path\nPath('a').joinpath('b').write_text('x')", "W a/b");
    python("from pathlib import Path\nPath('a/b').parent.mkdir()", "M a");
    python("from pathlib import Path\nPath('a').open('w')", "W a");
    python("from pathlib import Path\nPath('a').open()", "");
    python("from pathlib import Path\nPath('a').symlink_to('b')", "L a");
    python("p.write_text('x')", "?p.write_text");
    python("from pathlib import Path\nPath('a/b.txt').with_suffix('.md').write_text('')", "W a/…");
}

#[test]
fn python_os_and_shutil() {
    python("import os; os.rename('a','b/c')", "D a/**, W b/c/**<a");
    python("import os; os.makedirs('a/b', exist_ok=True)", "M a/b");
    python("import shutil; shutil.rmtree('a')", "D a/**");
    python("import shutil; shutil.copy('x/y','a/')", "W a/<y");
    python("import shutil; shutil.copytree('x','a')", "W a/**");
    python("from os import remove as rm\nrm('a')", "D a");
    python("import os as o\no.remove('a')", "D a");
    python("import os\nos.chdir('a')\nopen('b','w')\nopen('/c','w')", "W a/b, W /c");
    python("import os\nos.chdir(x)\nopen('b','w')", "?open");
    python("import os; os.chmod('a', 0o755)", "A a");
    python("import os; os.symlink('x','a')", "L a");
    python("import fileinput\nfor l in fileinput.input('a', inplace=True): print(l)", "W a");
    python("import fileinput\nfor l in fileinput.input('a'): print(l)", "");
    python("import tempfile; print(tempfile.mkdtemp())", "");
    python("import sys; sys.stdout.write('x')", "");
    python("open('/dev/null','w')", "");
}

#[test]
fn python_commands_and_hidden_code() {
    python("import os; os.system('touch a')", "$ touch a");
    python("import os; os.system(f'touch {x}')", "$ touch ${LANEKEEPER_UNKNOWN}");
    python("import subprocess; subprocess.run(['touch','a'], check=True)", "% touch a");
    python("import subprocess as s; s.run('touch a', shell=True, cwd='b')", "$ touch a @b");
    python("import subprocess; subprocess.check_output(cmd)", "$ ${LANEKEEPER_UNKNOWN}");
    python("__import__('os').system('touch a')", "$ touch a");
    python("exec('open(\"a\",\"w\")')", "W a");
    python("exec(code)", "!");
    python("import base64;exec(base64.b64decode('b3BlbignYScsJ3cnKQ=='))", "W a");
    python("getattr(os, 're' + 'move')('a')", "!");
    python("import app.main", "!");
    python("import json, re, pathlib", "");
}

#[test]
fn node_writes() {
    node("require('fs').writeFileSync('a','x')", "W a");
    node(
        "const fs=require('fs');let s=fs.readFileSync('a','utf8');fs.writeFileSync('a',s.replace('x','y'))",
        "W a",
    );
    node("const {writeFileSync:w}=require('fs'); w('a','')", "W a");
    node("import { writeFileSync } from 'node:fs'\nwriteFileSync('a', '')", "W a");
    node("import * as fs from 'fs'; fs.appendFileSync('a','')", "W a");
    node("import fs from 'fs/promises'; await fs.writeFile('a','')", "W a");
    node("require('fs').promises.rm('a',{recursive:true})", "D a/**");
    node("const fs = require('fs').promises; (async () => { await fs.mkdir('a') })()", "M a");
    node("require('fs').createWriteStream('a').end('y')", "W a");
    node("require('fs').renameSync('a','b')", "D a/**, W b/**<a");
    node("require('fs').copyFileSync('x','a')", "W a");
    node("process.chdir('a');require('fs').writeFileSync('b','')", "W a/b");
    node("const p=require('path'),fs=require('fs'); fs.writeFileSync(p.join('a','b'),'')", "W a/b");
    node("const fs=require('fs'); const d='a'; fs.writeFileSync(`${d}/b.txt`, '')", "W a/b.txt");
    node("const fs=require('fs'); for (const f of ['a','b']) fs.unlinkSync(f)", "D a, D b");
    node("const fs=require('fs'); ['a','b'].forEach(f => fs.unlinkSync(f))", "D a, D b");
    node(
        "const fs=require('fs'); ['a','b'].forEach(function (f) { fs.unlinkSync(f) })",
        "D a, D b",
    );
    node(
        "const fs=require('fs'); for (const [p, c] of Object.entries({'a':'1','b':'2'})) fs.writeFileSync(p, c)",
        "W a, W b",
    );
    node("const fs=require('fs'); function w(p){ fs.writeFileSync(p,'') } w('a')", "W a");
    node("const fs=require('fs'); fs.writeFileSync(process.argv[2], '')", "W one");
    node("fs.writeFileSync(x, '')", "?fs.writeFileSync");
    node("fs.openSync('a','w'); fs.openSync('b','r')", "W a");
    node(
        "const path=require('path');require('fs').writeFileSync(path.join(__dirname,'a'),'')",
        "W tools/a",
    );
}

#[test]
fn node_reads_and_runs() {
    node("console.log(require('fs').readdirSync('a'))", "");
    node("require('./a/package.json').name", "");
    node("console.log(\"fs.writeFileSync('a')\") // fs.writeFileSync('b')", "");
    node("/* fs.writeFileSync('b') */ const r = /writeFileSync('a')/", "");
    node("require('child_process').execSync('touch a')", "$ touch a");
    node("require('child_process').spawnSync('touch',['a'])", "% touch a");
    node(
        "const {execSync}=require('child_process'); execSync(`touch ${x}`, {cwd: 'b'})",
        "$ touch ${LANEKEEPER_UNKNOWN} @b",
    );
    node("eval(code)", "!");
    node("require('./lib')", "!");
    node("import x from './lib.js'", "!");
}

#[test]
fn perl_writes() {
    let perl = |source: &str, expected: &str| check(Language::Perl, source, expected);
    perl("open(my $f,'>','a'); print $f \"x\";", "W a");
    perl("open(my $f,\">>\",\"a\")", "W a");
    perl("open(F, \">a\") or die", "W a");
    perl("open my $f, '>', $p or die;", "?open");
    perl("my $p = 'a'; open my $f, '>', $p or die;", "W a");
    perl("open(my $f,'<','a')", "");
    perl("open(my $f,'a')", "");
    perl("unlink 'a', \"b\"", "D a, D b");
    perl("unlink glob('a/*.o')", "D a/…");
    perl("mkdir 'a'", "M a");
    perl("rename 'a', 'b';", "D a/**, W b/**<a");
    perl("system('touch a')", "$ touch a");
    perl("system('touch', 'a')", "% touch a");
    perl("`touch a`; qx{touch b}", "$ touch a, $ touch b");
    perl("my $d='a'; open(F, \">$d/b\")", "W a/b");
    perl("open(F, '>', $ARGV[0])", "W one");
    perl("foreach my $f ('a','b') { unlink $f; }", "D a, D b");
    perl("for my $f (@ARGV) { unlink $f }", "D one, D two");
    perl("use File::Path; remove_tree('a')", "D a/**");
    perl("use File::Copy qw(copy); copy('x','a')", "W a<x");
    perl("print 'unlink a'; # unlink 'b'", "");
    perl("s/unlink 'a'/x/; print if /foo/", "");
    perl("chdir 'a'; open(F,'>b')", "W a/b");
    perl("print 1+1", "");
}

#[test]
fn ruby_writes() {
    let ruby = |source: &str, expected: &str| check(Language::Ruby, source, expected);
    ruby("File.write('a','x')", "W a");
    ruby("File.write 'a', 'x'", "W a");
    ruby("require 'fileutils'\nFileUtils.touch \"a\"", "W a");
    ruby("File.open('a','w') { |f| f.puts 'x' }", "W a");
    ruby("File.open('a') { |f| f.read }", "");
    ruby("File.read('a')", "");
    ruby("FileUtils.rm_rf('a')", "D a/**");
    ruby("%w[a b].each { |f| File.delete(f) }", "D a, D b");
    ruby("['a','b'].each do |f|\n  File.delete(f)\nend", "D a, D b");
    ruby("d = 'a'\nFile.write(\"#{d}/b\", '')", "W a/b");
    ruby("File.write(File.join('a','b'), '')", "W a/b");
    ruby("File.write(ARGV[0], '')", "W one");
    ruby("system('touch a')", "$ touch a");
    ruby("`touch a`", "$ touch a");
    ruby("FileUtils.cp('x','a')", "W a<x");
    ruby("File.write(x, '')", "?File.write");
    ruby("gsub(/foo/,\"bar\")", "");
    ruby("puts 'File.write(\"a\")' # File.delete('b')", "");
}

#[test]
fn php_writes() {
    let php =
        |source: &str, expected: &str| check(Language::Php, &format!("<?php {source}"), expected);
    php("file_put_contents('a','x');", "W a");
    php("$p = 'a'; file_put_contents($p . '/b', '');", "W a/b");
    php("fopen('a','r'); fopen(\"b\",'w');", "W b");
    php("$d='a'; unlink(\"$d/b\");", "D a/b");
    php("foreach (['a','b'] as $f) { unlink($f); }", "D a, D b");
    php("exec('touch a'); echo `touch b`;", "$ touch a, $ touch b");
    php("unlink($x); // unlink('a')", "?unlink");
}

#[track_caller]
fn check_awk(program: &str, expected: &str) {
    let files = ["in.txt".to_owned()];
    let variables = [("out".to_owned(), "v.txt".to_owned())];
    assert_eq!(shown(&awk(program, &files, &variables)), expected, "{program}");
}

#[test]
fn awk_writes() {
    check_awk("{ print > \"a\" }", "W a");
    check_awk("{ print $1 >> \"a\"; print \"x\" > \"/dev/stderr\" }", "W a");
    check_awk("{ print > out }", "W v.txt");
    check_awk("{ f = \"a/\" $1 \".txt\"; print > f }", "W a/…");
    check_awk("{ print $1 > FILENAME\".out\" }", "W in.txt.out");
    check_awk("{ print > $1 }", "?awk print");
    check_awk("{ print | \"cat > a\" }", "$ cat > a");
    check_awk("BEGIN { system(\"touch a\") }", "$ touch a");
    check_awk("BEGIN { \"touch a\" | getline }", "$ touch a");
    check_awk(
        "BEGIN{while((\"echo a\" | getline f)>0) system(\"touch \" f)}",
        "$ echo a, $ touch ${LANEKEEPER_UNKNOWN}",
    );
    check_awk("$1 > 2", "");
    check_awk("{ if ($1 > 1) print $1 }", "");
    check_awk("{ print ($1 > 2) }", "");
    check_awk("/print > \"a\"/ { print \"> b\" } # print > \"c\"", "");
    check_awk("BEGIN { while ((getline line < \"in\") > 0) print line }", "");
    check_awk("BEGIN{printf \"x\" > \"a\"}", "W a");
}

#[test]
fn sed_scripts() {
    let check =
        |script: &str, expected: &str| assert_eq!(shown(&sed(script)), expected, "{script}");
    check("s/a/b/", "");
    check("w a", "W a");
    check("/foo/w a", "W a");
    check("s/x/y/w a", "W a");
    check("s/x/y/gpw a\np", "W a");
    check("s/w a/y/", "");
    check("/w a/d", "");
    check("1,5{s/a/b/;w x\n}", "W x");
    check("a\\\nw x", "");
    check("s|x|y|w a", "W a");
    check("s/[/]x/y/w a", "W a");
    check("1e touch a", "$ touch a");
    check("s/.*/touch a/e", "!");
    check("y/abc/def/;w a", "W a");
    check("w /dev/stdout", "");
    check("/x/!w a", "W a");
    check("\\,x,w a", "W a");
    check("$!N;s/\\n/ /;P;D", "");
}

#[test]
fn package_scripts_run_with_their_hooks() {
    let package = Package::parse(
        r#"{"name":"p","scripts":{"pretest":"a","test":"b","posttest":"c","x":1},"workspaces":{"packages":["w/*"]}}"#,
    )
    .unwrap();
    assert_eq!(package.run("test"), ["a", "b", "c"]);
    assert_eq!(package.run("none"), Vec::<&str>::new());
    assert_eq!(package.workspaces, ["w/*"]);
    assert_eq!(Package::parse("[1]"), None);
}

#[test]
fn makefiles() {
    let text = ".PHONY: all\nOUT := out\nDIR = $(OUT)/x\nall: gen\n\t@echo done\ngen:\n\ttouch $(DIR)/a\n%.o: %.c\n\tcc -o $@ $<\nclean: ; rm -rf $(OUT)\nsub:\n\t$(MAKE) -C sub $(shell x)\n";
    let file = Makefile::parse(text, &[]);
    let lines = |file: &Makefile, target: &str| -> Vec<String> {
        file.recipes(target).into_iter().flat_map(|recipe| recipe.lines).collect()
    };
    assert_eq!(file.default_target(), Some("all"));
    assert_eq!(lines(&file, "all"), ["touch out/x/a", "echo done"]);
    assert_eq!(lines(&file, "src/a.o"), ["cc -o src/a.o src/a.c"]);
    assert_eq!(lines(&file, "clean"), ["rm -rf out"]);
    assert_eq!(lines(&file, "sub"), [format!("make -C sub {UNKNOWN_WORD}")]);
    let overridden = Makefile::parse(text, &[("OUT".to_owned(), "z".to_owned())]);
    assert_eq!(lines(&overridden, "gen"), ["touch z/x/a"]);
    assert!(Makefile::parse("include x.mk\n", &[]).opaque);
    assert!(!file.opaque);
    // A cycle ends, and a variable that holds itself twice does not explode.
    assert_eq!(lines(&Makefile::parse("a: b\n\tx\nb: a\n\ty\n", &[]), "a"), ["y", "x"]);
    let bomb = Makefile::parse("A=$(A)$(A)$(A)\nx:\n\techo $(A)\n", &[]);
    assert!(lines(&bomb, "x").concat().len() < 4 * 1024 * 1024);
}

#[test]
fn patches() {
    let check = |patch: &str, strip: Option<usize>, expected: &[(&str, &str, PatchChange)]| {
        let found = patched_files(patch, strip);
        let found: Vec<_> = found
            .iter()
            .map(|file| {
                (
                    file.old.as_deref().unwrap_or("-"),
                    file.new.as_deref().unwrap_or("-"),
                    file.change,
                )
            })
            .collect();
        assert_eq!(found, expected, "{patch}");
    };
    let plain = "--- a/x/y.txt\t2026-01-01\n+++ b/x/y.txt\t2026-01-01\n@@ -1 +1,2 @@\n-a\n+b\n+--- not a header\n";
    check(plain, Some(1), &[("x/y.txt", "x/y.txt", PatchChange::Modify)]);
    check(plain, Some(2), &[("y.txt", "y.txt", PatchChange::Modify)]);
    check(plain, None, &[("y.txt", "y.txt", PatchChange::Modify)]);
    let hidden = "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n--- a/y\n+++ b/y\n c\n--- a/z\n+++ b/z\n@@ -0,0 +1 @@\n+1\n";
    check(hidden, Some(1), &[("x", "x", PatchChange::Modify), ("z", "z", PatchChange::Modify)]);
    let git = "diff --git a/n b/n\nnew file mode 100644\n--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+x\ndiff --git a/o b/o\ndeleted file mode 100644\n--- a/o\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\ndiff --git a/r b/s\nsimilarity index 100%\nrename from r\nrename to s\ndiff --git a/m b/m\nold mode 100644\nnew mode 100755\n";
    check(
        git,
        Some(1),
        &[
            ("-", "n", PatchChange::Add),
            ("o", "-", PatchChange::Delete),
            ("r", "s", PatchChange::Rename),
            ("m", "m", PatchChange::Modify),
        ],
    );
    check(
        "diff --git \"a/\\303\\274\" \"b/\\303\\274\"\nold mode 100644\nnew mode 100755\n",
        Some(1),
        &[("ü", "ü", PatchChange::Modify)],
    );
}

/// A small xorshift, so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(below.max(1)).unwrap()).unwrap()
    }
}

fn everything(source: &str) {
    let argv = ["-".to_owned()];
    for language in
        [Language::Python, Language::JavaScript, Language::Perl, Language::Ruby, Language::Php]
    {
        script(language, source, &argv);
        script(language, &format!("<?{source}"), &argv);
    }
    awk(source, &[], &[]);
    sed(source);
    Package::parse(source);
    Makefile::parse(source, &[]).recipes("a");
    patched_files(source, Some(1));
}

#[test]
fn no_text_makes_it_panic() {
    let parts = [
        "open(",
        "'",
        "\"",
        "`",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "\\",
        "\n",
        "    ",
        "def f(a=",
        ":",
        "for x in ",
        "f'{",
        "${",
        "#{",
        "<<EOS",
        "%w[",
        "q{",
        "s/",
        "/",
        "=",
        "=>",
        ".",
        "->",
        "$",
        "@",
        "é",
        "\u{FFFC}",
        "\0",
        "import ",
        "from ",
        "os.remove",
        "a",
        "1",
        ",",
        ";",
        "return ",
        "x = ",
        "|",
        "e.each ",
        "{ |f| ",
        "'w'",
        "print > ",
        "w x",
        "\t",
        "a: b",
        "--- a/x",
        "+++ b/x",
        "@@ -1,9 +1 @@",
        "diff --git ",
        "$(",
        "||",
        "?",
        "if ",
        "else ",
        "lambda ",
        "**",
        "\\x",
        "\\u{",
    ];
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for _ in 0..1_500 {
        let length = random.next(30);
        let source: String = (0..length).map(|_| parts[random.next(parts.len())]).collect();
        everything(&source);
    }
}

#[test]
fn hostile_code_is_read_in_bounded_time() {
    let started = std::time::Instant::now();
    for part in [
        "(",
        "[",
        "{",
        "f(",
        "f'{",
        "a.b(",
        "x=[x,x]\n",
        "x=x+x;",
        "`${",
        "\"#{",
        "open(open(",
        "for x in ",
        "def f(",
        "a?b:",
        "((a)",
        "\\",
        "'",
        "{a:",
        "f(a,",
    ] {
        everything(&part.repeat(1_000));
    }
    // Generous: this is an unoptimised build on a shared machine.
    assert!(started.elapsed().as_secs() < 120, "{:?}", started.elapsed());
}

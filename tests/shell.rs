//! What a shell command writes, held against commands that were really run.
#![allow(clippy::pedantic, reason = "test code")]

mod structure {
    //! The parser's words and redirections against recorded ones, and against `bash -n`.

    use std::path::Path;

    use lanekeeper::shell::parse::parse;
    use lanekeeper::shell::parse::tree::*;
    use serde_json::Value;

    /// Words and redirections of every command, substitutions included.
    struct Flat<'a> {
        source: &'a str,
        items: Vec<Vec<String>>,
    }

    const DECLARING: [&str; 7] =
        ["declare", "local", "export", "readonly", "typeset", "nameref", "let"];

    impl<'a> Flat<'a> {
        fn script(&mut self, script: &Script) {
            for item in &script.items {
                self.pipeline(&item.first);
                for (_, pipeline) in &item.rest {
                    self.pipeline(pipeline);
                }
            }
        }

        fn pipeline(&mut self, pipeline: &Pipeline) {
            for command in &pipeline.commands {
                self.command(command);
            }
        }

        fn command(&mut self, command: &Command) {
            for redirect in &command.redirects {
                match redirect.operator {
                    Operator::Heredoc => {
                        let body = redirect.body.get().expect("a body");
                        self.items.push(vec!["H".into(), body.delimiter.clone()]);
                        self.word(&body.body);
                    }
                    operator => {
                        let target = redirect.target.span.of(self.source).to_owned();
                        self.items.push(vec!["R".into(), sign(operator).into(), target]);
                        self.word(&redirect.target);
                    }
                }
            }
            match &command.kind {
                Kind::Simple(simple) => {
                    for assignment in &simple.assignments {
                        self.word(&assignment.value);
                        if let Some(index) = &assignment.index {
                            self.word(index);
                        }
                    }
                    let words: Vec<String> =
                        simple.words.iter().map(|word| word.span.of(self.source).into()).collect();
                    if words.first().is_some_and(|word| !DECLARING.contains(&word.as_str())) {
                        self.items.push([vec!["C".to_owned()], words].concat());
                    }
                    simple.words.iter().for_each(|word| self.word(word));
                }
                Kind::Subshell(script) | Kind::Group(script) => self.script(script),
                Kind::If(branches, otherwise) => {
                    for (condition, body) in branches {
                        self.script(condition);
                        self.script(body);
                    }
                    if let Some(script) = otherwise {
                        self.script(script);
                    }
                }
                Kind::Loop { condition, body, .. } => {
                    self.script(condition);
                    self.script(body);
                }
                Kind::For(clause) => {
                    clause.words.iter().flatten().for_each(|word| self.word(word));
                    self.script(&clause.body);
                }
                Kind::Counting(word, body) => {
                    self.word(word);
                    self.script(body);
                }
                Kind::Case(word, arms) => {
                    self.word(word);
                    for arm in arms {
                        arm.patterns.iter().for_each(|word| self.word(word));
                        self.script(&arm.body);
                    }
                }
                Kind::Arithmetic(word) => self.word(word),
                Kind::Test(words) => words.iter().for_each(|word| self.word(word)),
                Kind::Function(_, body) => self.command(body),
                Kind::Coproc(body) => self.command(body),
            }
        }

        fn word(&mut self, word: &Word) {
            self.pieces(&word.pieces);
        }

        fn pieces(&mut self, pieces: &[Piece]) {
            for piece in pieces {
                match piece {
                    Piece::Literal(_) | Piece::Quoted(_) => {}
                    Piece::Double(inner) | Piece::Arithmetic(inner) => self.pieces(inner),
                    Piece::Parameter(parameter) => {
                        self.pieces(parameter.index.as_deref().unwrap_or_default());
                        self.pieces(&parameter.argument);
                    }
                    Piece::Command(inner) | Piece::Process(inner, _) => {
                        let source = inner.source.as_deref().unwrap_or(self.source);
                        let mut flat = Flat { source, items: Vec::new() };
                        flat.script(&inner.script);
                        let items = flat.items;
                        self.items.extend(items);
                    }
                    Piece::Array(words) => words.iter().for_each(|word| self.word(word)),
                }
            }
        }
    }

    fn sign(operator: Operator) -> &'static str {
        match operator {
            Operator::Read => "<",
            Operator::Write => ">",
            Operator::Append => ">>",
            Operator::Clobber => ">|",
            Operator::ReadWrite => "<>",
            Operator::Heredoc => "<<",
            Operator::HereString => "<<<",
            Operator::DuplicateOut => ">&",
            Operator::DuplicateIn => "<&",
            Operator::Both => "&>",
            Operator::AppendBoth => "&>>",
        }
    }

    #[test]
    fn recorded_words_and_redirections() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/shell/structure.jsonl");
        let Ok(text) = std::fs::read_to_string(&file) else {
            println!("skipped: no {}", file.display());
            return;
        };
        let (mut seen, mut wrong) = (0, Vec::new());
        for line in text.lines() {
            let row: Value = serde_json::from_str(line).expect("a row");
            let command = row["command"].as_str().expect("a command");
            let parsed = parse(command);
            if row["bash_n"] != 1 {
                continue;
            }
            seen += 1;
            if let Some(stop) = parsed.stop {
                wrong.push(format!("rejected: {command:?}: {stop:?}"));
                continue;
            }
            let Some(items) = row["items"].as_array() else { continue };
            let mut expected: Vec<Vec<String>> = items
                .iter()
                .map(|item| {
                    let item = item.as_array().expect("an item");
                    item.iter().map(|text| text.as_str().expect("text").to_owned()).collect()
                })
                .collect();
            let mut flat = Flat { source: command, items: Vec::new() };
            flat.script(&parsed.script);
            expected.sort();
            flat.items.sort();
            if flat.items != expected {
                wrong.push(format!(
                    "{command:?}\n  expected {expected:?}\n  found    {:?}",
                    flat.items
                ));
            }
        }
        println!("{seen} commands that bash accepts, {} differ", wrong.len());
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

mod table {
    //! What the analyser says of commands that were really run, by tag.

    use std::collections::BTreeMap;
    use std::path::{Path, PathBuf};
    use std::process::Command;

    use lanekeeper::shell::{Analysis, Setting, Write, WriteKind, analyse};
    use serde_json::Value;

    /// The fixture project, laid out once below a temporary folder.
    struct Fixture {
        root: tempfile::TempDir,
    }

    impl Fixture {
        fn lay_out() -> Option<Fixture> {
            let script =
                Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/shell/make_fixture.sh");
            if !script.exists() {
                println!("skipped: no {}", script.display());
                return None;
            }
            let root =
                tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary folder");
            let made = Command::new("bash")
                .arg(&script)
                .arg(root.path().join("f"))
                .output()
                .expect("bash runs");
            assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
            Some(Fixture { root })
        }

        fn at(&self, name: &str) -> PathBuf {
            self.root.path().join("f").join(name)
        }

        /// Text in which the recorded places stand for the fixture's. One pass: the
        /// fixture itself may lie below a place of that name.
        fn here(&self, text: &str) -> String {
            let places = [("/proj", "proj"), ("/home/u", "home"), ("/tmp", "tmp")];
            let in_name = |char: char| char.is_ascii_alphanumeric() || char == '_';
            let mut out = String::new();
            let mut rest = text;
            let mut before = None;
            while let Some(first) = rest.chars().next() {
                let starts = !before.is_some_and(|char| in_name(char) || char == '.');
                let found = places.iter().find(|(recorded, _)| {
                    let after = rest.strip_prefix(recorded);
                    starts && after.is_some_and(|after| !after.starts_with(in_name))
                });
                let (shown, length) = match found {
                    Some((recorded, name)) => (self.at(name).display().to_string(), recorded.len()),
                    None => (first.to_string(), first.len_utf8()),
                };
                out.push_str(&shown);
                let (taken, left) = rest.split_at(length);
                before = taken.chars().next_back();
                rest = left;
            }
            out
        }

        fn analyse(&self, command: &str, cwd: &str) -> Analysis {
            let (cwd, tree, home, tmp) =
                (PathBuf::from(self.here(cwd)), self.at("proj"), self.at("home"), self.at("tmp"));
            let setting = Setting { cwd: &cwd, tree: &tree, home: Some(&home), tmp: Some(&tmp) };
            analyse(&self.here(command), &setting)
        }

        /// Whether an agent with `Allowed: backend/**` is refused, and why.
        fn refusal(&self, analysis: &Analysis) -> Option<String> {
            for write in &analysis.writes {
                if !self.allows(write) {
                    return Some(format!("{:?} {}", write.kind, write.path.display()));
                }
            }
            if let Some(unnamed) = analysis.unnamed.first() {
                return Some(format!("unnamed: {}", unnamed.why));
            }
            let unparsed = analysis.unparsed.as_ref().filter(|unparsed| unparsed.may_write);
            unparsed.map(|unparsed| format!("unparsed: {}", unparsed.why))
        }

        fn allows(&self, write: &Write) -> bool {
            let path = write.path.as_path();
            let inside = write.subtree && write.kind != WriteKind::Delete;
            let real = real(path, write.kind.follows_links());
            [path.to_path_buf(), real].iter().all(|path| {
                let project = self.at("proj");
                path.starts_with(project.join("backend"))
                    && (inside || *path != project.join("backend"))
                    || !path.starts_with(&project) && !project.starts_with(path)
            })
        }
    }

    /// The nearest existing ancestor made real.
    fn real(path: &Path, follows: bool) -> PathBuf {
        let mut rest = Vec::new();
        let mut at = path.to_path_buf();
        if !follows {
            rest.push(at.file_name().map(PathBuf::from).unwrap_or_default());
            at.pop();
        }
        loop {
            if let Ok(real) = at.canonicalize() {
                return rest.iter().rev().fold(real, |path, part| path.join(part));
            }
            rest.push(at.file_name().map(PathBuf::from).unwrap_or_default());
            if !at.pop() {
                return path.to_path_buf();
            }
        }
    }

    #[derive(Default)]
    struct Count {
        violations: usize,
        refused: usize,
        marked: usize,
        missed: usize,
        harmless: usize,
        wrong: usize,
    }

    #[test]
    fn recorded_writes() {
        let Some(fixture) = Fixture::lay_out() else { return };
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/shell/truth.jsonl");
        let text = std::fs::read_to_string(file).expect("the recorded commands");
        let mut counts: BTreeMap<String, Count> = BTreeMap::new();
        let (mut missed, mut marked, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
        for line in text.lines() {
            let row: Value = serde_json::from_str(line).expect("a row");
            let (command, cwd) = (row["command"].as_str().unwrap(), row["cwd"].as_str().unwrap());
            let tag = row["tag"].as_str().unwrap();
            let outside = |path: &Value| {
                let path = path.as_str().unwrap();
                !path.starts_with('/') && !path.starts_with("backend/")
            };
            let changed =
                row["writes"].as_array().unwrap().iter().chain(row["deletes"].as_array().unwrap());
            let violation = changed.into_iter().any(outside);
            let analysis = fixture.analyse(command, cwd);
            let refusal = fixture.refusal(&analysis);
            let count = counts.entry(tag.to_owned()).or_default();
            if violation {
                count.violations += 1;
                match refusal {
                    Some(_) => count.refused += 1,
                    None if !analysis.opaque.is_empty() || analysis.unparsed.is_some() => {
                        count.marked += 1;
                        marked.push(format!("{tag}: {command:?}"));
                    }
                    None => {
                        count.missed += 1;
                        missed.push(format!("{tag}: {command:?}\n    {:?}", analysis.writes));
                    }
                }
            } else {
                count.harmless += 1;
                if let Some(why) = refusal {
                    count.wrong += 1;
                    wrong.push(format!("{tag}: {command:?}\n    {why}"));
                }
            }
        }
        println!(
            "{:<11} {:>10} {:>8} {:>7} {:>7} | {:>9} {:>8}",
            "tag", "violations", "refused", "marked", "missed", "harmless", "refused"
        );
        let mut sum = Count::default();
        for (tag, count) in &counts {
            print(tag, count);
            sum.violations += count.violations;
            sum.refused += count.refused;
            sum.marked += count.marked;
            sum.missed += count.missed;
            sum.harmless += count.harmless;
            sum.wrong += count.wrong;
        }
        print("all", &sum);
        println!(
            "\nmissed:\n{}\n\nmarked only:\n{}\n\nrefused although nothing outside changed:\n{}",
            missed.join("\n"),
            marked.join("\n"),
            wrong.join("\n")
        );
        let negative = counts.get("negative").map_or(0, |count| count.wrong);
        assert!(sum.refused * 100 >= sum.violations * 95, "{} of {}", sum.refused, sum.violations);
        assert!(sum.missed * 1000 <= sum.violations * 5, "{} of {}", sum.missed, sum.violations);
        assert_eq!(negative, 0, "no harmless mention is refused");
        // Nearly all are meant to write outside and happen not to (`rm -f nosuch`).
        assert!(sum.wrong * 10 <= sum.harmless + 20, "{} of {}", sum.wrong, sum.harmless);
    }

    fn print(tag: &str, count: &Count) {
        println!(
            "{tag:<11} {:>10} {:>8} {:>7} {:>7} | {:>9} {:>8}",
            count.violations,
            count.refused,
            count.marked,
            count.missed,
            count.harmless,
            count.wrong
        );
    }
}

mod hostile {
    //! Text made to break a parser: it must end, and say so when it gives up.

    use std::path::Path;

    use lanekeeper::shell::{Analysis, Setting, analyse};

    pub(super) fn run(command: &str) -> Analysis {
        let dir = Path::new("/nowhere");
        analyse(command, &Setting { cwd: dir, tree: dir, home: None, tmp: None })
    }

    /// Hostile texts with their names.
    pub(super) fn texts() -> Vec<(String, String)> {
        let mut texts = Vec::new();
        let openers = [
            "$(",
            "`",
            "(",
            "((",
            "$((",
            "{ ",
            "${a:-",
            "\"$(",
            "<(",
            ">(",
            "[[ (",
            "[[ ",
            "if ",
            "while ",
            "until ",
            "for x in ",
            "for x; do ",
            "case x in ",
            "case x in a) ",
            "select x in ",
            "time ",
            "! ",
            "coproc ",
            "a=(",
            "a[",
            "f() { ",
            "function f { ",
            "f() ",
            "\\",
            "'",
            "\"",
            "$'",
            "$\"",
            "<<E ",
            "<<E\n",
            "<<'E'\n",
            "<<<",
            "> ",
            "2>&",
            "&& ",
            "|| ",
            "| ",
            "; ",
            "& ",
            "|& ",
            "{a,",
            "{1..9}",
            "a$(b",
            "x=$(",
            "*(",
            "!(",
            "eval ",
            "bash -c ",
            "$[",
            "[",
            "\\\n",
            "#\n",
            "if a; then ",
            "<<-E\n\t",
            "${!",
            "${#",
            "${a[",
            "${a/",
            "~",
            "!",
            "a&&",
        ];
        for opener in openers {
            for count in [1, 26, 60, 199, 201, 1_000, 10_000] {
                texts.push((format!("{opener:?} x{count}"), opener.repeat(count)));
            }
        }
        let pairs = [
            ("$(", ")"),
            ("(", ")"),
            ("((", "))"),
            ("$((", "))"),
            ("{ ", "; }"),
            ("\"$(", ")\""),
            ("${a:-", "}"),
            ("if a; then ", "; fi"),
            ("while a; do ", "; done"),
            ("case x in a) ", ";; esac"),
            ("[[ ( ", " ) ]]"),
            ("for x in a b; do ", "; done"),
            ("f() { f; ", "; f; }"),
            ("<(", ")"),
            ("{a,", "}"),
            ("bash -c '", "'"),
        ];
        for (open, close) in pairs {
            for count in [50, 190, 1_000, 10_000] {
                let text = format!("{}touch a{}", open.repeat(count), close.repeat(count));
                texts.push((format!("{open:?}…{close:?} x{count}"), text));
            }
        }
        for (name, unit) in [
            ("word", "a"),
            ("quoted", "\"a\""),
            ("variables", "$a"),
            ("globs", "*"),
            ("escapes", "\\a"),
            ("blanks", " "),
        ] {
            texts.push((format!("1 MB of {name}"), unit.repeat(1_000_000 / unit.len())));
            texts.push((
                format!("200 KB of {name}"),
                format!("touch {}", unit.repeat(200_000 / unit.len())),
            ));
        }
        let heredocs: String = (0..10_000).map(|number| format!("<<E{number} ")).collect();
        texts.push(("10,000 heredocs in a line".into(), format!("cat {heredocs}\n")));
        let bodies: String = (0..10_000).map(|_| "cat <<E > a\nx\nE\n").collect();
        texts.push(("10,000 heredocs".into(), bodies));
        texts.push(("10,000 commands".into(), "touch a\n".repeat(10_000)));
        texts.push((
            "10,000 assignments".into(),
            (0..10_000).map(|n| format!("v{n}=$v{n}x; ")).collect(),
        ));
        texts.push((
            "10,000 branches".into(),
            (0..10_000).map(|n| format!("if a; then v{n}=1; fi\n")).collect(),
        ));
        texts.push(("doubling".into(), format!("a=x; {}", "a=$a$a; ".repeat(100))));
        texts.push((
            "alternatives".into(),
            format!("{}touch $a$a$a$a$a", "if x; then a=$a/b; else a=$a/c; fi; ".repeat(60)),
        ));
        texts.push(("braces".into(), format!("touch {}", "{a,b}".repeat(40))));
        texts.push((
            "loops in loops".into(),
            format!("{}touch a{}", "for x in 1 2 3 4 5 6 7 8; do ".repeat(20), "; done".repeat(20)),
        ));
        texts.push(("functions".into(), "f() { f; f; }; f".into()));
        texts.push((
            "functions calling two".into(),
            (0..40).map(|n| format!("f{n}() {{ f{}; f{}; }}; ", n + 1, n + 1)).collect::<String>()
                + "f0",
        ));
        texts.push(("eval of itself".into(), "a='eval \"$a\"'; eval \"$a\"".into()));
        texts.push(("assignment chains".into(), format!("(({}1))", "a=".repeat(10_000))));
        texts.push(("pipes".into(), format!("a{}", "|cat".repeat(10_000))));
        texts.push((
            "many stars".into(),
            format!("case {} in {}b) ;; esac", "a".repeat(4000), "*a".repeat(1000)),
        ));
        texts
    }

    #[test]
    fn hostile_text_ends() {
        for (name, text) in texts() {
            let start = std::time::Instant::now();
            let analysis = run(&text);
            if std::env::var_os("SHELL_TIMES").is_some() && start.elapsed().as_millis() > 20 {
                println!("{:>6} ms  {name}: {:?}", start.elapsed().as_millis(), analysis.unparsed);
            }
        }
    }
}

mod fuzz {
    //! Mutated commands against `bash -n`: what bash accepts is not rejected.
    //!
    //! `SHELL_FUZZ=100000 cargo test --test all shell::fuzz -- --nocapture` for a long run.

    use std::path::Path;
    use std::process::{Command, Stdio};

    use lanekeeper::shell::parse::parse;
    use serde_json::Value;

    const TOKENS: [&str; 40] = [
        "'",
        "\"",
        "`",
        "$(",
        ")",
        "(",
        "{ ",
        "; }",
        "}",
        ";",
        "&&",
        "||",
        "|",
        "&",
        "\n",
        "<<E\n",
        "\nE\n",
        ">",
        ">>",
        "<",
        "<(",
        "$((",
        "))",
        "${",
        "$",
        "\\",
        " ",
        "#",
        "if ",
        "; then ",
        "; fi",
        "do ",
        "; done",
        "for x in ",
        "case x in ",
        ";;",
        "[[ ",
        " ]]",
        "!",
        "=(",
    ];

    /// A small generator of numbers, the same on every machine.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, end: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            usize::try_from(self.0 % u64::try_from(end.max(1)).unwrap()).unwrap()
        }
    }

    fn mutated(text: &str, other: &str, numbers: &mut Numbers) -> String {
        let mut chars: Vec<char> = text.chars().collect();
        for _ in 0..=numbers.below(3) {
            let at = numbers.below(chars.len() + 1);
            let to = (at + numbers.below(8)).min(chars.len());
            match numbers.below(5) {
                0 => drop(chars.drain(at..to)),
                1 => {
                    let token = TOKENS[numbers.below(TOKENS.len())];
                    chars.splice(at..at, token.chars());
                }
                2 => {
                    let copy: Vec<char> = chars[at..to].to_vec();
                    let place = numbers.below(chars.len() + 1);
                    chars.splice(place..place, copy);
                }
                3 => {
                    let other: Vec<char> = other.chars().collect();
                    let from = numbers.below(other.len() + 1);
                    let length = numbers.below(20);
                    chars.splice(at..at, other.into_iter().skip(from).take(length));
                }
                _ => chars.truncate(at.max(1)),
            }
        }
        chars.into_iter().filter(|char| *char != '\0').collect()
    }

    fn bash_accepts(command: &str) -> bool {
        let run = Command::new("bash")
            .args(["--norc", "-n", "-c", command])
            .stdin(Stdio::null())
            .output()
            .expect("bash runs");
        // A heredoc without its end is only warned of.
        run.status.success()
    }

    #[test]
    fn what_bash_accepts_is_read() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/shell/structure.jsonl");
        let Ok(text) = std::fs::read_to_string(&file) else {
            println!("skipped: no {}", file.display());
            return;
        };
        let commands: Vec<String> = text
            .lines()
            .map(|line| {
                serde_json::from_str::<Value>(line).unwrap()["command"].as_str().unwrap().to_owned()
            })
            .collect();
        let rounds = std::env::var("SHELL_FUZZ")
            .ok()
            .and_then(|rounds| rounds.parse().ok())
            .unwrap_or(1_000);
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
        let (mut accepted, mut rejected, mut lenient) = (0, Vec::new(), 0);
        for _ in 0..rounds {
            let text = &commands[numbers.below(commands.len())];
            let other = &commands[numbers.below(commands.len())];
            let command = mutated(text, other, &mut numbers);
            let ours = parse(&command).stop;
            if bash_accepts(&command) {
                accepted += 1;
                if let Some(stop) = ours {
                    rejected.push(format!("{:?} at {}: {command:?}", stop.why, stop.at));
                }
            } else if ours.is_none() {
                lenient += 1;
            }
        }
        rejected.sort();
        println!(
            "{rounds} commands, {accepted} accepted by bash, {} of them rejected here, {lenient} accepted here only",
            rejected.len()
        );
        for line in &rejected {
            println!("{line}");
        }
        assert!(rejected.len() * 1000 <= accepted * 5, "{} of {accepted}", rejected.len());
    }
}

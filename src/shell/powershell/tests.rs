//! One line per construct: the command, and what it would write.

use std::path::Path;

use super::*;
use crate::shell::WriteKind;

fn analysed(command: &str) -> Analysis {
    let setting = Setting {
        cwd: Path::new("/p"),
        tree: Path::new("/p"),
        home: Some(Path::new("/home/u")),
        tmp: None,
    };
    analyse_powershell(command, &setting)
}

#[track_caller]
fn check(command: &str, expected: &str) {
    let found = analysed(command);
    let mut all: Vec<String> = Vec::new();
    for write in &found.writes {
        let kind = match write.kind {
            WriteKind::Write => 'W',
            WriteKind::Replace => 'R',
            WriteKind::Delete => 'D',
            WriteKind::Attributes => 'A',
            WriteKind::MakeFolder => 'M',
            WriteKind::Link => 'L',
        };
        let tree = if write.subtree { "/**" } else { "" };
        all.push(format!("{kind} {}{tree}", write.path.display()));
    }
    all.extend(found.unnamed.iter().map(|_| "?".to_owned()));
    all.extend(found.opaque.iter().map(|_| "!".to_owned()));
    assert_eq!(all.join(", "), expected, "{command}\n{found:#?}");
}

#[test]
fn cmdlets_and_aliases() {
    check("Set-Content -Path a.txt -Value 'x'", "W /p/a.txt");
    check("set-content a.txt x", "W /p/a.txt");
    check("'x' | Out-File -FilePath src\\a.txt -Append", "W /p/src/a.txt");
    check("Add-Content -LiteralPath:'a b.txt' -Value x -NoNewline", "W /p/a b.txt");
    check("New-Item -ItemType Directory -Path a/b -Force", "M /p/a/b");
    check("New-Item -Path a -Name b.txt -ItemType File", "W /p/a/b.txt");
    check("ni a.txt; md b", "W /p/a.txt, M /p/b");
    check("Remove-Item -Recurse -Force a, b", "D /p/a/**, D /p/b/**");
    check("rm a -r", "D /p/a/**");
    check("Copy-Item a b", "W /p/b/**");
    check("Move-Item -Path a -Destination b", "D /p/a/**, W /p/b/**");
    check("Rename-Item a/b.txt c.txt", "D /p/a/b.txt/**, W /p/a/c.txt/**");
    check("Get-Process | Tee-Object -FilePath a.txt", "W /p/a.txt");
    check("iwr https://example.com -OutFile a.zip", "W /p/a.zip");
    check("Expand-Archive a.zip -DestinationPath b", "W /p/b/**");
    check("Remove-Item a/*.log", "D /p/a/**");
    check("Remove-Item *.log", "D /p/**");
}

#[test]
fn reading_writes_nothing() {
    check("Get-Content a.txt | Select-String foo | Sort-Object", "");
    check("Get-ChildItem -Recurse | Where-Object { $_.Length -gt 10 }", "");
    check("Write-Output 'Set-Content a b' # > c", "");
    check("if (Test-Path a) { Write-Host 'yes' }", "");
    check("echo x > $null; Get-Item a 2>&1", "");
    check("<# Remove-Item a #> ls", "");
    check("Invoke-WebRequest https://example.com", "");
}

#[test]
fn redirections_and_methods() {
    check("echo x > a.txt", "W /p/a.txt");
    check("'x' >> a.txt", "W /p/a.txt");
    check("ls 2> err.txt", "W /p/err.txt");
    check("[IO.File]::WriteAllText('a.txt', 'x')", "W /p/a.txt");
    check("[System.IO.File]::Move('a', 'b')", "D /p/a/**, W /p/b");
    check("[System.IO.Directory]::CreateDirectory(\"a\")", "M /p/a");
    check("[IO.File]::ReadAllText('a.txt')", "");
    check("[Math]::Round(1.5)", "");
}

#[test]
fn directories_and_variables() {
    check("cd a; Set-Content b x", "W /p/a/b");
    check("Set-Location /q; 'x' > b", "W /q/b");
    check("cd ~; 'x' > b", "W /home/u/b");
    check("if ($x) { cd a }; 'x' > b", "W /p/b, W /p/a/b");
    check("cd $x; 'x' > b", "?");
    check("$p = 'a/b'; Set-Content $p x", "W /p/a/b");
    check("$d = 'a'; Set-Content \"$d/b.txt\" x", "W /p/a/b.txt");
    check("$d = 'a'; Set-Content $d/b.txt x", "W /p/a/b.txt");
    check("Set-Content \"a/$name.txt\" x", "W /p/a/**");
    check("Set-Content $name x", "?");
    check("'x' > $env:TEMP/a", "W /tmp/a");
    check("Set-Content x", "W /p/x");
}

#[test]
fn code_that_is_not_seen_is_opaque() {
    check("iex 'Set-Content a x'", "W /p/a");
    check("Invoke-Expression $code", "!");
    check("Start-Process node", "!");
}

#[test]
fn tells_what_is_added() {
    let added = |command: &str| {
        let found = analysed(command);
        found.added.into_iter().map(|added| (added.path, added.text)).collect::<Vec<_>>()
    };
    let expected = [(Some(PathBuf::from("/p/a")), "x".to_owned())];
    assert_eq!(added("Set-Content a 'x'"), expected);
    assert_eq!(added("'x' | Set-Content a"), expected);
    assert_eq!(added("echo x > a"), expected);
    assert_eq!(added("@'\nx\n'@ | Out-File a"), expected);
}

#[test]
fn no_text_makes_it_panic() {
    let parts = [
        "'",
        "\"",
        "@'",
        "'@",
        "\n",
        "$",
        "${",
        "}",
        "{",
        "(",
        ")",
        "`",
        "a",
        "-Path",
        " ",
        ",",
        "|",
        ">",
        "2>",
        "::",
        "[IO.File]",
        "WriteAllText",
        "cd",
        "rm",
        "é",
        "\0",
        "iex ",
        "<#",
        "=",
        ";",
        "&",
    ];
    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    for _ in 0..3_000 {
        let mut text = String::new();
        for _ in 0..20 {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            text.push_str(parts[usize::try_from(seed % 31).unwrap()]);
        }
        analysed(&text);
    }
}

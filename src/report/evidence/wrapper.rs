//! Programs that only run another program: `timeout 60`, `uv run`, `sudo`.

/// Wrappers within wrappers are taken off so often.
const LAYERS_MAX: usize = 8;

/// The program that is really run, with its arguments.
pub(super) fn strip(mut words: Vec<String>) -> Vec<String> {
    for _ in 0..LAYERS_MAX {
        let skip = layer(&words);
        if skip == 0 || skip > words.len() {
            return words;
        }
        words.drain(..skip);
    }
    words
}

/// The script of `bash -c SCRIPT` and the like.
pub(super) fn inline_shell(words: &[String]) -> Option<String> {
    let (program, arguments) = words.split_first()?;
    if !matches!(name(program), "bash" | "sh" | "zsh" | "dash" | "ash") {
        return None;
    }
    let flag = arguments
        .iter()
        .position(|word| word.starts_with('-') && !word.starts_with("--") && word.ends_with('c'))?;
    arguments.get(flag + 1).cloned()
}

/// The file name of a program.
pub(super) fn name(program: &str) -> &str {
    program.rsplit('/').next().unwrap_or(program)
}

/// How many words the outermost wrapper takes; 0 when there is none.
fn layer(words: &[String]) -> usize {
    let Some(first) = words.first() else { return 0 };
    if is_assignment(first) {
        return 1;
    }
    let word = |at: usize| words.get(at).map(String::as_str).unwrap_or_default();
    match name(first) {
        "time" | "nohup" | "command" | "exec" | "builtin" | "eval" | "then" | "do" | "npx"
        | "bunx" | "uvx" | "pipx" | "sudo" | "doas" | "env" | "nice" | "ionice" | "stdbuf"
        | "setsid" | "unbuffer" | "caffeinate" | "xvfb-run" | "dotenv" => {
            let run = usize::from(name(first) == "pipx" && word(1) == "run");
            after_options(words, 1 + run, &["-p", "--package", "-u", "-n", "--with", "--from"])
        }
        "timeout" | "gtimeout" => {
            after_options(words, 1, &["-k", "-s", "--signal", "--kill-after"]) + 1
        }
        "uv" | "poetry" | "pipenv" | "pdm" | "hatch" | "rye" | "pixi" | "conda" | "micromamba"
            if word(1) == "run" =>
        {
            after_options(
                words,
                2,
                &[
                    "--with",
                    "--extra",
                    "--group",
                    "--python",
                    "-p",
                    "-n",
                    "-e",
                    "--name",
                    "--env-file",
                    "--directory",
                    "--project",
                    "--package",
                    "--only-group",
                ],
            )
        }
        "bundle" | "mise" | "rbenv" | "asdf" | "direnv" if word(1) == "exec" => {
            after_options(words, 2, &[])
        }
        "pnpm" | "yarn" | "npm" | "bun" if matches!(word(1), "exec" | "dlx" | "x") => {
            after_options(words, 2, &["--package", "-p", "--filter", "-F"])
        }
        "doppler" | "op" | "infisical" if word(1) == "run" => after_options(words, 2, &[]),
        "docker" | "podman" | "docker-compose" | "nerdctl" => container(words),
        "kubectl" if word(1) == "exec" => {
            words.iter().position(|word| word == "--").map_or(0, |at| at + 1)
        }
        "ssh" => after_options(words, 1, &["-p", "-i", "-o", "-l"]) + 1,
        "cross" | "cargo" if word(1).starts_with('+') => 0,
        _ => 0,
    }
}

/// `docker compose exec -T service …`, `docker run --rm image …`.
fn container(words: &[String]) -> usize {
    const VALUES: &[&str] = &[
        "-e",
        "--env",
        "-u",
        "--user",
        "-w",
        "--workdir",
        "-v",
        "--volume",
        "-p",
        "--name",
        "--network",
        "--entrypoint",
        "--env-file",
        "--index",
    ];
    let verb = words.iter().take(8).position(|word| matches!(word.as_str(), "exec" | "run"));
    let Some(verb) = verb else { return 0 };
    after_options(words, verb + 1, VALUES) + 1
}

/// The place of the first word that is no option, nor the value of one.
fn after_options(words: &[String], from: usize, with_value: &[&str]) -> usize {
    let mut at = from;
    while let Some(word) = words.get(at) {
        if word == "--" {
            return at + 1;
        }
        if is_assignment(word) {
            at += 1;
        } else if word.starts_with('-') && word.len() > 1 {
            at += if with_value.contains(&word.as_str()) { 2 } else { 1 };
        } else {
            return at;
        }
    }
    at
}

/// `NAME=value`.
pub(super) fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
            && !name.starts_with(|first: char| first.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(command: &str, expected: &str) {
        let words = command.split(' ').map(str::to_owned).collect();
        assert_eq!(strip(words).join(" "), expected);
    }

    #[test]
    fn takes_wrappers_off() {
        check("pytest -q", "pytest -q");
        check("A=1 B= env C=2 sudo -u dev pytest", "pytest");
        check("timeout -k 5 60 jest", "jest");
        check("uv run --with requests -- pytest -q", "pytest -q");
        check("poetry run pytest", "pytest");
        check("npx -y jest --ci", "jest --ci");
        check("docker compose exec -T api pytest -q", "pytest -q");
        check("docker run --rm -e A=1 image npm test", "npm test");
        check("bundle exec rspec", "rspec");
        check("docker compose up -d", "docker compose up -d");
        check("timeout", "timeout");
    }
}

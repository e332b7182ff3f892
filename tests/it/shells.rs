//! At home in a shell: whom `nudge init` greets in real bash, zsh, fish, nushell and elvish, and where it keeps silent.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::home::Home;
use crate::tmux::{COMPINIT, READY, Shell, Terminal, environment, in_shell, source_init};

#[test]
fn the_first_shell_of_a_day_greets_and_the_second_is_silent() {
    for shell in Shell::ALL {
        let home = Home::new();
        let Some(first) = in_shell(&home, shell, "", "") else {
            continue;
        };
        let screen = first.wait_for(READY);
        assert!(screen.contains("Welcome.") && screen.contains("nudge done"), "{shell:?}: {screen}");
        assert_eq!(screen.matches("Welcome.").count(), 1, "{shell:?}: {screen}");
        assert_eq!(home.count("offered"), 1, "{shell:?}");
        let second = Terminal::start(&home, shell).unwrap();
        assert_eq!(second.wait_for(READY), READY, "{shell:?}");
        assert_eq!(home.count("offered"), 1, "{shell:?}");
    }
}

/// Wherever the line stands in a start-up file, and however strict that is.
#[test]
fn the_line_works_in_any_start_up_file() {
    let hook = "seen() { print hooked; }\ntypeset -ga precmd_functions\nprecmd_functions+=(seen)\n";
    let cases = [
        (Shell::Bash, "set -eu\n", "echo survived\n", "survived"),
        (Shell::Bash, "set -o posix\n", "", ""),
        (Shell::Bash, "PROMPT_COMMAND='echo hooked'\n", "", "hooked"),
        (Shell::Zsh, "setopt nounset errexit\n", "print survived\nunsetopt errexit\n", "survived"),
        (Shell::Zsh, COMPINIT, "", ""),
        (Shell::Zsh, &format!("{COMPINIT}{hook}setopt ksharrays shwordsplit\n"), "", "hooked"),
        (Shell::Zsh, hook, COMPINIT, "hooked"),
        (Shell::Zsh, "", &format!("{hook}{COMPINIT}"), "hooked"),
    ];
    for (shell, before, after, shown) in cases {
        let home = Home::new();
        let Some(terminal) = in_shell(&home, shell, before, after) else {
            continue;
        };
        let screen = terminal.wait_for(READY);
        assert!(screen.contains("Welcome.") && screen.contains(shown), "{before}{after}: {screen}");
        for wrong in ["not found", "parameter not set", "unbound", "error"] {
            assert!(!screen.contains(wrong), "{before}{after}: {screen}");
        }
        if before.contains("compinit") || after.contains("compinit") || shell == Shell::Bash {
            terminal.type_in("nudge catalogue show turn-hands-").press("Tab");
            terminal.wait_for("show turn-hands-off");
        }
    }
    // Without compinit there is nothing to complete with, and nobody is told so.
    let home = Home::new();
    if let Some(terminal) = in_shell(&home, Shell::Zsh, "", "") {
        assert!(terminal.wait_for(READY).contains("Welcome."));
        terminal.press("Enter");
        assert!(!terminal.wait_for(READY).contains("compdef"));
    }
}

#[test]
fn without_the_greeting_nothing_is_greeted() {
    for shell in Shell::ALL {
        let home = Home::new();
        if shell.program().is_none() {
            continue;
        }
        home.write("init", home.ok_by_name(&["init", shell.name(), "--no-greeting"]));
        shell.set_up(&home, &source_init(shell));
        let Some(terminal) = Terminal::start(&home, shell) else {
            continue;
        };
        assert_eq!(terminal.wait_for(READY), READY, "{shell:?}");
        assert!(!home.journal().exists(), "{shell:?}");
        terminal.type_in("nudge catalogue show turn-hands-").press("Tab");
        terminal.wait_for("show turn-hands-off");
    }
}

/// A nudge that is on no path, in a folder whose name a shell would take apart.
#[test]
fn a_nudge_called_by_its_path_is_called_by_it_again() {
    for shell in Shell::ALL {
        if shell.program().is_none() {
            continue;
        }
        let home = Home::new();
        let folder = home.path().join("a 'b' \"c\" $HOME `d` é\\ \u{1B}[31m");
        std::fs::create_dir(&folder).unwrap();
        let program = folder.join("nudge");
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_nudge"), &program).unwrap();
        let script = Command::new(&program).args(["init", shell.name()]).output().unwrap().stdout;
        assert!(script.is_ascii(), "{shell:?}");
        home.write("init", script);
        shell.set_up(&home, &source_init(shell));
        let Some(terminal) = Terminal::start_without_nudge(&home, shell) else {
            continue;
        };
        let screen = terminal.wait_for(READY);
        assert!(screen.contains("Welcome."), "{shell:?}: {screen}");
        terminal.clear();
        terminal.type_in("nudge catalogue show turn-hands-").press("Tab");
        terminal.wait_for("show turn-hands-off");
    }
}

/// Whatever nobody looks at gets not one byte, and leaves the day's greeting to somebody who does.
#[test]
fn where_nobody_looks_on_it_is_silent() {
    // What the shells themselves say without a terminal.
    let own = |line: &&str| !line.contains("no job control") && !line.contains("cannot set terminal process group");
    let scripts = [
        ("bash", &["-c true", "-ic true", "-lc true", "-ilc true", "-s < script"][..]),
        ("zsh", &["-c true", "-ic true", "-lc true", "-ilc true", "-s < script"]),
        ("fish", &["-c true", "-ic true", "-lc true", "-ilc true", "< script"]),
        ("nu", &["-c 'let a = 1'", "script"]),
        ("elvish", &["-c nop", "script"]),
    ];
    for (shell, (name, calls)) in Shell::ALL.into_iter().zip(scripts) {
        let Some(program) = shell.program() else {
            continue;
        };
        let home = Home::new();
        home.write("script", ["true\n", "true\n", "true\n", "let a = 1\n", "nop\n"][shell as usize]);
        home.write(".nudge.nu", home.ok_by_name(&["init", "nushell"]));
        let line = if shell == Shell::Nushell { "source ~/.nudge.nu\n" } else { shell.line() };
        shell.set_up(&home, line);
        if shell == Shell::Bash {
            home.write(".bash_profile", ". ~/.bashrc\n");
        }
        for call in calls {
            let line = format!("{} {call}", program.display());
            for terminal in ["", "xterm", "dumb"] {
                let mut command = if terminal.is_empty() {
                    let mut command = Command::new("sh");
                    command.args(["-c", &line]);
                    command
                } else {
                    let mut command = Command::new("script");
                    command.args(["-qec", &line, "/dev/null"]);
                    command
                };
                command.env_clear().envs(environment(&home)).current_dir(home.path()).stdin(Stdio::null());
                if !terminal.is_empty() {
                    command.env("TERM", terminal);
                }
                let output = command.output().unwrap();
                let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
                let left: Vec<&str> = text.lines().filter(own).collect();
                assert_eq!(left, Vec::<&str>::new(), "{line} ({terminal})");
            }
        }
        assert!(!home.journal().exists(), "{name}");
    }
}

/// Interactive shells in a terminal that can show nothing but text, and those whose output goes elsewhere.
#[test]
fn a_dumb_terminal_and_a_pipe_are_not_greeted() {
    for shell in Shell::ALL {
        let Some(program) = shell.program() else {
            continue;
        };
        let dumb = match shell {
            Shell::Bash | Shell::Zsh => "TERM=dumb\n",
            Shell::Fish => "set TERM dumb\n",
            Shell::Nushell => "$env.TERM = 'dumb'\n",
            Shell::Elvish => "set E:TERM = dumb\n",
        };
        let home = Home::new();
        let Some(terminal) = in_shell(&home, shell, dumb, "") else {
            continue;
        };
        assert!(!terminal.wait_for(READY).contains("Welcome."), "{shell:?}");
        assert!(!home.journal().exists(), "{shell:?}");
        shell.set_up(&home, shell.line());
        let line = format!("{} | cat", program.display());
        let piped = Terminal::run_in(&home, shell, &["sh", "-c", &line], environment(&home)).unwrap();
        assert!(!piped.wait_for(READY).contains("Welcome."), "{shell:?}");
        assert!(!home.journal().exists(), "{shell:?}");
    }
}

/// As sshd starts bash: it reads its start-up file, and what it printed there would end up in the file that is copied.
#[test]
fn bash_with_a_socket_as_input_is_silent() {
    let Some(program) = Shell::Bash.program() else {
        return;
    };
    let home = Home::new();
    Shell::Bash.set_up(&home, &format!("{}touch ~/was-read\n", Shell::Bash.line()));
    let (own, theirs) = std::os::unix::net::UnixStream::pair().unwrap();
    let mut command = Command::new(program);
    command.args(["-c", "true"]).env_clear().envs(environment(&home)).current_dir(home.path());
    let output = command.stdin(std::os::fd::OwnedFd::from(theirs)).output().unwrap();
    drop(own);
    assert!(home.path().join("was-read").exists());
    assert_eq!((output.stdout.as_slice(), output.stderr.as_slice()), (&b""[..], &b""[..]));
    assert!(!home.journal().exists());
}

#[test]
fn of_twenty_shells_that_start_at_once_one_greets() {
    let Some(program) = Shell::Bash.program() else {
        return;
    };
    for _ in 0..3 {
        let home = Home::new();
        Shell::Bash.set_up(&home, Shell::Bash.line());
        let start = |_| {
            let mut command = Command::new("script");
            command.args(["-qec", &program.display().to_string(), "/dev/null"]).env_clear().envs(environment(&home));
            let mut shell = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
            shell.stdin.take().unwrap().write_all(b"exit\n").unwrap();
            shell
        };
        let shells: Vec<_> = (0..20).map(start).collect();
        let texts: Vec<String> = shells
            .into_iter()
            .map(|shell| String::from_utf8_lossy(&shell.wait_with_output().unwrap().stdout).into_owned())
            .collect();
        assert_eq!(texts.iter().filter(|text| text.contains("Welcome.")).count(), 1, "{texts:?}");
        assert_eq!(texts.iter().filter(|text| text.contains("nudge done")).count(), 1, "{texts:?}");
        assert_eq!(home.count("offered"), 1);
    }
}

/// The text is the same every day and for everybody, so it may be kept in a file; and it is there whatever else is not.
#[test]
fn what_is_printed_for_a_shell_hangs_on_nothing() {
    for shell in Shell::ALL {
        for args in
            [&["init", shell.name()][..], &["init", shell.name(), "--no-greeting"], &["completions", shell.name()]]
        {
            let home = Home::new();
            let text = home.ok_by_name(args);
            assert!(text.is_ascii() && text.contains("nudge"), "{args:?}");
            assert_eq!(text.contains("today --once"), args.len() == 2 && args[0] == "init", "{args:?}");
            assert_eq!(home.names(), Vec::<String>::new());
            home.write("config.toml", "wrong");
            home.write("journal.jsonl", "wrong");
            let mut command = home.command(args);
            let output = command.arg0("nudge").env_remove("NUDGE_DIR").env("NUDGE_NOW", "never").output().unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), text, "{args:?}");
            assert_eq!(home.ok_by_name(args), text);
        }
    }
}

/// What is to be pasted is one and the same everywhere.
#[test]
fn the_line_is_documented() {
    let help = Home::new().ok(&["init", "--help"]);
    let lines = |text: &str| text.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>();
    for shell in Shell::ALL {
        let own = lines(shell.line());
        let is_own = |lines: &[String]| lines.iter().zip(&own).all(|(line, own)| line.starts_with(own));
        let has = |text: &str| lines(text).windows(own.len()).any(is_own);
        assert!(has(&help), "{shell:?}: {help}");
        for file in ["README.md", "docs/terminal.md"] {
            let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
            assert!(has(&text), "{file}: {shell:?}");
        }
    }
}

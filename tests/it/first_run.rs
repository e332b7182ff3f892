//! The first run of all: where the files are, and the line for the shell.

use crate::home::{Call, Home};

/// The first `nudge` of a user with this shell, whose files are where the system has them.
fn first(home: &Home, shell: &str, args: &[&str]) -> Call {
    let mut command = home.command(args);
    command.env_remove("NUDGE_DIR").env("HOME", home.path()).env("SHELL", shell);
    command.env("XDG_CONFIG_HOME", home.path().join(".config")).env("XDG_DATA_HOME", home.path().join("data"));
    Call::of(&command.output().unwrap())
}

#[test]
fn it_says_once_where_the_files_are_and_what_the_shell_can_have() {
    for (shell, says) in [
        ("/bin/bash", "`~/.bashrc`:\n  command -v nudge >/dev/null && eval \"$(nudge init bash)\"\n"),
        ("/usr/bin/zsh", "`~/.zshrc`:\n  command -v nudge >/dev/null && eval \"$(nudge init zsh)\"\n"),
        ("/usr/bin/fish", "\n  command -q nudge; and nudge init fish | source\n"),
        ("/bin/ksh", "`nudge help init` has the\n  line for your shell."),
        ("", "`nudge help init` has the\n  line for your shell."),
    ] {
        let home = Home::new();
        let call = first(&home, shell, &["today"]);
        assert!(call.out.starts_with("  Welcome.") && call.out.contains(says), "{shell}: {call:?}");
        assert!(call.out.contains("your journal in `~/data/nudge`, your"), "{call:?}");
        // It is the line that the help of `init` has.
        if let Some((_, line)) = says.split_once("\n  ").filter(|(_, line)| line.contains("nudge init")) {
            assert!(home.ok(&["init", "--help"]).contains(line.trim_end()), "{shell}");
        }
        assert!(home.path().join("data/nudge/journal.jsonl").exists());
        let again = first(&home, shell, &[]);
        assert!(!again.out.contains("this machine") && !again.out.contains("init"), "{again:?}");
    }
    let home = Home::new();
    assert!(home.ok(&[]).contains("this machine, in `"));
}

#[test]
fn it_is_silent_where_others_look_on_and_for_programs() {
    for args in [["today", "--json"], ["today", "--brief"], ["today", "--once"]] {
        let call = first(&Home::new(), "/bin/bash", &args);
        assert!(call.code == Some(0) && !call.out.contains("this machine"), "{args:?}: {call:?}");
    }
    // What is not recorded would be said again and again.
    if cfg!(target_os = "linux") {
        let output = Home::new().command(&[]).env("NUDGE_DIR", "/proc/nudge").output().unwrap();
        let call = Call::of(&output);
        assert!(call.err.contains("not recorded") && !call.out.contains("this machine"), "{call:?}");
    }
}

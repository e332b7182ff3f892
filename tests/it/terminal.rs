//! What is shown in a real terminal, made by `script`.

use std::process::Command;

use crate::home::Home;

/// A call in a window of twelve lines, with these variables.
fn in_a_window(home: &Home, args: &str, set: &[(&str, &str)]) -> String {
    let mut command = Command::new("script");
    let line = format!("stty rows 12 cols 80; {} {args}", env!("CARGO_BIN_EXE_nudge"));
    command.args(["-qec", &line, "/dev/null"]).env_clear().stdin(std::process::Stdio::null());
    for (name, value) in home.command(&[]).get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    command.envs(set.iter().copied());
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

#[test]
fn a_list_longer_than_the_window_goes_through_the_pager() {
    let home = Home::new();
    let pager = [("PAGER", "sed s/^/P:/"), ("NO_COLOR", "1")];
    home.ok(&["done", "-c", "tone", "-m", "the first"]);
    let short = in_a_window(&home, "journal", &pager);
    assert!(short.contains("the first") && !short.contains("P:"), "{short}");
    for day in ["mon", "tue", "wed", "thu", "fri"] {
        home.ok(&["done", "-c", "tone", "--on", day]);
    }
    let long = in_a_window(&home, "journal", &pager);
    assert!(long.lines().all(|line| line.starts_with("P:")) && long.contains("the first"), "{long}");
    assert!(in_a_window(&home, "catalogue -c tone", &pager).contains("P:  Tone"));
    // Not where it was refused, not for another program, not elsewhere than in a terminal.
    for plain in ["journal --no-pager", "journal --json", "journal | cat", "week"] {
        let shown = in_a_window(&home, plain, &pager);
        assert!(!shown.contains("P:") && !shown.is_empty(), "{plain}: {shown}");
    }
    // A pager that isn't there keeps nothing back, and one that is closed early is no failure.
    assert!(in_a_window(&home, "journal", &[("PAGER", "no-such-pager")]).contains("the first"));
    let closed = in_a_window(&home, "catalogue; echo code $?", &[("PAGER", "true")]);
    assert_eq!(closed.trim(), "code 0");
    // Colours go with it, unless there are to be none.
    let colors = |set: &[(&str, &str)]| in_a_window(&home, "journal", set).contains("\u{1B}[1m");
    let term = ("TERM", "xterm-256color");
    assert!(colors(&[("PAGER", "cat"), term]) && !colors(&[("PAGER", "cat"), term, ("NO_COLOR", "1")]));
}

//! The reminder's entries with the programs that read them: systemd, cron, and Python for launchd's.
//!
//! What belongs to the machine, as root's crontab and the folder of running systems, is replaced by folders of the test in
//! a mount namespace, so that nothing outside of it changes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use chrono::NaiveTime;
use nudge::schedule::{Call as Scheduled, SERVICE, TIMER};

use crate::desktop::Desktop;
use crate::home::{Call, Home};

/// A path that systemd, cron, a shell or XML could take for something else.
const ODD: &str = "it's 100%u $HOME \"q\" \\n & <x>";

/// A copy of nudge in a folder with an odd name.
fn odd_nudge(home: &Home) -> PathBuf {
    let folder = home.path().join(ODD);
    fs::create_dir(&folder).unwrap();
    let path = folder.join("nudge");
    if fs::hard_link(env!("CARGO_BIN_EXE_nudge"), &path).is_err() {
        fs::copy(env!("CARGO_BIN_EXE_nudge"), &path).unwrap();
    }
    path
}

/// Whether these programs are here.
fn are_here(programs: &[&str]) -> bool {
    let is_here = |program: &&&str| {
        let found = Command::new("sh").args(["-c", &format!("command -v {program}")]).stdout(Stdio::null()).status();
        !found.unwrap().success()
    };
    let missing = programs.iter().find(is_here);
    if let Some(missing) = missing {
        eprintln!("{missing} is not here: what needs it is not tried");
    }
    missing.is_none()
}

/// Runs a script of bash as root of a mount namespace of its own, where `$HOME`, `$NUDGE` and `$DESKTOP` lead to the
/// test's folders; its output. `None` where no such namespace can be made.
fn alone(home: &Home, nudge: &Path, desktop: Option<&Desktop>, script: &str) -> Option<String> {
    let is_root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    let options: &[&str] = if is_root { &["--mount"] } else { &["--mount", "--map-root-user"] };
    let may = Command::new("unshare").args(options).arg("true").stderr(Stdio::null()).status();
    if !may.is_ok_and(|may| may.success()) {
        eprintln!("no mount namespace can be made here (`unshare`): this is not tried");
        return None;
    }
    let mut command = Command::new("unshare");
    command.args(options).args(["bash", "-euc", script]).env_clear().stdin(Stdio::null());
    command.env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin").env("HOME", home.path());
    command.env("NUDGE", nudge).env("COLUMNS", "72").env("LANG", "C.UTF-8").env("TZ", "UTC");
    if let Some(desktop) = desktop {
        command.env("DESKTOP", desktop.folder());
        command.env("SERVER", Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/notifications.py"));
    }
    let call = Call::of(&command.output().unwrap());
    assert_eq!(call.code, Some(0), "{}\n{}", call.out, call.err);
    Some(call.out)
}

/// Puts a folder of the test in the place of the crontabs.
const NO_CRONTABS: &str = "
    mkdir \"$HOME/crontabs\"; chmod 1730 \"$HOME/crontabs\"
    mount --bind \"$HOME/crontabs\" /var/spool/cron/crontabs
";

#[test]
fn cron_gets_its_lines_and_keeps_every_other() {
    if !are_here(&["crontab", "cron"]) {
        return;
    }
    let home = Home::new();
    let script = format!(
        r#"{NO_CRONTABS}
        # There is none: afterwards there is none again.
        "$NUDGE" remind --at 09:00 >/dev/null; crontab -l >one; "$NUDGE" remind --json; "$NUDGE" remind --off >/dev/null
        crontab -l 2>/dev/null && echo "still there"
        # Others' lines.
        printf '# mine\nMAILTO=""\n\n5 4 * * * date +\\%%s  \n\n# caf\351\n@daily true' >mine; echo >>mine; crontab mine
        "$NUDGE" remind --at 21:45 >/dev/null; crontab -l >two; "$NUDGE" remind --at 9am >/dev/null; crontab -l >three
        (cat two; echo '6 6 * * * true') | crontab -; "$NUDGE" remind --at 9:00 --print >printed; crontab -n printed
        "$NUDGE" remind --off >/dev/null; crontab -l >four; "$NUDGE" remind --off; crontab -l | cmp - four
        # A mark without its other is nobody's to guess at.
        (cat four; echo '# nudge remind: begin') | crontab -; crontab -l >broken
        ! "$NUDGE" remind --at 09:00 2>said; cat said; crontab -l | cmp - broken
    "#
    );
    let nudge = odd_nudge(&home);
    let script = format!("cd \"$HOME\"; {script}");
    let Some(out) = alone(&home, &nudge, None, &script) else { return };
    assert!(out.starts_with("{\"at\":\"09:00\",\"by\":\"cron\",\"last\":null}\n"), "{out}");
    assert!(!out.contains("still there") && out.contains("There was no reminder to take away."), "{out}");
    assert!(out.contains("error: ") && out.contains("crontab -e"), "{out}");
    let read = |name: &str| String::from_utf8_lossy(&fs::read(home.path().join(name)).unwrap()).into_owned();
    let [mine, one, two, three] = ["mine", "one", "two", "three"].map(read);
    assert!(one.lines().count() == 3 && one.contains("\n0,30 9-23 * * * "), "{one}");
    assert!(two.starts_with(&mine) && two.contains("\n15,45 21-23 * * * "), "{two}");
    assert_eq!(three, format!("{mine}{one}"));
    assert_eq!(read("four"), format!("{mine}6 6 * * * true\n"));
    assert_eq!(read("printed"), one);
    assert!(home.text(".config/nudge/config.toml").lines().all(|line| !line.contains("at =")));
}

/// What can't be looked at is not gone, and it is said before anything changes.
#[test]
fn a_crontab_that_can_not_be_read_is_not_an_empty_one() {
    if !are_here(&["crontab", "cron"]) {
        return;
    }
    let home = Home::new();
    let script = format!(
        r#"{NO_CRONTABS}
        config="$HOME/.config/nudge/config.toml"
        "$NUDGE" remind --at 09:00 >/dev/null; cp "$config" before
        # A link to itself is nothing that crontab can open.
        mv crontabs/root kept; ln -s root crontabs/root
        for words in "" --json --off "--at 10:00"; do
            ! "$NUDGE" remind $words 2>>said || echo "remind $words"
            cmp "$config" before
        done
        mv -T kept crontabs/root
        "$NUDGE" remind --json; "$NUDGE" remind --off; crontab -l 2>/dev/null || true"#
    );
    let Some(out) = alone(&home, &odd_nudge(&home), None, &format!("cd \"$HOME\"; {script}")) else { return };
    assert!(out.starts_with("{\"at\":\"09:00\",\"by\":\"cron\",\"last\":null}\n  No more reminders."), "{out}");
    let said = home.text("said");
    assert_eq!(said.matches("`crontab -l` refused: ").count(), 4, "{said}");
    assert_eq!(said.matches("Too many levels of symbolic links").count(), 4, "{said}");
    assert_eq!(said.matches("no reminder was set up: ").count(), 1, "{said}");
}

/// As cron runs a line: from the sixth word on, with `\%` for `%`, by `/bin/sh` and with nearly no environment.
#[test]
fn what_cron_runs_reminds() {
    let Some(desktop) = Desktop::new("body") else { return };
    let home = Home::new();
    let call = Scheduled {
        program: odd_nudge(&home).display().to_string(),
        variables: vec![("NUDGE_DIR".to_owned(), home.path().join(ODD).display().to_string())],
    };
    let lines = call.cron(NaiveTime::MIN);
    let line = lines.lines().nth(1).unwrap().splitn(6, ' ').last().unwrap().replace("\\%", "%");
    let mut cron = Command::new("/bin/sh");
    cron.args(["-c", &line]).env_clear().env("HOME", home.path()).env("PATH", "/usr/bin:/bin");
    assert!(cron.env("XDG_RUNTIME_DIR", desktop.folder()).status().unwrap().success());
    assert_eq!(desktop.shown().len(), 1);
    assert!(home.path().join(ODD).join("reminded").exists());
}

/// Where a unit's name stands for something else, that is somebody's own.
#[test]
fn a_unit_that_is_a_link_of_the_users_stays() {
    let home = Home::new();
    let units = home.path().join("systemd/user");
    let wants = units.join("timers.target.wants");
    for target in ["own.service", "gone.service"] {
        fs::create_dir_all(&wants).unwrap();
        let call = Scheduled { program: "/usr/bin/nudge".to_owned(), variables: Vec::new() };
        fs::write(units.join(TIMER), call.timer(NaiveTime::MIN)).unwrap();
        fs::write(units.join("own.service"), "[Service]\nExecStart=/bin/true\n").unwrap();
        std::os::unix::fs::symlink(target, units.join(SERVICE)).unwrap();
        // systemd's own link to the timer goes, also where it leads nowhere.
        let to = if target == "own.service" { units.join(TIMER) } else { units.join("no.timer") };
        std::os::unix::fs::symlink(to, wants.join(TIMER)).unwrap();
        // No program of the machine has a say here.
        let mut off = home.command(&["remind", "--off"]);
        off.env("XDG_CONFIG_HOME", home.path()).env("HOME", home.path()).env("PATH", home.path());
        let call = Call::of(&off.output().unwrap());
        assert_eq!((call.code, call.err.as_str()), (Some(0), ""), "{target}: {call:?}");
        assert!(!units.join(TIMER).exists() && !wants.join(TIMER).is_symlink(), "{target}");
        assert!(units.join(SERVICE).is_symlink() && units.join("own.service").exists(), "{target}");
        fs::remove_file(units.join(SERVICE)).unwrap();
    }
}

/// Python reads the job of launchd as launchd would.
#[test]
fn launchd_is_told_of_program_and_hour() {
    let python = |script: &str, path: &Path| {
        let output = Command::new("/usr/bin/python3").args(["-c", script]).arg(path).output();
        output.ok().filter(|output| output.status.success()).map(|output| String::from_utf8(output.stdout).unwrap())
    };
    let home = Home::new();
    let program = format!("/{ODD}/nudge");
    let call = Scheduled { program: program.clone(), variables: vec![("NUDGE_DIR".to_owned(), format!("/{ODD}"))] };
    home.write("job.plist", call.plist(NaiveTime::from_hms_opt(7, 45, 0).unwrap()));
    let script = "import json, plistlib, sys\nprint(json.dumps(plistlib.load(open(sys.argv[1], 'rb'))))";
    let Some(read) = python(script, &home.path().join("job.plist")) else {
        assert!(python("", Path::new("")).is_none(), "Python could not read the job");
        return eprintln!("Python is not here: the job of launchd is not read");
    };
    let job: serde_json::Value = serde_json::from_str(&read).unwrap();
    assert_eq!(job["ProgramArguments"], serde_json::json!([program, "remind", "--now"]));
    assert_eq!(job["StartCalendarInterval"], serde_json::json!({"Hour": 7, "Minute": 45}));
    assert_eq!(job["EnvironmentVariables"]["NUDGE_DIR"], format!("/{ODD}"));
}

#[test]
fn systemd_takes_the_units() {
    if !are_here(&["systemd-analyze"]) {
        return;
    }
    let home = Home::new();
    home.set_mode(".", 0o700);
    let verify = |unit: &str| {
        let mut verify = Command::new("systemd-analyze");
        verify.args(["--user", "--man=no", "verify"]).arg(home.path().join(unit));
        Call::of(&verify.env("XDG_RUNTIME_DIR", home.path()).output().unwrap())
    };
    let odd = odd_nudge(&home);
    // The other way to name a program, where its path has no quotes.
    let other = home.path().join("100%u $HOME & <x>");
    fs::rename(odd.parent().unwrap(), &other).unwrap();
    std::os::unix::fs::symlink(&other, odd.parent().unwrap()).unwrap();
    for program in [odd, other.join("nudge")] {
        let variables = vec![("NUDGE_DIR".to_owned(), home.path().join(ODD).display().to_string())];
        let call = Scheduled { program: program.display().to_string(), variables };
        home.write(TIMER, call.timer(NaiveTime::MIN));
        home.write(SERVICE, call.service());
        for unit in [TIMER, SERVICE] {
            let call = verify(unit);
            assert_eq!((call.code, call.err.as_str()), (Some(0), ""), "{unit}");
        }
    }
    // It does see what is wrong.
    for (unit, right, wrong) in [(TIMER, "00:00:00", "24:00:00"), (SERVICE, "/nudge\"", "/nudge2\"")] {
        home.write(unit, home.text(unit).replace(right, wrong));
        let call = verify(unit);
        assert!(call.code != Some(0) || !call.err.is_empty(), "{call:?}");
    }
}

/// A systemd of the user's own, begun in a namespace in which the system looks as if systemd had started it.
const USER_SYSTEMD: &str = r#"
    mount -t tmpfs none /run; mkdir -p /run/systemd/system; export XDG_RUNTIME_DIR="$DESKTOP"
    systemd=/lib/systemd/systemd; [ -x $systemd ] || systemd=/usr/lib/systemd/systemd
    $systemd --user >"$HOME/systemd.log" 2>&1 & systemd=$!
    for try in $(seq 100); do systemctl --user show-environment >/dev/null 2>&1 && break; sleep 0.1; done
    trap 'kill $systemd; wait $systemd || true' EXIT
    if ! systemctl --user show-environment >/dev/null 2>&1; then echo "no systemd"; exit 0; fi
"#;

/// The whole of it: set up, changed, called, tried again where nobody was there, taken away.
#[test]
fn systemd_calls_nudge() {
    if !are_here(&["systemctl", "unshare"]) {
        return;
    }
    let Some(desktop) = Desktop::deserted() else { return };
    let home = Home::new();
    let script = format!(
        r#"{NO_CRONTABS}{USER_SYSTEMD}
        echo "1 1 * * * true" | crontab -
        units="$HOME/.config/systemd/user"
        "$NUDGE" remind --at 09:00; "$NUDGE" remind --at 4:00 >/dev/null; "$NUDGE" remind --json
        systemctl --user show -p NextElapseUSecRealtime {TIMER}; systemctl --user is-enabled {TIMER}
        echo "== nobody is there to show it"
        systemctl --user start {SERVICE} 2>/dev/null || systemctl --user show -p ExecMainStatus -p SubState {SERVICE}
        echo "== now somebody is"
        /usr/bin/python3 "$SERVER" body >"$DESKTOP/shown" & server=$!
        until grep -q ready "$DESKTOP/shown"; do sleep 0.05; done
        systemctl --user restart {SERVICE}; systemctl --user show -p ExecMainStatus -p Result {SERVICE}
        "$NUDGE" remind
        echo "== turned off by hand"
        systemctl --user stop {TIMER}; "$NUDGE" remind
        echo "== off"
        "$NUDGE" remind --off; find "$HOME/.config/systemd" "$HOME/.local/share/systemd" -name '*nudge*'
        systemctl --user list-units --all --plain --no-legend 'nudge*'; crontab -l
        echo "== somebody else's"
        echo "[Timer]" >"$units/{TIMER}"
        ! "$NUDGE" remind --at 09:00 2>&1; "$NUDGE" remind --off; cat "$units/{TIMER}"; ls -A "$units"
        kill $server"#
    );
    let Some(out) = alone(&home, &odd_nudge(&home), Some(&desktop), &script) else { return };
    if out.starts_with("no systemd") {
        return eprintln!("the user's systemd does not start here: that it calls nudge is not tried");
    }
    let steps: Vec<&str> = out.split("\n== ").collect();
    let says = |step: usize, words: &[&str]| {
        let found = words.iter().all(|words| steps[step].contains(words));
        assert!(found, "{words:?} in:\n{}", steps[step]);
    };
    says(
        0,
        &[
            "every day at 09:00, by a systemd timer",
            "{\"at\":\"04:00\",\"by\":\"systemd\",\"last\":null}",
            " 04:00:00 ",
        ],
    );
    says(0, &["\nenabled"]);
    says(1, &["ExecMainStatus=75", "SubState=auto-restart"]);
    says(2, &["ExecMainStatus=0", "Result=success", "The last\n  reminder was today."]);
    says(3, &["has fallen out of", "nudge remind --at 04:00"]);
    assert_eq!(
        steps[4].trim_end(),
        "off\n  No more reminders. All that was set up for them is gone.\n  nudge remind --at 09:00\n1 1 * * * true"
    );
    says(5, &["nudge did not write it", "There was no reminder to take away.", &format!("[Timer]\n{TIMER}")]);
    assert_eq!(desktop.shown().len(), 1);
}

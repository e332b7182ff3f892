//! The daily reminder: when it comes, what it says, and what it leaves behind.

use std::process::Command;

use crate::desktop::Desktop;
use crate::home::{Call, Home};
use crate::strace::strace_in;

/// `remind --now` as a scheduler calls it, on this desktop.
fn command(home: &Home, desktop: &Desktop) -> Command {
    let mut command = home.command(&["remind", "--now"]);
    command.env("DBUS_SESSION_BUS_ADDRESS", desktop.address());
    command
}

fn remind(home: &Home, desktop: &Desktop) -> Call {
    Call::of(&command(home, desktop).output().unwrap())
}

/// A reminder about which there is nothing to say.
#[track_caller]
fn silently(home: &Home, desktop: &Desktop) {
    let call = remind(home, desktop);
    assert_eq!((call.code, call.out.as_str(), call.err.as_str()), (Some(0), "", ""));
}

const OWN: &str = "builtin = false\n[[category]]\nid = 'tone'\nname = 'tone'\nabout = 'How you say things.'\n\
                   [[gesture]]\nid = 'odd'\ncategory = 'tone'\nwhen = '<b>they</b> say \"R&D\"'\n\
                   do = \"Say “C:\\\\new” — it's &amp; fine.\"\n";
const ODD: &str = "When <b>they</b> say \"R&D\", say “C:\\new” — it's &amp; fine.";

/// The words arrive as they are, whoever carries and whoever shows them.
#[test]
fn a_notification_says_what_the_gesture_says() {
    let escaped = ODD.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    for (capabilities, expected) in [("body,body-markup", escaped.as_str()), ("body", ODD)] {
        for programs in [&["notify-send", "gdbus"][..], &["gdbus"]] {
            let Some(desktop) = Desktop::new(capabilities) else { return };
            let home = Home::new();
            home.write("gestures.toml", OWN);
            // cron knows no language.
            let output = command(&home, &desktop).env("PATH", desktop.only(programs)).env_remove("LANG").output();
            let call = Call::of(&output.unwrap());
            assert_eq!((call.code, call.out.as_str(), call.err.as_str()), (Some(0), "", ""), "{programs:?}");
            let shown = desktop.shown();
            assert_eq!(shown.len(), 1, "{programs:?}");
            let said = ["app", "title", "text"].map(|key| shown[0][key].as_str().unwrap());
            assert_eq!(said, ["nudge", "Today's nudge", expected], "{programs:?} {capabilities}");
        }
    }
}

/// Whenever it is called and however often, it comes once a day, from its hour on.
#[test]
fn it_comes_once_a_day_from_its_hour_on() {
    #[track_caller]
    fn check(config: &str, calls: &[(&str, usize)]) {
        let Some(desktop) = Desktop::new("body") else { return };
        let mut home = Home::new();
        home.write("config.toml", config);
        for (now, shown) in calls {
            home.now = format!("2026-11-{now}:00+01:00");
            silently(&home, &desktop);
            assert_eq!(desktop.shown().len(), *shown, "{config} {now}");
        }
    }
    let day = [
        ("22T03:00", 1), // the evening before is still running, and its 09:00 is long past
        ("22T04:00", 1),
        ("22T08:59", 1),
        ("22T09:00", 2),
        ("22T09:00", 2),
        ("22T23:30", 2),
        ("23T00:30", 2), // the same day
        ("23T04:00", 2),
        ("23T13:30", 3), // whoever slept until now is reminded now
        ("25T08:00", 3),
        ("25T10:00", 4),
    ];
    check("[remind]\nat = '09:00'\n", &day);
    check(
        "[remind]\nat = '01:00'\n",
        &[("22T04:00", 0), ("22T23:00", 0), ("23T00:59", 0), ("23T01:00", 1), ("23T03:59", 1)],
    );
    check("day_starts = '00:00'\n[remind]\nat = '09:00'\n", &[("22T00:30", 0), ("22T09:00", 1), ("23T00:30", 1)]);
    // Without an hour, the hour is whoever's who calls.
    check("", &[("22T04:00", 1), ("22T09:00", 1), ("23T03:59", 1), ("23T04:00", 2)]);
}

#[test]
fn it_is_silent_when_there_is_nothing_to_remind_of() {
    let Some(desktop) = Desktop::new("body") else { return };
    let mut home = Home::new();
    home.ok(&["done", "-c", "tone"]);
    silently(&home, &desktop);
    "2026-11-23T12:00:00+01:00".clone_into(&mut home.now);
    home.ok(&["rest"]);
    silently(&home, &desktop);
    assert!(desktop.shown().is_empty() && home.count("offered") == 0);
    assert!(!home.names().contains(&"reminded".to_owned()));
    // What was looked at and not done yet it does remind of.
    "2026-11-24T08:00:00+01:00".clone_into(&mut home.now);
    home.ok(&["today"]);
    let before = home.journal_text();
    silently(&home, &desktop);
    assert_eq!((desktop.shown().len(), home.journal_text()), (1, before));
    // After its own reminder a day that is done stays silent too.
    home.ok(&["done"]);
    silently(&home, &desktop);
    assert_eq!(desktop.shown().len(), 1);
}

/// What was shown is the day's prompt, and a shell that starts later does not show it again.
#[test]
fn what_it_shows_is_the_days_prompt() {
    let Some(desktop) = Desktop::new("body") else { return };
    let home = Home::new();
    // The first draw of all hangs on the id under which it is recorded.
    assert!(command(&home, &desktop).env_remove("NUDGE_SEED").status().unwrap().success());
    assert_eq!(home.text("reminded"), "2026-11-22\n");
    let shown = desktop.shown()[0]["text"].as_str().unwrap().to_lowercase();
    let prompt = home.json(&["today"]);
    let action = prompt["gesture"]["do"].as_str().unwrap().to_lowercase();
    assert!(shown.ends_with(&action), "{shown}: {action}");
    assert_eq!(home.count("offered"), 1);
    assert_eq!(home.ok(&["today", "--once"]), "");
    // It has been seen, so it can be logged.
    assert!(home.ok(&["done"]).contains("Logged."));
}

#[test]
fn a_follow_up_names_nobody() {
    let Some(desktop) = Desktop::new("body,body-markup") else { return };
    let mut home = Home::new();
    home.ok(&["remember", "Sam", "the move", "--on", "tomorrow"]);
    "2026-11-23T12:00:00+01:00".clone_into(&mut home.now);
    silently(&home, &desktop);
    silently(&home, &desktop);
    let shown = desktop.shown();
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0]["text"], "Somebody to ask after today: nudge");
    assert!(!shown[0].to_string().contains("Sam") && !shown[0].to_string().contains("move"));
    // What it asks was not shown yet, so that `done` shows it first.
    let first = home.run(&["done"]);
    assert!(first.code == Some(1) && first.out.contains("Ask Sam about it: the move."), "{first:?}");
    assert!(home.ok(&["done"]).contains("Logged."));
}

#[test]
fn calls_at_the_same_time_show_it_once() {
    let Some(desktop) = Desktop::new("body") else { return };
    let mut home = Home::new();
    for (round, day) in ["22", "23", "24"].iter().enumerate() {
        home.now = format!("2026-11-{day}T12:00:00+01:00");
        let calls: Vec<_> = (0..8).map(|_| command(&home, &desktop).spawn().unwrap()).collect();
        for mut call in calls {
            assert!(call.wait().unwrap().success());
        }
        assert_eq!((desktop.shown().len(), home.count("offered")), (round + 1, round + 1));
    }
}

/// One that looked before another showed it, and got the lock afterwards, looks again.
#[test]
fn a_call_that_was_overtaken_looks_again() {
    let Some(desktop) = Desktop::new("body") else { return };
    let home = Home::new();
    let delayed = ["-o", "/dev/null", "-e", "inject=flock:delay_enter=2000000:when=1"];
    let address = [("DBUS_SESSION_BUS_ADDRESS", desktop.address())];
    let address = address.each_ref().map(|(name, value)| (*name, value.as_str()));
    std::thread::scope(|scope| {
        let overtaken = scope.spawn(|| strace_in(&home, &delayed, &["remind", "--now"], &address));
        // It makes the file just before it asks for the lock.
        while !home.path().join("reminded").exists() && !overtaken.is_finished() {
            std::thread::yield_now();
        }
        silently(&home, &desktop);
        let Some(overtaken) = overtaken.join().unwrap() else { return };
        assert_eq!(Call::of(&overtaken).code, Some(0));
    });
    assert_eq!((desktop.shown().len(), home.count("offered")), (1, 1));
}

/// Where nobody sees it, nothing is recorded, and it is worth another try: exit code 75.
#[test]
fn what_nobody_saw_is_not_recorded() {
    let Some(mut desktop) = Desktop::deserted() else { return };
    let home = Home::new();
    let check = |call: &Call| {
        assert_eq!((call.code, call.out.as_str()), (Some(75), ""), "{call:?}");
        assert!(call.err.starts_with("error: nobody is here to show the reminder"), "{call:?}");
        assert_eq!((home.text("reminded").as_str(), home.journal_text().as_str()), ("", ""));
    };
    check(&remind(&home, &desktop));
    check(&home.run(&["remind", "--now"])); // without a bus at all
    let through_gdbus = command(&home, &desktop).env("PATH", desktop.only(&["gdbus"])).output().unwrap();
    check(&Call::of(&through_gdbus));
    // No program for it is not mended by waiting.
    let without = Call::of(&command(&home, &desktop).env("PATH", home.path()).output().unwrap());
    assert!(without.code == Some(1) && without.err.contains("libnotify-bin"), "{without:?}");
    desktop.somebody_comes("body");
    silently(&home, &desktop);
    assert_eq!((desktop.shown().len(), home.count("offered")), (1, 1));
}

/// cron sets neither variable; where the bus is in its usual place it is found.
#[test]
fn the_session_is_found_by_its_folder() {
    let Some(desktop) = Desktop::new("body") else { return };
    let home = Home::new();
    let call = home.command(&["remind", "--now"]).env("XDG_RUNTIME_DIR", desktop.folder()).output().unwrap();
    assert_eq!(Call::of(&call).code, Some(0));
    assert_eq!(desktop.shown().len(), 1);
}

/// What can't be recorded would come again with each call.
#[test]
fn where_nothing_can_be_recorded_nothing_is_shown() {
    let Some(desktop) = Desktop::new("body") else { return };
    let home = Home::new();
    home.set_mode(".", 0o555);
    let mut command = home.command_of_another(&["remind", "--now"]);
    let call = Call::of(&command.env("DBUS_SESSION_BUS_ADDRESS", desktop.address()).output().unwrap());
    home.set_mode(".", 0o755);
    assert!(call.code == Some(1) && call.err.starts_with("error: "), "{call:?}");
    assert!(desktop.shown().is_empty());
    // What is wrong in the config is said, and is no reason to try again.
    home.write("config.toml", "[remind]\nat = '24:00'\n");
    let call = remind(&home, &desktop);
    assert!(call.code == Some(1) && call.err.contains("config.toml:2:6: `at` is `24:00`"), "{call:?}");
    assert!(desktop.shown().is_empty());
}

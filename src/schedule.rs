//! What systemd, cron and launchd are told, so that they call nudge once a day or more often: whole texts, and the one
//! change to a crontab.
//!
//! Each entry may call too often, since `nudge remind --now` decides by itself whether there is anything to show. That is
//! how a machine that was off or asleep at the hour catches up.

use chrono::{NaiveTime, Timelike};

/// The timer of systemd.
pub const TIMER: &str = "nudge-remind.timer";
/// The service of systemd that the timer starts.
pub const SERVICE: &str = "nudge-remind.service";
/// The name by which launchd knows the job.
pub const LABEL: &str = "org.nudge.remind";

/// In every file that is ours, and in no other.
const MARK: &str = "Written by `nudge remind`";

/// The program to call, with the variables that lead to the user's files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its whole path.
    pub program: String,
    /// Names and values of variables.
    pub variables: Vec<(String, String)>,
}

/// Whether a text is a file that we wrote.
pub fn is_ours(text: &str) -> bool {
    text.contains(MARK)
}

/// An hour as it is written in all files and on the screen: `09:00`.
pub fn hour(at: NaiveTime) -> String {
    at.format("%H:%M").to_string()
}

/// An hour as people type it: `9:00`, `9`, `0900`, `9am`, `9:30 PM`; `None` if it is none of the day's.
pub fn typed_hour(typed: &str) -> Option<NaiveTime> {
    let typed = typed.to_ascii_lowercase();
    let half = typed.strip_suffix("am").map(|clock| (clock, 0)).or(typed.strip_suffix("pm").map(|clock| (clock, 12)));
    let clock = half.map_or(typed.as_str(), |(clock, _)| clock.trim_end());
    let (hour, minute) = match clock.split_once(':') {
        Some(both) => both,
        None if clock.len() == 4 => clock.split_at_checked(2)?,
        None => (clock, "0"),
    };
    let number = |text: &str| -> Option<u32> {
        let is_number = matches!(text.len(), 1 | 2) && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse().ok())?
    };
    let hour = match (number(hour)?, half) {
        (hour, None) => hour,
        // Twelve is where each half begins.
        (hour @ 1..=12, Some((_, half))) => hour % 12 + half,
        _ => return None,
    };
    NaiveTime::from_hms_opt(hour, number(minute)?, 0)
}

impl Call {
    /// The call as a shell reads it. cron takes a `%` for the end of the line, wherever it stands.
    pub fn for_shell(&self) -> String {
        let quoted = |text: &str| shlex::try_quote(text).map_or_else(|_| text.to_owned(), Into::into);
        let variables = self.variables.iter().map(|(name, value)| format!("{name}={} ", quoted(value)));
        format!("{}{} remind --now", variables.collect::<String>(), quoted(&self.program))
    }

    /// The timer of systemd: at the hour, or as soon after as somebody is logged in.
    pub fn timer(&self, at: NaiveTime) -> String {
        let hour = hour(at);
        format!(
            "\
# {MARK}; `nudge remind --off` takes it away.
[Unit]
Description=Today's nudge at {hour}

[Timer]
OnCalendar=*-*-* {hour}:00
# A morning on which the machine was off is caught up with at the next login, one asleep at wake-up.
Persistent=true
# So that the machine wakes once for several timers.
AccuracySec=1min

[Install]
WantedBy=timers.target
"
        )
    }

    /// The service of systemd.
    pub fn service(&self) -> String {
        let variables = self.variables.iter();
        let variables =
            variables.map(|(name, value)| format!("Environment={}\n", for_systemd(&format!("{name}={value}"))));
        format!(
            "\
# {MARK}; `nudge remind --off` takes it away.
[Unit]
Description=Today's nudge, as a notification
StartLimitIntervalSec=10min
StartLimitBurst=6

[Service]
Type=oneshot
{}ExecStart={}
# Right after a login nobody may be there yet to show it: exit code 75 asks for another try.
Restart=on-failure
RestartSec=30
RestartPreventExitStatus=1 2
TimeoutStartSec=1min
Nice=10
",
            variables.collect::<String>(),
            self.for_systemd()
        )
    }

    /// The call as systemd reads it. It refuses a program with a quote or a backslash in its path, which a shell takes.
    fn for_systemd(&self) -> String {
        if self.program.contains(['\'', '"', '\\']) {
            let program = for_systemd(&self.program).replace('$', "$$");
            return format!("/bin/sh -c \"exec \\\"$$0\\\" remind --now\" {program}");
        }
        format!("{} remind --now", for_systemd(&self.program))
    }

    /// The lines of a crontab: at the hour, and each half hour until midnight, since cron catches up with nothing.
    pub fn cron(&self, at: NaiveTime) -> String {
        let half = at.minute() % 30;
        let hours = if at.hour() == 23 { "23".to_owned() } else { format!("{}-23", at.hour()) };
        let call = self.for_shell().replace('%', "\\%");
        format!("{BEGIN}\n{half},{} {hours} * * * {call} >/dev/null 2>&1\n{END}\n", half + 30)
    }

    /// The job of launchd: at the hour, and at each login, since launchd catches up only with what it slept through.
    pub fn plist(&self, at: NaiveTime) -> String {
        let string = |text: &str| format!("<string>{}</string>", escaped(text));
        let pairs = self.variables.iter().map(|(name, value)| format!("\t\t<key>{name}</key>{}\n", string(value)));
        let variables = match pairs.collect::<String>() {
            none if none.is_empty() => none,
            pairs => format!("\t<key>EnvironmentVariables</key>\n\t<dict>\n{pairs}\t</dict>\n"),
        };
        format!(
            "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">
<!-- {MARK}, which also takes it away. -->
<plist version=\"1.0\">
<dict>
	<key>Label</key><string>{LABEL}</string>
	<key>ProgramArguments</key>
	<array>{}<string>remind</string><string>--now</string></array>
{variables}	<key>StartCalendarInterval</key>
	<dict><key>Hour</key><integer>{}</integer><key>Minute</key><integer>{}</integer></dict>
	<key>RunAtLoad</key><true/>
	<key>ProcessType</key><string>Background</string>
	<key>LimitLoadToSessionType</key><string>Aqua</string>
</dict>
</plist>
",
            string(&self.program),
            at.hour(),
            at.minute()
        )
    }
}

/// A word in double quotes for a unit file. A `$` is not expanded in the path of a program, nor in a variable's value.
fn for_systemd(word: &str) -> String {
    format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%"))
}

/// A text in which XML, and the markup of a notification, see no markup.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

const BEGIN: &str = "# nudge remind: begin (`nudge remind --off` takes these lines away)";
const END: &str = "# nudge remind: end";

/// A crontab with our lines taken out of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Crontab {
    /// Every other line, byte for byte.
    pub others: Vec<u8>,
    /// Our lines, with the marks around them; empty if there are none.
    pub ours: Vec<u8>,
}

impl Crontab {
    /// Takes our lines out; `None` if a mark has no other, so that nobody can tell which lines are ours.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let (mut others, mut ours) = (Vec::new(), Vec::new());
        let mut is_inside = false;
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            let words = line.trim_ascii();
            let begins = words.starts_with(b"# nudge remind: begin");
            let ends = words == END.as_bytes();
            if begins == is_inside && (begins || ends) || ends && !is_inside {
                return None;
            }
            let goes_to = if begins || is_inside { &mut ours } else { &mut others };
            goes_to.extend_from_slice(line);
            is_inside = begins || is_inside && !ends;
        }
        (!is_inside).then_some(Self { others, ours })
    }

    /// The other lines with these of ours behind them.
    pub fn with(&self, ours: &str) -> Vec<u8> {
        let mut text = self.others.clone();
        if !ours.is_empty() && text.last().is_some_and(|last| *last != b'\n') {
            text.push(b'\n');
        }
        text.extend_from_slice(ours.as_bytes());
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveTime {
        NaiveTime::parse_from_str(text, "%H:%M").unwrap()
    }

    fn call(program: &str, variables: &[(&str, &str)]) -> Call {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Call { program: program.to_owned(), variables }
    }

    #[test]
    fn an_hour_is_typed_as_people_write_it() {
        #[track_caller]
        fn check(typed: &[&str], expected: Option<&str>) {
            for typed in typed {
                assert_eq!(typed_hour(typed).map(hour).as_deref(), expected, "{typed}");
            }
        }
        check(&["09:00", "9:00", "9", "09", "0900", "9am", "9 AM", "9:00am", "0900"], Some("09:00"));
        check(&["21:30", "9:30pm", "9:30 PM", "2130", "0930pm"], Some("21:30"));
        check(&["0", "00:00", "0000", "12am"], Some("00:00"));
        check(&["12", "12:00", "12pm", "1200"], Some("12:00"));
        check(&["23:59", "11:59pm"], Some("23:59"));
        let not_of_the_day = ["24", "24:00", "2400", "9:60", "0960", "13pm", "0am", "0pm", "99"];
        check(&not_of_the_day, None);
        let no_hour =
            ["", "am", ":", "9:", ":30", "930", "9h", "+9", "-9", "9:+3", "9:00:00", "009:00", "1é9", "٩", "noon"];
        check(&no_hour, None);
    }

    /// A path with whatever one of the three could take for something else.
    const ODD: &str = "/a b/100%/$HOME/\"q\"/it's/\\/&<nudge";

    #[test]
    fn each_reader_gets_the_path_back() {
        #[track_caller]
        fn check(program: &str, systemd: &str, cron: &str, plist: &str) {
            let call = call(program, &[("NUDGE_DIR", program)]);
            let (service, crontab, job) = (call.service(), call.cron(at("09:00")), call.plist(at("09:00")));
            let exec = service.lines().find_map(|line| line.strip_prefix("ExecStart=")).unwrap();
            let is_plain = !program.contains(['"', '\\']);
            let by_shell = format!("/bin/sh -c \"exec \\\"$$0\\\" remind --now\" \"{systemd}\"");
            assert_eq!(exec, if is_plain { format!("\"{systemd}\" remind --now") } else { by_shell });
            assert!(service.contains(&format!("\nEnvironment=\"NUDGE_DIR={systemd}\"\n")), "{service}");
            let line = crontab.lines().nth(1).unwrap().strip_prefix("0,30 9-23 * * * ").unwrap();
            assert_eq!(line, format!("NUDGE_DIR={cron} {cron} remind --now >/dev/null 2>&1"));
            assert!(job.contains(&format!("<array><string>{plist}</string>")), "{job}");
            assert!(job.contains(&format!("<key>NUDGE_DIR</key><string>{plist}</string>")), "{job}");
        }
        check("/usr/bin/nudge", "/usr/bin/nudge", "/usr/bin/nudge", "/usr/bin/nudge");
        check("/a b/nudge", "/a b/nudge", "'/a b/nudge'", "/a b/nudge");
        check("/100%u/nudge", "/100%%u/nudge", "'/100\\%u/nudge'", "/100%u/nudge");
        check("/$HOME/nudge", "/$HOME/nudge", "'/$HOME/nudge'", "/$HOME/nudge");
        check("/\"q\"/nudge", "/\\\"q\\\"/nudge", "'/\"q\"/nudge'", "/\"q\"/nudge");
        check("/a\\b/nudge", "/a\\\\b/nudge", "\"/a\\\\b/nudge\"", "/a\\b/nudge");
        check("/a&b<c/nudge", "/a&b<c/nudge", "'/a&b<c/nudge'", "/a&amp;b&lt;c/nudge");
        assert!(call("/it's $HOME", &[]).service().contains("remind --now\" \"/it's $$HOME\"\n"));
        let line = call(ODD, &[]).for_shell();
        assert_eq!(shlex::split(&line), Some(vec![ODD.to_owned(), "remind".to_owned(), "--now".to_owned()]));
    }

    #[test]
    fn each_reader_gets_the_hour() {
        #[track_caller]
        fn check(hour: &str, cron: &str, plist: [u32; 2]) {
            let call = call("/usr/bin/nudge", &[]);
            assert!(call.timer(at(hour)).contains(&format!("\nOnCalendar=*-*-* {hour}:00\n")));
            let lines = call.cron(at(hour));
            assert!(lines.contains(&format!("\n{cron} * * * /usr/bin/nudge remind --now")), "{lines}");
            let [hours, minutes] = plist;
            let start =
                format!("<key>Hour</key><integer>{hours}</integer><key>Minute</key><integer>{minutes}</integer>");
            assert!(call.plist(at(hour)).contains(&start));
        }
        check("09:00", "0,30 9-23", [9, 0]);
        check("00:00", "0,30 0-23", [0, 0]);
        // Half an hour too early it is silent.
        check("07:45", "15,45 7-23", [7, 45]);
        check("22:30", "0,30 22-23", [22, 30]);
        check("23:59", "29,59 23", [23, 59]);
    }

    #[test]
    fn what_is_written_is_known_as_ours() {
        let call = call("/usr/bin/nudge", &[]);
        assert!([call.timer(at("09:00")), call.service(), call.plist(at("09:00"))].iter().all(|text| is_ours(text)));
        assert!(!is_ours("[Unit]\nDescription=mine\n"));
        // XML allows no two dashes in a comment.
        let job = call.plist(at("09:00"));
        let (_, comment) = job.split_once("<!-- ").unwrap();
        assert!(!comment.split_once(" -->").unwrap().0.contains("--"));
    }

    #[test]
    fn a_crontab_keeps_every_other_line() {
        let lines = call("/usr/bin/nudge", &[]).cron(at("09:00"));
        for others in
            [&b""[..], b"# mine\n", b"MAILTO=\"\"\n\n5 4 * * * x\\%y\n\n", b"\xff\xfe\r\n@reboot x\n", b"   \n"]
        {
            let bare = Crontab::parse(others).unwrap();
            assert_eq!((bare.others.as_slice(), bare.ours.as_slice()), (others, &b""[..]));
            let with = bare.with(&lines);
            let both = Crontab::parse(&with).unwrap();
            assert_eq!((both.others.as_slice(), both.ours.as_slice()), (others, lines.as_bytes()));
            // Lines that came behind ours stay too.
            let more = Crontab::parse(&[&with[..], b"6 6 * * * z"].concat()).unwrap();
            assert_eq!(more.others, [others, b"6 6 * * * z"].concat());
            assert_eq!(more.with(""), more.others);
        }
        assert_eq!(Crontab::parse(b"x").unwrap().with("y\n"), b"x\ny\n");
    }

    #[test]
    fn a_mark_without_its_other_is_not_guessed_at() {
        let [begin, end] = [BEGIN, END].map(|mark| format!("{mark}\n"));
        for text in [
            format!("{begin}1 1 * * * x\n"),
            format!("1 1 * * * x\n{end}"),
            format!("{begin}{begin}{end}"),
            format!("{end}{begin}"),
        ] {
            assert_eq!(Crontab::parse(text.as_bytes()), None, "{text}");
        }
    }
}

//! Whole sentences and hints, each written once. How their words are formed is in `grammar`.

use super::catalogue::category_name;
use super::grammar::{capitalised, count, has, is, list, near_date};
use crate::calendar::Day;
use crate::catalogue::{Catalogue, Fit, Grade};
use crate::journal::SatOut;
use crate::picker::{NoPick, Reason};
use crate::review::{Pattern, Streak};

/// If nothing was done for a long time.
pub const QUIET_STRETCH: &str = "A quiet stretch. Any day is a good day to begin again.";

/// The heading of a calendar of so many weeks: "The last 53 weeks".
pub fn last_weeks(number: usize) -> String {
    match number {
        0 => "Your year".to_owned(),
        1 => "Your first week".to_owned(),
        number => format!("The last {}", count(number, "week")),
    }
}

/// "265 gestures on 212 days".
pub fn done(gestures: u32, days: u32) -> String {
    format!("{} on {}", count(gestures, "gesture"), count(days, "day"))
}

/// "12-day streak" and "3 weeks in a row", each only if there are at least two.
pub fn streak(streak: Streak) -> Vec<String> {
    let mut parts = Vec::new();
    if streak.days > 1 {
        parts.push(format!("{}-day streak", streak.days));
    }
    if streak.weeks > 1 {
        parts.push(format!("{} weeks in a row", streak.weeks));
    }
    parts
}

/// "longest streak 31 days and 6 weeks", each only if there are at least two.
pub fn longest(longest: Streak) -> Option<String> {
    let days = (longest.days > 1).then(|| count(longest.days, "day"));
    let weeks = (longest.weeks > 1).then(|| count(longest.weeks, "week"));
    let parts: Vec<String> = days.into_iter().chain(weeks).collect();
    (!parts.is_empty()).then(|| format!("longest streak {}", list(&parts)))
}

/// The strength of a habit, from 0 to 1, in one sentence. It is called only once something was done, and then says at
/// least 1 of 100.
pub fn strength(strength: f64) -> String {
    let hundredths = (1..=100).rev().find(|step| strength * 100.0 >= f64::from(*step) - 0.5).unwrap_or(1);
    format!("Now {hundredths} of 100. It grows with days done and fades slowly without.")
}

/// "quiet for 9 days".
pub fn quiet(days: u32) -> String {
    format!("quiet for {}", count(days, "day"))
}

/// For a category in which nothing was done in the weeks that were read.
pub const QUIET_FOR_LONG: &str = "quiet for a long while";

/// If so many categories are quiet that naming one of them would mean little.
pub const START_ANYWHERE: &str = "Most have been quiet; start anywhere.";

/// "From Mon 16 Nov until yesterday:", naming the days that are given; `None` if neither is.
pub fn span(since: Option<Day>, until: Option<Day>, today: Day) -> Option<String> {
    let since = since.map(|day| format!("from {}", near_date(day, today)));
    let until = until.map(|day| format!("until {}", near_date(day, today)));
    let parts: Vec<String> = since.into_iter().chain(until).collect();
    (!parts.is_empty()).then(|| capitalised(&format!("{}:", parts.join(" "))))
}

/// A category that was swapped away again and again.
pub fn swapped_away(category: &str) -> String {
    format!(
        "You swapped most of the last {category} prompts away. `[weights]` in `config.toml` says how often each category \
         comes."
    )
}

/// "You're resting until Mon 4 Jan." `until` is the last day of the rest.
pub fn resting(until: Day, today: Day) -> String {
    if until == today {
        "You're resting today.".to_owned()
    } else {
        format!("You're resting until {}.", near_date(until, today))
    }
}

/// A category that has been quiet for a while, or that is new to the user.
pub fn waiting(category: &str, done_before: bool) -> String {
    if done_before {
        format!("{} been quiet for a while", capitalised(&has(category)))
    } else {
        format!("{} still waiting for a first time", capitalised(&is(category)))
    }
}

/// A suggestion as a phrase with its numbers, for `--json`.
pub fn pattern(pattern: &Pattern, catalogue: &Catalogue) -> String {
    match pattern {
        Pattern::Category { id, days: Some(days), .. } => {
            format!("{} been {}", has(&category_name(catalogue, id)), quiet(*days))
        }
        Pattern::Category { id, is_new: true, .. } => waiting(&category_name(catalogue, id), false),
        Pattern::Category { id, .. } => format!("{} been {QUIET_FOR_LONG}", has(&category_name(catalogue, id))),
        Pattern::MostQuiet => "most categories have been quiet".to_owned(),
        Pattern::SwappedAway { id } => {
            format!("you swapped {} away at least three of the last four times", category_name(catalogue, id))
        }
        Pattern::Person { who, days } => format!("{} since the latest gesture with {who}", count(*days, "day")),
    }
}

/// Why a prompt of the category came.
pub fn reason(reason: &Reason, category: &str) -> String {
    match reason {
        Reason::Quiet { days } => format!("{} not come up for {}", has(category), count(*days, "day")),
        Reason::New => "new to you".to_owned(),
        Reason::Favoured => format!("you favour {category}"),
        Reason::Done { done: 2, of: 2 } => format!("you did both of your last {category} prompts"),
        Reason::Done { done: 1, of: 2 } => format!("you did one of your last two {category} prompts"),
        Reason::Done { done: 1, .. } => format!("you did your last {category} prompt"),
        Reason::Done { .. } => format!("{} hardly come up yet", has(category)),
        Reason::Chance { one_in: 1 } => "the one category that fits today".to_owned(),
        Reason::Chance { one_in } => format!("by chance: 1 in {one_in}"),
        Reason::Asked => format!("you asked for {category}"),
    }
}

/// A recorded reason as a sentence on the card, which already names the category above it.
pub fn reason_sentence(reason: &str, category: &str) -> String {
    let sentence = match reason.strip_prefix(&format!("{} not come up for ", has(category))) {
        Some(days) if has(category).ends_with("has") => format!("it has not come up for {days}"),
        Some(days) => format!("they have not come up for {days}"),
        None => reason.to_owned(),
    };
    format!("{}.", capitalised(&sentence))
}

/// A recorded reason as a person would give it if asked.
pub fn because(reason: &str) -> String {
    let sentence = match reason {
        "" => "why this one came is not recorded".to_owned(),
        "new to you" | "the one category that fits today" => format!("it is {reason}"),
        _ if reason.starts_with("you did ") || reason.starts_with("you favour ") => {
            format!("{reason}, so it weighs more")
        }
        _ => reason.to_owned(),
    };
    format!("{}.", capitalised(&sentence))
}

/// Why categories were not in a draw: "names and remembering sat out: they came up lately".
pub fn sat_out(categories: &[String], because: SatOut) -> String {
    let those = list(categories);
    let is_one = categories.len() == 1 && has(&those).ends_with("has");
    let (they, their) = if is_one { ("it", "its") } else { ("they", "their") };
    match because {
        SatOut::Lately => format!("{those} sat out: {they} came up lately"),
        SatOut::Waits => format!("{those} sat out: others had waited longer"),
        SatOut::Unfitting => format!("{those} sat out: none of {their} gestures fitted"),
        SatOut::NoWeight => format!("{those} sat out: weight 0 in your config"),
        SatOut::Unknown => format!("{those} sat out"),
    }
}

/// What a grade says about the evidence.
pub fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::A => "several experiments, or many studies taken together",
        Grade::B => "one good study",
        Grade::C => "a correlation, a small study or a theory",
    }
}

/// How close the evidence is to the act itself.
pub fn fit(fit: Option<Fit>) -> &'static str {
    match fit {
        Some(Fit::Near) => "near this act",
        Some(Fit::Hunch) => "from which this act is a hunch",
        None => "with nothing said of how near it is to this act",
    }
}

/// How hard a gesture is.
pub fn level(level: u8) -> &'static str {
    match level {
        1 => "easy",
        2 => "takes some nerve",
        _ => "tender",
    }
}

/// Why there is no prompt, and what would bring one.
pub fn nothing(nothing: &NoPick) -> (&'static str, &'static str) {
    match nothing {
        NoPick::AllOffered => {
            ("That is all for today.", "come back tomorrow, or log anything with `nudge done -c CATEGORY`")
        }
        NoPick::NothingEnabled => (
            "every gesture is hidden or left out",
            "add your own with `nudge catalogue add`, or take `hidden` or `builtin = false` out of `gestures.toml`",
        ),
        NoPick::NoFavour => ("every category has weight 0", "give one a weight of 1 or more in `config.toml`"),
        NoPick::Category => ("no gesture in this category is left", "leave `-c` out, or name another category"),
        NoPick::Level => {
            ("no gesture here is easy enough", "leave `--easy` out, or raise `max_level` in `config.toml`")
        }
        NoPick::Without => ("every gesture here needs what `without` rules out", "check `without` in `config.toml`"),
        NoPick::Place => {
            ("no gesture here fits the place", "name another place with `-p`, or check `[places]` in `config.toml`")
        }
    }
}

/// What a merge brought to the journal and to the plans.
pub fn merged(journal: usize, plans: usize) -> String {
    let new = |number: usize, place: &str| format!("{} in your {place}", count(number, "new event"));
    match (journal, plans) {
        (0, 0) => "Nothing new: all of it was here already.".to_owned(),
        (_, 0) => format!("Merged: {}.", new(journal, "journal")),
        (0, _) => format!("Merged: {}.", new(plans, "plans")),
        _ => format!("Merged: {} and {}.", new(journal, "journal"), new(plans, "plans")),
    }
}

/// Lines that came with a merge and are not events.
pub fn kept_at_the_end(lines: usize) -> String {
    format!("Kept at the end: {} that this version can't read.", count(lines, "line"))
}

/// Events of which there are two versions, only one of which counts.
pub fn superseded(events: usize, path: &str) -> String {
    let have = if events == 1 { "has" } else { "have" };
    format!("{} {have} another version; one of the two counts, the other is kept in `{path}`", count(events, "event"))
}

/// How much is left to fix.
pub fn to_fix(things: u64) -> String {
    if things == 1 { "one thing needs fixing".to_owned() } else { format!("{things} things need fixing") }
}

/// A copy of a book that lies beside it, with the number of its events that are in neither book; and what to do with
/// it.
pub fn other_copy(path: &str, new: usize) -> (String, &'static str) {
    let copy = format!("`{path}` looks like another copy of it");
    if new == 0 {
        return (format!("{copy}, with nothing new in it"), "it can be deleted");
    }
    (format!("{copy}, with {} that you don't have here", count(new, "event")), "this adds them; then it can be deleted")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_streaks() {
        let run = |days, weeks| Streak { days, weeks };
        assert_eq!(
            [last_weeks(0), last_weeks(1), last_weeks(53)],
            ["Your year", "Your first week", "The last 53 weeks"]
        );
        assert_eq!([done(1, 1), done(265, 212)], ["1 gesture on 1 day", "265 gestures on 212 days"]);
        assert_eq!(streak(run(1, 0)), Vec::<String>::new());
        assert_eq!(streak(run(5, 1)), ["5-day streak"]);
        assert_eq!(streak(run(12, 3)), ["12-day streak", "3 weeks in a row"]);
        assert_eq!(longest(run(1, 1)), None);
        assert_eq!(longest(run(31, 6)).as_deref(), Some("longest streak 31 days and 6 weeks"));
        assert_eq!(longest(run(4, 0)).as_deref(), Some("longest streak 4 days"));
        for (value, expected) in [(0.0001, "Now 1 of"), (0.6351, "Now 64 of"), (1.0, "Now 100 of")] {
            assert!(strength(value).starts_with(expected), "{value}");
        }
        assert_eq!(waiting("names", true), "Names have been quiet for a while");
        assert_eq!(waiting("tone", false), "Tone is still waiting for a first time");
    }

    #[test]
    fn reasons_are_sentences() {
        #[track_caller]
        fn check(reason: &str, category: &str, card: &str, why: &str) {
            assert_eq!([reason_sentence(reason, category), because(reason)], [card, why]);
        }
        check(
            "tone has not come up for 9 days",
            "tone",
            "It has not come up for 9 days.",
            "Tone has not come up for 9 days.",
        );
        check(
            "names have not come up for 9 days",
            "names",
            "They have not come up for 9 days.",
            "Names have not come up for 9 days.",
        );
        check("new to you", "tone", "New to you.", "It is new to you.");
        check(
            "you did both of your last tone prompts",
            "tone",
            "You did both of your last tone prompts.",
            "You did both of your last tone prompts, so it weighs more.",
        );
        check("by chance: 1 in 4", "tone", "By chance: 1 in 4.", "By chance: 1 in 4.");
        let two = ["names".to_owned(), "tone".to_owned()];
        assert_eq!(sat_out(&two, SatOut::Lately), "names and tone sat out: they came up lately");
        assert_eq!(sat_out(&two[1..], SatOut::Lately), "tone sat out: it came up lately");
        assert_eq!(sat_out(&two[..1], SatOut::Unfitting), "names sat out: none of their gestures fitted");
    }

    #[test]
    fn merges_and_fixes() {
        assert_eq!(merged(0, 0), "Nothing new: all of it was here already.");
        assert_eq!(merged(1, 0), "Merged: 1 new event in your journal.");
        assert_eq!(merged(0, 2), "Merged: 2 new events in your plans.");
        assert_eq!(merged(12, 1), "Merged: 12 new events in your journal and 1 new event in your plans.");
        assert_eq!([to_fix(1), to_fix(3)], ["one thing needs fixing", "3 things need fixing"]);
        assert!(
            superseded(1, "x").starts_with("1 event has another version")
                && superseded(2, "x").starts_with("2 events have")
        );
    }
}

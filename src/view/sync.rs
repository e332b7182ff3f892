//! The sentences of `nudge sync`, and its JSON.

use serde::Serialize;

use super::grammar::{capitalised, count, list, list_some};
use super::{json, people};
use crate::journal::news::News;
use crate::safe_text::shell_word;

/// What an exchange came to, as JSON.
pub fn json(remote: Option<&str>, received: News, sent: News, waiting: News) -> String {
    #[derive(Serialize)]
    struct Shape<'a> {
        remote: Option<&'a str>,
        received: usize,
        sent: usize,
        waiting: usize,
    }
    let [received, sent, waiting] = [received, sent, waiting].map(|news| news.total());
    json::line(&Shape { remote, received, sent, waiting })
}

/// How things stand, as JSON.
pub fn status_json(remote: Option<&str>, branch: Option<&str>, last: Option<&str>, waiting: News) -> String {
    #[derive(Serialize)]
    struct Shape<'a> {
        remote: Option<&'a str>,
        branch: Option<&'a str>,
        last: Option<&'a str>,
        waiting: usize,
    }
    json::line(&Shape { remote, branch, last, waiting: waiting.total() })
}

/// "3 entries, 1 follow-up and 2 corrections".
fn counted(news: News) -> String {
    let entries = match news.entries {
        1 => "1 entry".to_owned(),
        entries => format!("{entries} entries"),
    };
    let follow_ups = count(news.follow_ups, "follow-up");
    let changes = count(news.changes, "correction");
    let parts = [(news.entries, entries), (news.follow_ups, follow_ups), (news.changes, changes)];
    list(&parts.into_iter().filter(|(number, _)| *number > 0).map(|(_, part)| part).collect::<Vec<_>>())
}

/// What came and what went: "3 entries from elsewhere, 2 sent." `is_moved` says whether anything did, be it only a
/// prompt.
pub fn exchanged(received: News, sent: News, is_moved: bool) -> String {
    let has_entries_alone = |news: News| news.entries > 0 && news.entries == news.total();
    match (received.total(), sent.total()) {
        (0, 0) if is_moved => "In step again. No entries were new.".to_owned(),
        (0, 0) => "In step: nothing new here or elsewhere.".to_owned(),
        (_, 0) => format!("{} from elsewhere.", counted(received)),
        (0, _) => format!("{} sent.", counted(sent)),
        _ if has_entries_alone(received) && has_entries_alone(sent) => {
            format!("{} from elsewhere, {} sent.", counted(received), sent.entries)
        }
        _ => format!("From elsewhere: {}. Sent: {}.", counted(received), counted(sent)),
    }
}

/// "2 entries wait to be sent"; `None` where nothing does.
pub fn waiting(news: News) -> Option<String> {
    let verb = if news.total() == 1 { "waits" } else { "wait" };
    (news.total() > 0).then(|| format!("{} {verb} to be sent", counted(news)))
}

/// "2 entries are kept here, waiting to be sent"; `None` where nothing waits.
pub fn kept(news: News) -> Option<String> {
    let verb = if news.total() == 1 { "is" } else { "are" };
    (news.total() > 0).then(|| format!("{} {verb} kept here, waiting to be sent", counted(news)))
}

/// What was kept where there is no remote yet.
pub fn without_remote(kept: News) -> String {
    match kept.total() {
        0 => "There is no remote yet, so nothing leaves this machine.".to_owned(),
        _ => format!("Kept in the repository here: {}. There is no remote yet.", counted(kept)),
    }
}

/// What an exchange changed for today.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Whether today's prompt is another one than before.
    pub prompt: bool,
    /// The streak, if it is another one than before.
    pub streak: Option<u32>,
    /// Whether somebody is to be asked who was not before.
    pub follow_up: bool,
    /// Whether somebody was erased elsewhere, and so here.
    pub erased: bool,
}

impl Changed {
    /// In words, a sentence each.
    pub fn sentences(&self) -> Vec<String> {
        let prompt = self.prompt.then(|| "Today's prompt is another one now: `nudge`".to_owned());
        let streak = self.streak.filter(|days| *days > 1).map(|days| format!("Your streak is {days} days now."));
        let follow_up = self.follow_up.then(|| format!("{}: `nudge`", people::SOMEBODY));
        let erased = self.erased.then(|| "A name was erased elsewhere, and is gone here too.".to_owned());
        [erased, prompt, streak, follow_up].into_iter().flatten().collect()
    }
}

/// Files of the repository that are not ours, and changed elsewhere.
#[derive(Debug, Default)]
pub struct Others {
    /// Those that are here too.
    pub changed: Vec<String>,
    /// Those that are not here.
    pub absent: Vec<String>,
    /// Those that are here, and no longer elsewhere.
    pub removed: Vec<String>,
}

impl Others {
    /// In words: a sentence for each kind, and the command that it leads to. `folder` is where git is called.
    pub fn sentences(&self, folder: &str) -> Vec<(String, Option<String>)> {
        let quoted = |files: &[String]| {
            let names: Vec<String> = files.iter().map(|file| format!("`{file}`")).collect();
            list_some(&names, 4)
        };
        let as_here = |files: &[String]| if files.len() == 1 { "as it is here" } else { "as they are here" };
        let mut sentences = Vec::new();
        if !self.changed.is_empty() {
            let (it, command) = restore(folder, &self.changed);
            let (left, names) = (as_here(&self.changed), quoted(&self.changed));
            let sentence = format!("Changed elsewhere, and left {left}: {names}. This brings {it} up to date:");
            sentences.push((sentence, Some(command)));
        }
        if !self.absent.is_empty() {
            let (it, command) = restore(folder, &self.absent);
            let (verb, names) = (if self.absent.len() == 1 { "is" } else { "are" }, quoted(&self.absent));
            let sentence = format!("{names} {verb} in the repository, but not in your folder. This puts {it} there:");
            sentences.push((sentence, Some(command)));
        }
        if !self.removed.is_empty() {
            let (left, names) = (as_here(&self.removed), quoted(&self.removed));
            sentences.push((format!("Removed elsewhere, and left {left}: {names}."), None));
        }
        sentences
    }
}

/// The command that writes one of these files to the folder, and what a sentence calls that one.
fn restore(folder: &str, files: &[String]) -> (&'static str, String) {
    let (it, file) = if let [file] = files { ("it", shell_word(file)) } else { ("one", "FILE".into()) };
    // A pattern to git, which would match others.
    let is_pattern = file.contains(['*', '?', '[', '\\', ':']);
    let literal = if is_pattern { "--literal-pathspecs " } else { "" };
    (it, format!("git -C {} {literal}restore -- {file}", shell_word(folder)))
}

/// How things stand: the remote, the last exchange, what waits.
pub fn status(remote: Option<(&str, &str)>, last: Option<&str>, waits: News) -> Vec<String> {
    let Some((url, branch)) = remote else {
        return vec!["There is no remote yet: `nudge sync --init URL` names one.".to_owned()];
    };
    vec![
        format!("Remote: {url}, branch {branch}."),
        last.map_or_else(|| "Not exchanged yet.".to_owned(), |last| format!("Last exchange: {last}.")),
        waiting(waits)
            .map_or_else(|| "Nothing waits to be sent.".to_owned(), |waits| format!("{}.", capitalised(&waits))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn news(entries: usize, follow_ups: usize, changes: usize) -> News {
        News { entries, follow_ups, changes }
    }

    #[test]
    fn what_came_and_went_is_one_sentence() {
        #[track_caller]
        fn check(received: News, sent: News, expected: &str) {
            assert_eq!(exchanged(received, sent, true), expected);
        }
        let none = News::default();
        check(none, none, "In step again. No entries were new.");
        assert_eq!(exchanged(none, none, false), "In step: nothing new here or elsewhere.");
        check(news(1, 0, 0), none, "1 entry from elsewhere.");
        check(none, news(2, 1, 0), "2 entries and 1 follow-up sent.");
        check(news(3, 0, 0), news(2, 0, 0), "3 entries from elsewhere, 2 sent.");
        check(news(3, 1, 2), news(1, 0, 0), "From elsewhere: 3 entries, 1 follow-up and 2 corrections. Sent: 1 entry.");
        check(news(0, 0, 1), news(1, 0, 0), "From elsewhere: 1 correction. Sent: 1 entry.");
    }

    #[test]
    fn what_waits_and_what_changed() {
        assert_eq!(waiting(News::default()), None);
        assert_eq!(waiting(news(1, 0, 0)).as_deref(), Some("1 entry waits to be sent"));
        assert_eq!(waiting(news(2, 0, 1)).as_deref(), Some("2 entries and 1 correction wait to be sent"));
        assert_eq!(Changed::default().sentences(), Vec::<String>::new());
        let all = Changed { prompt: true, streak: Some(13), follow_up: true, erased: true };
        assert_eq!(all.sentences()[2], "Your streak is 13 days now.");
        assert_eq!(all.sentences().len(), 4);
        assert_eq!(Changed { streak: Some(1), ..Changed::default() }.sentences(), Vec::<String>::new());
    }

    #[test]
    fn other_files_are_named_with_what_helps() {
        #[track_caller]
        fn check(files: [&[&str]; 3], expected: &[&str]) {
            let [changed, absent, removed] = files.map(|files| files.iter().map(ToString::to_string).collect());
            let sentences = Others { changed, absent, removed }.sentences("/d");
            let lines = sentences.into_iter().flat_map(|(sentence, command)| [Some(sentence), command]);
            assert_eq!(lines.flatten().collect::<Vec<_>>(), expected);
        }
        check([&[]; 3], &[]);
        check(
            [&["a b.txt"], &["README"], &["old"]],
            &[
                "Changed elsewhere, and left as it is here: `a b.txt`. This brings it up to date:",
                "git -C /d restore -- 'a b.txt'",
                "`README` is in the repository, but not in your folder. This puts it there:",
                "git -C /d restore -- README",
                "Removed elsewhere, and left as it is here: `old`.",
            ],
        );
        check(
            [&["a", "b"], &["c", "d"], &["e", "f"]],
            &[
                "Changed elsewhere, and left as they are here: `a` and `b`. This brings one up to date:",
                "git -C /d restore -- FILE",
                "`c` and `d` are in the repository, but not in your folder. This puts one there:",
                "git -C /d restore -- FILE",
                "Removed elsewhere, and left as they are here: `e` and `f`.",
            ],
        );
        let (_, command) = restore("/d", &["a*$(x).txt".to_owned()]);
        assert_eq!(command, "git -C /d --literal-pathspecs restore -- 'a*$(x).txt'");
    }
}

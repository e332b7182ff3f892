use super::*;
use crate::toml_reader::Problem;

/// A whole catalogue of one category, with a sound gesture in which each line of `gesture` takes the place of the line
/// of its key; a key alone leaves that line out.
fn whole(retired: &str, gesture: &str, acts: &str) -> String {
    let mut fields = vec![
        "id = 'a-wave'",
        "category = 'tone'",
        "when = 'a call begins'",
        "do = 'Wave.'",
        "where = ['remote']",
        "seconds = 5",
        "level = 1",
        "often = 'weekly'",
        "evidence = ['k1999']",
        "fit = 'near'",
    ];
    for line in gesture.lines() {
        let key = line.split(' ').next().unwrap();
        let place = fields.iter().position(|field| field.starts_with(key)).unwrap();
        fields[place] = if line == key { "" } else { line };
    }
    format!(
        "retired = {retired}\n[[category]]\nid = 'tone'\nname = 'tone'\nabout = 'How it sounds.'\n[[gesture]]\n{}\n\
         [[evidence]]\nkey = 'k1999'\nclaim = 'c'\nsource = 's'\nyear = 1999\ngrade = 'A'\n{acts}\n",
        fields.join("\n")
    )
}

fn told(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(Problem::to_string).collect()
}

#[test]
fn the_built_in_file_is_held_to_more_than_a_users() {
    const ACTS: &str = "acts = ['a-wave']";
    #[track_caller]
    fn check(retired: &str, gesture: &str, acts: &str, expected: &[&str]) {
        let problems = read_whole(&whole(retired, gesture, acts)).err().unwrap_or_default();
        assert_eq!(told(&problems), expected);
    }
    check("['gone']", "", ACTS, &[]);
    check(
        "['a-wave']",
        "",
        ACTS,
        &["1:12: `a-wave` is retired, but a gesture has this id; a retired id can't be used again"],
    );
    check(
        "['gone', 'gone', 'Gone']",
        "",
        ACTS,
        &[
            "1:20: `retired` names `gone` twice",
            "1:28: `retired` names `Gone`, expected lowercase letters, digits and hyphens",
        ],
    );
    check(
        "[]",
        "often = 'rarely'",
        ACTS,
        &["14:9: the cue of an easy gesture must come more often than `rarely`; expected `level` 2 or 3"],
    );
    check("[]", "often = 'rarely'\nlevel = 2", ACTS, &[]);
    check("[]", "often", ACTS, &["6:1: this [[gesture]] has no `often`"]);
    check("[]", "fit", ACTS, &["6:1: this [[gesture]] has `evidence` and has no `fit`"]);
    check("[]", "evidence", "acts = []", &["6:1: this [[gesture]] has `fit` and has no `evidence`"]);
    check("[]", "evidence\nfit", "acts = []", &[]);
    check(
        "[]",
        "",
        "",
        &[
            "15:13: `a-wave` cites `k1999`, which does not list it in its `acts`",
            "17:1: this [[evidence]] has no `acts`",
        ],
    );
    check("[]", "", "acts = []", &["15:13: `a-wave` cites `k1999`, which does not list it in its `acts`"]);
    check(
        "[]",
        "",
        "acts = ['a-wave', 'b']",
        &["23:19: `acts` of `k1999` names `b`, but no gesture with that id cites it"],
    );
}

/// What a user's own file may leave out, and what it may add to.
#[test]
fn a_file_over_the_built_in_one() {
    #[track_caller]
    fn check(base: &Catalogue, text: &str, expected: &[&str]) {
        assert_eq!(told(&read_over(base, text).unwrap_err()), expected);
    }
    let base = read_whole(&whole("['gone']", "", "acts = ['a-wave']")).unwrap();
    let over = |text: &str| read_over(&base, text).unwrap();
    // A gesture needs neither `often` nor a finding, and may cite one whose `acts` don't name it.
    let own = "[[gesture]]\nid = 'own'\ncategory = 'tone'\ndo = 'Hum.'\n";
    assert_eq!(over(own).gesture("own").unwrap().often, None);
    let rare = over(&format!("{own}level = 1\noften = 'rarely'\nevidence = ['k1999']\n"));
    assert_eq!(rare.gesture("own").unwrap().often, Some(Often::Rarely));
    assert_eq!(rare.findings(rare.gesture("own").unwrap()).count(), 1);
    // Without the built-in gestures, and with all else that is built in.
    let alone = over(&format!("builtin = false\n{own}evidence = ['k1999']\n"));
    assert_eq!(alone.gestures.iter().map(|gesture| gesture.id.as_ref()).collect::<Vec<_>>(), ["own"]);
    assert_eq!((alone.categories.len(), alone.evidence.len()), (1, 1));
    assert_eq!(over("builtin = true\n").gestures.len(), 1);
    assert_eq!(over("builtin = false\n").gestures.len(), 0);
    // A category or a finding with a fault of its own is there all the same for what names it.
    check(
        &base,
        "[[category]]\nid = 'song'\n[[evidence]]\nkey = 'x'\nclaim = 'c'\nsource = 's'\nyear = 1999\n\
         [[gesture]]\nid = 'own'\ncategory = 'song'\ndo = 'Hum.'\nevidence = ['x']\n",
        &["1:1: this [[category]] has no `name`", "3:1: this [[evidence]] has no `grade`"],
    );
    check(&base, "builtin = 'no'\n", &["1:11: `builtin` must be true or false, not a value of type string"]);
    check(
        &base,
        "retired = []\n",
        &["1:1: unknown key `retired`, expected `category`, `gesture`, `evidence`, `hidden` or `builtin`"],
    );
    check(
        &base,
        &format!("{own}often = 'often'\n"),
        &["5:9: `often` is `often`, expected `daily`, `weekly`, `monthly` or `rarely`"],
    );
    check(
        &base,
        &format!("{own}where = ['moon']\n"),
        &["5:10: `where` is `moon`, expected `home`, `work`, `out`, `remote` or `text`"],
    );
}

#[test]
fn a_hidden_id_that_leads_nowhere_costs_nothing_but_a_word() {
    #[track_caller]
    fn check(base: &Catalogue, text: &str, expected: &[&str]) {
        let catalogue = read_over(base, text).unwrap();
        assert_eq!(told(&catalogue.warnings), expected);
        assert!(catalogue.is_hidden("a-wave"));
    }
    let base = read_whole(&whole("['gone']", "", "acts = ['a-wave']")).unwrap();
    check(&base, "hidden = ['a-wave', 'gone']", &[]);
    check(&base, "builtin = false\nhidden = ['a-wave']", &[]);
    check(
        &base,
        "hidden = [\n  'wave', 'a-wave',\n  'gon',\n]",
        &[
            "2:3: `hidden` names `wave`, which no gesture has as its `id`",
            "3:3: `hidden` names `gon`, which no gesture has as its `id`",
        ],
    );
    // What is of the wrong kind is wrong still.
    assert_eq!(
        told(&read_over(&base, "hidden = [3]").unwrap_err()),
        ["1:11: `hidden` must be a list of texts in quotes"]
    );
}

#[test]
fn what_is_retired_is_known_by_name() {
    let base = read_whole(&whole("['gone']", "", "acts = ['a-wave']")).unwrap();
    assert!(base.is_retired("gone") && !base.is_retired("a-wave") && !base.is_retired("gon"));
    // A user may well take up what nudge has let go.
    let own = read_over(&base, "[[gesture]]\nid = 'gone'\ncategory = 'tone'\ndo = 'Hum.'\n").unwrap();
    assert!(!own.is_retired("gone"));
}

#[test]
fn a_built_in_gesture_is_what_the_file_says() {
    let file = read_whole(include_str!("../../gestures.toml")).unwrap();
    assert_eq!(builtin::catalogue(), file);
    for gesture in file.gestures.iter() {
        // Asked for alone, before anybody has looked at all of them.
        assert_eq!(builtin::catalogue().gesture(&gesture.id), Some(gesture));
        let line: &'static str = packed::pack(gesture).leak();
        assert_eq!(packed::unpack(line).as_ref(), Some(gesture));
    }
    for id in ["", "turn", "\n", "no-such-gesture"] {
        assert_eq!(builtin::catalogue().gesture(id), None, "{id}");
    }
}

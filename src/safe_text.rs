//! Makes text from files and from the command line safe for where it goes: a terminal, a spreadsheet, Markdown, a
//! shell.

use std::borrow::Cow;

/// Whether a character can move a terminal's cursor, change its state, or reverse the direction of text: C0, DEL, C1,
/// line and paragraph separators, bidirectional marks, embeddings, overrides and isolates; or is invisible: soft
/// hyphens, word joiners, tag characters.
///
/// U+200C and U+200D stay: Persian and Indic words and joined emoji need them.
pub fn is_unsafe_for_terminal(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}')
}

/// A character as a JSON escape, or as two if it needs a surrogate pair.
pub fn json_escape(c: char) -> String {
    let units = c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect::<Vec<_>>();
    units.concat()
}

/// The same JSON with unsafe characters escaped. In valid JSON they can occur only in strings, where escapes are
/// allowed.
pub fn safe_json(line: &str) -> Cow<'_, str> {
    // Nearly always all of it is plain ASCII, which takes a step for many bytes.
    let odd = line.bytes().map(|byte| usize::from(!(b' '..=b'~').contains(&byte))).sum::<usize>();
    if odd == 0 || !line.contains(is_unsafe_for_terminal) {
        return Cow::Borrowed(line);
    }
    Cow::Owned(line.chars().map(|c| if is_unsafe_for_terminal(c) { json_escape(c) } else { c.to_string() }).collect())
}

/// Text without escape sequences and other unsafe characters; line breaks and tabs become spaces.
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe_for_terminal) {
        return Cow::Borrowed(text);
    }
    let spaced = text.replace("\r\n", " ").replace(['\n', '\t'], " ");
    Cow::Owned(without_sequences(&spaced).chars().filter(|c| !is_unsafe_for_terminal(*c)).collect())
}

/// Text with a space in place of each unsafe character, so that every other character keeps its position.
pub fn blanked(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe_for_terminal) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace(is_unsafe_for_terminal, " "))
}

/// Removes whole escape sequences (CSI and OSC), not only their first character.
fn without_sequences(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(['\u{1B}', '\u{9B}']) {
        kept.push_str(&rest[..start]);
        rest = &rest[start..];
        let is_csi = rest.starts_with('\u{9B}') || rest.starts_with("\u{1B}[");
        let is_osc = rest.starts_with("\u{1B}]");
        let body = if rest.starts_with('\u{9B}') { '\u{9B}'.len_utf8() } else { 1 + usize::from(is_csi || is_osc) };
        rest = &rest[body..];
        if is_csi {
            let end = rest.find(|c: char| !matches!(c, ' '..='?')).unwrap_or(rest.len());
            let last = rest[end..].chars().next().filter(|c| matches!(c, '@'..='~')).map_or(0, char::len_utf8);
            rest = &rest[end + last..];
        } else if is_osc && let Some(end) = rest.find(['\u{7}', '\u{1B}', '\u{9C}']) {
            rest = &rest[end..];
        }
    }
    kept + rest
}

/// Text that a spreadsheet does not run: if it looks like a formula, an apostrophe in front marks it as text. Control
/// characters are left out, except tabs and line breaks.
pub fn spreadsheet_cell(text: &str) -> String {
    let plain: String = text.chars().filter(|c| *c == '\n' || *c == '\t' || !is_unsafe_for_terminal(*c)).collect();
    let runs =
        plain.starts_with(['\t', '\n']) || plain.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if runs { format!("'{plain}") } else { plain }
}

/// A word as a shell reads it back, in quotes where it needs them. What can disturb a terminal is written as what
/// stands for it between `$'` and `'`.
pub fn shell_word(text: &str) -> Cow<'_, str> {
    if text.contains(is_unsafe_for_terminal) {
        let mut word = "$'".to_owned();
        for c in text.chars() {
            match c {
                '\'' | '\\' => word.extend(['\\', c]),
                c if is_unsafe_for_terminal(c) => {
                    let mut bytes = [0; 4];
                    c.encode_utf8(&mut bytes).bytes().for_each(|byte| word += &format!("\\x{byte:02x}"));
                }
                c => word.push(c),
            }
        }
        return Cow::Owned(word + "'");
    }
    // A zero byte, which no shell can be given, is among the above.
    shlex::try_quote(text).unwrap_or(Cow::Borrowed(text))
}

/// Text that Markdown shows as it is.
pub fn markdown(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_a_file_disturbs_the_terminal() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            assert_eq!(clean(text), expected);
        }
        check("plain José 日本 👩‍👧", "plain José 日本 👩‍👧");
        check("\u{1B}[31mred\u{1B}[0m", "red");
        check("\u{1B}]0;title\u{7}after", "after");
        check("\u{1B}]8;;x\u{1B}\\link", "\\link");
        check("\u{9B}2Jgone", "gone");
        check("a\u{1B}", "a");
        check("a\u{1B}[", "a");
        check("two\nlines\r\nand\ta tab", "two lines and a tab");
        check("\u{202E}evil\u{202C} \u{2066}x\u{2069} zero\u{200B}width\u{FEFF}", "evil x zerowidth");
        check("bell\u{7}\u{8}\u{7F}", "bell");
        check("\u{1B}[31é", "é");
    }

    #[test]
    fn what_is_blanked_keeps_its_places() {
        assert_eq!(blanked("plain José"), "plain José");
        assert_eq!(blanked("a\tb\u{1B}[31m\u{202E}é"), "a b [31m é");
    }

    #[test]
    fn no_cell_runs_as_a_formula() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            assert_eq!(spreadsheet_cell(text), expected);
        }
        check("plain = text", "plain = text");
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", "  =1", "＝1"] {
            check(formula, &format!("'{formula}"));
        }
        check("\r=1", "'=1");
        check("\u{1B}[31m=\u{202E}", "[31m=");
        check("two\nlines", "two\nlines");
    }

    #[test]
    fn a_shell_reads_a_word_back() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            assert_eq!(shell_word(text), expected);
        }
        check("/home/ada/journal.jsonl", "/home/ada/journal.jsonl");
        check("journal (1).jsonl", "'journal (1).jsonl'");
        check("Ada's copy `rm` $HOME", r#""Ada's copy "'`rm` $HOME'"#);
        check("", "''");
        check("a'b\u{1B}[31m\nc", r"$'a\'b\x1b[31m\x0ac'");
        check("\u{202E}", r"$'\xe2\x80\xae'");
    }

    #[test]
    fn markdown_shows_text_as_it_is() {
        assert_eq!(
            markdown("a *b* _c_ `d` <e> [f](g) 5 & 6!"),
            "a \\*b\\* \\_c\\_ \\`d\\` \\<e\\> \\[f\\](g) 5 \\& 6!"
        );
    }
}

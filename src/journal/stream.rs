//! A book in another shape, read as the stream of JSON values that it still is: events spread over lines by a
//! formatter, put into a list, or several of them on one line.
//!
//! What is an event by itself is left alone. The lines between are taken together until every value that begins in
//! them has ended; if all of these are events, and nothing but commas, brackets and byte order marks stands between
//! them, the lines hold those events. If not, each line is what it is.

use std::mem;
use std::ops::Range;

use super::{Line, is_blank, parse};

/// An event that is spread over more than this is taken for lines that are broken, in bytes.
const LONGEST: usize = 4 << 20;

const MARK: &[u8] = b"\xEF\xBB\xBF";

/// A line of a book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Counted from 1.
    pub number: u64,
    pub text: Vec<u8>,
    /// Whether a newline ended it.
    pub is_complete: bool,
}

/// What lines came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A line that is not an event.
    Row(Row),
    /// Lines that hold events in another shape, each event as a line of its own; lines of brackets alone hold none.
    Values { first: u64, lines: u64, events: Vec<Vec<u8>> },
}

/// The lines so far that are no events by themselves.
#[derive(Debug, Default)]
pub struct Stream {
    rows: Vec<Row>,
    /// The same, with the newlines.
    text: Vec<u8>,
    /// Where values stand in the text.
    values: Vec<Range<usize>>,
    /// Where the value begins that has not ended yet, and what it is in the middle of.
    start: Option<usize>,
    depth: u32,
    is_string: bool,
    is_escaped: bool,
}

impl Stream {
    /// Whether a value has begun and not ended.
    pub fn is_open(&self) -> bool {
        self.start.is_some()
    }

    /// Takes in the next line, which is not an event by itself.
    pub fn take(&mut self, row: Row) -> Vec<Piece> {
        let from = self.text.len();
        self.text.extend_from_slice(&row.text);
        self.text.push(b'\n');
        self.rows.push(row);
        if !self.scan(from) || self.text.len() > LONGEST && self.is_open() {
            return self.end();
        }
        if self.is_open() { Vec::new() } else { self.close() }
    }

    /// Ends what has begun: a line that is an event follows, or nothing.
    pub fn end(&mut self) -> Vec<Piece> {
        let rows = mem::take(self).rows;
        rows.into_iter().map(Piece::Row).collect()
    }

    /// All values have ended.
    fn close(&mut self) -> Vec<Piece> {
        let events: Vec<Vec<u8>> = self.values.iter().map(|value| on_one_line(&self.text[value.clone()])).collect();
        let are_events = |line: &Vec<u8>| matches!(parse(line), Line::Event(_) | Line::Passed);
        let Some(first) = self.rows.first().filter(|_| events.iter().all(are_events)) else {
            return self.end();
        };
        let piece = Piece::Values { first: first.number, lines: self.rows.len() as u64, events };
        *self = Self::default();
        vec![piece]
    }

    /// Looks for values from a place on; `false` if something else stands between them.
    fn scan(&mut self, from: usize) -> bool {
        let mut at = from;
        while let Some(byte) = self.text.get(at).copied() {
            if self.start.is_some() {
                self.inside(at, byte);
            } else if byte == b'{' {
                (self.start, self.depth) = (Some(at), 1);
            } else if self.text[at..].starts_with(MARK) {
                at += MARK.len() - 1;
            } else if !(byte.is_ascii_whitespace() || matches!(byte, b',' | b'[' | b']')) {
                return false;
            }
            at += 1;
        }
        true
    }

    fn inside(&mut self, at: usize, byte: u8) {
        match byte {
            _ if self.is_escaped => self.is_escaped = false,
            b'\\' if self.is_string => self.is_escaped = true,
            b'"' => self.is_string = !self.is_string,
            _ if self.is_string => {}
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth -= 1,
            _ => {}
        }
        if self.depth == 0 {
            self.values.extend(self.start.take().map(|start| start..at + 1));
        }
    }
}

/// A value without the white space between its parts; what stands in strings keeps every byte.
fn on_one_line(value: &[u8]) -> Vec<u8> {
    let mut line = Vec::with_capacity(value.len());
    let (mut is_string, mut is_escaped) = (false, false);
    for byte in value {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_string => is_escaped = true,
            b'"' => is_string = !is_string,
            _ => {}
        }
        if is_string || !byte.is_ascii_whitespace() {
            line.push(*byte);
        }
    }
    line
}

/// Hands over the lines of a book as they are to be: events in another shape each on a line of its own, all other
/// lines as they stand, blank ones left out.
#[derive(Debug, Default)]
pub struct Straightener {
    stream: Stream,
}

impl Straightener {
    /// Takes in the next line.
    pub fn take(&mut self, line: &[u8], put: &mut impl FnMut(&[u8])) {
        let parsed = parse(line);
        if matches!(parsed, Line::Bad(_)) || is_blank(line) && self.stream.is_open() {
            let row = Row { number: 0, text: line.to_vec(), is_complete: true };
            put_all(self.stream.take(row), put);
        } else {
            put_all(self.stream.end(), put);
            put(line);
        }
    }

    /// Hands over what is left.
    pub fn finish(mut self, put: &mut impl FnMut(&[u8])) {
        put_all(self.stream.end(), put);
    }
}

fn put_all(pieces: Vec<Piece>, put: &mut impl FnMut(&[u8])) {
    for piece in pieces {
        match piece {
            Piece::Row(row) => put(&row.text),
            Piece::Values { events, .. } => events.iter().for_each(|event| put(event)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str =
        r#"{"id":"a","day":"2026-11-20","event":"done","category":"tone","note":"two  spaces, \"[{\" and \\"}"#;
    const B: &str = r#"{"id":"b","day":"2026-11-21","event":"sung","of":[{"x":1},2]}"#;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let (mut straightener, mut lines) = (Straightener::default(), Vec::new());
        let mut put = |line: &[u8]| lines.push(String::from_utf8(line.to_vec()).unwrap());
        for line in text.split('\n') {
            straightener.take(line.as_bytes(), &mut put);
        }
        straightener.finish(&mut put);
        lines.retain(|line| !line.is_empty());
        assert_eq!(lines, expected, "{text}");
    }

    fn spread(event: &str) -> String {
        let value: serde_json::Value = serde_json::from_str(event).unwrap();
        serde_json::to_string_pretty(&value).unwrap()
    }

    #[test]
    fn events_in_another_shape_are_read_as_values() {
        // serde_json sorts the fields of a value, so the events are compared as it would write them.
        let again =
            |event: &str| serde_json::to_string(&serde_json::from_str::<serde_json::Value>(event).unwrap()).unwrap();
        let (sorted_a, sorted_b) = (again(A), again(B));
        check(&format!("{}\n{}\n", spread(A), spread(B)), &[&sorted_a, &sorted_b]);
        check(&spread(A).replace('\n', "\n\n"), &[&sorted_a]);
        check(&format!("[\n  {A},\n  {B},\n]"), &[A, B]);
        // The last of a list is a line by itself.
        check(&format!("[\n{A},\n{B}\n]"), &[A, B]);
        check(&format!("[{A},{B}]"), &[A, B]);
        check(&format!("{A}{B}\n{A}"), &[A, B, A]);
        check(&format!("{A}\n\u{FEFF}{B}\u{FEFF}{A}"), &[A, B, A]);
        check(&spread(&format!("[{A},{B}]")), &[&sorted_a, &sorted_b]);
    }

    #[test]
    fn what_is_no_event_stays_as_it_stands() {
        check(&format!("{A}\nrubbish\n{B}"), &[A, "rubbish", B]);
        // One that was not written to its end, and one that follows it.
        check(&format!("{{\"id\":\"t\n{A}"), &["{\"id\":\"t", A]);
        check(&format!("{{\n{A}\n"), &["{", A]);
        check(&format!("{A}{{\"id\":\"t\"}}"), &[&format!("{A}{{\"id\":\"t\"}}")]);
        check(&format!("{A} and {B}"), &[&format!("{A} and {B}")]);
        check("{\n\"x\": 1\n}", &["{", "\"x\": 1", "}"]);
        check("[1, 2]", &["[1, 2]"]);
        check("}]", &["}]"]);
    }
}

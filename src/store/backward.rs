//! The backward reader: reads a book from its end, as far back as is needed.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use crate::calendar::Day;
use crate::journal::{self, BadLines, Bounds, Line, Lines, earliest_writing};

/// After how many bytes in a row of lines that are too old reading stops.
pub const BLOCK: usize = 64 * 1024;
/// How many bytes are read at a time from the end.
const PIECE: usize = 16 * 1024;

/// What was read of a book.
#[derive(Debug, Default)]
pub struct Recent {
    /// In the order of the file.
    pub lines: Lines,
    /// Complete lines that are not events.
    pub bad: BadLines,
    /// Whether the book was read to its beginning and has no event of an earlier day than asked for.
    pub is_whole: bool,
}

/// Reads the events of the days from `from` on, those that were written recently whatever their day, and those that
/// take back others.
///
/// Each event of a day was written on that day or later. So reading stops after [`BLOCK`] bytes in a row of events that
/// were written before; a line that is not an event, or does not say when it was written, is not counted.
pub fn read_events(file: &mut (impl Read + Seek), length: u64, from: Day) -> io::Result<Recent> {
    let mut recent = Recent::default();
    let earliest = earliest_writing(from);
    let (mut too_old, mut has_earlier) = (0, false);
    let bounds = Bounds::new(earliest, from);
    let begun = lines_back(file, length, |line, offset, is_complete| {
        if bounds.exclude(line) {
            (too_old, has_earlier) = (too_old + line.len() + 1, true);
            return too_old < BLOCK;
        }
        match journal::parse(line) {
            Line::Event(event) => {
                let written = event.at.map(|at| at.date_naive());
                match written {
                    Some(written) if written >= earliest => too_old = 0,
                    Some(_) => too_old += line.len() + 1,
                    None => {}
                }
                has_earlier |= event.day < from;
                let is_late = written.is_some_and(|written| written >= earliest);
                if event.day >= from || is_late || event.settles_another() {
                    recent.lines.push(event, journal::bare(line));
                }
            }
            Line::Passed => {}
            // An unfinished last line: another process may be writing it.
            Line::Bad(_) if !is_complete => {}
            // By its offset for now; `number_lines` turns that into a line number.
            Line::Bad(reason) => recent.bad.push_before(offset, reason),
        }
        too_old < BLOCK
    })?;
    recent.lines.reverse();
    recent.is_whole = begun && !has_earlier;
    number_lines(file, length, &mut recent.bad.first)?;
    Ok(recent)
}

/// Passes lines to `more`, from the last to the first, each with its offset and whether a newline ended it, as long as
/// `more` returns true. Returns whether the beginning was reached.
fn lines_back(
    file: &mut (impl Read + Seek),
    length: u64,
    mut more: impl FnMut(&[u8], u64, bool) -> bool,
) -> io::Result<bool> {
    let mut position = length;
    let mut piece = vec![0; PIECE];
    // The ends of a line whose beginning was not read yet, the last one first.
    let mut ends: Vec<Vec<u8>> = Vec::new();
    let mut is_complete = false;
    while position > 0 {
        let mut end = usize::try_from(position).unwrap_or(PIECE).min(PIECE);
        position -= end as u64;
        file.seek(SeekFrom::Start(position))?;
        file.read_exact(&mut piece[..end])?;
        while let Some(newline) = memchr::memrchr(b'\n', &piece[..end]) {
            let line = &piece[newline + 1..end];
            let line = if ends.is_empty() { line } else { &joined(line, &ends) };
            if !more(line, position + newline as u64 + 1, is_complete) {
                return Ok(false);
            }
            ends.clear();
            (is_complete, end) = (true, newline);
        }
        ends.push(piece[..end].to_vec());
    }
    more(&joined(&[], &ends), 0, is_complete);
    Ok(true)
}

/// A line from its beginning and its ends, the last end first.
fn joined(beginning: &[u8], ends: &[Vec<u8>]) -> Vec<u8> {
    let mut line = beginning.to_vec();
    ends.iter().rev().for_each(|end| line.extend_from_slice(end));
    line
}

/// Turns offsets, in order, into line numbers.
fn number_lines(file: &mut (impl Read + Seek), length: u64, places: &mut [(u64, String)]) -> io::Result<()> {
    let Some(last) = places.last().map(|(offset, _)| *offset) else {
        return Ok(());
    };
    file.seek(SeekFrom::Start(0))?;
    let mut reader = BufReader::with_capacity(BLOCK, file.take(last.min(length)));
    let (mut position, mut line) = (0, 1);
    for (place, _) in places {
        while position < *place {
            let buffer = reader.fill_buf()?;
            let wanted = usize::try_from(*place - position).unwrap_or(usize::MAX).min(buffer.len());
            if wanted == 0 {
                break;
            }
            line += buffer[..wanted].iter().filter(|byte| **byte == b'\n').count() as u64;
            position += wanted as u64;
            reader.consume(wanted);
        }
        *place = line;
    }
    Ok(())
}

//! The backward reader: from a book's end, as far back as is needed.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use super::Events;
use crate::calendar::Day;
use crate::journal::{self, BadLines, Line};

/// How much is read at a time from the end, and how much on end may be of no need before reading stops.
pub const BLOCK: usize = 64 * 1024;

pub fn read_events(file: &mut (impl Read + Seek), length: u64, from: Option<Day>) -> io::Result<Events> {
    let mut events = Vec::new();
    // By the place where each begins, at first.
    let mut bad = BadLines::default();
    let mut unneeded = 0;
    let mut passed_over = false;
    let begun = lines_back(file, length, |line, offset, complete| {
        let earlier = |day: Day| from.is_some_and(|from| day < from);
        if journal::peek_day(line).is_some_and(earlier) && journal::peek_known(line) {
            (unneeded, passed_over) = (unneeded + line.len() + 1, true);
            return unneeded < BLOCK;
        }
        match journal::parse(line) {
            Line::Event(event) if earlier(event.day) => {
                (unneeded, passed_over) = (unneeded + line.len() + 1, true);
            }
            Line::Event(event) => {
                unneeded = 0;
                // Of two lines with one id their bare bytes decide.
                events.push((event, journal::bare(line).to_vec()));
            }
            Line::Passed => {}
            // An unfinished last line: someone may be writing.
            Line::Bad(_) if !complete => {}
            Line::Bad(reason) => bad.push_before(offset, reason),
        }
        unneeded < BLOCK
    })?;
    events.reverse();
    number_lines(file, length, &mut bad.first)?;
    Ok(Events { events, bad, whole: begun && !passed_over })
}

/// Hands over lines from the last to the first, each with its offset and whether a newline ended it,
/// as long as `more` asks for more; tells whether the beginning was reached.
fn lines_back(
    file: &mut (impl Read + Seek),
    length: u64,
    mut more: impl FnMut(&[u8], u64, bool) -> bool,
) -> io::Result<bool> {
    let mut position = length;
    // The pieces of a line that goes on to the right, its end first.
    let mut pieces: Vec<Vec<u8>> = Vec::new();
    let mut complete = false;
    let mut line = Vec::new();
    while position > 0 {
        let size = position.min(BLOCK as u64);
        position -= size;
        // A block's size at most.
        let mut block = vec![0; usize::try_from(size).unwrap_or(BLOCK)];
        file.seek(SeekFrom::Start(position))?;
        file.read_exact(&mut block)?;
        let mut end = block.len();
        while let Some(newline) = memchr::memrchr(b'\n', &block[..end]) {
            line.clear();
            line.extend_from_slice(&block[newline + 1..end]);
            pieces.iter().rev().for_each(|piece| line.extend_from_slice(piece));
            pieces.clear();
            if !more(&line, position + newline as u64 + 1, complete) {
                return Ok(false);
            }
            (complete, end) = (true, newline);
        }
        block.truncate(end);
        pieces.push(block);
    }
    line.clear();
    pieces.iter().rev().for_each(|piece| line.extend_from_slice(piece));
    more(&line, 0, complete);
    Ok(true)
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

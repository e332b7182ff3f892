//! Single lines of a book exchanged for others, the rest as it stands.

use std::collections::HashMap;

use super::replace::WriteError;
use super::{Book, Lock, Pages};
use crate::error::Error;

impl Lock<'_> {
    /// Exchanges the lines that begin at these places; nothing is written where there are none.
    pub fn exchange(&self, book: Book, lines: &HashMap<u64, Vec<u8>>) -> Result<(), Error> {
        let Some(pages) = Pages::open(&self.store().path(book))?.filter(|_| !lines.is_empty()) else {
            return Ok(());
        };
        self.replace(book, |file| {
            let mut written = Ok(());
            pages.each(|line, place, _| {
                if written.is_ok() {
                    let line = lines.get(&place).map_or(line, Vec::as_slice);
                    written = file.write_all(line).and_then(|()| file.write_all(b"\n"));
                }
            })?;
            Ok::<(), WriteError>(written?)
        })
    }
}

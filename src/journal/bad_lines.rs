//! Lines that are not events: how many, and the first of them.

/// The lines of a file that are not events. However many there are, only the first few are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BadLines {
    /// By line number, counted from 1, each with what is wrong with it.
    pub first: Vec<(u64, String)>,
    /// How many there are, whether kept or not.
    pub count: u64,
}

impl BadLines {
    /// How many are kept.
    pub const KEPT: usize = 3;

    /// Takes in a line that comes after those so far.
    pub fn push(&mut self, line: u64, reason: String) {
        self.count += 1;
        if self.first.len() < Self::KEPT {
            self.first.push((line, reason));
        }
    }

    /// Takes in a line that comes before those so far.
    pub fn push_before(&mut self, line: u64, reason: String) {
        self.count += 1;
        self.first.insert(0, (line, reason));
        self.first.truncate(Self::KEPT);
    }

    /// Takes in those of the next part of a file of which `lines` lines were read so far.
    pub fn extend(&mut self, part: Self, lines: u64) {
        self.count += part.count;
        self.first.extend(part.first.into_iter().map(|(line, reason)| (lines + line, reason)));
        self.first.truncate(Self::KEPT);
    }
}

//! Lists that are longer than the window go through the user's pager.

use std::mem;

use crate::error::Error;
use crate::system::Pager;

/// How lists are shown that are longer than the window.
pub struct Paging {
    /// How many lines the window has; `None` if nothing is to be paged.
    pub height: Option<usize>,
    /// The pager that `PAGER` names.
    pub named: Option<String>,
    /// Whether the user has set `LESS`.
    pub has_less: bool,
    /// Whether colours are shown.
    pub has_colors: bool,
}

/// A list while it is printed.
pub enum List {
    /// It may still fit into the window: its text so far, and how many lines that is.
    Kept(String, usize),
    /// It is longer, and goes through a pager.
    Paged(Pager),
    /// It is longer, and there is no pager.
    Printed,
}

impl List {
    pub fn new() -> Self {
        Self::Kept(String::new(), 0)
    }

    /// Adds text; returns what is to be printed at once.
    pub fn add(&mut self, text: &str, paging: &Paging) -> Result<Option<String>, Error> {
        let text = if paging.has_colors { text.to_owned() } else { anstream::adapter::strip_str(text).to_string() };
        match self {
            Self::Printed => Ok(Some(text)),
            Self::Paged(pager) => pager.write(&text).map(|()| None).map_err(|error| Error::output(&error)),
            Self::Kept(kept, lines) => {
                *kept += &text;
                *lines += text.matches('\n').count();
                // The shell's prompt takes one line, so a list as long as the window is too long.
                if paging.height.is_none_or(|height| *lines < height) {
                    return Ok(None);
                }
                let kept = mem::take(kept);
                match Pager::start(paging.named.as_deref(), paging.has_less) {
                    None => {
                        *self = Self::Printed;
                        Ok(Some(kept))
                    }
                    Some(mut pager) => {
                        let written = pager.write(&kept);
                        *self = Self::Paged(pager);
                        written.map(|()| None).map_err(|error| Error::output(&error))
                    }
                }
            }
        }
    }

    /// Ends the list, and waits until the pager is closed; returns what is still to be printed.
    pub fn finish(self) -> Option<String> {
        match self {
            Self::Kept(kept, _) => Some(kept),
            Self::Paged(pager) => {
                pager.wait();
                None
            }
            Self::Printed => None,
        }
    }
}

//! What went wrong, what would help, and the exit code.

use std::fmt;
use std::io;

/// Why a command ended early.
#[derive(Debug)]
pub enum Error {
    /// It failed: exit code 1.
    Failed(Message),
    /// It was asked for in a way that makes no sense: exit code 2.
    Usage(Message),
    /// What was asked for was written, but the system could not confirm that it is on disk: exit code 1.
    Unconfirmed(Message),
    /// A file lies where nothing is, as when its disk is missing: exit code 1.
    Missing(Message),
    /// Nobody is there yet, so that it is worth another try later: exit code 75, which schedulers know from mail.
    Later(Message),
    /// Whoever read the output has gone, as `head` does. Nothing is wrong: exit code 0.
    ClosedPipe,
}

/// The words of an error.
#[derive(Debug)]
pub struct Message {
    /// What failed, without a full stop.
    pub text: String,
    /// The command or the step that would help.
    pub hint: Option<String>,
}

impl Error {
    /// An error with exit code 1, without a hint.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::Failed(Message { text: message.into(), hint: None })
    }

    /// An error with exit code 2, without a hint.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::Usage(Message { text: message.into(), hint: None })
    }

    /// An error with exit code 75, without a hint.
    pub fn later(message: impl Into<String>) -> Self {
        Self::Later(Message { text: message.into(), hint: None })
    }

    /// The same error with this hint, in place of any it had.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        if let Some(message) = self.words() {
            message.hint = Some(hint.into());
        }
        self
    }

    /// The same error, with a hint where it has none.
    pub fn or_hint(mut self, hint: impl Into<String>) -> Self {
        if let Some(message) = self.words() {
            message.hint.get_or_insert_with(|| hint.into());
        }
        self
    }

    /// The same error, with one more hint.
    pub fn more_hint(mut self, more: impl fmt::Display) -> Self {
        if let Some(message) = self.words() {
            message.hint = Some(message.hint.take().map_or_else(|| more.to_string(), |hint| format!("{hint}; {more}")));
        }
        self
    }

    /// The same error, with what could not be done because of it in front.
    pub fn context(mut self, what: impl fmt::Display) -> Self {
        if let Self::Failed(message) | Self::Usage(message) | Self::Missing(message) = &mut self {
            message.text = format!("{what}: {}", message.text);
        }
        self
    }

    /// What failed, without the hint; empty for a closed pipe.
    pub fn message(&self) -> &str {
        match self {
            Self::Failed(message)
            | Self::Usage(message)
            | Self::Unconfirmed(message)
            | Self::Missing(message)
            | Self::Later(message) => &message.text,
            Self::ClosedPipe => "",
        }
    }

    fn words(&mut self) -> Option<&mut Message> {
        match self {
            Self::Failed(message)
            | Self::Usage(message)
            | Self::Unconfirmed(message)
            | Self::Missing(message)
            | Self::Later(message) => Some(message),
            Self::ClosedPipe => None,
        }
    }

    /// The error of a write to standard output.
    pub fn output(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::ClosedPipe
        } else {
            Self::failed(format!("can't write to standard output: {}", reason(error)))
        }
    }

    /// The exit code of the process.
    pub fn code(&self) -> u8 {
        match self {
            Self::Failed(_) | Self::Unconfirmed(_) | Self::Missing(_) => 1,
            Self::Usage(_) => 2,
            Self::Later(_) => 75,
            Self::ClosedPipe => 0,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Failed(message)
        | Self::Usage(message)
        | Self::Unconfirmed(message)
        | Self::Missing(message)
        | Self::Later(message)) = self
        else {
            return Ok(());
        };
        write!(f, "error: {}", message.text)?;
        message.hint.as_ref().map_or(Ok(()), |hint| write!(f, "\n\nhint: {hint}"))
    }
}

/// The system's words for an error, without its number: "No space left on device".
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let mut parts = text.split(" (os error ");
    let first = parts.next().unwrap_or_default().to_owned();
    // Each further part begins with the number.
    parts.fold(first, |reason, part| reason + part.split_once(')').map_or("", |(_, rest)| rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_has_no_number_in_it() {
        let full = || io::Error::from_raw_os_error(28);
        let words = full().to_string().replace(" (os error 28)", "");
        assert_eq!(reason(&full()), words);
        assert_eq!(
            reason(&io::Error::other(format!("{}; and {}: more", full(), full()))),
            format!("{words}; and {words}: more")
        );
        assert_eq!(reason(&io::Error::other("too many links (forty)")), "too many links (forty)");
    }

    #[test]
    fn an_error_says_what_failed_and_what_would_help() {
        #[track_caller]
        fn check(error: &Error, code: u8, words: &str) {
            assert_eq!((error.code(), error.to_string().as_str()), (code, words));
        }
        check(&Error::failed("no such day"), 1, "error: no such day");
        check(&Error::usage("no").hint("try `nudge week`"), 2, "error: no\n\nhint: try `nudge week`");
        check(&Error::failed("no").or_hint("a").or_hint("b"), 1, "error: no\n\nhint: a");
        check(&Error::failed("full").context("not logged"), 1, "error: not logged: full");
        check(&Error::output(&io::ErrorKind::BrokenPipe.into()), 0, "");
        let full = io::Error::from_raw_os_error(28);
        check(&Error::output(&full), 1, "error: can't write to standard output: No space left on device");
    }
}

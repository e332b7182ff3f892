//! What is said once, on the first run of all: where the files are, and the line for the shell.

use super::page::{MARGIN, Page};
use super::theme::{ACCENT, Theme};
use crate::safe_text::clean;

/// For each shell its start-up file, and the line that makes it greet and complete.
const SHELLS: [(&str, &str, &str); 3] = [
    ("bash", "~/.bashrc", "command -v nudge >/dev/null && eval \"$(nudge init bash)\""),
    ("zsh", "~/.zshrc", "command -v nudge >/dev/null && eval \"$(nudge init zsh)\""),
    ("fish", "~/.config/fish/config.fish", "command -q nudge; and nudge init fish | source"),
];

/// Where the journal and the settings lie, and what the user's shell, if it is known, can be given.
pub fn words(data: &str, config: &str, shell: Option<&str>, theme: Theme) -> String {
    let mut page = Page::new(theme);
    let (data, config) = (clean(data), clean(config));
    page.blank().dim(&if data == config {
        format!("Everything stays on this machine, in `{data}`.")
    } else {
        format!("Everything stays on this machine: your journal in `{data}`, your settings in `{config}`.")
    });
    match SHELLS.iter().find(|(name, ..)| shell == Some(name)) {
        // The line is to be pasted, so it is never broken.
        Some((_, file, line)) => {
            page.dim(&format!("For a daily greeting and Tab completion, add this to `{file}`:"));
            page.line(MARGIN, ACCENT, line)
        }
        None => page.dim("For a daily greeting and Tab completion: `nudge help init` has the line for your shell."),
    };
    page.finish()
}

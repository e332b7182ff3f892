//! The daily reminder.

use clap::Args;

/// Get a reminder once a day, as a notification
///
/// At the hour that you name, your system's own scheduler (a systemd timer, cron or launchd) calls `nudge remind --now`,
/// which shows today's prompt as a notification. Nothing of nudge runs in between. It comes once a day at most, and not
/// if the day's gesture is done or you rest; a machine that was off or asleep at the hour catches up. Nobody is named in
/// it, since others may look on.
///
/// Without an option it says whether a reminder is set up, and when it last came.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag that a person types")]
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  nudge remind --at 09:00      every day; another hour changes it
  nudge remind --print         what that would set up
  nudge remind                 what is set up, and when it last came
  nudge remind --off           no more reminders")]
pub struct Remind {
    /// Remind every day at this hour
    #[arg(long, value_name = "HH:MM")]
    pub at: Option<String>,

    /// Take away all that `--at` set up
    #[arg(long, conflicts_with_all = ["at", "print"])]
    pub off: bool,

    /// Say what is set up, and when it last reminded you
    #[arg(long, conflicts_with_all = ["at", "off", "print"])]
    pub status: bool,

    /// Show what would be set up, and set up nothing
    #[arg(long)]
    pub print: bool,

    /// Show the reminder if it is time; the scheduler calls this
    #[arg(long, conflicts_with_all = ["at", "off", "status", "print"])]
    pub now: bool,
}

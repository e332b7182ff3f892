//! nudge under strace: what it asks of the system, in its order, and what it does when the system refuses.

use std::process::{Command, Output};
use std::sync::LazyLock;

use crate::home::Home;

/// Whether strace is there and may look.
static CAN_TRACE: LazyLock<bool> = LazyLock::new(|| {
    let tried = Command::new("strace").args(["-o", "/dev/null", "true"]).output();
    let can = tried.is_ok_and(|tried| tried.status.success());
    if !can {
        eprintln!("strace is not here, or may not look: what the system is asked for is not tried");
    }
    can
});

/// Runs nudge under strace; `None` where that can't be.
pub fn strace(home: &Home, options: &[&str], args: &[&str]) -> Option<Output> {
    strace_in(home, options, args, &[])
}

/// The same with more of an environment.
pub fn strace_in(home: &Home, options: &[&str], args: &[&str], environment: &[(&str, &str)]) -> Option<Output> {
    if !*CAN_TRACE {
        return None;
    }
    let mut own = home.command(args);
    own.envs(environment.iter().copied());
    let mut strace = Command::new("strace");
    strace.arg("-f").args(options).arg(own.get_program()).args(args).env_clear();
    strace.envs(own.get_envs().filter_map(|(name, value)| Some((name, value?))));
    Some(strace.output().unwrap())
}

//! A desktop for a test: a bus of its own, and somebody on it who takes notifications.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

/// The one Python that has Debian's packages.
const PYTHON: &str = "/usr/bin/python3";

/// Whether there can be such a desktop here.
static CAN_BE: LazyLock<bool> = LazyLock::new(|| {
    let works = |program: &str, arguments: &[&str]| {
        let run = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
        run.is_ok_and(|status| status.success())
    };
    let can = works("dbus-daemon", &["--version"])
        && works("notify-send", &["--version"])
        && works("gdbus", &["help"])
        && works(PYTHON, &["-c", "import dbus, gi"]);
    if !can {
        eprintln!(
            "dbus-daemon, notify-send, gdbus or Python's dbus and gi are not here (packages dbus, libnotify-bin, \
             libglib2.0-bin, python3-dbus, python3-gi): no notification is tried"
        );
    }
    can
});

/// A bus that starts nobody by itself, as those of installed desktops would be.
const BUS: &str = r#"<busconfig><type>session</type><listen>unix:path=PATH</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>"#;

pub struct Desktop {
    folder: TempDir,
    bus: Child,
    server: Option<Child>,
}

impl Desktop {
    /// One on which nobody takes notifications; `None` where there can't be one.
    pub fn deserted() -> Option<Self> {
        if !*CAN_BE {
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("bus.conf");
        fs::write(&config, BUS.replace("PATH", folder.path().join("bus").to_str().unwrap())).unwrap();
        let mut bus = Command::new("dbus-daemon");
        bus.arg("--nofork").arg("--nopidfile").arg(format!("--config-file={}", config.display()));
        let bus = bus.stdin(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let desktop = Self { folder, bus, server: None };
        wait_until(|| desktop.folder().join("bus").exists());
        Some(desktop)
    }

    /// One on which somebody takes notifications who can do this: `body` or `body,body-markup`.
    pub fn new(capabilities: &str) -> Option<Self> {
        let mut desktop = Self::deserted()?;
        desktop.somebody_comes(capabilities);
        Some(desktop)
    }

    pub fn somebody_comes(&mut self, capabilities: &str) {
        let shown = self.folder().join("shown");
        let mut server = Command::new(PYTHON);
        server.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/notifications.py")).arg(capabilities);
        server.env("DBUS_SESSION_BUS_ADDRESS", self.address()).stdin(Stdio::null());
        self.server = Some(server.stdout(File::create(&shown).unwrap()).spawn().unwrap());
        wait_until(|| fs::read_to_string(&shown).unwrap().contains("ready"));
    }

    /// The folder in which the bus is, as `XDG_RUNTIME_DIR` has it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn address(&self) -> String {
        format!("unix:path={}", self.folder().join("bus").display())
    }

    /// What was shown so far.
    pub fn shown(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.folder().join("shown")).unwrap_or_default();
        text.lines().filter(|line| *line != "ready").map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// A folder in which there are these programs alone.
    pub fn only(&self, programs: &[&str]) -> PathBuf {
        let folder = self.folder().join("bin");
        fs::create_dir(&folder).unwrap();
        for program in programs {
            let which = Command::new("sh").args(["-c", &format!("command -v {program}")]).output().unwrap();
            let real = String::from_utf8(which.stdout).unwrap();
            std::os::unix::fs::symlink(real.trim(), folder.join(program)).unwrap();
        }
        folder
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        for child in self.server.iter_mut().chain([&mut self.bus]) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Waits until something is so that another process brings about.
#[track_caller]
fn wait_until(is_so: impl Fn() -> bool) {
    for _ in 0..1000 {
        if is_so() {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("nothing came of it in ten seconds");
}

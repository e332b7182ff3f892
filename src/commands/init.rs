//! `nudge init` and `nudge completions`: the text by which a shell completes and greets.
//!
//! It is the same every day, so that it can be kept in a file, and ASCII, so that any shell can decode it.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

use crate::cli::{Completions as CompletionsArgs, Init as InitArgs, Shell};
use crate::environment;
use crate::error::Error;

/// The scripts of a shell. They call nudge by its name; [`Scripts::call`] is how that looks in them.
struct Scripts {
    call: &'static str,
    complete: &'static str,
    /// What only a start-up file needs, after `complete`.
    register: &'static str,
    greet: &'static str,
}

impl Scripts {
    fn of(shell: Shell) -> Self {
        let (call, complete, greet) = match shell {
            Shell::Bash => {
                ("command nudge", include_str!("../../shell/complete.bash"), include_str!("../../shell/greet.bash"))
            }
            Shell::Zsh => {
                ("command nudge", include_str!("../../shell/complete.zsh"), include_str!("../../shell/greet.zsh"))
            }
            Shell::Fish => {
                ("command nudge", include_str!("../../shell/complete.fish"), include_str!("../../shell/greet.fish"))
            }
            Shell::Nushell => ("^nudge", include_str!("../../shell/complete.nu"), include_str!("../../shell/greet.nu")),
            Shell::Elvish => {
                ("e:nudge", include_str!("../../shell/complete.elv"), include_str!("../../shell/greet.elv"))
            }
        };
        let register = if shell == Shell::Zsh { include_str!("../../shell/register.zsh") } else { "" };
        Self { call, complete, register, greet }
    }
}

/// `nudge init`. Called by a path, it prints that path, since the name alone may lead elsewhere or nowhere.
pub fn run(args: InitArgs, out: &mut dyn Write) -> Result<(), Error> {
    let Scripts { call, complete, register, greet } = Scripts::of(args.shell);
    let (what, greet) = if args.no_greeting { ("", "") } else { (", and today's prompt once a day", greet) };
    let text = format!("# nudge {}: Tab completion{what}.\n{complete}{register}{greet}", env!("CARGO_PKG_VERSION"));
    let text = match environment::called_by_path()? {
        None => text,
        Some(path) => text.replace(call, &call_by_path(args.shell, &path)?),
    };
    print(out, &text)
}

/// `nudge completions`.
pub fn completions(args: CompletionsArgs, out: &mut dyn Write) -> Result<(), Error> {
    let complete = Scripts::of(args.shell).complete;
    let text = format!("# nudge {}: Tab completion.\n{complete}", env!("CARGO_PKG_VERSION"));
    match args.shell {
        // compinit takes the function's body from the file, at the first Tab.
        Shell::Zsh => print(out, &format!("#compdef nudge\n{text}_nudge \"$@\"\n")),
        _ => print(out, &text),
    }
}

fn print(out: &mut dyn Write, text: &str) -> Result<(), Error> {
    out.write_all(text.as_bytes()).map_err(|error| Error::output(&error))
}

/// How a shell calls a program by its path, whatever is in that, in printable ASCII.
fn call_by_path(shell: Shell, path: &Path) -> Result<String, Error> {
    let bytes = path.as_os_str().as_encoded_bytes();
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~');
    let mut quoted = String::new();
    match shell {
        Shell::Bash | Shell::Zsh => {
            for byte in bytes {
                match byte {
                    b'\'' | b'\\' => quoted.extend(['\\', char::from(*byte)]),
                    byte if is_plain(byte) => quoted.push(char::from(*byte)),
                    byte => _ = write!(quoted, "\\{byte:03o}"),
                }
            }
            Ok(format!("command $'{quoted}'"))
        }
        Shell::Fish => {
            for byte in bytes {
                match byte {
                    b'\'' | b'\\' => quoted.extend(['\\', char::from(*byte)]),
                    byte if is_plain(byte) => quoted.push(char::from(*byte)),
                    byte => _ = write!(quoted, "'\\X{byte:02x}'"),
                }
            }
            Ok(format!("command '{quoted}'"))
        }
        Shell::Nushell | Shell::Elvish => {
            let text = path.to_str().ok_or_else(|| {
                Error::failed(format!("`{}` is not UTF-8, so this shell can't call it", path.display()))
                    .hint("put the folder of nudge on your path, and call it by its name")
            })?;
            for c in text.chars() {
                match c {
                    '"' | '\\' => quoted.extend(['\\', c]),
                    ' '..='~' => quoted.push(c),
                    c if shell == Shell::Nushell => _ = write!(quoted, "\\u{{{:x}}}", u32::from(c)),
                    c => _ = write!(quoted, "\\U{:08x}", u32::from(c)),
                }
            }
            Ok(if shell == Shell::Elvish { format!("(external \"{quoted}\")") } else { format!("^\"{quoted}\"") })
        }
    }
}

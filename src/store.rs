//! The only disk access: every file is read and written here.
//!
//! Reading never writes and never waits. Writing holds the lock, appends in one write, and either
//! leaves all of it on disk or the file as it was.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::calendar::Day;
use crate::environment::Folders;
use crate::error::{self, Error, Said};
use crate::journal::{self, Event, Line};

/// How much is read at a time from the end, and how much on end may be of no need before reading stops.
pub const BLOCK: usize = 64 * 1024;

/// How long to wait for the lock while nothing is being written.
const PATIENCE: Duration = Duration::from_secs(5);

/// When to say that we are waiting.
const SAY_AFTER: Duration = Duration::from_secs(1);

/// One of the two files of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Book {
    /// What was: offers, swaps, completions.
    Journal,
    /// What is to come: rests.
    Plans,
}

impl Book {
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Journal => "journal.jsonl",
            Self::Plans => "plans.jsonl",
        }
    }
}

/// What was read of a book.
#[derive(Debug, Default)]
pub struct Events {
    /// In the order of the file, each with its line.
    pub events: Vec<(Event, Vec<u8>)>,
    /// Complete lines that are no event, by line number, in the order of the file.
    pub bad: Vec<(u64, String)>,
    /// Whether the whole file was read.
    pub whole: bool,
}

/// The user's files.
pub struct Store {
    folders: Folders,
}

impl Store {
    pub fn new(folders: Folders) -> Self {
        Self { folders }
    }

    pub fn path(&self, book: Book) -> PathBuf {
        self.folders.data.join(book.file_name())
    }

    pub fn config_path(&self) -> PathBuf {
        self.folders.config.join("config.toml")
    }

    pub fn gestures_path(&self) -> PathBuf {
        self.folders.config.join("gestures.toml")
    }

    /// The text of a file that the user writes; `None` where there is none.
    pub fn text(&self, path: &Path) -> Result<Option<String>, Error> {
        let Some((mut file, length)) = open(path)? else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        Read::by_ref(&mut file).take(length).read_to_end(&mut bytes).map_err(|error| cannot("read", path, &error))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let line =
                error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
            Error::failed(format!("`{}` is not UTF-8 in line {line}", path.display()))
                .hint("save the file as UTF-8 text, then try again")
        })?;
        Ok(Some(text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text)))
    }

    /// The events of a book from a day on; all of them where no day is given.
    ///
    /// Read backward, until 64 KiB on end hold events of earlier days only. Lines that are no event
    /// do not count towards these: what another program has spilt there hides nothing.
    pub fn events(&self, book: Book, from: Option<Day>) -> Result<Events, Error> {
        let path = self.path(book);
        let Some((mut file, length)) = open(&path)? else {
            return Ok(Events { whole: true, ..Events::default() });
        };
        read_events(&mut file, length, from).map_err(|error| cannot("read", &path, &error))
    }

    /// The id of the journal's first line that is an event: the seed of the pick.
    pub fn first_id(&self) -> Result<Option<String>, Error> {
        let path = self.path(Book::Journal);
        let Some((file, length)) = open(&path)? else {
            return Ok(None);
        };
        let mut reader = BufReader::new(file.take(length));
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).map_err(|error| cannot("read", &path, &error))? > 0 {
            if let Line::Event(event) = journal::parse(line.strip_suffix(b"\n").unwrap_or(&line)) {
                return Ok(Some(event.id));
            }
            line.clear();
        }
        Ok(None)
    }

    /// Waits for the lock over both books. `waiting` is called once, if it takes longer than a second.
    pub fn lock(&self, waiting: impl FnOnce()) -> Result<Lock<'_>, Error> {
        create_folder(&self.folders.data)?;
        let path = self.folders.data.join("nudge.lock");
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        let file = private(&mut options).open(&path).map_err(|error| cannot("open", &path, &error))?;
        let started = Instant::now();
        let mut patient_since = started;
        let mut grown = self.lengths();
        let mut waiting = Some(waiting);
        let mut pause = Duration::from_millis(1);
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Lock { store: self, _file: file }),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(cannot("lock", &path, &error)),
            }
            if started.elapsed() > SAY_AFTER
                && let Some(say) = waiting.take()
            {
                say();
            }
            let now = self.lengths();
            if now != grown {
                (grown, patient_since) = (now, Instant::now());
            }
            if patient_since.elapsed() > PATIENCE {
                return Err(Error::failed(format!("`{}` is locked by another program", path.display())).hint(
                    "another nudge may be waiting for its editor, or hang: end it and try again; the lock goes with it",
                ));
            }
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(50));
        }
    }

    fn lengths(&self) -> [Option<u64>; 2] {
        [Book::Journal, Book::Plans].map(|book| fs::metadata(self.path(book)).ok().map(|file| file.len()))
    }
}

/// The right to write. It ends when this value is dropped.
pub struct Lock<'s> {
    store: &'s Store,
    _file: File,
}

/// Whether a write must be known to be on disk before it is acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durable {
    Yes,
    No,
}

impl Lock<'_> {
    /// Appends events to a book in one write.
    pub fn append(&self, book: Book, events: &[Event], durable: Durable) -> Result<(), Error> {
        let path = self.store.path(book);
        let is_new = fs::metadata(&path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
        refuse_odd(&path)?;
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        let mut file = private(&mut options).open(&path).map_err(|error| cannot("open", &path, &error))?;
        if is_new {
            make_private(&file).map_err(|error| cannot("make private", &path, &error))?;
        }
        let length = append(&mut file, events).map_err(|error| cannot("write", &path, &error))?;
        if durable == Durable::Yes {
            let synced = file.sync_data().and_then(|()| if is_new { sync_folder(&path) } else { Ok(()) });
            synced.map_err(|error| {
                let path = path.display();
                let message = format!("written, but not confirmed on disk: `{path}`: {}", error::reason(&error));
                Error::Unconfirmed(Said { message, hint: None })
                    .hint(format!("look at the disk, then at the end of `{path}` (from byte {length} on)"))
            })?;
        }
        Ok(())
    }
}

/// Writes lines at the end, after the newline that an unfinished last line lacks; tells where.
/// A write that fails half-way is cut back.
fn append(file: &mut File, events: &[Event]) -> io::Result<u64> {
    let length = file.seek(SeekFrom::End(0))?;
    let mut text = Vec::new();
    if length > 0 {
        let mut last = [0];
        file.seek(SeekFrom::Start(length - 1))?;
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            text.push(b'\n');
        }
    }
    for event in events {
        text.extend_from_slice(journal::to_line(event).as_bytes());
        text.push(b'\n');
    }
    match file.write_all(&text) {
        Ok(()) => Ok(length),
        Err(error) => match file.set_len(length) {
            Ok(()) => Err(error),
            // A device has no length to cut back to, and nothing was kept by it.
            Err(_) if !file.metadata().is_ok_and(|file| file.is_file()) => Err(error),
            Err(second) => Err(io::Error::other(format!("{error}; and a part of it stays behind: {second}"))),
        },
    }
}

/// Opens a file for reading, with the length it has now; `None` where there is none.
fn open(path: &Path) -> Result<Option<(File, u64)>, Error> {
    refuse_odd(path)?;
    let file = match OpenOptions::new().read(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(cannot("open", path, &error)),
    };
    let length = file.metadata().map_err(|error| cannot("read", path, &error))?.len();
    Ok(Some((file, length)))
}

/// Refuses what is no file before opening it: a FIFO would wait for ever.
fn refuse_odd(path: &Path) -> Result<(), Error> {
    let Ok(metadata) = fs::metadata(path) else {
        return Ok(());
    };
    let kind = metadata.file_type();
    let odd = if kind.is_dir() { Some("a folder") } else { odd_on_unix(kind) };
    match odd {
        None => Ok(()),
        Some(odd) => Err(Error::failed(format!("`{}` is {odd}, expected a file", path.display()))
            .hint("move it out of the way, then try again")),
    }
}

#[cfg(unix)]
fn odd_on_unix(kind: fs::FileType) -> Option<&'static str> {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        Some("a FIFO")
    } else if kind.is_socket() {
        Some("a socket")
    } else {
        None
    }
}

#[cfg(not(unix))]
fn odd_on_unix(_: fs::FileType) -> Option<&'static str> {
    None
}

fn cannot(what: &str, path: &Path, error: &io::Error) -> Error {
    let said = Error::failed(format!("can't {what} `{}`: {}", path.display(), error::reason(error)));
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            said.hint("make it yours to read and write, or set `NUDGE_DIR` to a folder that is")
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => said.hint("free some space, then try again"),
        _ => said,
    }
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// Readable and writable by its owner alone, whatever the umask took away.
#[cfg(unix)]
fn make_private(file: &File) -> io::Result<()> {
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    if file.metadata()?.is_file() { file.set_permissions(private) } else { Ok(()) }
}

#[cfg(not(unix))]
fn make_private(_: &File) -> io::Result<()> {
    Ok(())
}

fn create_folder(path: &Path) -> Result<(), Error> {
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| cannot("create", path, &error))
}

/// Puts a new file's name on disk. Systems that can't open a folder do so by themselves.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path.canonicalize()?.parent() {
        Some(folder) if cfg!(unix) => OpenOptions::new().read(true).open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

fn read_events(file: &mut (impl Read + Seek), length: u64, from: Option<Day>) -> io::Result<Events> {
    let mut events = Vec::new();
    let mut bad: Vec<(u64, String)> = Vec::new();
    let mut unneeded = 0;
    let whole = lines_back(file, length, |line, offset, complete| {
        let earlier = |day: Day| from.is_some_and(|from| day < from);
        if journal::peek_day(line).is_some_and(earlier) {
            unneeded += line.len() + 1;
            return unneeded < BLOCK;
        }
        match journal::parse(line) {
            Line::Event(event) if earlier(event.day) => unneeded += line.len() + 1,
            Line::Event(event) => {
                unneeded = 0;
                events.push((event, line.to_vec()));
            }
            Line::Passed => {}
            // An unfinished last line: someone may be writing.
            Line::Bad(_) if !complete => {}
            Line::Bad(reason) => bad.push((offset, reason)),
        }
        unneeded < BLOCK
    })?;
    events.reverse();
    bad.reverse();
    number_lines(file, length, &mut bad)?;
    Ok(Events { events, bad, whole })
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
        while let Some(newline) = block[..end].iter().rposition(|byte| *byte == b'\n') {
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

#[cfg(test)]
mod tests;

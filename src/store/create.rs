//! New files and folders: private from the start, their owner's, and on disk by name before anything relies on them.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

use super::permissions::{give_to_owner_of, is_private, make_private, open_without_links, private};
use super::{Store, cannot, leads_somewhere};
use crate::error::{self, Error};

impl Store {
    /// Makes a folder and those above it that are not there, each on disk by name. Fails, with nothing of it left,
    /// where the system would not say so.
    pub(super) fn create_folder(&self, path: &Path) -> Result<(), Error> {
        if path.is_dir() {
            return Ok(());
        }
        leads_somewhere(path)?;
        if let Some(above) = path.parent().filter(|above| !above.as_os_str().is_empty()) {
            self.create_folder(above)?;
        }
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        match builder.create(path) {
            Ok(()) => {}
            // Another call was faster, and sees to the rest.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => return Ok(()),
            Err(error) => return Err(cannot("create", path, &error)),
        }
        let made_private = if is_private(path) { Ok(()) } else { make_private_folder(path) };
        self.note_refusal(path, made_private);
        if let Some(above) = path.parent() {
            give_to_owner_of(path, above);
        }
        sync_folder(path).map_err(|error| {
            let _ = fs::remove_dir(path);
            cannot("create", path, &error)
        })
    }

    /// Opens a file to append to, and makes it where there is none; says whether it is new. No link is followed to
    /// what is not there.
    pub(super) fn open_or_create(&self, path: &Path) -> io::Result<(File, bool)> {
        let mut options = OpenOptions::new();
        options.read(true).append(true);
        let mut tries = 0;
        loop {
            match options.open(path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                opened => return opened.map(|file| (file, false)),
            }
            tries += 1;
            match private(options.clone().create_new(true)).open(path) {
                Ok(file) => return self.made(path, &file).map(|()| (file, true)),
                // Another call was faster, and a third may remove what it made.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tries < 100 => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Opens a file of our own beside a book, never a link, and makes it where there is none.
    pub(super) fn open_own(&self, path: &Path) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).append(true);
        match open_without_links(&mut options).open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.open_or_create(path).map(|(file, _)| file),
            opened => opened,
        }
    }

    /// Makes a file that is not there yet.
    pub(super) fn create_new(&self, path: &Path) -> io::Result<File> {
        let mut options = OpenOptions::new();
        let file = private(options.read(true).write(true).create_new(true)).open(path)?;
        self.own(path, &file);
        Ok(file)
    }

    /// Leaves a new file to its owner alone.
    fn own(&self, path: &Path, file: &File) {
        // Whatever the umask took away.
        self.note_refusal(path, make_private(file));
        if let Some(folder) = path.parent() {
            give_to_owner_of(path, folder);
        }
    }

    /// Leaves a new file to its owner alone, and puts its name on disk; where that fails the file goes again.
    fn made(&self, path: &Path, file: &File) -> io::Result<()> {
        self.own(path, file);
        sync_folder(path).inspect_err(|_| {
            let _ = fs::remove_file(path);
        })
    }

    /// Some file systems know no modes, and some let nobody change them: that costs a warning, and stops nothing.
    pub(super) fn note_refusal(&self, path: &Path, made_private: io::Result<()>) {
        if let Err(error) = made_private {
            let reason = error::reason(&error);
            let text = format!(
                "`{}` can't be made private ({reason}): whoever may read its folder may read it",
                path.display()
            );
            self.warning.borrow_mut().get_or_insert(text);
        }
    }
}

#[cfg(unix)]
fn make_private_folder(path: &Path) -> io::Result<()> {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o700))
}

#[cfg(not(unix))]
fn make_private_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Puts the name of a file or folder, which is no link, on disk. Systems that can't open a folder do so by themselves, and some file
/// systems have nothing to sync in one.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    let Some(folder) = path.parent().filter(|_| cfg!(unix)) else {
        return Ok(());
    };
    match OpenOptions::new().read(true).open(folder)?.sync_all() {
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        synced => synced,
    }
}

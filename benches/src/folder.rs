//! Where the databases are that are measured, until the end.

use std::path::PathBuf;

use betancourt_benches::Failure;

/// A folder that goes with this value.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// One for what is measured under that name, in this process.
    pub(crate) fn new(name: &str) -> Result<Self, Failure> {
        let folder = format!("betancourt-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        std::fs::create_dir(&folder)?;
        Ok(Self(folder))
    }

    /// The address of a database in it.
    pub(crate) fn database(&self, name: &str) -> String {
        format!("sqlite://{}", self.0.join(name).with_extension("db").display())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0); // what is left there hurts nobody
    }
}

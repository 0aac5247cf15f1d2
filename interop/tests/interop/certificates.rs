//! Certificates of an authority that nobody knows.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::tools;

/// An authority of our own, `authority.pem`, and a certificate and key for `localhost`, `server.pem` and `server.key`, in
/// a folder that goes with the test.
pub(crate) struct Certificates(PathBuf);

impl Certificates {
    /// Makes them. `None`: the suite is skipped, and that has been said.
    pub(crate) fn make() -> Option<Self> {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let program = tools::openssl()?;
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("betancourt-certificates-{}-{number}", std::process::id());
        let made = Self(std::env::temp_dir().join(name));
        fs::create_dir_all(&made.0).unwrap();
        fs::write(made.path("names"), "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n")
            .unwrap();
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout";
        for arguments in [
            format!(
                "req -x509 {key} authority.key -out authority.pem -days 2 -subj /CN=authority"
            ),
            format!("req {key} server.key -out server.csr -subj /CN=localhost"),
            "x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 2 \
             -extfile names -out server.pem"
                .to_owned(),
        ] {
            let mut command = Command::new(program);
            let output = command.args(arguments.split_whitespace()).current_dir(&made.0).output();
            let output = output.unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        Some(made)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Certificates {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

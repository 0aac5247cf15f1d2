//! An nginx of its own, for suites about what stands before an application.

use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::app::free_port;
use crate::tools;

const PATIENCE: Duration = Duration::from_secs(30);
/// Files that Debian's nginx would have where only root may write.
const TEMPORARY: [&str; 5] = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

/// An nginx that runs. It ends with the test.
pub(crate) struct Nginx {
    program: &'static Path,
    folder: PathBuf,
    process: Child,
}

impl Nginx {
    /// Starts it with what stands in its `http` block, at a port of loopback that the server in it listens at.
    pub(crate) fn start(program: &'static Path, port: u16, http: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("betancourt-interop-nginx-{port}"));
        fs::create_dir(&folder).unwrap();
        let temporary = TEMPORARY.map(|of| format!("    {of}_temp_path {of};\n")).concat();
        let settings = format!(
            "daemon off;\nworker_processes 2;\npid nginx.pid;\nerror_log error.log;\nevents {{}}\n\
             http {{\n    access_log off;\n{temporary}{http}\n}}\n"
        );
        fs::write(folder.join("nginx.conf"), settings).unwrap();
        let process = on(program, &folder).spawn().unwrap();
        let mut nginx = Self { program, folder, process };
        nginx.wait_until_it_listens(port);
        nginx
    }

    /// A port for one, and its program. `None`: the suite is skipped, and that has been said.
    pub(crate) fn prepare() -> Option<(&'static Path, u16)> {
        Some((tools::nginx()?, free_port()))
    }

    fn wait_until_it_listens(&mut self, port: u16) {
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let log = || fs::read_to_string(self.folder.join("error.log")).unwrap_or_default();
            assert!(self.process.try_wait().unwrap().is_none(), "it ended at once:\n{}", log());
            assert!(began.elapsed() < PATIENCE, "it does not listen:\n{}", log());
            sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Nginx {
    /// Its workers are processes of their own: whoever is told to stop ends them first.
    fn drop(&mut self) {
        drop(on(self.program, &self.folder).args(["-s", "stop"]).status());
        drop(self.process.wait());
        drop(fs::remove_dir_all(&self.folder));
    }
}

/// nginx in a folder, with the settings there. What it says before it has read them is nobody's business.
fn on(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.arg("-p").arg(folder).args(["-c", "nginx.conf", "-e", "error.log"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

//! A server in a process of its own, so that its time and its memory can be told from those of whoever asks it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use tokio::net::TcpListener;

use crate::Failure;
use crate::processor;

/// A running server. It ends with this value.
#[derive(Debug)]
pub struct Server {
    process: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// Starts this program once more, with `role` as its argument, and waits until it listens.
    ///
    /// # Errors
    /// When it does not start, or ends before it says where it listens.
    pub fn start(role: &str, variables: &[(String, String)]) -> Result<Self, Failure> {
        let mut program = Command::new(std::env::current_exe()?);
        Self::spawn(program.arg(role).envs(variables.iter().cloned()))
    }

    /// Starts any program that says in its first line where it listens.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn spawn(program: &mut Command) -> Result<Self, Failure> {
        let mut process = program.stdout(Stdio::piped()).spawn()?;
        let mut address = String::new();
        let output = process.stdout.take().ok_or("the server says nothing")?;
        BufReader::new(output).read_line(&mut address)?;
        let address = address.trim().parse().map_err(|_| "the server does not start")?;
        Ok(Self { process, address })
    }

    /// The seconds of CPU time that it has taken so far.
    ///
    /// # Errors
    /// As [`processor::seconds`].
    pub fn seconds(&self) -> Result<f64, Failure> {
        processor::seconds(self.process.id())
    }

    /// The seconds of it that threads took whose names begin so.
    ///
    /// # Errors
    /// As [`processor::seconds_of_threads`].
    pub fn seconds_of_threads(&self, named: &str) -> Result<f64, Failure> {
        processor::seconds_of_threads(self.process.id(), named)
    }

    /// The memory that it has now, in MiB.
    ///
    /// # Errors
    /// As [`processor::memory`].
    pub fn memory(&self) -> Result<f64, Failure> {
        processor::memory(self.process.id())
    }

    /// The most memory that it ever had at once, in MiB.
    ///
    /// # Errors
    /// As [`processor::peak_memory`].
    pub fn peak_memory(&self) -> Result<f64, Failure> {
        processor::peak_memory(self.process.id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill(); // it may have ended by itself
        let _ = self.process.wait();
    }
}

/// The other end: listens on a port of loopback and says so in the first line of the output. `0`: any free port.
///
/// # Errors
/// When there is no such port.
pub async fn listen(port: u16) -> Result<TcpListener, Failure> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    announce(listener.local_addr()?)?;
    Ok(listener)
}

/// Says in the first line of the output where a server listens.
///
/// # Errors
/// When nobody hears it.
pub fn announce(address: SocketAddr) -> Result<(), Failure> {
    let mut output = std::io::stdout();
    writeln!(output, "{address}")?;
    Ok(output.flush()?)
}

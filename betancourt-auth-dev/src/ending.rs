//! How a terminal or a supervisor says that it is enough: Ctrl-C, and SIGTERM where there is one.

use std::io;

/// Listens from now on; what it returns is over at the first sign.
///
/// # Errors
///
/// What the operating system says when it lets nobody listen.
#[cfg(unix)]
pub(crate) fn ending() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

/// Listens from now on; what it returns is over at the first sign.
///
/// # Errors
///
/// What the operating system says when it lets nobody listen.
#[cfg(windows)]
pub(crate) fn ending() -> io::Result<impl Future<Output = ()>> {
    let mut interrupted = tokio::signal::windows::ctrl_c()?;
    Ok(async move { drop(interrupted.recv().await) })
}

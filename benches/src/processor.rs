//! The CPU time that a process took, as the operating system accounts for it: on a machine with other work to do it
//! drifts far less than the time on the clock.

use std::fs;

use crate::Failure;

/// Ticks of a second in `/proc/<id>/stat` (proc_pid_stat(5)): the same on every architecture of Linux.
const TICKS: f64 = 100.0;

/// The seconds of CPU time, in user and kernel mode, that a process has taken so far.
///
/// # Errors
/// Where there is no `/proc`, or no such process.
pub fn seconds(process: u32) -> Result<f64, Failure> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    parse(&stat).ok_or_else(|| "the accounting of the process cannot be read".into())
}

/// The fields 14 and 15. The second field is the program's name, in parentheses: anything may stand in it.
fn parse(stat: &str) -> Option<f64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut times = after_name.split_ascii_whitespace().skip(11).map(str::parse::<f64>);
    let (user, kernel) = (times.next()?.ok()?, times.next()?.ok()?);
    Some((user + kernel) / TICKS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_may_be_anything() {
        let stat = "42 (a b) c) S 1 42 42 0 -1 4194560 97 0 0 0 150 50 0 0 20 0 1 0 1 1 1 1";
        assert_eq!(parse(stat), Some(2.0));
        assert_eq!(parse("42 (a)"), None);
    }
}

//! The CPU time and the memory that a process took, as the operating system accounts for them: on a machine with other
//! work to do, CPU time drifts far less than the time on the clock.

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

/// The seconds of CPU time that those threads of a process have taken so far whose names begin so.
///
/// # Errors
/// Where there is no `/proc`, or no such process.
pub fn seconds_of_threads(process: u32, named: &str) -> Result<f64, Failure> {
    let mut seconds = 0.0;
    for thread in fs::read_dir(format!("/proc/{process}/task"))? {
        // A thread may end while it is looked at.
        let Ok(stat) = fs::read_to_string(thread?.path().join("stat")) else { continue };
        if stat.split_once(" (").is_some_and(|(_, name)| name.starts_with(named)) {
            seconds += parse(&stat).ok_or("the accounting of a thread cannot be read")?;
        }
    }
    Ok(seconds)
}

/// The seconds of CPU time that a process, its children, and those of its children that have ended have taken so far.
///
/// # Errors
/// Where there is no `/proc`, or no such process.
pub fn seconds_of_family(process: u32) -> Result<f64, Failure> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let mut seconds = times(&stat, 4).ok_or("the accounting of the process cannot be read")?;
    for other in fs::read_dir("/proc")? {
        // A process may end while it is looked at.
        let Ok(stat) = fs::read_to_string(other?.path().join("stat")) else { continue };
        if parent(&stat) == Some(process) {
            seconds += parse(&stat).unwrap_or_default();
        }
    }
    Ok(seconds)
}

/// The most memory that a process ever had resident at once, in MiB: `VmHWM` of `/proc/<id>/status`.
///
/// # Errors
/// Where there is no `/proc`, or no such process.
pub fn peak_memory(process: u32) -> Result<f64, Failure> {
    memory_as(process, "VmHWM:")
}

/// The memory that a process has resident now, in MiB: `VmRSS`.
///
/// # Errors
/// Where there is no `/proc`, or no such process.
pub fn memory(process: u32) -> Result<f64, Failure> {
    memory_as(process, "VmRSS:")
}

fn memory_as(process: u32, name: &str) -> Result<f64, Failure> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    mebibytes(&status, name).ok_or_else(|| "the memory of the process cannot be read".into())
}

fn mebibytes(status: &str, name: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: f64 = line.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
    Some(kibibytes / 1024.0)
}

/// The fields 14 and 15. The second field is the program's name, in parentheses: anything may stand in it.
fn parse(stat: &str) -> Option<f64> {
    times(stat, 2)
}

/// So many fields from the 14th on: the two of the process, and the two of its children that have ended.
fn times(stat: &str, fields: usize) -> Option<f64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let times = after_name.split_ascii_whitespace().skip(11).take(fields).map(str::parse::<f64>);
    let times: Vec<f64> = times.collect::<Result<_, _>>().ok()?;
    (times.len() == fields).then(|| times.iter().sum::<f64>() / TICKS)
}

/// The field 4.
fn parent(stat: &str) -> Option<u32> {
    let (_, after_name) = stat.rsplit_once(')')?;
    after_name.split_ascii_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_may_be_anything() {
        let stat = "42 (a b) c) S 1 42 42 0 -1 4194560 97 0 0 0 150 50 0 0 20 0 1 0 1 1 1 1";
        assert_eq!(parse(stat), Some(2.0));
        assert_eq!((parse("42 (a)"), parent(stat)), (None, Some(1)));
    }

    #[test]
    fn memory_is_told_in_mebibytes() {
        assert_eq!(
            mebibytes("VmPeak:\t 9 kB\nVmHWM:\t    2048 kB\nVmRSS:\t 1 kB\n", "VmHWM:"),
            Some(2.0)
        );
        assert_eq!(mebibytes("VmHWM:", "VmHWM:"), None);
    }
}

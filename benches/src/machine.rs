//! What only the operating system tells or does. Where it is not Linux, the next best.

use std::time::Duration;

/// The machine and the compiler, for those who read figures: processor, system, `rustc`.
pub fn description() -> String {
    let processor = std::fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix("model name"))?;
        Some(line.trim_start_matches([' ', '\t', ':']).to_owned())
    });
    let processor = processor.unwrap_or_else(|| "an unnamed processor".to_owned());
    let count = std::thread::available_parallelism().map_or(1, usize::from);
    let compiler = std::process::Command::new("rustc").arg("--version").output().ok();
    let compiler = compiler.and_then(|output| {
        let text = String::from_utf8(output.stdout).ok()?;
        Some(text.split_whitespace().take(2).collect::<Vec<_>>().join(" "))
    });
    let compiler = compiler.unwrap_or_else(|| "an unknown rustc".to_owned());
    let (system, architecture) = (std::env::consts::OS, std::env::consts::ARCH);
    format!("{processor}, {count} hardware threads, {system} on {architecture}, {compiler}")
}

/// Keeps this thread on the processor of that number, counted among those that it may use: two
/// threads that are to run side by side are not left on one by chance.
pub fn stay_on_processor(number: usize) {
    #[cfg(target_os = "linux")]
    {
        use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
        let Ok(allowed) = sched_getaffinity(None) else { return };
        let mut processors = (0..CpuSet::MAX_CPU).filter(|&it| allowed.is_set(it));
        let count = usize::try_from(allowed.count()).unwrap_or(1).max(1);
        if let Some(processor) = processors.nth(number % count) {
            let mut one = CpuSet::new();
            one.set(processor);
            // Not allowed: then it runs wherever it is put.
            let _ = sched_setaffinity(None, &one);
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = number;
}

/// Monotonic time, of a clock that is quick to read and ticks every few milliseconds.
#[inline]
pub fn coarse_time() -> Duration {
    #[cfg(target_os = "linux")]
    return read(rustix::time::ClockId::MonotonicCoarse);
    #[cfg(not(target_os = "linux"))]
    since_first_asked()
}

/// How long this thread has been running on a processor.
#[inline]
pub fn thread_time() -> Duration {
    #[cfg(target_os = "linux")]
    return read(rustix::time::ClockId::ThreadCPUTime);
    #[cfg(not(target_os = "linux"))]
    since_first_asked()
}

/// How long the processes that this one started, and that have ended, were running on processors,
/// with all that they started; where the system tells.
pub fn processor_of_children() -> Option<Duration> {
    // Hundredths of a second, whatever the kernel counts by.
    const TICK: u64 = 10;
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // Behind the program's name, which may have spaces: the 16th and 17th field are the 14th and 15th.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(13);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    Some(Duration::from_millis((ticks()? + ticks()?) * TICK))
}

/// The process's memory that is in the machine's, in bytes, where the system tells.
pub fn resident_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}

#[cfg(target_os = "linux")]
#[inline]
fn read(clock: rustix::time::ClockId) -> Duration {
    let time = rustix::time::clock_gettime(clock);
    let (seconds, nanos) = (u64::try_from(time.tv_sec), u32::try_from(time.tv_nsec));
    Duration::new(seconds.unwrap_or(0), nanos.unwrap_or(0))
}

#[cfg(not(target_os = "linux"))]
fn since_first_asked() -> Duration {
    static FIRST: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    FIRST.get_or_init(std::time::Instant::now).elapsed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_can_be_named() {
        let description = description();
        assert!(description.contains("rustc") && description.contains(std::env::consts::ARCH));
    }

    #[test]
    fn times_do_not_go_back() {
        let (coarse, thread) = (coarse_time(), thread_time());
        stay_on_processor(1);
        assert!(coarse_time() >= coarse && thread_time() >= thread);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_is_in_memory() {
        assert!(resident_memory().is_some_and(|bytes| bytes > 100_000));
    }
}

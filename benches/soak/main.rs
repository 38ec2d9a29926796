//! Everything that a `TtlCache` can do, from many threads at once, and functions with a cache for
//! each of them, every answer checked.
//!
//! ```text
//! cargo run --release -p ttl-memo-benches --bin soak -- --seconds 60 --threads 8
//! ```
//!
//! `--calls N` instead of `--seconds`: so many of each thread and stage. Ends with an error if an
//! answer was wrong, a count was off, a value was left behind or the threads stood still.

mod checks;
mod operations;
mod own;
mod stage;
mod value;
mod waiting;
mod workers;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use checks::Checks;
use stage::Stage;
use ttl_memo_benches::flags::Flags;
use ttl_memo_benches::machine::resident_memory;
use ttl_memo_benches::numbers::float;
use workers::{Limit, Summary};

struct Options {
    seconds: f64,
    /// Instead: so many calls of each thread and stage.
    calls: Option<u64>,
    threads: usize,
    seed: u64,
}

fn main() -> ExitCode {
    match options(Flags::of_program()) {
        Ok(options) => run(&options),
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn options(mut flags: Flags) -> Result<Options, String> {
    let options = Options {
        seconds: flags.value("--seconds")?.unwrap_or(14.0),
        calls: flags.value("--calls")?,
        threads: flags.value("--threads")?.unwrap_or(8),
        seed: flags.value("--seed")?.unwrap_or(1),
    };
    match flags.rest()?.first() {
        Some(word) => {
            Err(format!("`{word}`: the flags are --seconds, --calls, --threads and --seed"))
        }
        None if options.threads == 0 => Err("`--threads` is at least 1".to_owned()),
        None => Ok(options),
    }
}

fn run(options: &Options) -> ExitCode {
    let stages = Stage::all();
    let each = Duration::from_secs_f64(options.seconds / float(stages.len() as u64));
    let at_start = resident_memory();
    let checks = Checks::default();
    let mut total = Summary::default();
    for (number, stage) in (0..).zip(&stages) {
        let start = Instant::now();
        let limit = options.calls.map_or(Limit::Until(start + each), Limit::Calls);
        let seed = options.seed.wrapping_add(number << 32);
        let summary = stage.run(options.threads, limit, seed, &checks);
        let rate = float(summary.calls) / start.elapsed().as_secs_f64() / 1e6;
        println!(
            "{:<48} {rate:>6.2} Mcalls/s, worst call {:.1} ms ({}), memory {}",
            stage.name,
            summary.worst.as_secs_f64() * 1e3,
            summary.worst_call,
            megabytes(resident_memory()),
        );
        total = total.and(summary);
    }
    println!(
        "{} calls by {} threads; memory {} at the start, {} at the end",
        total.calls,
        options.threads,
        megabytes(at_start),
        megabytes(resident_memory()),
    );
    let (count, wrong) = checks.into_wrong();
    if count == 0 {
        println!("every answer was right");
        return ExitCode::SUCCESS;
    }
    println!("{count} WRONG:");
    for wrong in wrong {
        println!("  {wrong}");
    }
    ExitCode::FAILURE
}

fn megabytes(bytes: Option<u64>) -> String {
    bytes.map_or("unknown".to_owned(), |bytes| format!("{:.1} MB", float(bytes) / 1e6))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_run_of_every_stage_finds_nothing_wrong() {
        let checks = Checks::default();
        for (seed, stage) in (0..).zip(Stage::all()) {
            let summary = stage.run(4, Limit::Calls(4_000), seed, &checks);
            assert!(summary.calls >= 4 * 4_000, "{}", stage.name);
        }
        let (count, wrong) = checks.into_wrong();
        assert_eq!(count, 0, "{wrong:#?}");
    }
}

//! Hit ratios on recorded accesses, side by side.
//!
//! ```text
//! cargo run --release -p ttl-memo-benches --features peers --bin hit-ratio -- --fractions FILE…
//! ```
//!
//! A file has one key a line, or little-endian `u32` ids (`.u32`), gzipped or not. `--size N`, as
//! often as wanted: at most so many entries; `--fractions`: 1, 5 and 20 % of the different keys, at
//! least 16. `--limit N`: the first so many accesses (1,500,000).

mod caches;
mod table;

use std::path::Path;
use std::process::ExitCode;

use caches::{CACHES, Cache};
use table::Table;
use ttl_memo_benches::belady;
use ttl_memo_benches::flags::Flags;
use ttl_memo_benches::numbers::{float, length};
use ttl_memo_benches::peers::versions;
use ttl_memo_benches::trace::Trace;

const FRACTIONS: [f64; 3] = [0.01, 0.05, 0.2];
const SMALLEST: usize = 16;

struct Options {
    sizes: Vec<usize>,
    fractions: bool,
    limit: usize,
    files: Vec<String>,
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
    let sizes: Vec<usize> = flags.values("--size")?;
    let fractions = flags.flag("--fractions") || sizes.is_empty();
    let limit = flags.value("--limit")?.unwrap_or(1_500_000);
    let files = flags.rest()?;
    if files.is_empty() {
        return Err("which traces? hit-ratio [--size N]… [--fractions] [--limit N] FILE…".into());
    }
    Ok(Options { sizes, fractions, limit, files })
}

/// Fails if a file could not be read; the others are replayed all the same.
fn run(options: &Options) -> ExitCode {
    let mut outcome = ExitCode::SUCCESS;
    println!("{}\n", versions());
    let mut table = Table::begin();
    for file in &options.files {
        let path = Path::new(file);
        match Trace::read(path, options.limit) {
            Ok(trace) if trace.accesses.is_empty() => println!("{file}: nothing is in it"),
            Ok(trace) => {
                for size in sizes(options, trace.keys) {
                    table.row(&short(path), size, &ratios(&trace, size));
                }
            }
            Err(error) => {
                println!("{file}: left out: {error}");
                outcome = ExitCode::FAILURE;
            }
        }
    }
    table.end();
    outcome
}

fn sizes(options: &Options, keys: usize) -> Vec<usize> {
    let mut sizes = options.sizes.clone();
    if options.fractions {
        sizes.extend(FRACTIONS.map(|fraction| part(keys, fraction).max(SMALLEST)));
    }
    sizes
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part of a count")]
fn part(keys: usize, fraction: f64) -> usize {
    (float(keys as u64) * fraction) as usize
}

/// In percent: the bound of all, then each cache.
fn ratios(trace: &Trace, size: usize) -> Vec<f64> {
    let percent = |hits: u64| 100.0 * float(hits) / length(&trace.accesses);
    let mut ratios = vec![percent(belady::hits(trace, size))];
    ratios.extend(CACHES.map(|(_, make)| percent(replay(trace, make(size).as_ref()))));
    ratios
}

fn replay(trace: &Trace, cache: &dyn Cache) -> u64 {
    let mut hits = 0;
    for &key in &trace.accesses {
        if cache.holds(key) {
            hits += 1;
        } else {
            cache.store(key);
        }
    }
    hits
}

/// The file's name up to its first dot.
fn short(path: &Path) -> String {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into());
    name.split('.').next().unwrap_or_default().to_owned()
}

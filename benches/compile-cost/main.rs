//! What annotated functions cost their crate's build: 200 of them, ours and the other crates'.
//!
//! ```text
//! cargo run -p ttl-memo-benches --bin compile-cost
//! cargo run -p ttl-memo-benches --bin compile-cost -- --dependency --rounds 5
//! ```
//!
//! The second: what the libraries cost by themselves, before a function is annotated, beside caches
//! that have no attribute, too; the median of so many builds, in turn. What it prints is in COMPARE.md.
//!
//! Writes a crate for each beside the build directory, builds it from nothing, touches it and
//! builds it again, and counts the lines that it expands to where a nightly toolchain is there.

mod building;
mod dependency;
mod generated;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use building::Cost;
use generated::{Library, libraries};
use ttl_memo_benches::flags::Flags;

struct Options {
    functions: usize,
    only: Vec<String>,
    /// The libraries by themselves: how many builds of each.
    alone: Option<usize>,
}

fn main() -> ExitCode {
    let outcome = options(Flags::of_program()).and_then(|options| run(&options));
    outcome.map_or_else(
        |message| {
            eprintln!("{message}");
            ExitCode::FAILURE
        },
        |()| ExitCode::SUCCESS,
    )
}

fn options(mut flags: Flags) -> Result<Options, String> {
    let functions = flags.value("--functions")?.unwrap_or(200);
    let only = flags.values("--only")?;
    let rounds = flags.value("--rounds")?.unwrap_or(3);
    let alone = flags.flag("--dependency").then_some(rounds);
    match flags.rest()?.first() {
        Some(word) => {
            Err(format!("`{word}`: the flags are --functions, --only, --dependency and --rounds"))
        }
        None => Ok(Options { functions, only, alone }),
    }
}

fn run(options: &Options) -> Result<(), String> {
    let folder = folder()?;
    if let Some(rounds) = options.alone {
        dependency::compare(&folder, &options.only, rounds).map_err(|error| error.to_string())?;
        return std::fs::remove_dir_all(&folder).map_err(|error| error.to_string());
    }
    println!("{} functions, debug builds", options.functions);
    println!(
        "{:<12} {:>8} {:>14} {:>14} {:>16}",
        "", "crates", "from nothing", "once touched", "expanded lines"
    );
    for library in libraries() {
        if options.only.is_empty() || options.only.iter().any(|only| only == library.name) {
            let cost = measure(&folder, &library, options.functions);
            let cost = cost.map_err(|error| format!("{}: {error}", library.name))?;
            println!(
                "{:<12} {:>8} {:>12.1} s {:>12.1} s {:>16}",
                library.name,
                cost.crates,
                cost.cold.as_secs_f64(),
                cost.again.as_secs_f64(),
                cost.expanded_lines.map_or("no nightly".to_owned(), |lines| lines.to_string()),
            );
        }
    }
    std::fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))
}

/// Beside what this program was built into.
fn folder() -> Result<PathBuf, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let beside = program.parent().ok_or("this program is nowhere")?;
    Ok(beside.join("compile-cost-crates"))
}

fn measure(folder: &Path, library: &Library, functions: usize) -> std::io::Result<Cost> {
    let folder = folder.join(library.name);
    // What an earlier run left would not be from nothing.
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    library.write(&folder, functions)?;
    building::cost(&folder)
}

//! What each option of the attribute costs a hit and a miss, as a ratio to the attribute without it.
//!
//! ```text
//! cargo run --release -p ttl-memo-benches --bin options
//! ```
//!
//! Every function has its turn in each round, and a ratio is the median of the ratios of each
//! round. `--markdown`: the table of `benches/README.md`, and `--write`: into its place
//! there. `--rounds N`: other than 25.

mod subjects;

use std::fmt::Write;
use std::process::ExitCode;
use std::time::Instant;

use subjects::{PLAIN, Subject, subjects};
use ttl_memo_benches::flags::Flags;
use ttl_memo_benches::machine::description;
use ttl_memo_benches::numbers::scramble;
use ttl_memo_benches::pages;
use ttl_memo_benches::report::{Row, Section, show};
use ttl_memo_benches::rounds::{Contender, interleave, nanos_a_call};

/// Keys that are asked for in turn, all of which fit.
const HOT_KEYS: u64 = 500;
/// Times that they are, in a round.
const PASSES: usize = 200;
/// Misses in a round.
const MISSES: u64 = 10_000;

struct Options {
    markdown: bool,
    write: bool,
    rounds: usize,
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
    let markdown = flags.flag("--markdown");
    let write = flags.flag("--write");
    let rounds = flags.value("--rounds")?.unwrap_or(25);
    match flags.rest()?.first() {
        Some(word) => Err(format!("`{word}`: the flags are --markdown, --write and --rounds")),
        None => Ok(Options { markdown, write, rounds }),
    }
}

fn run(options: &Options) -> Result<(), String> {
    let start = Instant::now();
    let subjects = subjects();
    let hits = hits(&subjects, options.rounds)?;
    let misses = misses(&subjects, options.rounds)?;
    if options.markdown {
        print!("{}", markdown(&hits, &misses));
    } else {
        print!("{}{}", hits.text(), misses.text());
    }
    if options.write {
        let table = format!("{}\nOn {}.\n", markdown(&hits, &misses), description());
        pages::write("benches/README.md", "options", &table)?;
    }
    eprintln!("took {:.0} s", start.elapsed().as_secs_f64());
    Ok(())
}

/// A few keys in turn, which are all there.
fn hits(subjects: &[Subject], rounds: usize) -> Result<Section, String> {
    let keys: Vec<u64> = (0..HOT_KEYS).map(scramble).collect();
    for subject in subjects {
        subject.call(&keys);
        subject.expect(HOT_KEYS, 0, || subject.call(&keys))?;
    }
    let contenders = subjects.iter().map(|subject| {
        let keys = &keys;
        Contender::new(subject.name, move || {
            nanos_a_call(PASSES * keys.len(), || (0..PASSES).for_each(|_| subject.call(keys)))
        })
    });
    let rows = interleave(contenders.collect(), rounds);
    Ok(Section::new("hit", "ns", rows).over(PLAIN))
}

/// Keys that never come back, to full caches: each call stores an entry and evicts another.
fn misses(subjects: &[Subject], rounds: usize) -> Result<Section, String> {
    let stream = |round: u64| -> Vec<u64> {
        let first = (round + 1) << 32;
        (first..first + MISSES).map(scramble).collect()
    };
    let first = stream(0);
    for subject in subjects {
        subject.expect(0, MISSES, || subject.call(&first))?;
    }
    let contenders = subjects.iter().map(|subject| {
        let mut round = 0;
        Contender::new(subject.name, move || {
            round += 1;
            let keys = stream(round);
            nanos_a_call(keys.len(), || subject.call(&keys))
        })
    });
    let rows = interleave(contenders.collect(), rounds);
    Ok(Section::new("miss that evicts", "ns", rows).over(PLAIN))
}

fn markdown(hits: &Section, misses: &Section) -> String {
    let mut text = "| option | hit × | miss × |\n|---|--:|--:|\n".to_owned();
    for row in &hits.rows {
        let ratio = |section: &Section| {
            if row.name == PLAIN {
                let figure = section.row(PLAIN).map_or(f64::NAN, Row::figure);
                return format!("1 ({} ns)", show(figure));
            }
            section.ratio(&row.name, PLAIN).map_or("–".to_owned(), |ratio| format!("{ratio:.2}"))
        };
        let _ = writeln!(text, "| {} | {} | {} |", row.name, ratio(hits), ratio(misses));
    }
    text
}

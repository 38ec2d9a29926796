//! Ours and the other crates side by side, in one run.
//!
//! ```text
//! cargo run --release -p ttl-memo-benches --features peers --bin side-by-side -- --quick
//! ```
//!
//! Figures are medians of rounds in which each contender has its turn; a ratio is the median of the
//! ratios of each round. What one thread does is measured in time on the processor.
//!
//! `--quick`: a minute or two. `--only TEXT`: the workloads whose name has it. `--markdown`: a table
//! as in the README. `--svg FILE`: the main bars as a picture. Both of all contenders, or of those
//! that `--column NAME` names.

mod bound;
mod effort;
mod expiry;
mod hits;
mod memory;
mod misses;
mod mixed;
mod stampede;
mod threads;

use std::process::ExitCode;
use std::time::Instant;

use effort::Effort;
use ttl_memo_benches::flags::Flags;
use ttl_memo_benches::heap::Counted;
use ttl_memo_benches::peers::{HASHERS, attribute_works, ours, ours_lru, ours_thread, versions};
use ttl_memo_benches::report::{Section, markdown, tally};
use ttl_memo_benches::svg;

#[global_allocator]
static ALLOCATOR: Counted = Counted;

/// A workload by name, and what measures it.
type Workload = (&'static str, fn(&Effort) -> Vec<Section>);

const WORKLOADS: [Workload; 8] = [
    ("hits", hits::sections),
    ("threads", threads::sections),
    ("misses", misses::sections),
    ("mixed", mixed::sections),
    ("bound", bound::sections),
    ("memory", memory::sections),
    ("expiry", expiry::sections),
    ("stampede", stampede::sections),
];

struct Options {
    effort: Effort,
    only: Vec<String>,
    markdown: bool,
    columns: Vec<String>,
    svg: Option<String>,
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
    let effort = if flags.flag("--quick") { Effort::QUICK } else { Effort::FULL };
    let options = Options {
        effort,
        only: flags.values("--only")?,
        markdown: flags.flag("--markdown"),
        columns: flags.values("--column")?,
        svg: flags.value("--svg")?,
    };
    match flags.rest()?.first() {
        Some(word) => {
            Err(format!("`{word}`: the flags are --quick, --only, --markdown, --column and --svg"))
        }
        None => Ok(options),
    }
}

fn run(options: &Options) -> Result<(), String> {
    let start = Instant::now();
    let mut sections = Vec::new();
    if !options.markdown {
        println!("{}\n{HASHERS}", versions());
    }
    if !attribute_works() {
        eprintln!("the attribute does not memoize yet: `TtlCache` by hand stands for it");
    }
    for (name, measure) in WORKLOADS {
        if options.only.is_empty() || options.only.iter().any(|only| name.contains(only)) {
            let start = Instant::now();
            let measured = measure(&options.effort);
            eprintln!("{name}: {:.1} s", start.elapsed().as_secs_f64());
            if !options.markdown {
                for section in &measured {
                    print!("{}", section.text());
                }
            }
            sections.extend(measured);
        }
    }
    if options.markdown {
        println!("{}\n{}. {HASHERS}.", markdown(&sections, &options.columns), versions());
    } else {
        summary(&sections);
    }
    if let Some(file) = &options.svg {
        let picture = svg::draw(&sections, &options.columns, &[ours(), ours_lru(), ours_thread()]);
        std::fs::write(file, picture).map_err(|error| format!("{file}: {error}"))?;
    }
    eprintln!("took {:.0} s", start.elapsed().as_secs_f64());
    Ok(())
}

fn summary(sections: &[Section]) {
    let (met, all, missed) = tally(sections);
    println!("\n{met} of {all} goals met");
    for missed in missed {
        println!("  {missed}");
    }
}

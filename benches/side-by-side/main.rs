//! Ours and the other crates side by side, in one run.
//!
//! ```text
//! cargo run --release -p ttl-memo-benches --features peers --bin side-by-side -- --quick
//! ```
//!
//! Figures are medians of rounds in which each contender has its turn; a ratio is that of two figures,
//! but where a goal goes by it: there it is the median of the ratios of each round. What one thread does
//! is measured in time on the processor.
//!
//! - `--quick`: some minutes.
//! - `--only TEXT`: the workloads whose name has it.
//! - `--markdown`: the table of `benches/README.md`, of all contenders or of those that `--column NAME`
//!   names; with `--short`, that of the README.
//! - `--svg FILE`: the main bars as a picture, of the same contenders.
//! - `--write`: both tables and the picture into their places in the repository.

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
use ttl_memo_benches::machine::description;
use ttl_memo_benches::peers::{HASHERS, attribute_works, ours, ours_lru, ours_thread, versions};
use ttl_memo_benches::report::{Section, goals, table, tally};
use ttl_memo_benches::{pages, svg};

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

/// The contenders of the README's table.
const SHORT: [&str; 6] =
    ["ttl-memo", "cached", "memoize", "moka", "quick_cache, no ttl", "quick_cache + Instant"];
/// Those of the whole table and of the picture, in the repository.
const WHOLE: [&str; 8] = [
    "ttl-memo",
    "ttl-memo lru",
    "ttl-memo thread",
    "cached",
    "memoize",
    "moka",
    "quick_cache, no ttl",
    "quick_cache + Instant",
];
const PICTURE: &str = "benches/plots/side-by-side.svg";

struct Options {
    effort: Effort,
    only: Vec<String>,
    markdown: bool,
    short: bool,
    columns: Vec<String>,
    svg: Option<String>,
    write: bool,
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
        short: flags.flag("--short"),
        columns: flags.values("--column")?,
        svg: flags.value("--svg")?,
        write: flags.flag("--write"),
    };
    if options.write && !options.only.is_empty() {
        return Err("`--write` writes whole tables: not with `--only`".to_owned());
    }
    match flags.rest()?.first() {
        Some(word) => Err(format!(
            "`{word}`: the flags are --quick, --only, --markdown, --short, --column, --svg and --write"
        )),
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
    let all: Vec<&Section> = sections.iter().collect();
    match (options.markdown, options.short) {
        (true, true) => println!("{}", short(&sections)),
        (true, false) => println!("{}\n{}", whole(&sections, &options.columns), goals(&all)),
        (false, _) => summary(&sections),
    }
    if let Some(file) = &options.svg {
        std::fs::write(file, picture(&sections, &options.columns))
            .map_err(|error| format!("{file}: {error}"))?;
    }
    if options.write {
        write(&sections)?;
    }
    eprintln!("took {:.0} s", start.elapsed().as_secs_f64());
    Ok(())
}

/// Both tables and the picture.
fn write(sections: &[Section]) -> Result<(), String> {
    let columns = WHOLE.map(str::to_owned);
    pages::write("README.md", "side-by-side", &short(sections))?;
    pages::write("benches/README.md", "side-by-side", &whole(sections, &columns))?;
    pages::overwrite(PICTURE, &picture(sections, &columns))
}

fn short(sections: &[Section]) -> String {
    let sections: Vec<&Section> = sections.iter().filter(|section| section.short).collect();
    format!("{}\n{}", table(&sections, &SHORT.map(str::to_owned)), colophon())
}

fn whole(sections: &[Section], columns: &[String]) -> String {
    let sections: Vec<&Section> = sections.iter().collect();
    format!("{}\n{}", table(&sections, columns), colophon())
}

fn picture(sections: &[Section], columns: &[String]) -> String {
    svg::draw(sections, columns, &[ours(), ours_lru(), ours_thread()])
}

/// What was compared, and where.
fn colophon() -> String {
    format!("On {}; {}; {HASHERS}.\n", description(), versions())
}

fn summary(sections: &[Section]) {
    let (met, all, missed) = tally(sections);
    println!("\n{met} of {all} goals met");
    for missed in missed {
        println!("  {missed}");
    }
}

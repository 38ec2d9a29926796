//! Builds, and how long they take.

use std::io;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use ttl_memo_benches::machine;

/// What a crate costs to build.
pub(crate) struct Cost {
    /// All that are compiled, itself included.
    pub(crate) crates: usize,
    pub(crate) cold: Duration,
    pub(crate) again: Duration,
    /// `None` without a nightly toolchain.
    pub(crate) expanded_lines: Option<usize>,
}

/// One build with nothing compiled before.
pub(crate) struct Build {
    /// All that are compiled, itself included.
    pub(crate) crates: usize,
    pub(crate) took: Duration,
    /// On all processors together, where the system tells: the others' work is not in it.
    pub(crate) processor: Option<Duration>,
}

/// Downloads what the crate in `folder` depends on.
pub(crate) fn fetch(folder: &Path) -> io::Result<()> {
    done(&cargo(folder, &["fetch"]).output()?).map(drop)
}

/// Builds the crate in `folder` and all that it depends on; nothing is downloaded.
pub(crate) fn from_nothing(folder: &Path) -> io::Result<Build> {
    let target = folder.join("target");
    if target.exists() {
        std::fs::remove_dir_all(target)?;
    }
    let (start, processor) = (Instant::now(), machine::processor_of_children());
    let told = done(&cargo(folder, &["build", "--offline"]).output()?)?;
    let took = start.elapsed();
    let processor = machine::processor_of_children()
        .zip(processor)
        .map(|(after, before)| after.saturating_sub(before));
    let crates = told.lines().filter(|line| line.trim_start().starts_with("Compiling ")).count();
    Ok(Build { crates, took, processor })
}

/// Builds the crate in `folder`, whose dependencies are downloaded before the clock starts.
pub(crate) fn cost(folder: &Path) -> io::Result<Cost> {
    fetch(folder)?;
    let Build { crates, took: cold, .. } = from_nothing(folder)?;

    let source = folder.join("src/lib.rs");
    let text = std::fs::read_to_string(&source)?;
    std::fs::write(&source, text + "\n// Touched.\n")?;
    let start = Instant::now();
    done(&cargo(folder, &["build"]).output()?)?;
    let again = start.elapsed();
    Ok(Cost { crates, cold, again, expanded_lines: expanded_lines(folder) })
}

fn cargo(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    // Colours would be in the way of counting.
    command.current_dir(folder).args(words).env("CARGO_TERM_COLOR", "never");
    command.env("CARGO_TARGET_DIR", folder.join("target"));
    command
}

/// What it told, if it did not fail.
fn done(output: &Output) -> io::Result<String> {
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(told) } else { Err(io::Error::other(told)) }
}

fn expanded_lines(folder: &Path) -> Option<usize> {
    let words = ["+nightly", "rustc", "--quiet", "--lib", "--", "-Zunpretty=expanded"];
    let output = cargo(folder, &words)
        // `+nightly` is rustup's, and not understood by the cargo that this program may run under.
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("CARGO")
        .output()
        .ok()?;
    let lines = output.stdout.split(|&byte| byte == b'\n').count();
    output.status.success().then_some(lines)
}

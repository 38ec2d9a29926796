//! What a library costs the build of a program that merely depends on it.

use std::io;
use std::path::Path;
use std::time::Duration;

use crate::building;
use crate::generated::local;

/// Whose cost is asked for, each with the line of its manifest.
pub(crate) fn dependencies() -> [(&'static str, String); 7] {
    [
        ("ttl-memo", local()),
        ("cached", "cached = \"4.1\"".to_owned()),
        ("memoize", "memoize = \"0.6\"".to_owned()),
        ("cachelito", "cachelito = \"0.16\"".to_owned()),
        ("moka", "moka = { version = \"0.12\", features = [\"sync\"] }".to_owned()),
        ("quick_cache", "quick_cache = \"0.7\"".to_owned()),
        ("mini-moka", "mini-moka = \"0.10\"".to_owned()),
    ]
}

/// Builds each from nothing, in turn, so that all meet the machine in the same moods; as a table.
pub(crate) fn compare(folder: &Path, only: &[String], rounds: usize) -> io::Result<()> {
    let mut subjects = Vec::new();
    for (name, line) in dependencies() {
        if only.is_empty() || only.iter().any(|only| only == name) {
            let folder = folder.join("alone").join(name);
            write(&folder, &line)?;
            building::fetch(&folder)?;
            subjects.push((name, folder, Vec::new()));
        }
    }
    for _ in 0..rounds {
        for (_, folder, builds) in &mut subjects {
            builds.push(building::from_nothing(folder)?);
        }
    }
    println!("| | crates, itself included | `cargo build` from nothing [s] | … of processor [s] |");
    println!("|---|--:|--:|--:|");
    for (name, _, builds) in subjects {
        // But for the one that depends on it.
        let crates = builds.first().map_or(0, |build| build.crates - 1);
        let took = median(builds.iter().map(|build| build.took));
        let processor = builds.iter().filter_map(|build| build.processor);
        let processor = median(processor).map_or("–".to_owned(), seconds);
        let took = took.map_or("–".to_owned(), seconds);
        println!("| {name} | {crates} | {took} | {processor} |");
    }
    Ok(())
}

fn write(folder: &Path, line: &str) -> io::Result<()> {
    std::fs::create_dir_all(folder.join("src"))?;
    let package = "name = \"alone\"\nversion = \"0.0.0\"\nedition = \"2024\"";
    let manifest = format!("[package]\n{package}\n\n[workspace]\n\n[dependencies]\n{line}\n");
    std::fs::write(folder.join("Cargo.toml"), manifest)?;
    std::fs::write(folder.join("src/lib.rs"), "")
}

fn median(times: impl Iterator<Item = Duration>) -> Option<Duration> {
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    times.get(times.len() / 2).copied()
}

fn seconds(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        let times = [3, 1, 2].map(Duration::from_secs);
        assert_eq!(median(times.into_iter()), Some(Duration::from_secs(2)));
        assert_eq!(median([].into_iter()), None);
        assert_eq!(seconds(Duration::from_millis(2_345)), "2.3");
    }
}

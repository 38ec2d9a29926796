//! Names the places along a GPS log, with and without `#[ttl_cache]`, and compares.
//!
//! ```text
//! cargo run --release -p ttl-memo-examples --bin nearest-city
//! ```
//!
//! A van that drives to and fro on one road asks for the same kilometre again and again, and each
//! answer is a query that measures a thousand rows. [`places::nearest_city`] is the annotated
//! function; `nearest_city_uncached` is the same function as it was written.

mod places;
mod report;
mod track;

use std::error::Error;
use std::io::IsTerminal;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use places::{
    CLOCK, City, nearest_city, nearest_city_cache_clear, nearest_city_cache_info,
    nearest_city_uncached,
};
use report::Row;
use rusqlite::Connection;
use track::{Cell, Fix};

const TRIPS: usize = 6;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let db = places::open()?;
    let log = track::log(TRIPS);
    println!("{TRIPS} drives along the Nationale 7, Paris to Menton and back: {} fixes", log.len());

    let start = Instant::now();
    let plain = name_all("without", &log, |cell| nearest_city_uncached(&db, cell))?;
    let without = start.elapsed();

    let mut same = true;
    let mut rows = Vec::new();
    let mut drive = |what| -> rusqlite::Result<()> {
        let (row, cities) = drive_with_cache(what, &db, &log)?;
        same &= cities == plain;
        rows.push(row);
        Ok(())
    };
    drive("first time")?;
    drive("again")?;
    nearest_city_cache_clear();
    drive("after cache_clear()")?;
    CLOCK.advance(Duration::from_secs(60 * 60));
    drive("an hour later")?;

    println!("\n{}\n", report::table(&rows, without));
    println!("{}", nearest_city_cache_info());
    for city in [&plain[0], &plain[plain.len() / 2 / TRIPS]] {
        let City { name, district, country, distance_km } = city;
        println!("for instance: {distance_km:.1} km from {name}, {district}, {country}");
    }
    println!("{}", if same { "every answer is the same" } else { "ANSWERS DIFFER" });
    Ok(if same { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Names every fix through the cache, and tells what the cache did.
fn drive_with_cache(
    what: &'static str,
    db: &Connection,
    log: &[Fix],
) -> rusqlite::Result<(Row, Vec<City>)> {
    let before = nearest_city_cache_info();
    let start = Instant::now();
    let cities = name_all(what, log, |cell| nearest_city(db, cell))?;
    let took = start.elapsed();
    Ok((Row::between(what, &before, &nearest_city_cache_info(), took), cities))
}

fn name_all(
    what: &'static str,
    log: &[Fix],
    name: impl Fn(Cell) -> rusqlite::Result<City>,
) -> rusqlite::Result<Vec<City>> {
    let bar = progress_bar(what, log.len());
    let mut cities = Vec::with_capacity(log.len());
    for part in log.chunks(128) {
        for &fix in part {
            cities.push(name(Cell::of(fix))?);
        }
        bar.inc(part.len() as u64);
    }
    bar.finish_and_clear();
    Ok(cities)
}

/// A bar for whoever watches; none where the output goes to a file or a pipe.
fn progress_bar(what: &'static str, steps: usize) -> ProgressBar {
    if !std::io::stdout().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{msg:<20} {wide_bar} {pos:>6}/{len} {eta:>4}");
    ProgressBar::new(steps as u64)
        .with_message(what)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_name_the_same_places() {
        let db = places::open().expect("the data is in the program");
        let log = &track::log(2)[..400];
        let plain = name_all("", log, |cell| nearest_city_uncached(&db, cell));
        nearest_city_cache_clear();
        let (row, cached) = drive_with_cache("", &db, log).expect("every fix is near a place");
        assert_eq!(Ok(cached), plain);
        assert_eq!(row.hits + row.misses, 400);
        let cells: std::collections::HashSet<Cell> = log.iter().copied().map(Cell::of).collect();
        assert_eq!(row.misses, cells.len() as u64);

        CLOCK.advance(Duration::from_secs(60 * 60));
        let (row, _) = drive_with_cache("", &db, log).expect("every fix is near a place");
        assert_eq!(row.misses, cells.len() as u64, "an hour later all of it is asked again");
    }
}

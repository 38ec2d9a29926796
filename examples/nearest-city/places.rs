//! The database of places, and the question that is asked of it again and again.

use std::error::Error;
use std::io::Read;
use std::sync::LazyLock;

use flate2::read::GzDecoder;
use rusqlite::{Connection, params};
use ttl_memo::{ManualClock, ttl_cache};

use crate::track::Cell;

/// The clock of the cache: an hour passes when this program says so. A program of yours needs none.
pub(crate) static CLOCK: LazyLock<ManualClock> = LazyLock::new(ManualClock::new);

/// A place near a fix.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct City {
    pub(crate) name: String,
    pub(crate) district: String,
    pub(crate) country: String,
    /// From the middle of the cell that was asked for.
    pub(crate) distance_km: f64,
}

/// The place nearest to the middle of a cell.
///
/// The key is the cell alone: the connection is skipped. An error is returned, and not stored.
#[ttl_cache(skip(db), maxsize = 10_000, ttl = "1h", clock = CLOCK.clone())]
pub(crate) fn nearest_city(db: &Connection, cell: Cell) -> rusqlite::Result<City> {
    let (lat, lon) = cell.middle();
    // The index narrows the search to a band of 22 km to the north and south; in it, each row is
    // measured.
    let mut query = db.prepare_cached(
        "SELECT name, district, country,
                (lat - ?1) * (lat - ?1) + (lon - ?2) * (lon - ?2) * ?3 AS distance
         FROM place WHERE lat BETWEEN ?1 - 0.2 AND ?1 + 0.2
         ORDER BY distance LIMIT 1",
    )?;
    query.query_row(params![lat, lon, lat.to_radians().cos().powi(2)], |row| {
        let degrees = row.get::<_, f64>(3)?.sqrt();
        Ok(City {
            name: row.get(0)?,
            district: row.get(1)?,
            country: row.get(2)?,
            distance_km: degrees * 111.2,
        })
    })
}

/// A database in memory, with every place of `data/places.tsv.gz` in it.
pub(crate) fn open() -> Result<Connection, Box<dyn Error>> {
    let mut text = String::new();
    let packed = include_bytes!("../data/places.tsv.gz");
    GzDecoder::new(&packed[..]).read_to_string(&mut text)?;

    let mut db = Connection::open_in_memory()?;
    db.execute_batch("CREATE TABLE place (country, district, name, lat REAL, lon REAL);")?;
    let rows = db.transaction()?;
    {
        let mut insert = rows.prepare("INSERT INTO place VALUES (?, ?, ?, ?, ?)")?;
        for line in text.lines() {
            insert.execute(rusqlite::params_from_iter(line.split('\t')))?;
        }
    }
    rows.commit()?;
    db.execute_batch("CREATE INDEX place_lat ON place (lat);")?;
    Ok(db)
}

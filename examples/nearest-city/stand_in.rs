//! What `#[ttl_cache]` will generate beside `nearest_city`, by hand until it does.

use std::sync::LazyLock;
use std::time::Duration;

use rusqlite::Connection;
use ttl_memo::{CacheInfo, TtlCache};

use crate::places::{CLOCK, City, nearest_city_uncached};
use crate::track::Cell;

static CACHE: LazyLock<TtlCache<Cell, City>> = LazyLock::new(|| {
    let builder = TtlCache::builder().maxsize(10_000).ttl(Duration::from_secs(60 * 60));
    builder.clock(CLOCK.clone()).build()
});

pub(crate) fn nearest_city(db: &Connection, cell: Cell) -> rusqlite::Result<City> {
    CACHE.try_get_or_insert_with(cell, || nearest_city_uncached(db, cell))
}

pub(crate) fn nearest_city_cache_clear() {
    CACHE.clear();
}

pub(crate) fn nearest_city_cache_info() -> CacheInfo {
    CACHE.info()
}

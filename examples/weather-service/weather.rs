//! What the handlers call: functions as one would write them, and how long their answers are good.

use std::sync::atomic::{AtomicU64, Ordering};

use ttl_memo::ttl_cache;

use crate::upstream::{self, Forecast, Unavailable};

static HIDDEN: AtomicU64 = AtomicU64::new(0);

/// How many of the upstream's errors no client has seen.
pub(crate) fn hidden_errors() -> u64 {
    HIDDEN.load(Ordering::Relaxed)
}

/// Tomorrow's weather in a city.
///
/// Good for a second. A forecast that is asked for in its last fifth is renewed in the background,
/// so that one much asked for never runs out. One that did run out is still given for ten seconds
/// while it is renewed, and for an hour if the upstream fails.
#[ttl_cache(
    name = "forecast",
    maxsize = 1_000,
    ttl = "1s",
    refresh_ahead = "200ms",
    stale_while_revalidate = "10s",
    stale_if_error = "1h",
    spawn = tokio::spawn,
    tags = |city, _| [format!("city:{city}")],
    on_error = |_, _| {
        HIDDEN.fetch_add(1, Ordering::Relaxed);
    },
)]
pub(crate) async fn forecast(city: &str) -> Result<Forecast, Unavailable> {
    upstream::forecast(city).await
}

/// A warning for a city, if there is one. An error is kept for half a second, so that a failing
/// upstream is left in peace; `fresh` asks it whatever is known.
#[ttl_cache(
    name = "warning",
    ttl = "30s",
    err_ttl = "500ms",
    skip(fresh),
    refresh_if = *fresh,
    tags = |city, _| [format!("city:{city}")],
)]
pub(crate) async fn warning(city: &str, fresh: bool) -> Result<Option<String>, Unavailable> {
    upstream::warning(city, fresh).await
}

/// Fahrenheit, for those who want it. Not worth a cache but for the sake of the page: a plain
/// function, its answers good for ever.
#[ttl_cache(name = "fahrenheit", forever)]
pub(crate) fn fahrenheit(celsius: i8) -> i16 {
    i16::from(celsius) * 9 / 5 + 32
}

/// Somebody in the city has reported what it is like: forget what we knew. How many answers went.
pub(crate) fn report(city: &str) -> usize {
    ttl_memo::invalidate_tag(&format!("city:{city}"))
}

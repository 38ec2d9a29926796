//! Somebody else's weather service: 20 ms an answer, and one call in four fails.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

static CALLS: AtomicU64 = AtomicU64::new(0);
static DOWN: AtomicBool = AtomicBool::new(false);

/// What it knows about a city.
#[derive(Clone, Debug)]
pub(crate) struct Forecast {
    pub(crate) celsius: i8,
    pub(crate) sky: &'static str,
}

/// It did not answer.
#[derive(Clone, Debug)]
pub(crate) struct Unavailable;

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the upstream did not answer")
    }
}

/// How often it has been called.
pub(crate) fn calls() -> u64 {
    CALLS.load(Ordering::Relaxed)
}

/// Takes it down: every call fails.
pub(crate) fn set_down(down: bool) {
    DOWN.store(down, Ordering::Relaxed);
}

/// Tomorrow's weather.
pub(crate) async fn forecast(city: &str) -> Result<Forecast, Unavailable> {
    let call = answer().await?;
    let mood = city.bytes().fold(call, |sum, byte| sum.wrapping_mul(31) + u64::from(byte));
    let celsius = i8::try_from(mood % 30).unwrap_or(0) - 5;
    Ok(Forecast { celsius, sky: ["sun", "clouds", "rain", "snow"][(mood / 30 % 4) as usize] })
}

/// Whether there is a warning for a city; `anew` if it must not answer from notes of its own.
pub(crate) async fn warning(city: &str, anew: bool) -> Result<Option<String>, Unavailable> {
    let call = answer().await?;
    Ok((anew || call % 2 == 0).then(|| format!("gusts in {city}")))
}

/// The number of this call; 20 ms later.
async fn answer() -> Result<u64, Unavailable> {
    let call = CALLS.fetch_add(1, Ordering::Relaxed);
    tokio::time::sleep(Duration::from_millis(20)).await;
    let fails = DOWN.load(Ordering::Relaxed) || call % 4 == 3;
    if fails { Err(Unavailable) } else { Ok(call) }
}

//! Words that options are made of.

use std::hash::BuildHasher;
use std::time::Duration;

use crate::RandomState;
pub use crate::engine::policy::{Policy, UnknownPolicy};

/// What the choices of a policy follow from: something else in each process, but where the fuzzer
/// has to see the same twice.
pub(crate) fn seed() -> u64 {
    if cfg!(fuzzing) { 7 } else { RandomState::default().hash_one(0_u64) }
}

/// The most entries where nothing is said of it.
pub(crate) const DEFAULT_MAXSIZE: Option<usize> = Some(128);

/// What was said of the ttl.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ttl {
    /// Nothing: it depends on whether there is a `tti`.
    Unsaid,
    Said(Option<Duration>),
}

impl Ttl {
    /// The ttl beside this `tti`; `None`: for ever.
    pub(crate) fn beside(self, tti: Option<Duration>) -> Option<Duration> {
        match (self, tti) {
            (Self::Said(ttl), _) => ttl,
            (Self::Unsaid, Some(_)) => None,
            (Self::Unsaid, None) => Some(Duration::from_secs(600)),
        }
    }
}

/// Whether, and for how long, a call waits for another call's body: made of `true`, `false` or a
/// [`Duration`].
///
/// ```
/// use std::time::Duration;
/// use ttl_memo::TtlCache;
///
/// let cache: TtlCache<u64, u64> =
///     TtlCache::builder().single_flight(Duration::from_secs(5)).build();
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SingleFlight {
    /// Concurrent calls for one missing key run the body once.
    On,
    /// Each call that misses runs the body.
    Off,
    /// As `On`, but a call waits at most that long, and then runs the body itself. Always measured
    /// by the system's clock: it bounds how long a thread stands still, not how long a value lives.
    AtMost(Duration),
}

impl From<bool> for SingleFlight {
    fn from(on: bool) -> Self {
        if on { Self::On } else { Self::Off }
    }
}

impl From<Duration> for SingleFlight {
    fn from(wait: Duration) -> Self {
        Self::AtMost(wait)
    }
}

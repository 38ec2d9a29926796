//! Words and reports, field by field.

use std::borrow::Cow;
use std::error::Error;
use std::fmt::{Debug, Display};
use std::hash::Hash;
use std::str::FromStr;
use std::time::Duration;

use serde::{Serialize, de::DeserializeOwned};
use ttl_memo::{
    CacheInfo, CacheParameters, Fetched, Policy, RemovalCause, SingleFlight, Source, UnknownPolicy,
};

use super::all;

all! {
    CacheInfo: [Clone + Debug + Default + PartialEq + Display + Serialize + DeserializeOwned + Send + Sync];
    CacheParameters: [Clone + Debug + PartialEq + Serialize + DeserializeOwned + Send + Sync];
    Fetched<u8>: [Clone + Debug + Eq + Serialize + DeserializeOwned + Send + Sync];
    Policy: [Copy + Debug + Default + Display + Eq + Hash + Serialize + DeserializeOwned + Send + Sync];
    Policy: [FromStr<Err = UnknownPolicy>];
    UnknownPolicy: [Error + Clone + Debug + Display + Eq + Send + Sync];
    RemovalCause: [Copy + Debug + Eq + Hash + Serialize + DeserializeOwned + Send + Sync];
    SingleFlight: [Copy + Debug + Eq + From<bool> + From<Duration> + Send + Sync];
    Source: [Copy + Debug + Eq + Hash + Serialize + DeserializeOwned + Send + Sync];
}

const _: fn(&CacheInfo) -> f64 = CacheInfo::hit_ratio;
const _: fn(&CacheInfo) -> Duration = CacheInfo::mean_compute_time;
const _: fn(&CacheInfo) -> Duration = CacheInfo::time_saved;

const _: fn(&CacheInfo) -> [u64; 8] = |info| {
    [
        info.hits,
        info.misses,
        info.evictions,
        info.expirations,
        info.coalesced,
        info.stale,
        info.failures,
        info.refreshes,
    ]
};
const _: fn(&CacheInfo) -> (Option<usize>, usize, usize, Duration) =
    |info| (info.maxsize, info.currsize, info.len, info.compute_time);

type Parameters = (Cow<'static, str>, Option<usize>, Option<Duration>, Option<Duration>, Policy);
const _: fn(CacheParameters) -> Parameters =
    |CacheParameters { name, maxsize, ttl, tti, policy, .. }| (name, maxsize, ttl, tti, policy);

const _: fn(Fetched<u8>) -> (u8, Source, Duration, Option<Duration>) =
    |Fetched { value, source, age, expires_in, .. }| (value, source, age, expires_in);

const _: [Policy; 5] = [Policy::Adaptive, Policy::Lru, Policy::Fifo, Policy::Lfu, Policy::Random];
const _: [RemovalCause; 4] =
    [RemovalCause::Expired, RemovalCause::Size, RemovalCause::Replaced, RemovalCause::Invalidated];
const _: [Source; 4] = [Source::Hit, Source::Miss, Source::Joined, Source::Stale];
const _: [SingleFlight; 3] =
    [SingleFlight::On, SingleFlight::Off, SingleFlight::AtMost(Duration::ZERO)];

//! Maps in formats of others': the feature `serde`.

use std::hash::{BuildHasher, Hash};
use std::time::Duration;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::TtlMap;
use crate::Policy;

/// A map as it is written.
#[derive(Serialize, Deserialize)]
#[serde(bound(serialize = "P: Serialize", deserialize = "P: Deserialize<'de>"))]
struct Written<P> {
    maxsize: Option<usize>,
    ttl: Option<Duration>,
    tti: Option<Duration>,
    policy: String,
    /// Each with what is left of its time, if that is limited.
    pairs: Vec<P>,
}

/// The live pairs with what is left of their time, and the bounds of the map. (What is made of code
/// is not: a weigher, a listener, a clock.)
///
/// ```
/// use ttl_memo::TtlMap;
///
/// let mut map = TtlMap::new(10, None);
/// map.insert("a".to_owned(), 1);
/// let json = serde_json::to_string(&map).unwrap();
/// let mut read: TtlMap<String, i32> = serde_json::from_str(&json).unwrap();
/// assert_eq!(read.get("a"), Some(&1));
/// ```
impl<K: Serialize, V: Serialize, S> Serialize for TtlMap<K, V, S> {
    fn serialize<T: Serializer>(&self, serializer: T) -> Result<T::Ok, T::Error> {
        let options = &*self.options;
        let now = options.time.precise();
        let held = (0..).zip(self.stock.as_slice());
        let live = held.filter_map(|(slot, held)| {
            let held = held.as_ref().filter(|held| now < held.deadline)?;
            let left = finite(self.stock.limit(slot).saturating_sub(now), self.stock.limit(slot));
            Some((&held.key, &held.value, left))
        });
        let written = Written {
            maxsize: self.stock.ledger().bound(),
            ttl: finite(options.ttl, options.ttl),
            tti: finite(options.idle, options.idle),
            policy: options.policy.to_string(),
            pairs: live.collect(),
        };
        written.serialize(serializer)
    }
}

/// A span; none where what it stands for is for ever.
fn finite(span: u64, of: u64) -> Option<Duration> {
    (of != u64::MAX).then_some(Duration::from_nanos(span))
}

/// A map on the system's clock whose pairs have as much time left as when they were written, however
/// long ago that was. Each weighs 1: where there was a weigher, `maxsize` is a number of pairs now.
impl<'de, K, V, S> Deserialize<'de> for TtlMap<K, V, S>
where
    K: Deserialize<'de> + Hash + Eq,
    V: Deserialize<'de>,
    S: BuildHasher + Default,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::<(K, V, Option<Duration>)>::deserialize(deserializer)?;
        let policies = [Policy::Adaptive, Policy::Lru, Policy::Fifo, Policy::Lfu, Policy::Random];
        let named = policies.into_iter().find(|policy| policy.to_string() == written.policy);
        let policy = named.ok_or_else(|| {
            D::Error::custom(format_args!("there is no policy `{}`", written.policy))
        })?;
        let builder = TtlMap::<K, V>::builder();
        let builder = builder.maxsize(written.maxsize).ttl(written.ttl).policy(policy);
        let builder = match written.tti {
            Some(tti) => builder.tti(tti),
            None => builder,
        };
        let mut map = builder.hasher(S::default()).build();
        for (key, value, left) in written.pairs {
            map.insert_with_ttl(key, value, left.unwrap_or(Duration::MAX));
        }
        Ok(map)
    }
}

//! The pair that does not fit.

use std::error::Error;
use std::fmt;

/// A pair heavier than all that a [`TtlMap`](crate::TtlMap) may hold: what
/// [`try_insert`](crate::TtlMap::try_insert) hands back.
///
/// ```
/// use ttl_memo::{TooHeavy, TtlMap};
///
/// let mut map = TtlMap::builder().maxsize(3).weigher(|_, text: &&str| text.len()).build();
/// let refused = map.try_insert(1, "four").unwrap_err();
/// assert_eq!(refused.to_string(), "a pair of weight 4 is heavier than the 3 that the map may hold");
/// let TooHeavy { key, value, .. } = refused;
/// assert_eq!((key, value), (1, "four"));
/// ```
#[non_exhaustive]
pub struct TooHeavy<K, V> {
    /// The key that was to be stored.
    pub key: K,
    /// The value that was to be stored.
    pub value: V,
    /// What they weigh.
    pub weight: usize,
    /// What the map may hold.
    pub maxsize: usize,
}

// By hand: to `unwrap` is possible whatever the key and the value are.
impl<K, V> fmt::Debug for TooHeavy<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TooHeavy")
            .field("weight", &self.weight)
            .field("maxsize", &self.maxsize)
            .finish_non_exhaustive()
    }
}

impl<K, V> fmt::Display for TooHeavy<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { weight, maxsize, .. } = self;
        write!(f, "a pair of weight {weight} is heavier than the {maxsize} that the map may hold")
    }
}

impl<K, V> Error for TooHeavy<K, V> {}

//! A cache's hooks where errors are kept too (`err_ttl`): they see values only.
//!
//! An error weighs 1, lives for `err_ttl`, carries no tag, and nobody hears that it has left.

use std::time::Duration;

use crate::{RemovalCause, TtlCacheBuilder};

type Builder<K, T, E, S> = TtlCacheBuilder<K, Result<T, E>, S>;

/// The attribute's `weigher`.
pub fn weigher<K, T, E, S>(
    builder: Builder<K, T, E, S>,
    weigher: impl Fn(&K, &T) -> usize + Send + Sync + 'static,
) -> Builder<K, T, E, S> {
    builder.weigher(move |key, value| value.as_ref().map_or(1, |value| weigher(key, value)))
}

/// The attribute's `expire_after`.
pub fn expire_after<K, T, E, S>(
    builder: Builder<K, T, E, S>,
    expire_after: impl Fn(&K, &T) -> Option<Duration> + Send + Sync + 'static,
) -> Builder<K, T, E, S> {
    builder.expire_after(move |key, value| expire_after(key, value.as_ref().ok()?))
}

/// The attribute's `on_evict`.
pub fn on_evict<K, T, E, S>(
    builder: Builder<K, T, E, S>,
    listener: impl Fn(&K, &T, RemovalCause) + Send + Sync + 'static,
) -> Builder<K, T, E, S> {
    builder.on_evict(move |key, value, cause| {
        if let Ok(value) = value {
            listener(key, value, cause);
        }
    })
}

/// The attribute's `tags`.
pub fn tags<K, T, E, S, I>(
    builder: Builder<K, T, E, S>,
    tags: impl Fn(&K, &T) -> I + Send + Sync + 'static,
) -> Builder<K, T, E, S>
where
    K: Send + Sync + 'static,
    T: Send + Sync + 'static,
    E: Send + Sync + 'static,
    I: IntoIterator<Item: Into<String>>,
{
    builder.tags(move |key, value| {
        let tags = value.as_ref().ok().map(|value| tags(key, value));
        tags.into_iter().flatten()
    })
}

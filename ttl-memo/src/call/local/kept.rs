//! A cache's hooks where errors are kept too, [as for other functions](crate::call::kept), but for
//! tags, which a thread's cache has none of.

use std::time::Duration;

use crate::RemovalCause;
use crate::cache::LocalBuilder;

type Builder<K, T, E, S> = LocalBuilder<K, Result<T, E>, S>;

/// The attribute's `weigher`.
pub fn weigher<K, T, E, S>(
    builder: Builder<K, T, E, S>,
    weigher: impl Fn(&K, &T) -> usize + 'static,
) -> Builder<K, T, E, S> {
    builder.weigher(move |key, value| value.as_ref().map_or(1, |value| weigher(key, value)))
}

/// The attribute's `expire_after`.
pub fn expire_after<K, T, E, S>(
    builder: Builder<K, T, E, S>,
    expire_after: impl Fn(&K, &T) -> Option<Duration> + 'static,
) -> Builder<K, T, E, S> {
    builder.expire_after(move |key, value| expire_after(key, value.as_ref().ok()?))
}

/// The attribute's `on_evict`.
pub fn on_evict<K, T, E, S>(
    builder: Builder<K, T, E, S>,
    listener: impl Fn(&K, &T, RemovalCause) + 'static,
) -> Builder<K, T, E, S> {
    builder.on_evict(move |key, value, cause| {
        if let Ok(value) = value {
            listener(key, value, cause);
        }
    })
}

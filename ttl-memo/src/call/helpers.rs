//! What the helpers beside an annotated function do, those that do not run its body.

use std::hash::BuildHasher;

use super::outcome::Shape;
use super::query::Query;
use super::rules::Rules;
use crate::TtlCache;
use crate::store::NewEntry;

/// `…_cache_peek`: what a call would be answered at once, neither counted nor a use.
pub(crate) fn peek<Q, V, S, P, U>(
    cache: &TtlCache<Q::Key, V, S>,
    query: &Q,
    _: P,
    rules: U,
) -> Option<P::Answer>
where
    Q: Query,
    V: Clone,
    S: BuildHasher,
    P: Shape<Value = V>,
    U: Rules<Q::Key, P::Seen, P::Error>,
{
    let value = cache.core().peek(cache.hash_of(query), query, |entry| {
        let seen = P::seen(entry.value);
        let valid = seen.is_none_or(|seen| rules.valid(entry.key, seen));
        valid.then(|| entry.value.clone())
    })??;
    Some(P::answer(value))
}

/// `…_cache_insert`: stores a value as if the body had returned it.
pub(crate) fn insert<Q, V, S, P, U>(
    cache: &TtlCache<Q::Key, V, S>,
    query: &Q,
    _: P,
    rules: U,
    answer: P::Answer,
) where
    Q: Query,
    S: BuildHasher,
    P: Shape<Value = V>,
    U: Rules<Q::Key, P::Seen, P::Error>,
{
    let failed = P::error(&answer).is_some();
    let Some(value) = P::into_value(answer) else { return };
    if !P::seen(&value).is_none_or(|seen| rules.stores(seen)) {
        return;
    }
    let (core, hash, key) = (cache.core(), cache.hash_of(query), query.to_key());
    let ttl = if failed { core.settings.err_ttl } else { None };
    let now = core.time.precise();
    match core.admit(&key, &value, ttl, now) {
        Some((mut times, weight)) => {
            if failed {
                times.gone = times.deadline;
            }
            core.put(NewEntry { hash, key, value, times, weight }, Q::same, now);
        }
        // What is not to be stored still ends what stood under its key.
        None => drop(core.invalidate(hash, query)),
    }
}

/// `…_cache_invalidate`: drops the entry, and the right to store of loads in progress; whether it
/// was live.
pub(crate) fn invalidate<Q, V, S>(cache: &TtlCache<Q::Key, V, S>, query: &Q) -> bool
where
    Q: Query,
    S: BuildHasher,
{
    cache.core().invalidate(cache.hash_of(query), query)
}

/// `…_cache_invalidate_if`: drops the entries whose keys satisfy `gone`; how many were live.
pub(crate) fn invalidate_if<K, V, S>(
    cache: &TtlCache<K, V, S>,
    mut gone: impl FnMut(&K) -> bool,
) -> usize {
    cache.core().retain(|key, _| !gone(key))
}

//! What the helpers beside an annotated function do, those that do not run its body.

use std::any::{Any, TypeId};

use super::outcome::Shape;
use super::query::Query;
use super::rules::Rules;
use crate::cache::{Home, Shown};
use crate::store::NewEntry;

/// `…_cache_peek`: what a call would be answered at once, neither counted nor a use.
pub(crate) fn peek<H, Q, V, P, U>(
    home: &H,
    hash: u64,
    query: &Q,
    _: P,
    rules: U,
) -> Option<P::Answer>
where
    H: Home<Q::Key, V>,
    Q: Query,
    V: Clone,
    P: Shape<Value = V>,
    U: Rules<Q::Key, P::Seen, P::Error>,
{
    let value = home.peek(hash, query, |entry| {
        let seen = P::seen(entry.value);
        let valid = seen.is_none_or(|seen| rules.valid(entry.key, seen));
        valid.then(|| entry.value.clone())
    })??;
    Some(P::answer(value))
}

/// `…_cache_insert`: stores a value as if the body had returned it.
pub(crate) fn insert<H, Q, V, P, U>(
    home: &H,
    hash: u64,
    query: &Q,
    _: P,
    rules: U,
    answer: P::Answer,
) where
    H: Home<Q::Key, V>,
    Q: Query,
    P: Shape<Value = V>,
    U: Rules<Q::Key, P::Seen, P::Error>,
{
    let failed = P::error(&answer).is_some();
    let Some(value) = P::into_value(answer) else { return };
    if !P::seen(&value).is_none_or(|seen| rules.stores(seen)) {
        return;
    }
    let now = home.time().precise();
    // An error takes no value's place.
    let keeps = |entry: Shown<'_, Q::Key, V>| P::seen(entry.value).is_some();
    if failed && home.read_held(hash, query, now, keeps) == Some(true) {
        return;
    }
    let key = query.to_key();
    let ttl = if failed { home.settings().err_ttl } else { None };
    match home.admit(&key, &value, ttl, now) {
        Some((mut times, weight)) => {
            if failed {
                times.gone = times.deadline;
            }
            home.put(NewEntry { hash, key, value, times, weight }, Q::same, now);
        }
        // What is not to be stored still ends what stood under its key.
        None => drop(home.invalidate(hash, query)),
    }
}

/// `…_cache_invalidate`: drops the entry, and the right to store of loads in progress; whether it
/// was live.
pub(crate) fn invalidate<H, Q, V>(home: &H, hash: u64, query: &Q) -> bool
where
    H: Home<Q::Key, V>,
    Q: Query,
{
    home.invalidate(hash, query)
}

/// `…_cache_invalidate_if`: drops the entries whose keys satisfy `gone`; how many were live.
pub(crate) fn invalidate_if<K, V>(
    home: &impl Home<K, V>,
    mut gone: impl FnMut(&K) -> bool,
) -> usize {
    home.retain(|key, _| !gone(key))
}

/// The same, of keys as the function's parameters are written.
///
/// # Panics
///
/// If that is not what they are: an alias that stands for a reference says nothing of it.
pub(crate) fn invalidate_if_written<K: 'static, V, W: 'static>(
    home: &impl Home<K, V>,
    mut gone: impl FnMut(&W) -> bool,
) -> usize {
    assert!(
        TypeId::of::<K>() == TypeId::of::<W>(),
        "`cache_invalidate_if` of the cache `{}`: in the type of a parameter, an alias hides a \
         borrow; write it out, as in `&str`",
        home.settings().name,
    );
    invalidate_if(home, |key| {
        let key: &dyn Any = key;
        key.downcast_ref().is_some_and(&mut gone)
    })
}

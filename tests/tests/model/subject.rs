//! What is compared with the list: a cache made by hand, and what a function's may be beside it.

use std::pin::pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use ttl_memo::{CacheInfo, ManualClock, TtlCache};

use super::hashes::Hashes;
use super::operations::{How, Operation, Setup};
use super::reference::{Removal, Seconds, Value};

/// The body of a call.
pub(crate) type Body<'b> = &'b mut dyn FnMut() -> Result<Value, ()>;

/// What a listener has heard of.
pub(crate) type Heard = Arc<Mutex<Vec<Removal>>>;

/// Clones are the same cache.
pub(crate) trait Subject: Clone {
    fn new(setup: &Setup, clock: &ManualClock, heard: &Heard) -> Self;

    /// Whether there is a way to do this to it.
    fn can(operation: &Operation) -> bool;

    fn get(&self, key: u8) -> Option<Value>;
    fn peek(&self, key: u8) -> Option<Value>;
    fn insert(&self, key: u8, value: Value, ttl: Option<Seconds>);
    fn load(&self, how: How, key: u8, body: Body<'_>) -> Result<Value, ()>;
    fn invalidate(&self, key: u8) -> bool;
    /// Drops the keys that are this, modulo 3.
    fn drop_third(&self, third: u8) -> usize;
    fn clear(&self);
    fn expire(&self) -> usize;
    fn set_ttl(&self, ttl: Option<Seconds>);
    fn set_maxsize(&self, maxsize: Option<usize>);
    fn set_enabled(&self, enabled: bool);
    fn info(&self) -> CacheInfo;
    /// The live ones, by key.
    fn entries(&self) -> Vec<(u8, Value)>;
}

pub(crate) fn seconds(of: Seconds) -> Duration {
    Duration::from_secs(of)
}

/// Nothing is to be waited for where nobody else is.
pub(crate) fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer,
        Poll::Pending => unreachable!("it waits for itself"),
    }
}

/// A cache made by hand.
pub(crate) type Cache = Rc<TtlCache<u8, Value, Hashes>>;

impl Subject for Cache {
    fn new(setup: &Setup, clock: &ManualClock, heard: &Heard) -> Self {
        let log = Arc::clone(heard);
        let mut builder = TtlCache::builder()
            .maxsize(setup.maxsize)
            .ttl(setup.ttl.map(seconds))
            .policy(setup.policy)
            .clock(clock.clone())
            .hasher(setup.hashes)
            .stale_while_revalidate(seconds(setup.window))
            .stale_if_error(seconds(setup.if_error))
            .on_evict(move |key: &u8, value: &Value, cause| {
                log.lock().unwrap().push((*key, value.id, cause));
            });
        if let Some(tti) = setup.tti {
            builder = builder.tti(seconds(tti));
        }
        if setup.hooks {
            builder = builder
                .weigher(|_, value| value.weight)
                .expire_after(|_, value| value.own.map(seconds));
        }
        Rc::new(builder.build())
    }

    fn can(operation: &Operation) -> bool {
        !matches!(operation, Operation::Load(How::Anew, ..))
    }

    fn get(&self, key: u8) -> Option<Value> {
        TtlCache::get(self, &key)
    }

    fn peek(&self, key: u8) -> Option<Value> {
        let value = TtlCache::peek(self, &key);
        assert_eq!(self.contains_key(&key), value.is_some());
        value
    }

    fn insert(&self, key: u8, value: Value, ttl: Option<Seconds>) {
        match ttl {
            None => TtlCache::insert(self, key, value),
            Some(ttl) => self.insert_with_ttl(key, value, seconds(ttl)),
        }
    }

    fn load(&self, how: How, key: u8, body: Body<'_>) -> Result<Value, ()> {
        match how {
            How::Plainly => Ok(self.get_or_insert_with(key, || body().unwrap())),
            How::Trying if key % 2 == 1 => {
                at_once(self.try_get_or_insert_async(key, async || body()))
            }
            How::Trying => self.try_get_or_insert_with(key, body),
            How::Anew => unreachable!("only functions have a `…_cache_refresh`"),
        }
    }

    fn invalidate(&self, key: u8) -> bool {
        TtlCache::invalidate(self, &key)
    }

    fn drop_third(&self, third: u8) -> usize {
        self.retain(|key, _| key % 3 != third)
    }

    fn clear(&self) {
        TtlCache::clear(self);
    }

    fn expire(&self) -> usize {
        TtlCache::expire(self)
    }

    fn set_ttl(&self, ttl: Option<Seconds>) {
        TtlCache::set_ttl(self, ttl.map(seconds));
    }

    fn set_maxsize(&self, maxsize: Option<usize>) {
        TtlCache::set_maxsize(self, maxsize);
    }

    fn set_enabled(&self, enabled: bool) {
        TtlCache::set_enabled(self, enabled);
    }

    fn info(&self) -> CacheInfo {
        let info = TtlCache::info(self);
        assert_eq!((self.len(), self.is_empty()), (info.len, info.len == 0));
        info
    }

    fn entries(&self) -> Vec<(u8, Value)> {
        #[cfg(fuzzing)]
        self.validate();
        let mut entries: Vec<_> = self.iter().collect();
        entries.sort_by_key(|(key, _)| *key);
        entries
    }
}

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
#[derive(Clone)]
pub(crate) struct Cache {
    cache: Rc<TtlCache<u8, Value, Hashes>>,
    awaited: bool,
}

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
        Self { cache: Rc::new(builder.build()), awaited: setup.awaited }
    }

    fn can(operation: &Operation) -> bool {
        !matches!(operation, Operation::Load(How::Anew, ..))
    }

    fn get(&self, key: u8) -> Option<Value> {
        self.cache.get(&key)
    }

    fn peek(&self, key: u8) -> Option<Value> {
        let value = self.cache.peek(&key);
        assert_eq!(self.cache.contains_key(&key), value.is_some());
        value
    }

    fn insert(&self, key: u8, value: Value, ttl: Option<Seconds>) {
        match ttl {
            None => self.cache.insert(key, value),
            Some(ttl) => self.cache.insert_with_ttl(key, value, seconds(ttl)),
        }
    }

    fn load(&self, how: How, key: u8, body: Body<'_>) -> Result<Value, ()> {
        match how {
            How::Plainly => Ok(self.cache.get_or_insert_with(key, || body().unwrap())),
            How::Trying if self.awaited => {
                at_once(self.cache.try_get_or_insert_async(key, async || body()))
            }
            How::Trying => self.cache.try_get_or_insert_with(key, body),
            How::Anew => unreachable!("only functions have a `…_cache_refresh`"),
        }
    }

    fn invalidate(&self, key: u8) -> bool {
        self.cache.invalidate(&key)
    }

    fn drop_third(&self, third: u8) -> usize {
        self.cache.retain(|key, _| key % 3 != third)
    }

    fn clear(&self) {
        self.cache.clear();
    }

    fn expire(&self) -> usize {
        self.cache.expire()
    }

    fn set_ttl(&self, ttl: Option<Seconds>) {
        self.cache.set_ttl(ttl.map(seconds));
    }

    fn set_maxsize(&self, maxsize: Option<usize>) {
        self.cache.set_maxsize(maxsize);
    }

    fn set_enabled(&self, enabled: bool) {
        self.cache.set_enabled(enabled);
    }

    fn info(&self) -> CacheInfo {
        let info = self.cache.info();
        assert_eq!((self.cache.len(), self.cache.is_empty()), (info.len, info.len == 0));
        info
    }

    fn entries(&self) -> Vec<(u8, Value)> {
        #[cfg(fuzzing)]
        self.cache.validate();
        let mut entries: Vec<_> = self.cache.iter().collect();
        entries.sort_by_key(|(key, _)| *key);
        entries
    }
}

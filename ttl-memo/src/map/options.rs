//! What a map and its clones have in common.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::Duration;

use crate::RemovalCause;
use crate::cache::{ExpireAfter, Jitter, Weigher};
use crate::clock::{Time, nanos};

/// Hears of each pair that has left.
type Listener<K, V> = Box<dyn Fn(&K, &V, RemovalCause) + Send + Sync>;

/// The options that do not change.
pub(super) struct Options<K, V> {
    pub(super) time: Time,
    /// In nanoseconds; `u64::MAX`: for ever.
    pub(super) ttl: u64,
    /// How long a pair may go unused, in nanoseconds; `u64::MAX`: for ever.
    pub(super) idle: u64,
    pub(super) weigher: Option<Weigher<K, V>>,
    pub(super) expire_after: Option<ExpireAfter<K, V>>,
    pub(super) jitter: Option<Jitter>,
    pub(super) listener: Option<Listener<K, V>>,
}

impl<K, V> Options<K, V> {
    pub(super) fn new(ttl: u64) -> Self {
        Self {
            time: Time::System,
            ttl,
            idle: u64::MAX,
            weigher: None,
            expire_after: None,
            jitter: None,
            listener: None,
        }
    }

    /// A pair's ttl in nanoseconds, given one of its own or not; zero if it is not to be stored.
    /// Runs user code.
    pub(super) fn ttl_of(&self, key: &K, value: &V, own: Option<Duration>) -> u64 {
        let own = own.or_else(|| self.expire_after.as_ref().and_then(|of| of(key, value)));
        let ttl = own.map_or(self.ttl, nanos);
        match &self.jitter {
            _ if self.idle == 0 => 0,
            Some(jitter) if ttl != u64::MAX => jitter.draw(ttl),
            _ => ttl,
        }
    }

    /// Runs user code.
    pub(super) fn weight_of(&self, key: &K, value: &V) -> usize {
        self.weigher.as_ref().map_or(1, |weigh| weigh(key, value))
    }
}

/// Tells the listener of pairs that have left and drops them, whichever of that panics; to be
/// ended when the map is whole.
#[derive(Default)]
#[must_use]
pub(super) struct Farewells {
    /// The first panic.
    panic: Option<Box<dyn Any + Send>>,
}

impl Farewells {
    pub(super) fn tell<K, V>(
        &mut self,
        options: &Options<K, V>,
        key: K,
        value: V,
        cause: RemovalCause,
    ) {
        if let Some(listener) = &options.listener {
            self.attempt(|| listener(&key, &value, cause));
        }
        self.discard((key, value));
    }

    /// Tells of a value whose key has stayed.
    pub(super) fn tell_replaced<K, V>(&mut self, options: &Options<K, V>, key: &K, old: V) {
        if let Some(listener) = &options.listener {
            self.attempt(|| listener(key, &old, RemovalCause::Replaced));
        }
        self.discard(old);
    }

    /// Drops what nobody is told of.
    pub(super) fn discard<T>(&mut self, unneeded: T) {
        if std::mem::needs_drop::<T>() {
            self.attempt(|| drop(unneeded));
        }
    }

    fn attempt(&mut self, f: impl FnOnce()) {
        // Unwind safe: what is seen is the user's own, as broken as he leaves it.
        if let Err(panic) = catch_unwind(AssertUnwindSafe(f)) {
            // A second one would hide the first; what it carries may panic when dropped.
            match self.panic {
                None => self.panic = Some(panic),
                Some(_) => std::mem::forget(panic),
            }
        }
    }

    /// Hands on the first panic.
    pub(super) fn end(self) {
        if let Some(panic) = self.panic {
            resume_unwind(panic);
        }
    }
}

//! One load in progress, and those who wait for it.

use std::sync::Arc;

use parking_lot::{Condvar, Mutex};

/// A load in progress: one caller, the leader, runs the body; others may wait for how it ends.
#[derive(Debug)]
pub(crate) struct Flight<K, V> {
    /// None once the leader has moved it into the cache, when nobody else can see the flight.
    key: Option<K>,
    /// Whether others may wait for it; it is on the board either way, for invalidations to find.
    joinable: bool,
    state: Mutex<Option<Ending<V>>>,
    ended: Condvar,
}

/// How a flight ended, to those who waited.
#[derive(Debug)]
pub(crate) enum Ending<V> {
    /// With a value, stored or not.
    Value(Arc<V>),
    /// The body returned an error: each runs its own.
    Failed,
    /// The body panicked or was dropped: one of those who waited takes over.
    Abandoned,
}

// By hand: an `Arc<V>` is `Clone` whether `V` is or not.
impl<V> Clone for Ending<V> {
    fn clone(&self) -> Self {
        match self {
            Self::Value(value) => Self::Value(Arc::clone(value)),
            Self::Failed => Self::Failed,
            Self::Abandoned => Self::Abandoned,
        }
    }
}

impl<K, V> Flight<K, V> {
    pub(crate) fn new(key: K, joinable: bool) -> Self {
        Self { key: Some(key), joinable, state: Mutex::new(None), ended: Condvar::new() }
    }

    /// Makes an empty flight one for `key`.
    pub(super) fn begin(&mut self, key: K, joinable: bool) {
        self.key = Some(key);
        self.joinable = joinable;
        *self.state.get_mut() = None;
    }

    /// Whether it holds nothing of the user's.
    pub(super) fn is_empty(&mut self) -> bool {
        self.key.is_none() && self.state.get_mut().is_none()
    }

    pub(crate) fn key(&self) -> &K {
        self.key.as_ref().expect("only a flight that nobody else knows has lost its key")
    }

    /// Moves the key out, where nobody else knows the flight.
    pub(crate) fn take_key(self: &mut Arc<Self>) -> Option<K> {
        Arc::get_mut(self)?.key.take()
    }

    pub(crate) fn joinable(&self) -> bool {
        self.joinable
    }

    /// Blocks until the flight has ended.
    pub(crate) fn wait(&self) -> Ending<V> {
        let mut state = self.state.lock();
        loop {
            if let Some(ending) = &*state {
                return ending.clone();
            }
            self.ended.wait(&mut state);
        }
    }

    /// Ends the flight; `ending` is given to all who wait.
    pub(crate) fn end(&self, ending: Ending<V>) {
        *self.state.lock() = Some(ending);
        self.ended.notify_all();
    }
}

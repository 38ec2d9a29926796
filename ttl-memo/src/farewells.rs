//! How pairs leave: the listener is told, and they are dropped, whichever of that panics.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::RemovalCause;

/// Hears of each pair that has left.
pub(crate) type Listener<K, V> = Box<dyn Fn(&K, &V, RemovalCause) + Send + Sync>;

/// Some pairs that leave together; to be ended when whatever they left is whole.
#[derive(Default)]
#[must_use]
pub(crate) struct Farewells {
    /// The first panic.
    panic: Option<Box<dyn Any + Send>>,
}

impl Farewells {
    pub(crate) fn tell<K, V>(
        &mut self,
        listener: Option<&impl Fn(&K, &V, RemovalCause)>,
        key: K,
        value: V,
        cause: RemovalCause,
    ) {
        if let Some(listener) = listener {
            self.attempt(|| listener(&key, &value, cause));
        }
        self.discard((key, value));
    }

    /// Tells of a value whose key has stayed.
    pub(crate) fn tell_replaced<K, V>(
        &mut self,
        listener: Option<&Listener<K, V>>,
        key: &K,
        old: V,
    ) {
        if let Some(listener) = listener {
            self.attempt(|| listener(key, &old, RemovalCause::Replaced));
        }
        self.discard(old);
    }

    /// Drops what nobody is told of.
    pub(crate) fn discard<T>(&mut self, unneeded: T) {
        if std::mem::needs_drop::<T>() {
            self.attempt(|| drop(unneeded));
        }
    }

    /// Runs something that calls the user's code, and keeps its panic for the [end](Self::end).
    #[inline]
    pub(crate) fn attempt<T>(&mut self, f: impl FnOnce() -> T) -> Option<T> {
        // Unwind safe: what is seen is the user's own, as broken as he leaves it.
        match catch_unwind(AssertUnwindSafe(f)) {
            Ok(done) => Some(done),
            Err(panic) => {
                self.keep(panic);
                None
            }
        }
    }

    #[cold]
    fn keep(&mut self, panic: Box<dyn Any + Send>) {
        // A second one would hide the first.
        match self.panic {
            None => self.panic = Some(panic),
            Some(_) => discard_panic(panic),
        }
    }

    pub(crate) fn has_panicked(&self) -> bool {
        self.panic.is_some()
    }

    /// Hands on the first panic.
    pub(crate) fn end(self) {
        if let Some(panic) = self.panic {
            resume_unwind(panic);
        }
    }
}

/// Drops what a panic carries, which is the user's, and may panic in turn: what that carries is
/// leaked, or there might be no end.
pub(crate) fn discard_panic(panic: Box<dyn Any + Send>) {
    if let Err(another) = catch_unwind(AssertUnwindSafe(|| drop(panic))) {
        std::mem::forget(another);
    }
}

//! The bodies of [plain](crate::call::local) calls that are running: a stack, as the thread's own.
//!
//! Nobody can wait for such a body: who asks for the same key on the same thread is within it, or
//! within one that it called. So it needs no flight, but to be known: by a call of the same key from
//! within, which runs the body itself and stores nothing, and by an invalidation, which takes the
//! right to store.
//!
//! Keys are compared by code of the user's, which may call the function. The key is taken out for
//! that long; who meets the gap takes it for the same key, which costs a run of the body at most.

use std::cell::RefCell;

/// Bodies in progress, outermost first.
pub(super) struct Within<K> {
    bodies: RefCell<Vec<Body<K>>>,
}

struct Body<K> {
    hash: u64,
    /// None: it is looked at, or what the body gave is about to be stored.
    key: Option<K>,
    /// It began after the last invalidation of its key.
    stands: bool,
}

impl<K> Within<K> {
    pub(super) const fn new() -> Self {
        Self { bodies: RefCell::new(Vec::new()) }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.bodies.borrow().len()
    }

    /// Whether this is a call from within the body of a key that `is` the same.
    #[inline]
    pub(super) fn has(&self, hash: u64, is: impl FnMut(&K) -> bool) -> bool {
        self.next(hash, 0).is_some() && self.compare(hash, is, |_| true)
    }

    /// A body begins; where it is.
    #[inline]
    pub(super) fn enter(&self, hash: u64, key: K) -> usize {
        let mut bodies = self.bodies.borrow_mut();
        bodies.push(Body { hash, key: Some(key), stands: true });
        bodies.len() - 1
    }

    /// Its key, which is its no more.
    #[inline]
    pub(super) fn take_key(&self, at: usize) -> Option<K> {
        self.bodies.borrow_mut().get_mut(at)?.key.take()
    }

    /// A body has ended; whether what it gave may be stored.
    #[inline]
    pub(super) fn leave(&self, at: usize) -> bool {
        let mut stands = false;
        // One, unless some were left behind.
        while let Some(body) = self.pop(at) {
            stands = body.stands;
        }
        stands
    }

    #[inline]
    fn pop(&self, at: usize) -> Option<Body<K>> {
        let mut bodies = self.bodies.borrow_mut();
        if bodies.len() > at { bodies.pop() } else { None }
    }

    /// What bodies of a key that `is` the same give is not to be stored.
    #[inline]
    pub(super) fn forsake(&self, hash: u64, is: impl FnMut(&K) -> bool) {
        if self.next(hash, 0).is_some() {
            self.compare(hash, is, |body| {
                body.stands = false;
                false
            });
        }
    }

    /// What any of them gives is not to be stored.
    pub(super) fn forsake_all(&self) {
        self.bodies.borrow_mut().iter_mut().for_each(|body| body.stands = false);
    }

    #[inline]
    fn next(&self, hash: u64, from: usize) -> Option<usize> {
        let bodies = self.bodies.borrow();
        let found = bodies.iter().skip(from).position(|body| body.hash == hash && body.stands);
        found.map(|at| from + at)
    }

    /// Shows those of the same key to `met`, until that is content; whether it was.
    #[cold]
    fn compare(
        &self,
        hash: u64,
        mut is: impl FnMut(&K) -> bool,
        met: impl Fn(&mut Body<K>) -> bool,
    ) -> bool {
        let mut from = 0;
        while let Some(at) = self.next(hash, from) {
            let shown = Shown { within: self, at, key: self.take_key(at) };
            let same = shown.key.as_ref().is_none_or(&mut is);
            drop(shown);
            if same && self.bodies.borrow_mut().get_mut(at).is_some_and(&met) {
                return true;
            }
            from = at + 1;
        }
        false
    }
}

/// A key that is looked at.
struct Shown<'w, K> {
    within: &'w Within<K>,
    at: usize,
    key: Option<K>,
}

impl<K> Drop for Shown<'_, K> {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            let mut bodies = self.within.bodies.borrow_mut();
            // Whatever was called meanwhile has returned: it is the same body.
            let body = bodies.get_mut(self.at);
            debug_assert!(body.as_ref().is_some_and(|body| body.key.is_none()));
            if let Some(body) = body {
                body.key = Some(key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_known_by_its_key_until_it_ends() {
        let within = Within::new();
        let (one, other) = (within.enter(7, 'a'), within.enter(7, 'b'));
        let has = |wanted: char| within.has(7, |key| *key == wanted);
        assert_eq!((has('a'), has('b'), has('c')), (true, true, false));
        assert!(!within.has(8, |_| true));
        assert!(within.leave(other));
        assert_eq!((has('a'), has('b')), (true, false));
        assert_eq!((within.take_key(one), within.leave(one), within.len()), (Some('a'), true, 0));
    }

    #[test]
    fn one_that_is_forsaken_does_not_stand() {
        let within = Within::new();
        let (one, other) = (within.enter(7, 'a'), within.enter(7, 'b'));
        within.forsake(7, |key| *key == 'a');
        assert!(!within.has(7, |key| *key == 'a'), "a call from within begins anew");
        assert_eq!((within.leave(other), within.leave(one)), (true, false));
        let one = within.enter(7, 'a');
        within.forsake_all();
        assert!(!within.leave(one));
    }

    #[test]
    fn a_key_that_is_looked_at_may_be_looked_for_and_bodies_may_come_and_go() {
        let within = Within::new();
        let one = within.enter(7, 'a');
        let is = |key: &char| {
            assert!(within.has(7, |_| unreachable!("it is away")), "taken for the same");
            let inner = within.enter(8, 'b');
            assert!(within.leave(inner));
            *key == 'x'
        };
        assert!(!within.has(7, is));
        let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            within.has(7, |_| std::panic::resume_unwind(Box::new(())))
        }));
        assert!(panic.is_err());
        assert_eq!(within.take_key(one), Some('a'), "it is back");
    }

    #[test]
    fn those_left_behind_go_with_the_one_below() {
        let within = Within::new();
        let one = within.enter(7, 'a');
        within.enter(8, 'b');
        assert!(within.leave(one));
        assert_eq!(within.len(), 0);
    }
}

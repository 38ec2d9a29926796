//! Sweeps, from their first step to their last; what the steps are for is said
//! [where they are taken](crate::flight::Step).

use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::Arc;

use crate::farewells::Farewells;
use crate::flight::Step;

/// A cache, to a sweep.
pub(crate) trait Swept {
    /// Takes a step at each of its boards. No code of the user's runs.
    fn swept(&self, step: Step, tag: Option<&Arc<str>>);
}

/// A sweep of some caches, from their mark on. Dropped, also by a panic, it is over.
///
/// It holds no lock: it may begin within another, or within a body, and outlast a call of any kind.
pub(crate) struct Sweep<'t, C: Deref<Target: Swept>> {
    tag: Option<&'t Arc<str>>,
    caches: Vec<C>,
    /// So many of them are sealed.
    sealed: usize,
}

impl<'c, C: Swept> Sweep<'_, &'c C> {
    /// Of all that one cache holds.
    pub(crate) fn of(cache: &'c C) -> Self {
        let mut sweep = Self::new(None);
        sweep.mark(cache);
        sweep
    }
}

impl<'t, C: Deref<Target: Swept>> Sweep<'t, C> {
    /// Of what carries `tag`; none: of everything. Of no cache yet.
    pub(crate) fn new(tag: Option<&'t Arc<str>>) -> Self {
        Self { tag, caches: Vec::new(), sealed: 0 }
    }

    pub(crate) fn mark(&mut self, cache: C) {
        cache.swept(Step::Mark, self.tag);
        self.caches.push(cache);
    }

    fn seal(&mut self) {
        while let Some(cache) = self.caches.get(self.sealed) {
            cache.swept(Step::Seal, self.tag);
            self.sealed += 1;
        }
    }

    /// Sweeps all that `list` gives, those included that are made meanwhile; the sum of what `each`
    /// gives. Hands on the first panic in the end.
    ///
    /// A cache that is made meanwhile may be given what was computed from another's entries before
    /// these were dropped. So there is another look at the list when all that was on it has been
    /// swept and sealed, until there is no other cache: what is made from then on is given nothing
    /// of that kind.
    pub(crate) fn all(
        mut self,
        list: impl Fn() -> Vec<C>,
        mut each: impl FnMut(&C) -> usize,
    ) -> usize {
        let mut farewells = Farewells::default();
        let (mut known, mut sum) = (BTreeSet::new(), 0_usize);
        loop {
            let from = self.caches.len();
            for cache in list() {
                if known.insert(std::ptr::from_ref(&*cache).cast::<()>().addr()) {
                    self.mark(cache);
                } else {
                    farewells.discard(cache);
                }
            }
            if from == self.caches.len() {
                break;
            }
            for cache in &self.caches[from..] {
                sum += farewells.attempt(|| each(cache)).unwrap_or_default();
            }
            self.seal();
        }
        for cache in self.end() {
            // The last that holds it, maybe.
            farewells.discard(cache);
        }
        farewells.end();
        sum
    }

    /// The last steps; all that was swept.
    fn end(&mut self) -> Vec<C> {
        self.seal();
        self.sealed = 0;
        let caches = std::mem::take(&mut self.caches);
        for cache in &caches {
            cache.swept(Step::Unmark, self.tag);
        }
        caches
    }
}

impl<C: Deref<Target: Swept>> Drop for Sweep<'_, C> {
    fn drop(&mut self) {
        self.end();
    }
}

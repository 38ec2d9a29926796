//! Where a thread's caches of an annotated function are: one for each instantiation, made at first
//! use.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::thread::LocalKey;

use crate::call::site::id_of;

/// One thread's caches of one annotated function.
#[derive(Default)]
pub struct Caches {
    made: RefCell<Vec<Node>>,
    /// Those that are being made.
    underway: RefCell<Vec<TypeId>>,
}

struct Node {
    id: TypeId,
    cache: Rc<dyn Any>,
    /// The world for tests in which it was made.
    #[cfg(feature = "testing")]
    world: crate::testing::Here,
}

/// The caches of one annotated function, of all threads.
pub struct Site {
    own: &'static LocalKey<Caches>,
}

impl Caches {
    /// None yet.
    pub const fn new() -> Self {
        Self { made: RefCell::new(Vec::new()), underway: RefCell::new(Vec::new()) }
    }

    #[inline]
    fn find<C: 'static>(&self, id: TypeId) -> Option<Rc<C>> {
        #[cfg(feature = "testing")]
        let here = crate::testing::Here::now();
        for node in &*self.made.borrow() {
            #[cfg(feature = "testing")]
            if !node.world.is(&here) {
                continue;
            }
            if node.id == id {
                return Rc::downcast(Rc::clone(&node.cache)).ok();
            }
        }
        None
    }

    fn add<C: 'static>(&self, id: TypeId, cache: &Rc<C>) {
        let node = Node {
            id,
            cache: Rc::clone(cache) as Rc<dyn Any>,
            #[cfg(feature = "testing")]
            world: crate::testing::Here::now(),
        };
        let mut made = self.made.borrow_mut();
        #[cfg(feature = "testing")]
        let gone: Vec<Node> = made.extract_ended();
        made.push(node);
        drop(made);
        // Their values' `Drop` may call the function.
        #[cfg(feature = "testing")]
        drop(gone);
    }
}

/// Worlds that have ended take their caches with them.
#[cfg(feature = "testing")]
trait ExtractEnded {
    fn extract_ended(&mut self) -> Self;
}

#[cfg(feature = "testing")]
impl ExtractEnded for Vec<Node> {
    fn extract_ended(&mut self) -> Self {
        let (ended, left) = self.drain(..).partition(|node| node.world.has_ended());
        *self = left;
        ended
    }
}

impl Site {
    /// The caches in `own`.
    pub const fn new(own: &'static LocalKey<Caches>) -> Self {
        Self { own }
    }

    /// The cache of type `C` that belongs to `Tag`, a closure's type, made if this is its first
    /// use: such a type carries every generic in whose scope it stands, those of an `impl`
    /// included.
    #[inline]
    pub(super) fn get<Tag, C: 'static>(&self, make: impl FnOnce() -> C) -> Rc<C> {
        let id = id_of::<(Tag, C)>();
        match self.own.try_with(|caches| caches.find(id)) {
            Ok(Some(cache)) => cache,
            _ => self.make(id, make),
        }
    }

    /// `make` is the user's: if it panics, the next call tries again.
    #[cold]
    fn make<C: 'static>(&self, id: TypeId, make: impl FnOnce() -> C) -> Rc<C> {
        let began = self.own.try_with(|caches| {
            let mut underway = caches.underway.borrow_mut();
            assert!(
                !underway.contains(&id),
                "an option of a `#[ttl_cache]` function calls the function itself"
            );
            underway.push(id);
        });
        let _ended = began.ok().map(|()| Underway { site: self, id });
        let cache = Rc::new(make());
        // Where this thread's are gone, this one is the call's alone.
        let _ = self.own.try_with(|caches| caches.add(id, &cache));
        cache
    }
}

/// While a cache is being made.
struct Underway<'s> {
    site: &'s Site,
    id: TypeId,
}

impl Drop for Underway<'_> {
    fn drop(&mut self) {
        let _ = self.site.own.try_with(|caches| {
            caches.underway.borrow_mut().retain(|id| *id != self.id);
        });
    }
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Site").finish_non_exhaustive()
    }
}

impl fmt::Debug for Caches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caches").finish_non_exhaustive()
    }
}

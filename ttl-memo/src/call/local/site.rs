//! Where a thread's caches of an annotated function are: one for each instantiation, made at first
//! use.
//!
//! As with a [global site](crate::call::site), the type of a cache is inferred where nobody can
//! write it down, so that it is known by its [`TypeId`]; and as there, this is the room for the
//! `unsafe` that comes of it. A hit is to take few nanoseconds, of which a count of who uses the
//! cache, a list that is borrowed and a virtual call to tell its type would be a third.
//!
//! # How long a cache lives
//! A thread's caches go when its thread-locals do, and then no call of that thread is in progress:
//! its stack is empty, or the program is on its way out through `exit`, and what is on the stack
//! never runs again. So a call [reaches](Reached) its cache by a bare pointer. Those that are made
//! for one call, and those of a world for tests, are shared with the call.

use std::any::{TypeId, type_name};
use std::cell::{Cell, RefCell};
use std::fmt;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::ptr::{self, NonNull};
use std::rc::Rc;
use std::thread::LocalKey;

use crate::call::site::{function_of, own_id};
#[cfg(feature = "testing")]
use crate::testing::LocalPlace;

/// One of a thread's caches of a function: the one that was asked for last. Apart from the others
/// because it needs no destructor, and so no look at whether that has run.
pub struct Latest(Cell<*const Head>);

/// One thread's caches of one annotated function.
pub struct Caches {
    shelf: Shelf,
    latest: &'static LocalKey<Latest>,
}

/// Caches of one function, by their types.
#[derive(Default)]
pub(crate) struct Shelf {
    made: RefCell<Vec<Node>>,
    /// Those that are being made.
    underway: RefCell<Vec<TypeId>>,
}

struct Node {
    id: TypeId,
    /// A `Made<C>`, whose id is that of some `(Tag, C)`.
    made: Rc<dyn Kept>,
}

/// A cache of whatever types.
pub(crate) trait Kept {
    /// Its world is no more: drops what it holds, and stores nothing any more.
    #[cfg(feature = "testing")]
    fn end(&self);
}

/// The beginning of every [`Made`], whatever cache is in it.
#[repr(C)]
struct Head {
    /// Known by its address, mostly: see [`own_id`].
    id: fn() -> TypeId,
}

/// What stands for none.
static NONE: Head = Head { id: || TypeId::of::<Head>() };

const fn none() -> *const Head {
    &raw const NONE
}

/// `repr(C)`: a pointer to it is one to its head.
#[repr(C)]
pub(super) struct Made<C> {
    head: Head,
    cache: C,
}

impl<C: Kept> Kept for Made<C> {
    #[cfg(feature = "testing")]
    fn end(&self) {
        self.cache.end();
    }
}

impl<C> Deref for Made<C> {
    type Target = C;

    #[inline]
    fn deref(&self) -> &C {
        &self.cache
    }
}

/// A cache, for the time of one call.
pub(super) struct Reached<C> {
    at: NonNull<Made<C>>,
    /// For a cache that may go before the call ends: `at` is that of an `Rc`, of which this has a
    /// share. Not the `Rc` itself: to drop one takes its address, and so memory.
    shared: bool,
}

impl<C> Drop for Reached<C> {
    #[inline]
    fn drop(&mut self) {
        if self.shared {
            end(self.at);
        }
    }
}

#[cold]
#[inline(never)]
fn end<C>(at: NonNull<Made<C>>) {
    // SAFETY: made so from an `Rc`, see `From`, for this one time.
    drop(unsafe { Rc::from_raw(at.as_ptr().cast_const()) });
}

impl<C> Reached<C> {
    /// Shares it with what may outlive the call.
    #[inline]
    pub(super) fn share(&self) -> Rc<Made<C>> {
        let at = self.at.as_ptr().cast_const();
        // SAFETY: `at` is the pointer that an `Rc` would give, and there is one: on a shelf, or
        // beside it.
        unsafe {
            Rc::increment_strong_count(at);
            Rc::from_raw(at)
        }
    }
}

impl<C> Deref for Reached<C> {
    type Target = C;

    #[inline]
    fn deref(&self) -> &C {
        // SAFETY: it lives for as long as the call does: see the module.
        unsafe { &self.at.as_ref().cache }
    }
}

impl<C> From<Rc<Made<C>>> for Reached<C> {
    fn from(made: Rc<Made<C>>) -> Self {
        Self { at: pointer_to(&ManuallyDrop::new(made)), shared: true }
    }
}

fn pointer_to<C>(made: &Rc<Made<C>>) -> NonNull<Made<C>> {
    NonNull::new(Rc::as_ptr(made).cast_mut()).expect("what lives has an address")
}

/// The caches of one annotated function, of all threads.
pub struct Site {
    latest: &'static LocalKey<Latest>,
    own: &'static LocalKey<Caches>,
}

impl Latest {
    /// None yet.
    pub const fn new() -> Self {
        Self(Cell::new(none()))
    }
}

impl Default for Latest {
    fn default() -> Self {
        Self::new()
    }
}

impl Caches {
    /// None yet. `latest`: the thread's own, for the same function.
    pub const fn new(latest: &'static LocalKey<Latest>) -> Self {
        let made = RefCell::new(Vec::new());
        let underway = RefCell::new(Vec::new());
        Self { shelf: Shelf { made, underway }, latest }
    }
}

impl Drop for Caches {
    fn drop(&mut self) {
        // First: what is dropped now may call the function.
        let _ = self.latest.try_with(|latest| latest.0.set(none()));
    }
}

impl Shelf {
    fn find<C: 'static>(&self, id: TypeId) -> Option<Rc<Made<C>>> {
        let all = self.made.borrow();
        let node = all.iter().find(|node| node.id == id)?;
        let made = Rc::into_raw(Rc::clone(&node.made)).cast::<Made<C>>();
        // SAFETY: it was made, as `Made<C'>`, under the id of `(Tag', C')`. Two types have one id
        // only if they are the same but for lifetimes, and `C` and `C'` are `'static`: all that they
        // could differ in is `'static` in both. So `C` is `C'`.
        Some(unsafe { Rc::from_raw(made) })
    }

    /// `make` is the user's: if it panics, the next call tries again.
    fn find_or_make<C: Kept + 'static>(&self, of: Tagged, make: impl FnOnce() -> C) -> Rc<Made<C>> {
        let (own_id, tag) = (of.id, of.tag);
        let id = own_id();
        if let Some(made) = self.find(id) {
            return made;
        }
        let mut underway = self.underway.borrow_mut();
        assert!(
            !underway.contains(&id),
            "an option of the `#[ttl_cache]` function `{}` calls the function itself",
            function_of(tag)
        );
        underway.push(id);
        drop(underway);
        let ended = Underway { shelf: self, id };
        let new = Rc::new(Made { head: Head { id: own_id }, cache: make() });
        drop(ended);
        self.made.borrow_mut().push(Node { id, made: Rc::clone(&new) as Rc<dyn Kept> });
        new
    }

    /// The world of these is no more.
    #[cfg(feature = "testing")]
    pub(crate) fn end(&self) {
        for node in self.made.take() {
            node.made.end();
        }
    }
}

impl Site {
    /// The caches in `own`, the latest in `latest`.
    pub const fn new(latest: &'static LocalKey<Latest>, own: &'static LocalKey<Caches>) -> Self {
        Self { latest, own }
    }

    /// The cache of type `C` that belongs to `Tag`, a closure's type, made if this is its first
    /// use: such a type carries every generic in whose scope it stands, those of an `impl`
    /// included.
    #[inline]
    pub(super) fn get<Tag, C: Kept + 'static>(
        &'static self,
        make: impl FnOnce() -> C,
    ) -> Reached<C> {
        let id: fn() -> TypeId = own_id::<(Tag, C)>;
        #[cfg(feature = "testing")]
        if let Some(place) = crate::testing::local_twin(self) {
            return in_world(place, Tagged::by::<Tag>(id), make);
        }
        let latest = self.latest.try_with(|latest| latest.0.get()).unwrap_or(none());
        // SAFETY: none's, or a `Made` on this thread's shelf, which goes after `latest` became none.
        let latest_id = unsafe { (*latest).id };
        if ptr::fn_addr_eq(latest_id, id) || is_copy(latest_id, id) {
            // SAFETY: not null.
            let at = unsafe { NonNull::new_unchecked(latest.cast_mut()) };
            // It was found on the shelf as a `Made<C>`.
            return Reached { at: at.cast(), shared: false };
        }
        self.find_or_make(Tagged::by::<Tag>(id), make)
    }

    #[cold]
    fn find_or_make<C: Kept + 'static>(&self, of: Tagged, make: impl FnOnce() -> C) -> Reached<C> {
        let mut make = Some(make);
        let mut once = || make.take().expect("made once")();
        match self.own.try_with(|caches| caches.shelf.find_or_make(of, &mut once)) {
            Ok(found) => {
                let at = pointer_to(&found);
                let latest = at.as_ptr().cast_const().cast();
                let _ = self.latest.try_with(|own| own.0.set(latest));
                Reached { at, shared: false }
            }
            // This thread's are gone: this one is the call's alone.
            Err(_) => Rc::new(Made { head: Head { id: of.id }, cache: once() }).into(),
        }
    }
}

/// Whether a function is another's copy, in another crate.
#[cold]
#[inline(never)]
fn is_copy(one: fn() -> TypeId, other: fn() -> TypeId) -> bool {
    one() == other()
}

/// As [`Site::get`], in a world for tests; nowhere, a cache is the call's alone.
#[cfg(feature = "testing")]
#[cold]
fn in_world<C: Kept + 'static>(
    place: LocalPlace,
    of: Tagged,
    make: impl FnOnce() -> C,
) -> Reached<C> {
    match place {
        LocalPlace::Shelf(shelf) => shelf.find_or_make(of, make).into(),
        LocalPlace::None => Rc::new(Made { head: Head { id: of.id }, cache: make() }).into(),
    }
}

/// What tells a function's caches apart, and what it is called.
#[derive(Clone, Copy)]
struct Tagged {
    id: fn() -> TypeId,
    tag: &'static str,
}

impl Tagged {
    fn by<Tag>(id: fn() -> TypeId) -> Self {
        Self { id, tag: type_name::<Tag>() }
    }
}

/// While a cache is being made.
struct Underway<'s> {
    shelf: &'s Shelf,
    id: TypeId,
}

impl Drop for Underway<'_> {
    fn drop(&mut self) {
        self.shelf.underway.borrow_mut().retain(|id| *id != self.id);
    }
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Site").finish_non_exhaustive()
    }
}

impl fmt::Debug for Latest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Latest").finish_non_exhaustive()
    }
}

impl fmt::Debug for Caches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caches").finish_non_exhaustive()
    }
}

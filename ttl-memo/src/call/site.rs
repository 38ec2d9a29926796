//! Where an annotated function's caches are: one for each instantiation, made at first use.
//!
//! The type of a cache is inferred in the function that holds the static, where nobody can write
//! it down, so the static knows it only by its [`TypeId`]. Or rather by a function that gives it: of
//! one function there may be copies, but two of one address give one id. So to compare addresses is
//! mostly all that a call pays, and where that fails ids are compared.

use std::any::{TypeId, type_name};
use std::fmt;
use std::marker::PhantomData;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::thread::{self, ThreadId};

use crate::sync::{Condvar, Mutex, global};

/// The caches of one annotated function: a list that only ever grows at its end.
///
/// Release when a node is linked, Acquire when the link is followed: who sees a node sees the
/// cache in it. Nodes are never taken out nor freed.
pub struct Site {
    first: AtomicPtr<Head>,
}

/// The beginning of every [`Node`], whatever cache is in it.
struct Head {
    id: fn() -> TypeId,
    next: AtomicPtr<Head>,
}

/// The end of every list; nothing is linked behind it.
static END: Head = Head { id: || TypeId::of::<Head>(), next: AtomicPtr::new(ptr::null_mut()) };

const fn end() -> *mut Head {
    (&raw const END).cast_mut()
}

/// `repr(C)`: a pointer to it is one to its head.
#[repr(C)]
struct Node<C> {
    head: Head,
    cache: C,
}

impl Site {
    /// No caches yet.
    #[expect(clippy::new_without_default, reason = "made in statics only")]
    pub const fn new() -> Self {
        Self { first: AtomicPtr::new(end()) }
    }

    /// The cache of type `C`, made, and handed to `known`, if this is its first use, that belongs
    /// to `Tag`, a closure's type: such a type carries every
    /// generic in whose scope it stands, those of an `impl` included.
    #[inline]
    pub(crate) fn get<Tag, C>(
        &'static self,
        make: impl FnOnce() -> C,
        known: impl FnOnce(&'static C),
    ) -> &'static C
    where
        C: Send + Sync + 'static,
    {
        #[cfg(feature = "testing")]
        if let Some(twin) = crate::testing::twin(self) {
            return twin.get_own::<Tag, C>(make, known);
        }
        self.get_own::<Tag, C>(make, known)
    }

    /// As [`get`](Self::get), without asking whether this thread is in a world for tests.
    #[inline]
    fn get_own<Tag, C>(
        &'static self,
        make: impl FnOnce() -> C,
        known: impl FnOnce(&'static C),
    ) -> &'static C
    where
        C: Send + Sync + 'static,
    {
        let first = self.first.load(Ordering::Acquire);
        // SAFETY: a node that was linked stays, as the end does.
        if ptr::fn_addr_eq(unsafe { (*first).id }, own_id::<(Tag, C)> as fn() -> TypeId) {
            // SAFETY: as `cache_in` asks: one function gives one id.
            return unsafe { cache_in(first) };
        }
        self.find_or_make::<Tag, C>(make, known)
    }

    #[cold]
    #[inline(never)]
    fn find_or_make<Tag, C>(
        &'static self,
        make: impl FnOnce() -> C,
        known: impl FnOnce(&'static C),
    ) -> &'static C
    where
        C: Send + Sync + 'static,
    {
        let id = own_id::<(Tag, C)>;
        self.find(id).unwrap_or_else(|| self.make(id, type_name::<Tag>(), make, known))
    }

    fn find<C: 'static>(&'static self, id: fn() -> TypeId) -> Option<&'static C> {
        let by_address = self.nodes().find(|node| ptr::fn_addr_eq(node.1, id));
        // Another crate may have a copy of the function.
        let (node, _) = by_address.or_else(|| self.nodes().find(|node| (node.1)() == id()))?;
        // SAFETY: as `cache_in` asks.
        Some(unsafe { cache_in(node) })
    }

    /// The nodes that are linked, each with what gives its id.
    fn nodes(&'static self) -> impl Iterator<Item = (*mut Head, fn() -> TypeId)> {
        let mut next = &self.first;
        std::iter::from_fn(move || {
            let node = next.load(Ordering::Acquire);
            if node == end() {
                return None;
            }
            // SAFETY: a node that was linked stays.
            let head = unsafe { &*node };
            next = &head.next;
            Some((node, head.id))
        })
    }

    /// Makes a cache, once for all threads. `make` is the user's: no lock is held while it runs,
    /// and if it panics the next caller tries again.
    fn make<C>(
        &'static self,
        id: fn() -> TypeId,
        tag: &'static str,
        make: impl FnOnce() -> C,
        known: impl FnOnce(&'static C),
    ) -> &'static C
    where
        C: Send + Sync + 'static,
    {
        let this =
            Making { site: ptr::from_ref(self).addr(), id: id(), by: thread::current().id() };
        let mut underway = UNDERWAY.lock();
        loop {
            if let Some(cache) = self.find(id) {
                return cache;
            }
            let Some(by) = underway.maker(&this) else { break };
            assert!(
                by != this.by,
                "an option of the `#[ttl_cache]` function `{}` calls the function itself",
                function_of(tag)
            );
            assert!(
                !underway.waits_for(by, this.by),
                "an option of the `#[ttl_cache]` function `{}` calls another function, an option \
                 of which calls this one",
                function_of(tag)
            );
            underway.waiting.push(this);
            MADE.wait(&mut underway);
            underway.waiting.retain(|waiting| *waiting != this);
        }
        underway.making.push(this);
        drop(underway);
        // Declared before the cache is made: its end, also by a panic, is told to those who wait.
        let _told = Told(this);
        let head = Head { id, next: AtomicPtr::new(end()) };
        let node: *mut Node<C> = Box::into_raw(Box::new(Node { head, cache: make() }));
        // SAFETY: just made, and never freed.
        let cache = unsafe { &(*node).cache };
        known(cache);
        self.link(node.cast());
        cache
    }

    fn link(&self, node: *mut Head) {
        let mut last = &self.first;
        while let Err(head) =
            last.compare_exchange(end(), node, Ordering::AcqRel, Ordering::Acquire)
        {
            // SAFETY: not the end, so a node that was linked, and those stay.
            last = unsafe { &(*head).next };
        }
    }
}

/// The cache in a node.
///
/// # Safety
///
/// `head` is that of a node that was linked, and its function gives `id_of::<(Tag, C)>()` for some
/// `Tag`.
///
/// Then the node is a `Node<C>`. It was linked under the id of `(Tag', C')`, and two types have one
/// id only if they are the same but for lifetimes; `C` and `C'` are `'static`, so all that they
/// could differ in is `'static` in both.
#[inline]
unsafe fn cache_in<C: 'static>(head: *mut Head) -> &'static C {
    // SAFETY: the pointer is that of the whole node, which is never freed nor changed.
    unsafe { &(*head.cast::<Node<C>>()).cache }
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Site").finish_non_exhaustive()
    }
}

/// A cache that is being made, or waited for, by a thread.
#[derive(Clone, Copy, PartialEq)]
struct Making {
    site: usize,
    id: TypeId,
    by: ThreadId,
}

impl Making {
    fn is_of(&self, other: &Self) -> bool {
        (self.site, self.id) == (other.site, other.id)
    }
}

/// First uses, of whatever function.
struct Underway {
    /// The caches that are being made now.
    making: Vec<Making>,
    /// Who waits for one of them.
    waiting: Vec<Making>,
}

impl Underway {
    /// Who makes this cache.
    fn maker(&self, of: &Making) -> Option<ThreadId> {
        self.making.iter().find(|making| making.is_of(of)).map(|making| making.by)
    }

    /// Whether one thread waits, perhaps through others, for what another is making.
    fn waits_for(&self, mut one: ThreadId, other: ThreadId) -> bool {
        // No circle has been closed before, so there is an end to this.
        while let Some(waiting) = self.waiting.iter().find(|waiting| waiting.by == one) {
            match self.maker(waiting) {
                Some(by) if by == other => return true,
                Some(by) => one = by,
                None => return false,
            }
        }
        false
    }
}

global! {
    static UNDERWAY: Mutex<Underway> =
        Mutex::new(Underway { making: Vec::new(), waiting: Vec::new() });
}
global! {
    /// One of them is done, or its maker has panicked.
    static MADE: Condvar = Condvar::new();
}

struct Told(Making);

impl Drop for Told {
    fn drop(&mut self) {
        UNDERWAY.lock().making.retain(|making| *making != self.0);
        MADE.notify_all();
    }
}

/// What gives a type's id, and is known by its address: so not inlined.
#[inline(never)]
pub(super) fn own_id<T>() -> TypeId {
    id_of::<T>()
}

/// A type's id, whatever lifetimes are in it.
#[inline]
pub(crate) fn id_of<T>() -> TypeId {
    trait Identified {
        fn id(&self) -> TypeId
        where
            Self: 'static;
    }

    impl<T> Identified for PhantomData<T> {
        #[inline]
        fn id(&self) -> TypeId
        where
            Self: 'static,
        {
            TypeId::of::<T>()
        }
    }

    let of: &dyn Identified = &PhantomData::<T>;
    // SAFETY: only the bound on the trait object's lifetime changes; `id` looks at nothing that
    // could have that lifetime, and the reference itself does not outlive this function.
    let of = unsafe { std::mem::transmute::<&dyn Identified, &(dyn Identified + 'static)>(of) };
    of.id()
}

/// The names of hidden functions, after the name of the one that each is beside.
const HIDDEN: [&str; 2] = ["_needs_in_impl", "_in_a_trait_needs_helpers_false"];

/// The path of the function that a closure of this name stands in, to be shown.
pub(crate) fn function_of(tag: &str) -> String {
    let path = HIDDEN
        .iter()
        .fold(tag.replace("::{{closure}}", ""), |path, hidden| path.replace(hidden, ""));
    path.replace("::__", "::")
}

/// A cache's name when none is given: the path of the function `of` as the compiler writes it.
/// `Tag` stands in that function, or in the hidden one beside it.
pub(crate) fn path_of<Tag>(of: &str) -> String {
    let mut path = type_name::<Tag>();
    while let Some(parent) = path.strip_suffix("::{{closure}}") {
        path = parent;
    }
    match HIDDEN.iter().find_map(|hidden| path.rfind(&format!("__{of}{hidden}"))) {
        Some(at) => {
            // What follows the hidden function's name: nothing, or generic arguments.
            let rest = path[at..].find('<').map_or("", |rest| &path[at + rest..]);
            // It stands in the function itself if there are no helpers.
            let parent =
                path[..at].strip_suffix(&format!("::{of}::")).map(|path| format!("{path}::"));
            let parent = parent.unwrap_or_else(|| path[..at].to_owned());
            format!("{parent}{of}{rest}")
        }
        None => path.to_owned(),
    }
}

#[cfg(test)]
#[expect(clippy::extra_unused_type_parameters, reason = "they tell instantiations apart")]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    fn of<Tag>(site: &'static Site, _: &Tag, count: &'static AtomicUsize) -> usize {
        let make = || {
            count.fetch_add(1, Ordering::Relaxed);
            0_u64
        };
        ptr::from_ref(site.get::<Tag, u64>(make, |_| ())).addr()
    }

    fn tagged<T>(count: &'static AtomicUsize) -> usize {
        static SITE: Site = Site::new();
        of(&SITE, &|| (), count)
    }

    #[test]
    fn an_instantiation_has_a_cache_of_its_own() {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let places = [tagged::<u8>(&MADE), tagged::<&str>(&MADE), tagged::<u16>(&MADE)];
        assert_eq!(places, [tagged::<u8>(&MADE), tagged::<&str>(&MADE), tagged::<u16>(&MADE)]);
        assert_eq!(MADE.load(Ordering::Relaxed), 3);
        assert!(places[0] != places[1] && places[1] != places[2]);
    }

    #[test]
    fn first_use_from_many_threads_makes_one() {
        static SITE: Site = Site::new();
        static MADE: AtomicUsize = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| of(&SITE, &MADE, &MADE));
            }
        });
        assert_eq!(MADE.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn one_that_panics_is_tried_again() {
        static SITE: Site = Site::new();
        let panicked =
            std::panic::catch_unwind(|| SITE.get::<(), u8>(|| panic!("no clock"), |_| ()));
        assert!(panicked.is_err());
        assert_eq!(*SITE.get::<(), u8>(|| 7, |_| ()), 7);
        assert_eq!(*SITE.get::<(), u8>(|| 8, |_| ()), 7);
    }

    #[test]
    fn an_option_that_calls_its_function_is_told() {
        static SITE: Site = Site::new();
        let told = std::panic::catch_unwind(|| {
            SITE.get::<(), u8>(|| *SITE.get::<(), u8>(|| 1, |_| ()), |_| ());
        });
        let told = *told.unwrap_err().downcast::<String>().unwrap();
        assert!(told.contains("calls the function itself"), "{told}");
    }

    #[test]
    fn a_function_is_shown_by_its_path() {
        let hidden = "app::users::__find_needs_in_impl<u8>::{{closure}}";
        assert_eq!(function_of(hidden), "app::users::find<u8>");
        let hidden = "app::<impl app::Load for app::Repo>::load::{{closure}}::{{closure}}";
        assert_eq!(function_of(hidden), "app::<impl app::Load for app::Repo>::load");
    }

    #[test]
    fn a_name_is_the_functions_path() {
        fn __len_needs_in_impl<T>() -> String {
            fn name<Tag>(_: Tag) -> String {
                path_of::<Tag>("len")
            }
            name(|| ())
        }
        fn __len_in_a_trait_needs_helpers_false<T>() -> String {
            fn name<Tag>(_: Tag) -> String {
                path_of::<Tag>("len")
            }
            name(|| ())
        }
        for name in [__len_needs_in_impl::<u8>(), __len_in_a_trait_needs_helpers_false::<u8>()] {
            assert!(name.ends_with("::len<u8>"), "{name}");
        }
    }
}

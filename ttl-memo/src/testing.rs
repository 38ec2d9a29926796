//! Worlds for tests: caches of their own, on a clock that the test moves.
//!
//! An annotated function's cache is one for the whole program, so tests that run side by side would
//! see each other's entries. In an [`isolated`] world they do not:
//!
//! ```
//! use std::time::Duration;
//! use ttl_memo::ttl_cache;
//!
//! #[ttl_cache(ttl = "10m")]
//! fn price(article: u32) -> u32 {
//!     article * 100
//! }
//!
//! let world = ttl_memo::testing::isolated();
//! assert_eq!((price(1), price(1)), (100, 100));
//! assert_eq!(price_cache_info().hits, 1);
//!
//! world.advance(Duration::from_secs(600));
//! price(1);
//! assert_eq!(price_cache_info().misses, 2);
//!
//! drop(world);
//! assert_eq!(price_cache_info().misses, 0, "the program's own cache was never called");
//! ```
//!
//! # What a world covers
//!
//! - Calls, and the helpers beside a function, on the thread that made the world, for as long as the
//!   world lives; in futures wrapped by [`World::scope`], whatever thread polls them; and in
//!   closures run by [`World::run`], for threads that the test starts. Other threads and tasks see
//!   the program's own caches, unless they are in a world of theirs.
//! - Functions with `scope = thread`, which have a cache for each thread in each world.
//! - The time: every cache in a world is on the world's clock, which begins at zero and stands
//!   still but for [`World::advance`]. That holds for a function with a `clock` of its own, too.
//! - The registry. [`caches`](crate::caches), [`cache`](crate::cache),
//!   [`clear_all`](crate::clear_all), [`expire_all`](crate::expire_all),
//!   [`set_enabled`](crate::set_enabled) and [`invalidate_tag`](crate::invalidate_tag) inside of a
//!   world see its caches, and leave the program's own alone.
//! - A refresh that is handed to a function's `spawn`: it belongs to the world of the call that
//!   found it due, and calls in its body are made there.
//!
//! # What it does not
//!
//! - A [`TtlCache`](crate::TtlCache) made by hand, so a function with `cache = …` too: such a cache
//!   is its owner's, who can make it with a `clock`. `invalidate_tag` reaches these from any world.
//! - How long a call waits with `single_flight = "5s"`: that bounds how long a thread stands still,
//!   and is measured by the system's clock everywhere.
//!
//! Worlds nest: the innermost that lives is asked. When a world ends its values are dropped, no
//! `on_evict` hears of that, and calls that are still scoped in it run their bodies and store
//! nothing. What functions with `scope = thread` were given in it on other threads is dropped when
//! such a thread next enters or leaves a world, or ends. Each other function called in a world leaves
//! an empty cache behind for good, some 5 kB, which a test's process can bear: this is a feature for
//! `[dev-dependencies]`.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::ptr;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, MutexGuard};
use std::task::{Context, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;

use crate::ManualClock;
use crate::call::local;
use crate::call::site::Site;
use crate::clock::Clock;
use crate::registry::Registry;
use crate::sync::Mutex;

thread_local! {
    /// The worlds that this thread is in, innermost last.
    static INSIDE: RefCell<Vec<Arc<Inner>>> = const { RefCell::new(Vec::new()) };
    /// This thread's caches of functions with `scope = thread`, in worlds.
    static SHELVES: RefCell<Vec<LocalTwin>> = const { RefCell::new(Vec::new()) };
}

/// One function's caches for this thread in a world.
struct LocalTwin {
    world: Arc<Inner>,
    /// Where the function's site is.
    site: usize,
    shelf: Rc<local::Shelf>,
}

/// Empty caches for this thread, on a clock that stands still, until what is returned is dropped.
///
/// See the [module](self) for what a world covers.
pub fn isolated() -> World {
    let inner = Arc::new(Inner::default());
    let entered = Here(Some(Arc::clone(&inner))).enter();
    World { inner, _entered: entered, thread_bound: PhantomData }
}

/// While it lives, calls on the thread that made it see caches of their own; see [`isolated`].
///
/// Other threads may use a reference to it, but it ends on the thread that made it.
#[must_use = "a world ends when it is dropped"]
pub struct World {
    inner: Arc<Inner>,
    _entered: Entered,
    /// `Sync`, not `Send`.
    thread_bound: PhantomData<MutexGuard<'static, ()>>,
}

impl World {
    /// Moves the world's clock on by `step`.
    pub fn advance(&self, step: Duration) {
        self.inner.clock.advance(step);
    }

    /// The world's clock, for caches made by hand.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlCache;
    ///
    /// let world = ttl_memo::testing::isolated();
    /// let users = TtlCache::builder().ttl(Duration::from_secs(1)).clock(world.clock()).build();
    /// users.insert(1, "Ada");
    /// world.advance(Duration::from_secs(1));
    /// assert_eq!(users.get(&1), None);
    /// ```
    pub fn clock(&self) -> ManualClock {
        self.inner.clock.clone()
    }

    /// A future whose calls are made in this world, whatever thread polls it.
    ///
    /// ```
    /// # use std::future::Future;
    /// # use std::pin::pin;
    /// # use std::task::{Context, Poll, Waker};
    /// # fn block_on<T>(future: impl Future<Output = T>) -> T {
    /// #     match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
    /// #         Poll::Ready(value) => value,
    /// #         Poll::Pending => unreachable!(),
    /// #     }
    /// # }
    /// use ttl_memo::ttl_cache;
    ///
    /// #[ttl_cache]
    /// async fn double(n: u64) -> u64 {
    ///     2 * n
    /// }
    ///
    /// let world = ttl_memo::testing::isolated();
    /// let task = world.scope(async { double(21).await });
    /// // Say, by `tokio::spawn`:
    /// std::thread::spawn(|| assert_eq!(block_on(task), 42)).join().unwrap();
    /// assert_eq!(double_cache_info().misses, 1);
    /// ```
    pub fn scope<F: Future>(&self, future: F) -> Scoped<F> {
        Scoped { here: Here(Some(Arc::clone(&self.inner))), future: Some(future) }
    }

    /// Runs `f` in this world, on whatever thread.
    ///
    /// ```
    /// use ttl_memo::ttl_cache;
    ///
    /// #[ttl_cache]
    /// fn square(n: u64) -> u64 {
    ///     n * n
    /// }
    ///
    /// let world = ttl_memo::testing::isolated();
    /// std::thread::scope(|scope| {
    ///     scope.spawn(|| world.run(|| square(3)));
    ///     scope.spawn(|| world.run(|| square(3)));
    /// });
    /// assert_eq!((square_cache_info().hits, square_cache_info().misses), (1, 1));
    /// ```
    pub fn run<R>(&self, f: impl FnOnce() -> R) -> R {
        let _entered = Here(Some(Arc::clone(&self.inner))).enter();
        f()
    }
}

/// The world ends: its values are dropped, on this thread.
impl Drop for World {
    fn drop(&mut self) {
        // Calls made by what is dropped are still made in here, and store nothing.
        self.inner.ended.store(true, Ordering::Relaxed);
        self.inner.registry.end();
        sweep();
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").field("now", &self.inner.clock.now()).finish_non_exhaustive()
    }
}

/// A world, for all that is in it.
#[derive(Default)]
struct Inner {
    clock: ManualClock,
    /// Each function's caches in here, by where the program's own are.
    sites: Mutex<HashMap<usize, &'static Site>>,
    registry: Registry,
    ended: Arc<AtomicBool>,
}

/// Where a function's caches are in the world that this thread is in; none if it is in none.
pub(crate) fn twin(of: &'static Site) -> Option<&'static Site> {
    let world = Here::now().0?;
    let mut sites = world.sites.lock();
    // Never freed: a call may hold its cache for longer than the world lives.
    Some(sites.entry(ptr::from_ref(of).addr()).or_insert_with(|| Box::leak(Box::new(Site::new()))))
}

/// Where a thread's caches of a function are in a world.
pub(crate) enum LocalPlace {
    Shelf(Rc<local::Shelf>),
    /// Nowhere: it has ended, and nothing is kept.
    None,
}

/// The same for a function with `scope = thread`.
pub(crate) fn local_twin(of: &'static local::Site) -> Option<LocalPlace> {
    let here = Here::now();
    let world = here.0.as_ref()?;
    if here.has_ended() {
        return Some(LocalPlace::None);
    }
    let site = ptr::from_ref(of).addr();
    let shelf = SHELVES.try_with(|shelves| {
        let mut shelves = shelves.borrow_mut();
        let is = |twin: &&LocalTwin| twin.site == site && Arc::ptr_eq(&twin.world, world);
        if let Some(twin) = shelves.iter().find(is) {
            return Rc::clone(&twin.shelf);
        }
        let shelf = Rc::default();
        let world = Arc::clone(world);
        shelves.push(LocalTwin { world, site, shelf: Rc::clone(&shelf) });
        shelf
    });
    Some(shelf.map_or(LocalPlace::None, LocalPlace::Shelf))
}

/// Drops what this thread has of worlds that have ended.
fn sweep() {
    let ended = SHELVES.try_with(|shelves| {
        let mut shelves = shelves.borrow_mut();
        let has_ended = |twin: &LocalTwin| twin.world.ended.load(Ordering::Relaxed);
        let (ended, left) = shelves.drain(..).partition(has_ended);
        *shelves = left;
        ended
    });
    // Their values' `Drop` may call such functions.
    let ended: Vec<LocalTwin> = ended.unwrap_or_default();
    for twin in &ended {
        twin.shelf.end();
    }
}

/// The world that a thread or a task is in, if any.
#[derive(Clone)]
pub(crate) struct Here(Option<Arc<Inner>>);

impl Here {
    /// This thread's. In a thread-local's destructor the list may be gone: then none.
    pub(crate) fn now() -> Self {
        Self(INSIDE.try_with(|inside| inside.borrow().last().cloned()).ok().flatten())
    }

    /// Whether its world is no more.
    pub(crate) fn has_ended(&self) -> bool {
        self.0.as_ref().is_some_and(|world| world.ended.load(Ordering::Relaxed))
    }

    pub(crate) fn clock(&self) -> Option<ManualClock> {
        self.0.as_ref().map(|world| world.clock.clone())
    }

    pub(crate) fn registry(&self) -> Option<&Registry> {
        self.0.as_ref().map(|world| &world.registry)
    }

    /// Its world's end, of which listeners are to hear nothing.
    pub(crate) fn end(&self) -> Option<End> {
        self.0.as_ref().map(|world| End(Arc::clone(&world.ended)))
    }

    /// While what is returned lives, this thread is in that world; where there is none, it stays
    /// where it is.
    pub(crate) fn enter(&self) -> Entered {
        let world = self.0.clone();
        if let Some(world) = &world {
            sweep();
            let _ = INSIDE.try_with(|inside| inside.borrow_mut().push(Arc::clone(world)));
        }
        Entered { world, thread_bound: PhantomData }
    }
}

/// A world's end.
pub(crate) struct End(Arc<AtomicBool>);

impl End {
    pub(crate) fn has_come(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// To be dropped on the thread that made it.
pub(crate) struct Entered {
    world: Option<Arc<Inner>>,
    thread_bound: PhantomData<MutexGuard<'static, ()>>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        let Some(world) = &self.world else { return };
        let left = INSIDE.try_with(|inside| {
            let mut inside = inside.borrow_mut();
            let at = inside.iter().rposition(|other| Arc::ptr_eq(other, world))?;
            Some(inside.remove(at))
        });
        drop(left);
        sweep();
    }
}

pin_project! {
    /// A future whose calls are made in a world; see [`World::scope`].
    #[must_use = "futures do nothing unless polled"]
    pub struct Scoped<F> {
        here: Here,
        // None once it has ended.
        #[pin]
        future: Option<F>,
    }

    impl<F> PinnedDrop for Scoped<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            let _entered = this.here.enter();
            this.future.set(None);
        }
    }
}

impl<F: Future> Future for Scoped<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let _entered = this.here.enter();
        let future = this.future.as_mut().as_pin_mut();
        let polled = future.expect("a future was polled after it had ended").poll(cx);
        if polled.is_ready() {
            this.future.set(None);
        }
        polled
    }
}

impl<F> fmt::Debug for Scoped<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scoped").finish_non_exhaustive()
    }
}

//! Calls on caches of one thread, as expansions make them.

mod bodies;
mod keeping;
mod meddling;
mod model;
mod tasks;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use crate::generated::local as rt;
use crate::{ManualClock, Policy, RemovalCause};

const SECOND: Duration = Duration::from_secs(1);

/// A function of this module's, with what an expansion puts beside it.
macro_rules! cached {
    (
        fn $name:ident($arg:ident: $ty:ty) -> $output:ty;
        $shape:ident; |$builder:ident| $built:expr; $(|$rules:ident| $ruled:expr;)?
        $body:block
    ) => {
        mod $name {
            #![allow(dead_code, reason = "not every test uses every helper")]
            use super::*;

            pub(super) fn hidden($arg: Option<&$ty>) -> impl rt::Call<$output> {
                static SITE: rt::Site = {
                    std::thread_local! {
                        static LATEST: rt::Latest = const { rt::Latest::new() };
                        static CACHES: rt::Caches = const { rt::Caches::new(&LATEST) };
                    }
                    rt::Site::new(&LATEST, &CACHES)
                };
                let query = $arg.map(|of| rt::Value::of_local(of).ttl_memo_part());
                let shape = rt::Returns::<$output, _>::new_local().$shape();
                cached!(@entry SITE, stringify!($name), query, shape, |$builder| $built, $(|$rules| $ruled.done())?)
            }

            pub(super) fn uncached($arg: $ty) -> $output {
                $body
            }

            pub(super) fn call($arg: $ty) -> $output {
                rt::begin(hidden(Some(&$arg))).run(|| uncached($arg))
            }

            pub(super) fn fetch($arg: $ty) -> crate::Fetched<$output> {
                rt::fetch(hidden(Some(&$arg)), false).run(|| uncached($arg))
            }

            pub(super) fn refresh($arg: $ty) -> $output {
                rt::refresh(hidden(Some(&$arg))).run(|| uncached($arg))
            }

            pub(super) fn peek($arg: $ty) -> Option<$output> {
                rt::peek(hidden(Some(&$arg)))
            }

            pub(super) fn insert($arg: $ty, value: $output) {
                rt::insert(hidden(Some(&$arg)), value);
            }

            pub(super) fn invalidate($arg: $ty) -> bool {
                rt::invalidate(hidden(Some(&$arg)))
            }

            pub(super) fn clear() {
                rt::clear(hidden(None));
            }

            pub(super) fn expire() -> usize {
                rt::expire(hidden(None))
            }

            pub(super) fn info() -> crate::CacheInfo {
                rt::info(hidden(None))
            }
        }
    };
    (@entry $site:ident, $name:expr, $query:expr, $shape:expr, $build:expr,) => {
        $site.entry($name, $query, $shape, $build)
    };
    (@entry $site:ident, $name:expr, $query:expr, $shape:expr, $build:expr, $rule:expr) => {
        $site.entry_with($name, $query, $shape, $build, $rule)
    };
}
use cached;

thread_local! {
    static CLOCK: ManualClock = ManualClock::new();
    /// What bodies and other code of the user's do next.
    static NEXT: RefCell<Vec<Box<dyn FnOnce()>>> = const { RefCell::new(Vec::new()) };
    static RUNS: Cell<u32> = const { Cell::new(0) };
    static HEARD: RefCell<Vec<(u32, RemovalCause)>> = const { RefCell::new(Vec::new()) };
    /// Whether bodies fail, and what those give that can change.
    static FAILS: Cell<bool> = const { Cell::new(false) };
    static GENERATION: Cell<u32> = const { Cell::new(0) };
}

fn clock() -> ManualClock {
    CLOCK.with(Clone::clone)
}

fn advance(by: Duration) {
    clock().advance(by);
}

/// Something to be done from within the next body, or other code of the user's.
fn next(f: impl FnOnce() + 'static) {
    NEXT.with_borrow_mut(|next| next.push(Box::new(f)));
}

fn do_next() {
    // Values are dropped at the thread's end, too, and while it unwinds.
    let next = NEXT.try_with(|next| next.borrow_mut().pop()).ok().flatten();
    if let Some(f) = next.filter(|_| !std::thread::panicking()) {
        f();
    }
}

/// How often a body has run since this was last asked.
fn runs() -> u32 {
    RUNS.replace(0)
}

fn run() {
    RUNS.set(RUNS.get() + 1);
    do_next();
}

cached! {
    fn shared(n: u32) -> Rc<u32>;
    ttl_memo_shape; |builder| builder.maxsize(2).policy(Policy::Lru).clock(clock()).ttl(10 * SECOND).on_evict(
        |key: &u32, _: &Rc<u32>, cause| HEARD.with_borrow_mut(|heard| heard.push((*key, cause))));
    { run(); Rc::new(n) }
}

fn heard() -> Vec<(u32, RemovalCause)> {
    HEARD.take()
}

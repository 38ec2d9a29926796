//! Code of the user's that calls the function from within a call.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::{NEXT, SECOND, advance, cached, clock, do_next, heard, next, rt, run, runs, shared};
use crate::Policy;

/// A key or a value, all of whose code does what is to be done next.
#[derive(Debug)]
struct Busy(u32);

impl PartialEq for Busy {
    fn eq(&self, other: &Self) -> bool {
        do_next();
        self.0 == other.0
    }
}

impl Eq for Busy {}

impl std::hash::Hash for Busy {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        do_next();
        // Few hashes, so that others are compared.
        (self.0 % 2).hash(state);
    }
}

impl Clone for Busy {
    fn clone(&self) -> Self {
        do_next();
        Self(self.0)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        do_next();
    }
}

type Key = Rc<Busy>;

cached! {
    fn busy(n: Key) -> Rc<Busy>;
    ttl_memo_shape; |builder| builder.maxsize(4).policy(Policy::Lru).clock(clock()).ttl(10 * SECOND)
        .tti(8 * SECOND)
        .weigher(|_, _| { do_next(); 1 }).expire_after(|_, _| { do_next(); None })
        .on_evict(|_, _, _| do_next());
    |rules| rules.valid_if(|_, _| { do_next(); true }).cache_if(|_| { do_next(); true });
    {
        run();
        let of = n.0;
        // First: the language leaks what is returned if a parameter panics as it goes.
        drop(n);
        Rc::new(Busy(of))
    }
}

fn busy(n: u32) -> u32 {
    busy::call(Rc::new(Busy(n))).0
}

/// Everything that code of the user's may do with the function from within.
fn from_within() -> Vec<fn()> {
    fn key() -> Key {
        Rc::new(Busy(1))
    }
    vec![
        || assert_eq!(busy(1), 1),
        || assert_eq!((busy(2), busy(3), busy(4), busy(5), busy(6)), (2, 3, 4, 5, 6)),
        busy::clear,
        || _ = busy::invalidate(key()),
        || _ = rt::invalidate_if(busy::hidden(None), |key: &Key| key.0 % 2 == 1),
        || busy::insert(key(), Rc::new(Busy(1))),
        || drop(busy::refresh(key())),
        || drop((busy::peek(key()), busy::info(), busy::expire())),
        || advance(9 * SECOND),
        || std::panic::resume_unwind(Box::new(())),
    ]
}

#[test]
fn code_of_the_users_may_do_anything_with_the_function_from_within() {
    let outer: Vec<fn()> = vec![
        || assert_eq!(busy(1), 1),
        || assert_eq!(busy(9), 9),
        || _ = busy::invalidate(Rc::new(Busy(1))),
        || busy::insert(Rc::new(Busy(1)), Rc::new(Busy(1))),
        || _ = rt::invalidate_if(busy::hidden(None), |key: &Key| key.0 % 2 == 0),
        busy::clear,
        || _ = busy::expire(),
    ];
    let mut done = 0;
    for outer in outer {
        for inner in from_within() {
            // After so many runs of such code.
            for after in 0..24 {
                busy::clear();
                (0..4).for_each(|n| assert_eq!(busy(n), n));
                if after % 3 == 0 {
                    advance(5 * SECOND);
                }
                next(move || {
                    DONE.set(DONE.get() + 1);
                    inner();
                });
                (0..after).for_each(|_| next(|| ()));
                let quiet = std::panic::catch_unwind(outer);
                NEXT.take();
                done += DONE.replace(0);
                drop(quiet);
                let info = busy::info();
                assert!(info.len <= 5, "{info:?}");
                assert_eq!((busy(1), busy(1), busy(7), busy(7)), (1, 1, 7, 7));
                assert!(busy::info().len <= 4, "the bound holds");
            }
        }
    }
    assert!(done > 500, "{done} times something was done from within");
}

thread_local!(static DONE: Cell<u32> = const { Cell::new(0) });

#[test]
fn an_invalidation_from_within_a_look_takes_effect() {
    for invalidate in [busy::clear, || _ = busy::invalidate(Rc::new(Busy(1)))] {
        busy(1);
        let stale = busy::call(Rc::new(Busy(1)));
        // Asked whether the entry is valid, in the midst of a look at it.
        next(invalidate);
        next(|| ());
        busy(1);
        NEXT.take();
        assert!(!Rc::ptr_eq(&stale, &busy::call(Rc::new(Busy(1)))));
        busy::clear();
    }
}

#[test]
fn a_call_from_a_thread_locals_destructor_runs_the_body() {
    struct AtEnd;
    impl Drop for AtEnd {
        fn drop(&mut self) {
            // The caches were made later, so they are gone.
            assert_eq!((*shared::call(1), *shared::call(1)), (1, 1));
            assert_eq!(shared::info().misses, 0);
            shared::insert(1, Rc::new(2));
            assert_eq!((shared::peek(1), shared::invalidate(1)), (None, false));
            REACHED.store(true, std::sync::atomic::Ordering::Relaxed);
        }
    }
    static REACHED: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);
    thread_local!(static AT_END: RefCell<Option<AtEnd>> = const { RefCell::new(None) });
    let thread = std::thread::spawn(|| {
        // What was made first goes last: this test's own, then the value, and first the caches.
        let _ = (clock(), runs(), heard(), NEXT.with_borrow(Vec::len));
        AT_END.set(Some(AtEnd));
        shared::call(1);
    });
    thread.join().expect("it does not panic");
    assert!(REACHED.load(std::sync::atomic::Ordering::Relaxed));
}

cached! {
    fn circular(n: u32) -> u32;
    ttl_memo_shape; |builder| builder.maxsize(call(1) as usize);
    { n }
}

#[test]
fn an_option_that_calls_its_function_is_told() {
    let told = std::panic::catch_unwind(|| circular::call(1)).expect_err("it panics");
    let told = told.downcast_ref::<String>().expect("a message");
    assert!(told.contains("calls the function itself"), "{told}");
}

cached! {
    fn told(n: u32) -> u32;
    ttl_memo_shape; |builder| builder.clock(clock()).on_evict(|_, _, _| do_next());
    { run(); n }
}

#[test]
fn a_listener_that_panics_keeps_nothing_from_being_invalidated() {
    let panics = |f: fn()| {
        next(|| panic!("told"));
        assert!(std::panic::catch_unwind(f).is_err());
    };
    told::insert(1, 7);
    told::insert(2, 7);
    panics(|| _ = rt::invalidate_if(told::hidden(None), |_: &u32| true));
    assert_eq!((told::peek(1), told::peek(2)), (None, None));
    told::insert(1, 7);
    next(move || panics(|| _ = told::invalidate(1)));
    assert_eq!((told::refresh(1), told::peek(1)), (1, None), "it had begun before");
}

//! Whatever form a function may have.

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use ttl_memo::ttl_cache;

#[test]
fn an_unsafe_function_stays_unsafe() {
    #[ttl_cache]
    unsafe fn half(n: u32) -> u32 {
        n / 2
    }

    // SAFETY: it asks for nothing.
    let halves = unsafe { (half(8), half(8), half_uncached(8), half_cache_refresh(8)) };
    assert_eq!(halves, (4, 4, 4, 4));
    assert_eq!(half_cache_info().hits, 1);
}

#[test]
fn a_body_calls_its_function() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);

    #[ttl_cache(maxsize = None)]
    fn fib(n: u64) -> u64 {
        RUNS.fetch_add(1, Relaxed);
        if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
    }

    assert_eq!(fib(90), 2_880_067_194_370_816_120);
    assert_eq!(RUNS.load(Relaxed), 91);
}

#[test]
fn parameters_have_any_pattern() {
    struct Point {
        x: u8,
        y: u8,
    }

    #[ttl_cache(skip(_))]
    fn taken_apart((a, b): (u8, u8), [c, ..]: [u8; 3], mut n: u64, _: Cell<u8>) -> u64 {
        n += u64::from(a) + u64::from(b) + u64::from(c);
        n
    }

    #[ttl_cache(key = (*x, *y))]
    fn of_point(Point { x, y }: Point, ref z: u8) -> u8 {
        x * y + z
    }

    assert_eq!(taken_apart((1, 2), [3, 4, 5], 6, Cell::new(1)), 12);
    assert_eq!(taken_apart((1, 2), [3, 4, 5], 6, Cell::new(2)), 12);
    assert_eq!(taken_apart_cache_info().hits, 1);
    assert!(taken_apart_cache_invalidate((1, 2), [3, 4, 5], 6));
    assert_eq!(of_point(Point { x: 2, y: 3 }, 1), 7);
    assert_eq!(of_point(Point { x: 2, y: 3 }, 2), 7);
    assert_eq!(of_point_cache_peek(Point { x: 2, y: 3 }), Some(7));
}

#[test]
fn a_nested_function_is_its_outer_functions_own() {
    fn first() -> u8 {
        #[ttl_cache]
        fn inner() -> u8 {
            1
        }
        inner()
    }

    fn second() -> u8 {
        #[ttl_cache]
        fn inner() -> u8 {
            2
        }
        inner()
    }

    assert_eq!((first(), second(), first()), (1, 2, 1));
}

#[test]
fn without_helpers_all_is_within() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);

    #[ttl_cache(helpers = false)]
    fn parse((a, b): (&str, u8)) -> Result<u8, std::num::ParseIntError> {
        RUNS.fetch_add(1, Relaxed);
        if a.is_empty() {
            return Ok(b);
        }
        let a: u8 = a.parse()?;
        Ok(a + b)
    }

    assert_eq!((parse(("1", 2)), parse(("1", 2)), parse(("", 2))), (Ok(3), Ok(3), Ok(2)));
    assert!(parse(("x", 2)).is_err() && parse(("x", 2)).is_err());
    assert_eq!(RUNS.load(Relaxed), 4);
}

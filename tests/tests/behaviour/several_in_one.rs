//! A `key`, or a `cache`, in which several parameters come to one type, and what else it may be
//! made of: guards' values, blocks, cases.

#![expect(
    clippy::unused_async,
    clippy::boxed_local,
    clippy::cast_possible_truncation,
    reason = "the form is what is tested"
)]

use std::cell::{Cell, RefCell};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_lite::future::block_on;
use ttl_memo::{TtlCache, ttl_cache};

#[test]
fn the_order_of_two_arguments_does_not_matter() {
    #[ttl_cache(key = if a < b { (a, b) } else { (b, a) })]
    fn distance(a: &str, b: &str) -> usize {
        a.len().abs_diff(b.len())
    }

    #[ttl_cache(key = (a.min(b), a.max(b)))]
    fn steps(a: u32, b: u32) -> u32 {
        a.abs_diff(b)
    }

    #[ttl_cache(key = if a < b { [a, b] } else { [b, a] })]
    async fn owned(a: String, b: String) -> usize {
        a.len().abs_diff(b.len())
    }

    assert_eq!((distance("a", "bcd"), distance("bcd", "a")), (2, 2));
    assert_eq!(distance_cache_info().hits, 1);
    assert_eq!(distance_cache_peek("bcd", "a"), Some(2));
    assert_eq!((steps(1, 3), steps(3, 1)), (2, 2));
    assert_eq!(steps_cache_info().hits, 1);
    block_on(async {
        assert_eq!(owned("a".into(), "bc".into()).await, 1);
        assert_eq!(owned("bc".into(), "a".into()).await, 1);
    });
    assert_eq!(owned_cache_info().hits, 1);
}

#[test]
fn several_parameters_come_to_one_type() {
    #[ttl_cache(key = [a, b])]
    fn array(a: &str, b: &str) -> usize {
        a.len() + b.len()
    }

    #[ttl_cache(key = vec![a, b])]
    fn vector(a: &str, b: &str) -> usize {
        a.len() + b.len()
    }

    #[ttl_cache(key = if a.is_empty() { b } else { a })]
    fn either(a: &str, b: &str) -> usize {
        if a.is_empty() { b.len() } else { a.len() }
    }

    #[ttl_cache(key = lang.unwrap_or(default))]
    fn greeting(lang: Option<&str>, default: &str) -> String {
        format!("{}!", lang.unwrap_or(default))
    }

    assert_eq!((array("a", "bc"), array("a", "bc")), (3, 3));
    assert_eq!(array_cache_info().hits, 1);
    assert_eq!((vector("a", "bc"), vector("a", "bc")), (3, 3));
    assert_eq!(vector_cache_info().hits, 1);
    assert_eq!((either("", "bc"), either("bc", "d")), (2, 2));
    assert_eq!(either_cache_info().hits, 1);
    assert_eq!(greeting(None, "en"), greeting(Some("en"), "de"));
    assert_eq!(greeting_cache_info().hits, 1);
}

struct Named<'a> {
    name: &'a str,
}

impl<'a> Named<'a> {
    #[ttl_cache(key = [self.name, other, third])]
    fn of_the_impl(&self, other: &'a str, third: &str) -> usize {
        self.name.len() + other.len() + third.len()
    }

    #[ttl_cache(key = [self.name, other])]
    fn of_the_method<'s, 'o>(&'s self, other: &'o str) -> usize {
        self.name.len() + other.len()
    }
}

#[test]
fn whatever_their_lifetimes_are() {
    #[ttl_cache(key = [a.name, b.name, c])]
    #[expect(
        clippy::needless_lifetimes,
        clippy::needless_pass_by_value,
        reason = "its name and their types are what is tested"
    )]
    fn inner<'__arguments>(a: &'__arguments Named<'_>, b: Named<'_>, c: &str) -> usize {
        a.name.len() + b.name.len() + c.len()
    }

    #[ttl_cache(key = [a.get(), *b, c])]
    fn invariant(a: &Cell<&str>, b: &mut &str, c: &str) -> usize {
        a.get().len() + b.len() + c.len()
    }

    let name = String::from("ada");
    let named = Named { name: &name };
    {
        let short = String::from("x");
        assert_eq!(named.of_the_impl("bob", &short), 7);
        assert_eq!(named.of_the_impl("bob", "x"), 7);
        assert_eq!(named.of_the_method(&short), 4);
        assert_eq!(named.of_the_method("x"), 4);
        assert_eq!(inner(&named, Named { name: "bob" }, &short), 7);
    }
    assert_eq!(Named::of_the_impl_cache_info().hits, 1);
    assert_eq!(Named::of_the_method_cache_info().hits, 1);
    assert_eq!(inner_cache_peek(&named, Named { name: "bob" }, "x"), Some(7));

    let (cell, mut other) = (Cell::new(&*name), "bob");
    assert_eq!(invariant(&cell, &mut other, "x"), 7);
    cell.set("eva");
    assert_eq!((invariant(&cell, &mut other, "x"), invariant(&cell, &mut other, "x")), (7, 7));
    assert_eq!(invariant_cache_info().misses, 2);
}

#[test]
fn a_cache_is_one_of_several() {
    #[ttl_cache(cache = if *warm { hot } else { cold })]
    fn twice(hot: &TtlCache<u32, u32>, cold: &TtlCache<u32, u32>, warm: bool, n: u32) -> u32 {
        n * 2
    }

    let hot = TtlCache::new(10, Duration::from_secs(60));
    let cold = TtlCache::new(10, Duration::from_secs(60));

    assert_eq!((twice(&hot, &cold, true, 1), twice(&hot, &cold, false, 1)), (2, 2));
    assert_eq!((hot.peek(&1), cold.len()), (Some(2), 1));
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Point(i32);

#[test]
fn a_block_or_case_that_ends_in_a_tuple_is_one() {
    #[ttl_cache(key = { let whole = *n / 10; (a, (whole, &a.0)) }, valid_if = |_: &(Point, (u32, i32)), _| true)]
    fn block(a: &Point, n: u32) -> u32 {
        n
    }

    #[ttl_cache(key = if a.0 < b.0 { (a, b) } else { (b, a) })]
    fn apart(a: &Point, b: &Point) -> u32 {
        a.0.abs_diff(b.0)
    }

    #[ttl_cache(key = match n { 0 => (a, 0), some => (b, *some) })]
    fn case(a: &Point, b: &Point, n: u32) -> u32 {
        n + a.0.unsigned_abs() + b.0.unsigned_abs()
    }

    assert_eq!((block(&Point(1), 12), block(&Point(1), 13), block(&Point(1), 20)), (12, 12, 20));
    assert_eq!((apart(&Point(1), &Point(3)), apart(&Point(3), &Point(1))), (2, 2));
    assert_eq!(apart_cache_info().hits, 1);
    assert_eq!((case(&Point(1), &Point(2), 0), case(&Point(1), &Point(5), 0)), (3, 3));
    assert_eq!(case(&Point(7), &Point(2), 1), 10);
}

struct State {
    revision: u32,
    name: String,
}

#[test]
fn a_copy_is_taken_of_what_a_guard_lends() {
    struct Shared(Mutex<State>);

    impl Shared {
        #[ttl_cache(key = (self.0.lock().unwrap().revision, text))]
        fn render(&self, text: &str) -> String {
            format!("{}: {text}", self.0.lock().unwrap().name)
        }
    }

    #[ttl_cache(key = state.borrow().revision)]
    fn revision(state: &RefCell<State>) -> u32 {
        state.borrow().revision
    }

    #[ttl_cache(key = ({ state.borrow().name.clone() }, n))]
    fn name(state: &RefCell<State>, n: u32) -> usize {
        state.borrow().name.len() + n as usize
    }

    #[ttl_cache(key = text.split(',').collect::<Vec<_>>()[0])]
    fn first(text: &str) -> u32 {
        text.len() as u32
    }

    #[ttl_cache(key = (*text, **name))]
    fn behind(text: Arc<String>, name: Box<str>) -> usize {
        text.len() + name.len()
    }

    assert_eq!((behind(Arc::new("a".into()), "b".into()), behind_cache_info().misses), (2, 1));
    assert_eq!(behind_cache_peek(Arc::new("a".into()), "b".into()), Some(2));

    let shared = Shared(Mutex::new(State { revision: 1, name: "a".into() }));
    assert_eq!(shared.render("x"), "a: x");
    shared.0.lock().unwrap().name = "b".into();
    assert_eq!(shared.render("x"), "a: x");
    shared.0.lock().unwrap().revision = 2;
    assert_eq!(shared.render("x"), "b: x");

    let state = RefCell::new(State { revision: 1, name: "a".into() });
    assert_eq!((revision(&state), name(&state, 1), name(&state, 1)), (1, 2, 2));
    assert_eq!(name_cache_info().hits, 1);
    assert_eq!((first("a,b"), first("a,bcd")), (3, 3));
}

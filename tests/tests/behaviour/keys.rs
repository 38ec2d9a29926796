//! What tells one call from another.

#![expect(clippy::too_many_arguments, reason = "as many as there are")]

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use ttl_memo::testing::isolated;
use ttl_memo::ttl_cache;

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Id(u32);

struct User {
    id: Id,
    name: String,
    /// No part of any key: it could not be.
    visits: Cell<u32>,
}

fn user(id: u32, name: &str) -> User {
    User { id: Id(id), name: name.into(), visits: Cell::new(0) }
}

#[test]
fn a_key_is_any_expression() {
    #[ttl_cache(key = (user.id, lang))]
    fn page(user: &User, lang: &str, n: u8) -> String {
        user.visits.set(user.visits.get() + 1);
        format!("{}{lang}{n}", user.name)
    }

    #[ttl_cache(key = user.name)]
    fn by_name(user: &User) -> String {
        user.name.clone()
    }

    #[ttl_cache(key = &*user.name, weigher = |key, _| key.len())]
    fn by_str(user: &User) -> usize {
        user.name.len()
    }

    #[ttl_cache(key = *n > 5)]
    fn more(n: u32) -> u32 {
        n
    }

    #[ttl_cache(key = text.split('/').next())]
    fn first(text: &str) -> String {
        text.into()
    }

    #[ttl_cache(key = format!("{a}-{b}"), tags = |key, _| [key.clone()])]
    fn formatted(a: u8, b: f32) -> String {
        format!("{a}{b}")
    }

    let ada = user(1, "ada");
    assert_eq!(
        (page(&ada, "en", 1), page(&user(1, "bob"), "en", 2)),
        ("adaen1".into(), "adaen1".into())
    );
    assert_eq!(ada.visits.get(), 1);
    assert_eq!(page_cache_peek(&ada, "en").as_deref(), Some("adaen1"));
    assert!(page_cache_invalidate(&ada, "en"));
    assert_eq!((by_name(&ada), by_name(&user(2, "ada"))), ("ada".into(), "ada".into()));
    assert_eq!((by_str(&ada), by_str(&ada), by_str_cache_info().currsize), (3, 3, 3));
    assert_eq!((more(3), more(4), more(6), more(7)), (3, 3, 6, 6));
    assert_eq!((first("a/b"), first("a/c"), first("b")), ("a/b".into(), "a/b".into(), "b".into()));
    assert_eq!((formatted(1, 2.5), formatted(1, 2.5)), ("12.5".into(), "12.5".into()));
    assert_eq!(formatted_cache_info().hits, 1);
}

#[test]
fn a_key_that_a_macro_passes_on_is_like_any_other() {
    macro_rules! keyed {
        ($name:ident, $user:ident, $key:expr) => {
            #[ttl_cache(key = $key)]
            fn $name($user: &User) -> u32 {
                $user.visits.get()
            }
        };
    }
    keyed!(by_name, user, user.name);
    keyed!(by_both, user, (user.name, (user.id)));
    keyed!(by_case, user, if user.name.is_empty() { (user.id.0, 0) } else { (0, 1) });

    let _world = isolated();
    let (ada, eve) = (user(1, "ada"), user(2, "eve"));
    for function in [by_name, by_both] {
        ada.visits.set(3);
        assert_eq!((function(&ada), function(&eve)), (3, 0));
        ada.visits.set(4);
        assert_eq!(function(&ada), 3);
    }
    assert_eq!((by_case(&ada), by_case(&eve)), (4, 4));
}

#[test]
fn a_unit_key_is_one_entry() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);

    #[ttl_cache(key = ())]
    fn config(path: &Path) -> usize {
        RUNS.fetch_add(1, Relaxed);
        path.as_os_str().len()
    }

    assert_eq!((config(Path::new("/a")), config(Path::new("/ab"))), (2, 2));
    assert_eq!((RUNS.load(Relaxed), config_cache_peek()), (1, Some(2)));
}

#[test]
fn a_handle_is_read_by_a_key_before_the_body_runs() {
    #[ttl_cache(key = (conn.len(), id))]
    fn push(conn: &mut Vec<u32>, id: u32) -> usize {
        conn.push(id);
        conn.len()
    }

    let mut conn = vec![];
    assert_eq!((push(&mut conn, 1), push(&mut conn, 1)), (1, 2));
    let mut conn = vec![];
    assert_eq!(push(&mut conn, 1), 1);
    assert!(conn.is_empty());
}

#[test]
fn floats_are_keyed_by_their_bits() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    type Degrees = f64;

    #[ttl_cache]
    fn near(
        at: (f64, f64),
        heights: &[f32],
        limit: Option<f64>,
        of: Degrees,
        list: Vec<f64>,
        box_: [f32; 2],
        mixed: (f64, Id),
        some: Option<(Id, f32)>,
    ) -> usize {
        RUNS.fetch_add(1, Relaxed);
        heights.len()
            + list.len()
            + box_.len()
            + usize::from(limit.is_some())
            + usize::from(at.0 > of)
            + mixed.1.0 as usize
            + usize::from(some.is_some())
    }

    let call = |x: f64| {
        near((x, 1.0), &[1.5], None, 2.0, vec![x], [0.5; 2], (x, Id(1)), Some((Id(2), 1.0)))
    };
    assert_eq!(call(0.0), call(0.0));
    assert_eq!(RUNS.load(Relaxed), 1);
    call(-0.0);
    assert_eq!(RUNS.load(Relaxed), 2);
    call(f64::NAN);
    call(f64::NAN);
    assert_eq!(RUNS.load(Relaxed), 3);
}

#[test]
fn references_inside_are_owned() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    type Name<'a> = &'a str;

    #[ttl_cache]
    #[expect(
        clippy::many_single_char_names,
        clippy::needless_pass_by_value,
        reason = "their types are what is tested"
    )]
    fn all(
        a: Option<&str>,
        b: (&str, u32),
        c: &[&str],
        d: Cow<'_, str>,
        e: &[Id],
        f: Name<'_>,
        g: Option<&Id>,
        h: &[&Id],
        i: &Path,
        j: (&Id, &[u8]),
        k: &BTreeMap<String, Id>,
        l: &&str,
    ) -> usize {
        RUNS.fetch_add(1, Relaxed);
        a.map_or(0, str::len)
            + b.0.len()
            + c.len()
            + d.len()
            + e.len()
            + f.len()
            + h.len()
            + usize::from(g.is_some())
            + i.as_os_str().len()
            + j.1.len()
            + k.len()
            + l.len()
    }

    let id = Id(1);
    let owned = String::from("cow");
    let map = BTreeMap::from([("k".to_string(), Id(3))]);
    let call = |text: &str| {
        all(
            Some(text),
            (text, 1),
            &[text, "y"],
            Cow::Borrowed(&owned),
            &[Id(1), Id(2)],
            text,
            Some(&id),
            &[&id, &id],
            Path::new("/x"),
            (&id, b"bytes"),
            &map,
            &"deep",
        )
    };
    assert_eq!(call("x"), call(&String::from("x")));
    assert_eq!(RUNS.load(Relaxed), 1);
    call("z");
    assert_eq!(RUNS.load(Relaxed), 2);
}

#[test]
fn a_result_is_seen_through_its_alias() {
    type Fallible<T> = Result<T, NotClone>;
    #[derive(Debug)]
    struct NotClone;

    #[ttl_cache]
    fn io(n: u8) -> std::io::Result<u8> {
        if n == 0 { Err(std::io::ErrorKind::NotFound.into()) } else { Ok(n) }
    }

    #[ttl_cache]
    fn own(n: u8) -> Fallible<u8> {
        if n == 0 { Err(NotClone) } else { Ok(n) }
    }

    #[ttl_cache]
    fn dynamic(n: u8) -> Result<u8, Box<dyn std::error::Error>> {
        if n == 0 {
            Err("zero")?;
        }
        Ok(n)
    }

    assert!(io(0).is_err() && own(0).is_err() && dynamic(0).is_err());
    assert_eq!((io(1).unwrap(), own(1).unwrap(), dynamic(1).unwrap()), (1, 1, 1));
    assert_eq!((io_cache_info().len, own_cache_info().len, dynamic_cache_info().len), (1, 1, 1));
    assert_eq!((io_cache_info().failures, own_cache_info().failures), (1, 1));
}

#[test]
fn a_key_has_as_many_parts_as_there_are() {
    #[ttl_cache]
    #[expect(clippy::many_single_char_names, reason = "their number is what is tested")]
    fn many(
        a: u8,
        b: u8,
        c: u8,
        d: u8,
        e: u8,
        f: u8,
        g: u8,
        h: u8,
        i: u8,
        j: u8,
        k: u8,
        l: u8,
        m: &str,
        n: f32,
    ) -> usize {
        [a, b, c, d, e, f, g, h, i, j, k, l].len() + m.len() + usize::from(n > 0.0)
    }

    let call = |m: &str, n| many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, m, n);
    assert_eq!((call("m", 1.0), call("m", 1.0), call("mm", 1.0)), (14, 14, 15));
    assert_eq!(many_cache_info().hits, 1);
    let gone = many_cache_invalidate_if(|_, _, _, _, _, _, _, _, _, _, _, _, m, _| m == "m");
    assert_eq!(gone, 1);
}

#[test]
fn an_equal_hash_is_not_enough() {
    #[derive(Clone, PartialEq, Eq, Debug)]
    struct Collides(u8);

    impl std::hash::Hash for Collides {
        fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
            0_u8.hash(state);
        }
    }

    #[ttl_cache]
    fn id(n: Collides, m: &Collides) -> (u8, u8) {
        (n.0, m.0)
    }

    for n in 0..20 {
        assert_eq!(id(Collides(n), &Collides(n + 1)), (n, n + 1));
    }
    assert_eq!(id(Collides(7), &Collides(8)), (7, 8));
    assert_eq!((id_cache_info().hits, id_cache_info().misses), (1, 20));
}

type Name<'a> = &'a str;

#[ttl_cache]
fn by_alias<'a>(name: &Name<'a>, other: Name<'a>) -> usize {
    name.len() + other.len()
}

#[test]
fn a_borrow_may_be_named() {
    let _world = isolated();
    assert_eq!((by_alias(&"a", "b"), by_alias(&"a", "b"), by_alias(&"b", "a")), (2, 2, 2));
    let info = by_alias_cache_info();
    assert_eq!((info.hits, info.misses), (1, 2));
    assert!(by_alias_cache_invalidate(&"a", "b"));
}

#[test]
fn an_alias_that_borrows_is_owned_but_has_no_written_key() {
    #[ttl_cache]
    fn len(name: Name<'_>) -> usize {
        name.len()
    }

    let name = "abc".to_owned();
    assert_eq!((len(&name), len("abc"), len_cache_peek("abc")), (3, 3, Some(3)));
    assert_eq!(len_cache_info().hits, 1);
    for _ in 0..2 {
        let told = std::panic::catch_unwind(|| len_cache_invalidate_if(|_| true)).unwrap_err();
        let told = told.downcast_ref::<String>().unwrap();
        assert!(told.contains("::len`") && told.contains("an alias hides a borrow"), "{told}");
        len_cache_clear();
    }
}

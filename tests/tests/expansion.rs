//! Expansions written by hand: the mechanisms that `#[ttl_cache]` rests on.
#![allow(missing_docs, reason = "a test")]

use std::sync::atomic::{AtomicUsize, Ordering};
use ttl_memo::generated as rt;

static RUNS: AtomicUsize = AtomicUsize::new(0);

struct Bad<'a>(&'a str);

fn len(s: &str, n: u32, name: String) -> Result<usize, Bad<'_>> {
    rt::begin(__len_needs_in_impl(Some((s, &n, &name)))).run(|| {
        RUNS.fetch_add(1, Ordering::Relaxed);
        if s.is_empty() { Err(Bad(s)) } else { Ok(s.len() + n as usize + { name }.len()) }
    })
}

fn __len_needs_in_impl<'e>(
    args: Option<(&str, &u32, &String)>,
) -> impl rt::Call<Result<usize, Bad<'e>>, Key = (String, u32, String)> {
    static SITE: rt::Site = rt::Site::new();
    let query = args.map(|(s, n, name)| {
        (
            rt::Reference::to(s).ttl_memo_part(),
            rt::Value::of(n).ttl_memo_part(),
            rt::Value::of(name).ttl_memo_part(),
        )
    });
    let shape = rt::Returns::<Result<usize, Bad<'_>>>::new().ttl_memo_shape();
    SITE.entry("len", query, shape, |builder| builder.weigher(|key, value| key.0.len() + value))
}

fn len_cache_info() -> ttl_memo::CacheInfo {
    rt::info(__len_needs_in_impl(None))
}

#[test]
fn works() {
    assert_eq!(len("abc", 1, "x".into()).ok(), Some(5));
    assert_eq!(len("abc", 1, "x".into()).ok(), Some(5));
    assert!(len("", 1, "x".into()).is_err_and(|bad| bad.0.is_empty()));
    assert_eq!(
        len_cache_info().to_string(),
        "CacheInfo(hits=1, misses=2, maxsize=128, currsize=8)"
    );
    println!("{}", rt::parameters(__len_needs_in_impl(None)).name);
}

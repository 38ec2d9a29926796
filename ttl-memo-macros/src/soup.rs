//! Whatever tokens come, the attribute complains and does not panic.

use proc_macro2::TokenStream;
use proptest::prelude::*;

use crate::around::Around;
use crate::pipeline;

/// What the soup is made of: what means something to the attribute, in any order.
const MORSELS: [&str; 84] = [
    "maxsize",
    "ttl",
    "tti",
    "forever",
    "key",
    "skip",
    "cache",
    "policy",
    "scope",
    "helpers",
    "single_flight",
    "crate",
    "in_impl",
    "jitter",
    "refresh_if",
    "spawn",
    "on_evict",
    "weigher",
    "=",
    "==",
    "=>",
    ",",
    ",",
    ",",
    "|",
    "||",
    "&",
    "&&",
    "!",
    "?",
    "..",
    ".",
    "::",
    ":",
    ";",
    "->",
    "<",
    ">",
    "*",
    "-",
    "#",
    "'a",
    "_",
    "self",
    "Self",
    "mut",
    "pub",
    "fn",
    "const",
    "async",
    "unsafe",
    "extern",
    "impl",
    "dyn",
    "where",
    "for",
    "struct",
    "let",
    "return",
    "if",
    "ref",
    "None",
    "Some",
    "n",
    "a",
    "lru",
    "thread",
    "true",
    "false",
    "u64",
    "str",
    "f64",
    "Option",
    "\"10m\"",
    "\"\"",
    "\"{n}\"",
    "600",
    "10s",
    "-1",
    "2.0",
    "'x'",
    "b\"x\"",
    "T",
    "Result",
];

/// Some tokens with their groups balanced.
fn soup() -> impl Strategy<Value = String> {
    let morsel = prop::sample::select(&MORSELS[..]).prop_map(str::to_owned);
    morsel.prop_recursive(4, 40, 8, |inner| {
        let several = prop::collection::vec(inner, 0..8).prop_map(|parts| parts.join(" "));
        (several, prop::sample::select(vec![("", ""), ("(", ")"), ("[", "]"), ("{", "}")]))
            .prop_map(|(inside, (open, close))| format!("{open}{inside}{close}"))
    })
}

fn memoize(options: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::memoize(options, item, || Around::Unknown)
}

fn tokens(text: &str) -> TokenStream {
    text.parse().expect("the soup is balanced")
}

/// A right list and a right item, of which parts are replaced by soup.
const ITEM: &str = "
    #[inline] pub(crate) async fn find<'a, T: Into<String>, const N: usize>(
        &'a self, (a, mut b): (u8, f64), name: Option<&'a str>, t: T, other: impl AsRef<[u8]>,
    ) -> io::Result<Vec<T::Out>> where T: Clone { let x = Self::y(); x }";

const LIST: &str = "maxsize = 10, ttl = \"5s\", key = (name, a), on_evict = |k, v, c| {}, \
     refresh_if = b > 3, cache = &self.users, helpers = pub(crate), skip(self)";

/// The text with its parts from the `at`th on, as many as `len`, replaced.
fn spliced(text: &str, at: usize, len: usize, soup: &str) -> TokenStream {
    let mut parts: Vec<_> = tokens(text).into_iter().collect();
    let at = at % parts.len();
    let end = (at + len).min(parts.len());
    parts.splice(at..end, tokens(soup));
    parts.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn soup_for_options(soup in soup()) {
        prop_assert!(!memoize(tokens(&soup), tokens(ITEM)).is_empty());
    }

    #[test]
    fn soup_among_options(at in 0_usize..60, len in 0_usize..4, soup in soup()) {
        prop_assert!(!memoize(spliced(LIST, at, len, &soup), tokens(ITEM)).is_empty());
    }

    #[test]
    fn soup_for_an_item(soup in soup()) {
        memoize(tokens("maxsize = 10"), tokens(&soup));
    }

    #[test]
    fn soup_in_an_item(at in 0_usize..40, len in 0_usize..4, soup in soup()) {
        prop_assert!(!memoize(tokens(LIST), spliced(ITEM, at, len, &soup)).is_empty());
    }

    #[test]
    fn soup_in_parameters(soup in soup()) {
        let item = format!("fn f(x: u8, {soup}) -> u8 {{ x }}");
        prop_assert!(!memoize(tokens("skip(x), ttl = \"5s\""), tokens(&item)).is_empty());
    }

    #[test]
    fn soup_as_a_type(soup in soup()) {
        let item = format!("fn f(x: {soup}) -> {soup} {{ x }}");
        prop_assert!(!memoize(tokens("key = x, jitter = 0.1"), tokens(&item)).is_empty());
    }
}

#[test]
fn the_right_ones_are_right() {
    // Without the deliberate clashes: else the soup would test the fallback alone.
    let list = tokens("maxsize = 10, ttl = \"5s\", on_evict = |k, v, c| {}, skip(self)");
    let expanded = memoize(list, tokens(ITEM)).to_string();
    assert!(!expanded.contains("compile_error"), "{expanded}");
}

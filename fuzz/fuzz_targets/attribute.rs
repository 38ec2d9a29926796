//! Any text for the attribute's options (the first line) and for its item (the rest): it complains
//! or expands, and does not panic.

#![no_main]
#![expect(clippy::large_enum_variant, reason = "as in the crate that these modules are of")]

#[path = "../../ttl-memo-macros/src/args/mod.rs"]
mod args;
#[path = "../../ttl-memo-macros/src/around/mod.rs"]
mod around;
#[path = "../../ttl-memo-macros/src/check/mod.rs"]
mod check;
#[path = "../../ttl-memo-macros/src/errors.rs"]
mod errors;
#[path = "../../ttl-memo-macros/src/expand/mod.rs"]
mod expand;
#[path = "../../ttl-memo-macros/src/fallback.rs"]
mod fallback;
#[path = "../../ttl-memo-macros/src/hygiene.rs"]
mod hygiene;
#[path = "../../ttl-memo-macros/src/model/mod.rs"]
mod model;
#[path = "../../ttl-memo-macros/src/pipeline.rs"]
mod pipeline;
#[path = "../../ttl-memo-macros/src/runtime.rs"]
mod runtime;

use libfuzzer_sys::fuzz_target;
use proc_macro2::{TokenStream, TokenTree};

/// Deeper text ends the stack of the compiler itself before the attribute sees it.
const DEEPEST: usize = 32;

fn depth(tokens: &TokenStream) -> usize {
    let inner = |token| match token {
        TokenTree::Group(group) => 1 + depth(&group.stream()),
        _ => 0,
    };
    tokens.clone().into_iter().map(inner).max().unwrap_or(0)
}

fuzz_target!(|text: &str| {
    let (options, item) = text.split_once('\n').unwrap_or((text, "fn f(n: u64) -> u64 { n }"));
    let openings = text.matches(['(', '[', '{', '<', '&', '*', '-', '!', '|']).count();
    // Of these, too, each may be a level of the parser's recursion.
    if openings > 256 {
        return;
    }
    let (Ok(options), Ok(item)) = (options.parse(), item.parse()) else { return };
    if depth(&options).max(depth(&item)) <= DEEPEST {
        pipeline::memoize(options, item, || around::Around::Unknown);
    }
});

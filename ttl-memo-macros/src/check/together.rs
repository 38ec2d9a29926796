//! Options that exclude or need each other.

use proc_macro2::Ident;

use crate::args::{Args, MaxSize, Scope, Ttl};
use crate::errors::Errors;

pub(super) fn check(args: &Args, errors: &mut Errors) {
    check_cache(args, errors);
    check_key(args, errors);
    check_forever(args, errors);
    check_thread(args, errors);
    check_expiry(args, errors);
    check_weigher(args, errors);
    check_spawn(args, errors);
    check_on_error(args, errors);
}

/// Complains of each of `names` that was given.
fn refuse(args: &Args, errors: &mut Errors, names: &[&str], message: impl Fn(&Ident) -> String) {
    for name in names.iter().filter_map(|name| args.named(name)) {
        errors.at(name, message(name));
    }
}

/// `cache = …` leaves to that cache whatever is the cache's own.
fn check_cache(args: &Args, errors: &mut Errors) {
    if args.named("cache").is_none() {
        return;
    }
    let builder = [
        "maxsize",
        "ttl",
        "tti",
        "expire_after",
        "jitter",
        "policy",
        "weigher",
        "on_evict",
        "tags",
        "stale_while_revalidate",
        "stale_if_error",
        "hasher",
        "clock",
        "name",
    ];
    refuse(args, errors, &builder, |name| {
        format!(
            "`{name}` is decided by the cache that `cache` names; set it on that cache's builder"
        )
    });
    refuse(args, errors, &["forever", "err_ttl", "scope"], |name| {
        format!("`{name}` cannot be combined with `cache`; leave one of them out")
    });
}

/// `key` says what counts, so there is nothing to skip.
fn check_key(args: &Args, errors: &mut Errors) {
    if args.named("key").is_some() {
        refuse(args, errors, &["skip"], |_| {
            "`skip` cannot be combined with `key`; what `key` does not mention is no part of it"
                .into()
        });
    }
}

/// `forever` is `maxsize = None, ttl = None`.
fn check_forever(args: &Args, errors: &mut Errors) {
    if args.named("forever").is_some() && args.named("cache").is_none() {
        refuse(args, errors, &["maxsize", "ttl"], |name| {
            format!(
                "`{name}` cannot be combined with `forever`, which means `{name} = None`; leave one of them out"
            )
        });
    }
}

/// A thread's cache is reached by that thread alone.
fn check_thread(args: &Args, errors: &mut Errors) {
    if args.scope.as_ref().is_some_and(|scope| scope.value == Scope::Thread) {
        refuse(args, errors, &["spawn"], |_| {
            "`spawn` cannot be combined with `scope = thread`: another thread has another cache; \
             leave one of them out"
                .into()
        });
        refuse(args, errors, &["tags"], |_| {
            "`tags` cannot be combined with `scope = thread`: the caches of other threads cannot \
             be reached; leave one of them out"
                .into()
        });
    }
}

/// What is about expiry needs entries that expire.
fn check_expiry(args: &Args, errors: &mut Errors) {
    let no_ttl = args.ttl.as_ref().is_some_and(|ttl| matches!(ttl.value, Ttl::None));
    let forever = args.named("forever").is_some() && args.named("ttl").is_none();
    let otherwise = ["tti", "expire_after", "cache"];
    if !(no_ttl || forever) || otherwise.iter().any(|name| args.named(name).is_some()) {
        return;
    }
    let about = ["jitter", "refresh_ahead", "stale_while_revalidate", "stale_if_error"];
    refuse(args, errors, &about, |name| {
        let cause = if forever { "forever" } else { "ttl = None" };
        format!(
            "`{name}` needs entries that expire, and with `{cause}` none does; \
             give a `ttl`, a `tti` or `expire_after`"
        )
    });
}

/// A weight is weighed against a bound.
fn check_weigher(args: &Args, errors: &mut Errors) {
    let unbounded = args.maxsize.as_ref().is_some_and(|given| matches!(given.value, MaxSize::None));
    let forever = args.named("forever").is_some() && args.named("maxsize").is_none();
    if (unbounded || forever) && args.named("cache").is_none() {
        refuse(args, errors, &["weigher"], |_| {
            let cause = if forever { "forever" } else { "maxsize = None" };
            format!("`weigher` needs a bound, and with `{cause}` there is none; give a `maxsize`")
        });
    }
}

/// `spawn` is handed refreshes; beside `cache`, the cache's own stale window may ask for them.
fn check_spawn(args: &Args, errors: &mut Errors) {
    let asked = ["stale_while_revalidate", "refresh_ahead", "cache"];
    if asked.iter().all(|name| args.named(name).is_none()) {
        refuse(args, errors, &["spawn"], |_| {
            "`spawn` has nothing to run; add `stale_while_revalidate` or `refresh_ahead`".into()
        });
    }
}

/// `on_error` hears of errors that a stored value stood in for: for the caller, or for those who
/// are answered while the body runs in the background.
fn check_on_error(args: &Args, errors: &mut Errors) {
    let asked = ["stale_if_error", "spawn", "cache"];
    if asked.iter().any(|name| args.named(name).is_some()) {
        return;
    }
    let renewed = ["stale_while_revalidate", "refresh_ahead"];
    let renewed = renewed.iter().find(|name| args.named(name).is_some());
    refuse(args, errors, &["on_error"], |_| {
        let message = "`on_error` is told of errors that a stale value stood in for";
        match renewed {
            Some(name) => format!(
                "{message}, and with `{name}` alone the caller gets them; add `stale_if_error`"
            ),
            None => format!("{message}; add `stale_if_error`"),
        }
    });
}

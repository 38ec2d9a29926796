//! The names of the options, and what was probably meant by another one.

/// Every option, with an example of its use: what a complaint about its form tells to write.
pub(crate) const OPTIONS: [(&str, &str); 30] = [
    ("maxsize", "maxsize = 128"),
    ("ttl", "ttl = \"10m\""),
    ("forever", "forever"),
    ("tti", "tti = \"10m\""),
    ("expire_after", "expire_after = |key, value| None"),
    ("err_ttl", "err_ttl = \"5s\""),
    ("jitter", "jitter = 0.1"),
    ("policy", "policy = lru"),
    ("key", "key = (a, b)"),
    ("skip", "skip(parameter)"),
    ("cache_if", "cache_if = |value| true"),
    ("valid_if", "valid_if = |key, value| true"),
    ("refresh_if", "refresh_if = *force"),
    ("weigher", "weigher = |key, value| value.len()"),
    ("on_evict", "on_evict = |key, value, cause| {}"),
    ("on_error", "on_error = |key, error| {}"),
    ("tags", "tags = |key, value| [\"tag\"]"),
    ("single_flight", "single_flight = false"),
    ("stale_while_revalidate", "stale_while_revalidate = \"1m\""),
    ("stale_if_error", "stale_if_error = \"1h\""),
    ("refresh_ahead", "refresh_ahead = \"1m\""),
    ("spawn", "spawn = tokio::spawn"),
    ("cache", "cache = &CACHE"),
    ("scope", "scope = thread"),
    ("hasher", "hasher = RandomState::new()"),
    ("clock", "clock = CLOCK.clone()"),
    ("name", "name = \"users\""),
    ("helpers", "helpers = false"),
    ("in_impl", "in_impl"),
    ("crate", "crate = my_crate::ttl_memo"),
];

/// Names that people bring from other caches, without case or `_`, and the option that does it.
const ELSEWHERE: [(&str, &[&str]); 19] = [
    (
        "maxsize",
        &[
            "size",
            "capacity",
            "cap",
            "maxcapacity",
            "limit",
            "maxentries",
            "maxentry",
            "maxlen",
            "maxlength",
            "maxitems",
            "entries",
            "maximumsize",
            "maxweight",
            "lrusize",
            "max",
            "maxcachesize",
        ],
    ),
    (
        "ttl",
        &[
            "time",
            "timetolive",
            "ttlsecs",
            "ttlsec",
            "ttlseconds",
            "ttlmillis",
            "ttlms",
            "expireafterwrite",
            "expires",
            "expiresin",
            "expire",
            "expiry",
            "expiration",
            "maxage",
            "lifespan",
            "lifetime",
            "duration",
            "timeout",
            "timeseconds",
        ],
    ),
    ("tti", &["timetoidle", "expireafteraccess", "idle", "maxidle", "timerefresh"]),
    ("expire_after", &["ttu", "ttlfn", "expiresby", "expirationpolicy"]),
    ("err_ttl", &["errorttl", "cacheerrors", "cacheerr", "negativettl"]),
    ("key", &["convert", "keyfn", "keyfunc", "keyexpr", "keyby", "keybuilder", "keygenerator"]),
    ("skip", &["ignore", "exclude", "without", "skipargs", "ignoreargs"]),
    ("cache_if", &["storeif", "cachewhen", "shouldcache", "unless", "condition"]),
    ("valid_if", &["invalidateon", "validate", "isvalid", "invalidateif", "revalidate"]),
    ("refresh_if", &["forcerefresh", "force", "bypass", "bypassif"]),
    ("weigher", &["weight", "getsizeof", "weighter", "sizeof", "cost"]),
    ("on_evict", &["evictionlistener", "removallistener", "onremove", "onremoval", "onexpire"]),
    ("single_flight", &["sync", "syncwrites", "bykey", "dedup", "coalesce", "singleflight"]),
    ("stale_while_revalidate", &["swr", "refreshafterwrite", "staletime", "refresh"]),
    ("scope", &["threadlocal", "unsync", "sharedcache", "local", "perthread"]),
    ("hasher", &["customhasher", "hasherinit", "hash", "buildhasher"]),
    ("policy", &["evictionpolicy", "eviction", "evict", "strategy", "replacement", "cachetype"]),
    ("stale_if_error", &["resultfallback", "fallback", "staleonerror", "grace", "graceperiod"]),
    ("refresh_ahead", &["refreshbefore", "earlyrefresh", "eagerrefresh", "prefetch"]),
];

/// Names that have no counterpart, and why none is needed or what to write instead.
const NOT_NEEDED: [(&[&str], &str); 17] = [
    (&["result"], "an `Err` is never stored unless `err_ttl` says so; leave it out"),
    (&["option"], "write `cache_if = |value| value.is_some()` not to store `None`"),
    (&["unbound", "unbounded"], "write `maxsize = None`"),
    (&["ty", "create", "type", "mapkey"], "the cache is made by the attribute; leave it out"),
    (&["withcachedflag"], "`…_cache_fetch` tells where a value is from; leave it out"),
    (
        &[
            "disk",
            "diskdir",
            "io",
            "redis",
            "asyncrediscache",
            "synctodiskoncachechange",
            "connectionconfig",
            "serializer",
            "maperror",
        ],
        "entries are held in memory only",
    ),
    (
        &["cacheprefixblock", "keyprefix", "prefix", "namespace"],
        "each function has a cache of its own; leave it out",
    ),
    (&["initialcapacity", "prealloc"], "nothing is allocated ahead of need; leave it out"),
    (&["vis", "pub"], "write `helpers = pub(crate)` for the visibility of the helpers"),
    (&["info", "stats", "recordstats"], "`…_cache_info` is always there; leave it out"),
    (&["timer", "timesource", "now"], "write `clock = …` to say where the time is read"),
    (&["typed"], "an argument has one type; leave it out"),
    (&["lock", "synclock", "rwlock", "mutex"], "threads share the cache as it is; leave it out"),
    (&["async", "future"], "an `async fn` is known as one; leave it out"),
    (&["lru", "lrucache"], "write `policy = lru`"),
    (&["fifo", "lfu", "random", "adaptive"], "write it as in `policy = lru`"),
    (&["thread"], "write `scope = thread`"),
];

/// The example of an option's use.
pub(crate) fn example(name: &str) -> &'static str {
    OPTIONS.iter().find(|(option, _)| *option == name).map_or("", |(_, example)| example)
}

/// What to say of an option that does not exist.
pub(crate) fn unknown(name: &str) -> String {
    unknown_with(name, |meant| meant)
}

/// The same, where the one that was meant is shown in another way.
pub(crate) fn unknown_with(name: &str, show: impl Fn(&'static str) -> &'static str) -> String {
    let plain = plain(name);
    if let Some((_, advice)) = NOT_NEEDED.iter().find(|(names, _)| names.contains(&&*plain)) {
        return format!("unknown option `{name}`; {advice}");
    }
    let elsewhere = ELSEWHERE.iter().find(|(_, names)| names.contains(&&*plain));
    let options = || OPTIONS.iter().map(|(option, _)| *option);
    match elsewhere.map(|(option, _)| *option).or_else(|| nearest(name, options())) {
        Some(meant) => format!("unknown option `{name}`; did you mean `{}`?", show(meant)),
        None => format!("unknown option `{name}`; the options are {}", listed("and", options())),
    }
}

/// The name that was probably meant: one that differs in case or underscores only, or else the one
/// with the fewest slips of the pen, a third of its letters at most.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let wanted = plain(name);
    let scored = candidates.into_iter().map(|candidate| {
        let slips = if plain(candidate) == wanted { 0 } else { slips(name, candidate) };
        (slips, candidate)
    });
    let (slips, best) = scored.min_by_key(|(slips, _)| *slips)?;
    let tolerated = (name.chars().count().max(best.chars().count()) / 3).max(1);
    // A name of one letter is one slip away from every other.
    (slips <= tolerated && slips < best.chars().count()).then_some(best)
}

/// `` `a`, `b` and `c` ``, with whatever conjunction.
pub(crate) fn listed<'a>(conjunction: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names: Vec<_> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.pop() {
        Some(last) if names.is_empty() => last,
        Some(last) => format!("{} {conjunction} {last}", names.join(", ")),
        None => String::new(),
    }
}

/// Without case and underscores.
fn plain(name: &str) -> String {
    name.chars().filter(|&c| c != '_').flat_map(char::to_lowercase).collect()
}

/// How many letters must be put in, left out, changed, or swapped with their neighbour.
fn slips(from: &str, to: &str) -> usize {
    let (from, to): (Vec<_>, Vec<_>) = (from.chars().collect(), to.chars().collect());
    let mut above: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for i in 0..from.len() {
        let mut next = vec![i + 1];
        for j in 0..to.len() {
            let changed = row[j] + usize::from(from[i] != to[j]);
            let mut least = changed.min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && from[i] == to[j - 1] && from[i - 1] == to[j] {
                least = least.min(above[j - 1] + 1);
            }
            next.push(least);
        }
        above = std::mem::replace(&mut row, next);
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted() {
        assert_eq!(slips("", "ttl"), 3);
        assert_eq!(slips("ttl", "ttl"), 0);
        assert_eq!(slips("tlt", "ttl"), 1);
        assert_eq!(slips("ttll", "ttl"), 1);
        assert_eq!(slips("tl", "ttl"), 1);
        assert_eq!(slips("minuets", "minutes"), 1);
        assert_eq!(slips("kitten", "sitting"), 3);
    }

    #[test]
    fn what_was_meant_is_suggested() {
        for (wrong, meant) in [
            ("max_size", "maxsize"),
            ("MaxSize", "maxsize"),
            ("maxsiz", "maxsize"),
            ("capacity", "maxsize"),
            ("max_capacity", "maxsize"),
            ("limit", "maxsize"),
            ("time", "ttl"),
            ("TimeToLive", "ttl"),
            ("ttl_secs", "ttl"),
            ("expire_after_write", "ttl"),
            ("time_to_idle", "tti"),
            ("expire_after_access", "tti"),
            ("convert", "key"),
            ("Ignore", "skip"),
            ("sync", "single_flight"),
            ("sync_writes", "single_flight"),
            ("polcy", "policy"),
            ("stale_on_error", "stale_if_error"),
            ("stale_wile_revaildat", "stale_while_revalidate"),
        ] {
            let message = format!("unknown option `{wrong}`; did you mean `{meant}`?");
            assert_eq!(unknown(wrong), message);
        }
    }

    #[test]
    fn otherwise_the_options_are_listed() {
        assert!(unknown("frobnicate").contains("the options are `maxsize`, `ttl`, "));
        assert!(unknown("x").contains("the options are"));
    }

    #[test]
    fn what_is_not_needed_is_explained() {
        assert_eq!(unknown("unbound"), "unknown option `unbound`; write `maxsize = None`");
    }

    #[test]
    fn an_alias_is_no_option_and_names_one() {
        for (option, aliases) in ELSEWHERE {
            assert!(!example(option).is_empty(), "{option}");
            for alias in aliases {
                assert_eq!(plain(alias), **alias, "aliases are looked up without `_`");
                assert!(OPTIONS.iter().all(|(name, _)| name != alias), "{alias}");
            }
        }
        for (names, _) in NOT_NEEDED {
            assert!(names.iter().all(|name| OPTIONS.iter().all(|(option, _)| option != name)));
        }
    }
}

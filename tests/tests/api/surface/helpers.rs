//! What stands beside an annotated function, in each form that decides on its arguments.

use std::future::Future;

use ttl_memo::{CacheInfo, CacheParameters, Fetched, TtlCache, ttl_cache};

/// A function: owned arguments and borrowed ones, of which one is skipped.
mod function {
    use super::*;

    type Answer = Result<u32, String>;

    #[ttl_cache(skip(verbose))]
    fn f(id: u64, lang: &str, verbose: bool) -> Answer {
        if verbose { Err(lang.to_owned()) } else { u32::try_from(id).map_err(|e| e.to_string()) }
    }

    const _: fn(u64, &str, bool) -> Answer = f;
    const _: fn(u64, &str, bool) -> Answer = f_uncached;
    const _: fn(u64, &str, bool) -> Answer = f_cache_refresh;
    const _: fn(u64, &str, bool) -> Fetched<Answer> = f_cache_fetch;
    const _: fn(u64, &str) -> Option<Answer> = f_cache_peek;
    const _: fn(u64, &str) -> bool = f_cache_invalidate;
    const _: fn(u64, &str, Answer) = f_cache_insert;
    const _: fn(fn(&u64, &String) -> bool) -> usize = f_cache_invalidate_if;
    const _: fn() = f_cache_clear;
    const _: fn() -> CacheInfo = f_cache_info;
    const _: fn() -> CacheParameters = f_cache_parameters;
    const _: fn() -> usize = f_cache_expire;
}

/// Of the arguments, a key of one's own keeps what it mentions.
mod key {
    use super::*;

    #[ttl_cache(key = id / 10)]
    fn f(id: u64, _more: u8) -> u64 {
        id
    }

    const _: fn(u64, u8) -> u64 = f_cache_refresh;
    const _: fn(u64) -> Option<u64> = f_cache_peek;
    const _: fn(u64) -> bool = f_cache_invalidate;
    const _: fn(u64, u64) = f_cache_insert;
}

/// Later: what runs the body gives a future, and nothing else does.
mod later {
    use super::*;

    #[ttl_cache]
    async fn f(text: &str) -> usize {
        std::future::ready(text.len()).await
    }

    fn _futures() {
        fn gives<T, F: Future<Output = T> + Send>(_: F) {}
        gives::<usize, _>(f(""));
        gives::<usize, _>(f_uncached(""));
        gives::<usize, _>(f_cache_refresh(""));
        gives::<Fetched<usize>, _>(f_cache_fetch(""));
    }

    const _: fn(&str) -> Option<usize> = f_cache_peek;
    const _: fn(&str) -> bool = f_cache_invalidate;
    const _: fn(&str, usize) = f_cache_insert;
    const _: fn(fn(&String) -> bool) -> usize = f_cache_invalidate_if;
}

/// Generic: helpers take the same generics, then one for each `impl Trait`.
mod generic {
    use std::hash::Hash;

    use super::*;

    #[ttl_cache]
    fn f<T, const N: usize>(
        _of: [T; N],
        _also: impl Hash + Eq + Clone + Send + Sync + 'static,
    ) -> usize
    where
        T: Hash + Eq + Clone + Send + Sync + 'static,
    {
        N
    }

    const _: fn([u8; 2], char) -> usize = f_uncached;
    const _: fn([u8; 2], char) -> Option<usize> = f_cache_peek;
    const _: fn() -> CacheInfo = f_cache_info::<u8, 2, char>;
    const _: fn(fn(&[u8; 2], &char) -> bool) -> usize = f_cache_invalidate_if;
}

/// Methods: associated functions beside them, which take the receiver where they take arguments.
mod method {
    use super::*;

    struct Repo {
        rows: TtlCache<u32, u32>,
    }

    impl Repo {
        #[ttl_cache(skip(self))]
        fn skipped(&self, id: u32) -> u32 {
            id + u32::from(self.rows.is_empty())
        }

        #[ttl_cache(cache = &self.rows)]
        fn row(&self, id: u32) -> u32 {
            id
        }
    }

    const _: fn(&Repo, u32) -> u32 = Repo::skipped;
    const _: fn(&Repo, u32) -> u32 = Repo::skipped_cache_refresh;
    const _: fn(u32) -> Option<u32> = Repo::skipped_cache_peek;
    const _: fn() = Repo::skipped_cache_clear;

    const _: fn(&Repo, u32) -> Option<u32> = Repo::row_cache_peek;
    const _: fn(&Repo, u32, u32) = Repo::row_cache_insert;
    const _: fn(&Repo, u32) -> bool = Repo::row_cache_invalidate;
    const _: fn(&Repo, fn(&u32) -> bool) -> usize = Repo::row_cache_invalidate_if;
    const _: fn(&Repo, u32) -> Fetched<u32> = Repo::row_cache_fetch;
    const _: fn(&Repo) = Repo::row_cache_clear;
    const _: fn(&Repo) -> CacheInfo = Repo::row_cache_info;
    const _: fn(&Repo) -> CacheParameters = Repo::row_cache_parameters;
    const _: fn(&Repo) -> usize = Repo::row_cache_expire;
}

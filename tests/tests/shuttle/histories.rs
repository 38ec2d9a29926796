//! Small histories, each in many interleavings, have an order (see `linearizability`).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use shuttle::thread;
use ttl_memo::TtlCache;

use super::search::{Timed, has_order};
use super::sequential::Step;
use super::{Key, try_all};

#[derive(Clone, Copy)]
enum Call {
    Get,
    Insert,
    Invalidate,
    Clear,
    Load,
}

use Call::{Clear, Get, Insert, Invalidate, Load};

/// A thread's calls, and what came of them.
fn record(
    cache: &TtlCache<Key, u64>,
    moments: &AtomicU64,
    calls: &[Call],
    mut value: u64,
) -> Vec<Timed> {
    let moment = || moments.fetch_add(1, Ordering::SeqCst);
    let mut history = Vec::new();
    for call in calls {
        value += 1;
        let began = moment();
        let step = match call {
            Get => Step::Get(cache.get(&Key(1))),
            Insert => {
                cache.insert(Key(1), value);
                Step::Insert(value)
            }
            Invalidate => Step::Invalidate(cache.invalidate(&Key(1))),
            Clear => {
                cache.clear();
                let ended = moment();
                history.extend(Step::sweep(value, 1).map(|step| Timed { step, began, ended }));
                continue;
            }
            Load => {
                let mut body = None;
                let answer = cache.get_or_insert_with(Key(1), || {
                    let began = moment();
                    thread::yield_now();
                    body = Some((began, moment()));
                    value
                });
                match body {
                    None => Step::Spared(answer),
                    Some((body_began, body_ended)) => {
                        history.push(Timed { step: Step::Begin(value), began, ended: body_began });
                        let ended = moment();
                        history.push(Timed { step: Step::End(value), began: body_ended, ended });
                        continue;
                    }
                }
            }
        };
        history.push(Timed { step, began, ended: moment() });
    }
    history
}

fn check(threads: &[&'static [Call]]) {
    let (cache, moments) = (Arc::new(TtlCache::new(None, None)), Arc::new(AtomicU64::new(0)));
    let start = |(at, calls): (usize, &&'static [Call])| {
        let (cache, moments, calls) = (Arc::clone(&cache), Arc::clone(&moments), *calls);
        thread::spawn(move || record(&cache, &moments, calls, (at as u64 + 1) * 100))
    };
    let threads: Vec<_> = threads.iter().enumerate().map(start).collect();
    let history: Vec<_> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    assert!(has_order(&history), "{history:#?}");
}

#[test]
fn loads_and_an_invalidation() {
    try_all(|| check(&[&[Load, Get], &[Invalidate, Load], &[Load, Invalidate]]));
}

#[test]
fn loads_and_inserts() {
    try_all(|| check(&[&[Load, Insert], &[Load, Get], &[Insert, Load]]));
}

#[test]
fn loads_and_clear() {
    try_all(|| check(&[&[Load, Load], &[Clear, Get], &[Load, Clear, Load]]));
}

#[test]
fn reads_and_writes() {
    try_all(|| check(&[&[Insert, Get, Insert], &[Get, Invalidate, Get], &[Get, Insert, Get]]));
}

//! The janitor: alone in its process, because it sweeps every cache there is.

use std::sync::mpsc;
use std::time::Duration;

use ttl_memo::generated::register;
use ttl_memo::{ManualClock, TtlCache};

#[test]
fn the_janitor_gives_expired_entries_back_by_itself() {
    let (left, heard) = mpsc::channel();
    let clock = ManualClock::new();
    let cache = TtlCache::builder()
        .clock(clock.clone())
        .on_evict(move |key: &u8, _: &u8, _| {
            let _ = left.send(*key);
            assert!(*key != 1, "the janitor goes on");
        })
        .build();
    let cache: &TtlCache<u8, u8> = Box::leak(Box::new(cache));
    register(cache);
    let janitor = ttl_memo::spawn_janitor(Duration::ZERO);
    for key in 1..4 {
        cache.insert(key, key);
        clock.advance(Duration::from_secs(600));
        assert_eq!(heard.recv_timeout(Duration::from_secs(60)), Ok(key));
    }
    drop(janitor);
    // One with a period that never ends is dropped at once.
    drop(ttl_memo::spawn_janitor(Duration::MAX));
}

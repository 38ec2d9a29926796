//! There and back.

use std::time::Duration;

use super::SECOND;
use crate::{CacheInfo, ManualClock, Policy, TtlMap};

#[test]
fn a_map_comes_back_with_what_is_left_of_its_pairs_time() {
    let clock = ManualClock::new();
    let mut map = TtlMap::builder()
        .maxsize(3)
        .ttl(100 * SECOND)
        .tti(50 * SECOND)
        .policy(Policy::Lfu)
        .clock(clock.clone())
        .build();
    map.insert("old".to_owned(), 0);
    clock.advance(10 * SECOND);
    map.insert("a".to_owned(), 1);
    map.insert_with_ttl("brief".to_owned(), 2, 45 * SECOND);
    clock.advance(40 * SECOND);
    let json = serde_json::to_string(&map).expect("it is written");
    let mut read: TtlMap<String, i32> = serde_json::from_str(&json).expect("it is read");
    assert_eq!((read.len(), read.peek("a"), read.peek("old")), (2, Some(&1), None));
    let left = |key| read.ttl_of(key).expect("it is there");
    assert!(left("brief") <= 5 * SECOND && left("a") > 40 * SECOND);
    assert_eq!(read.info().maxsize, Some(3));
    read.get("a");
    read.insert("b".to_owned(), 3);
    read.insert("c".to_owned(), 4);
    assert_eq!((read.peek("brief"), read.peek("a")), (None, Some(&1)), "the least used has gone");
}

#[test]
fn what_is_for_ever_stays_so() {
    let mut map = TtlMap::new(None, None);
    map.insert(1, ());
    let json = serde_json::to_string(&map).expect("it is written");
    let read: TtlMap<i32, ()> = serde_json::from_str(&json).expect("it is read");
    assert_eq!((read.ttl_of(&1), read.info().maxsize), (Some(Duration::MAX), None));
}

#[test]
fn a_policy_that_there_is_not_is_an_error() {
    let json = r#"{"maxsize":1,"ttl":null,"tti":null,"policy":"mru","pairs":[]}"#;
    let error = serde_json::from_str::<TtlMap<u8, u8>>(json).expect_err("no such policy");
    assert!(error.to_string().contains("no policy `mru`"), "{error}");
}

#[test]
fn figures_come_back_and_those_that_are_missing_are_zero() {
    let info = CacheInfo { hits: 3, maxsize: Some(2), ..CacheInfo::default() };
    let json = serde_json::to_string(&info).expect("it is written");
    assert_eq!(serde_json::from_str::<CacheInfo>(&json).expect("it is read"), info);
    let some: CacheInfo = serde_json::from_str(r#"{"hits":7}"#).expect("it is read");
    assert_eq!(some, CacheInfo { hits: 7, ..CacheInfo::default() });
}

//! What is found, gone through, copied and heard of.

use std::rc::Rc;
use std::time::Duration;

use super::{SECOND, listener, take, timed};
use crate::RemovalCause::{Expired, Invalidated, Replaced, Size};
use crate::map::Entry;
use crate::{Policy, TtlMap};

#[test]
fn each_removal_is_heard_once_with_its_cause() {
    let (builder, clock) = timed(10);
    let (heard, hear) = listener();
    let mut map = builder.maxsize(2).policy(Policy::Lru).on_evict(hear).build();
    map.insert("a", 1);
    map.insert("a", 2);
    assert_eq!(take(&heard), [], "handed back");
    map.extend([("a", 3)]);
    assert_eq!(take(&heard), [("a", 2, Replaced)]);
    map.extend([("b", 1), ("c", 1)]);
    assert_eq!(take(&heard), [("a", 3, Size)]);
    clock.advance(10 * SECOND);
    map.tend(0);
    assert_eq!(map.insert("b", 2), None);
    let mut all = take(&heard);
    all.sort_unstable_by_key(|(key, ..)| *key);
    assert_eq!(all, [("b", 1, Expired), ("c", 1, Expired)]);
    map.retain(|_, _| false);
    assert_eq!(take(&heard), [("b", 2, Invalidated)]);
    map.insert("d", 1);
    map.insert_with_ttl("e", 1, SECOND);
    clock.advance(SECOND);
    map.clear();
    assert_eq!(take(&heard), [("d", 1, Invalidated), ("e", 1, Expired)]);
    map.extend([("f", 1), ("g", 1), ("h", 1)]);
    assert_eq!(take(&heard), [("f", 1, Size)]);
    assert_eq!((map.remove("g"), map.pop()), (Some(1), Some(("h", 1))));
    map.insert("i", 1);
    drop(map);
    assert_eq!(take(&heard), []);
}

#[test]
fn an_entry_sees_and_changes_its_place() {
    let (builder, clock) = timed(10);
    let mut map = builder.build();
    let Entry::Vacant(vacant) = map.entry("a") else { panic!("nothing is there") };
    assert_eq!(vacant.insert(1), &1);
    clock.advance(9 * SECOND);
    let Entry::Occupied(mut occupied) = map.entry("a") else { panic!("it is there") };
    assert_eq!((occupied.key(), occupied.get()), (&"a", &1));
    assert_eq!(occupied.insert(2), 1);
    assert_eq!(map.ttl_of("a"), Some(10 * SECOND));
    clock.advance(10 * SECOND);
    assert_eq!(map.entry("a").or_insert_with(|| 3), &3);
    assert_eq!(map.entry("a").and_modify(|value| *value += 1).or_default(), &4);
    let info = map.info();
    assert_eq!((info.hits, info.misses, info.expirations), (2, 2, 1));
}

#[test]
fn an_entry_that_cannot_be_stored_is_held_until_the_next_call() {
    let value = Rc::new(());
    let weigher = |_: &i32, (_, weight): &(Rc<()>, usize)| *weight;
    let mut map = TtlMap::builder().maxsize(10).weigher(weigher).build();
    let weighing = |weight| (Rc::clone(&value), weight);
    let mut entry = map.entry(1).insert_entry(weighing(11));
    assert_eq!((entry.key(), entry.get().1), (&1, 11));
    entry.get_mut().1 = 12;
    assert_eq!(entry.into_mut().1, 12);
    assert_eq!((map.len(), map.weight(), Rc::strong_count(&value)), (0, 0, 2));
    map.get(&1);
    assert_eq!(Rc::strong_count(&value), 1);
    // From limbo into the map, and back.
    let mut entry = map.entry(1).insert_entry(weighing(11));
    assert_eq!((entry.insert(weighing(3)).1, entry.get().1), (11, 3));
    assert_eq!((entry.insert(weighing(20)).1, entry.get().1), (3, 20));
    assert_eq!((entry.insert(weighing(21)).1, entry.get().1), (20, 21));
    assert_eq!(entry.remove_entry().1.1, 21);
    assert_eq!(map.entry(1).insert_entry(weighing(3)).remove().1, 3);
    assert_eq!((map.len(), Rc::strong_count(&value)), (0, 1));
    map.entry(1).or_insert(weighing(11));
    assert_eq!(map.clone().len() + map.iter().len(), 0);
    drop(map);
    assert_eq!(Rc::strong_count(&value), 1);
}

#[test]
fn only_live_pairs_are_gone_through() {
    let (builder, clock) = timed(10);
    let mut map = builder.build();
    map.insert_with_ttl(0, 0, SECOND);
    map.extend([(1, 10), (2, 20)]);
    clock.advance(SECOND);
    let sorted = |mut pairs: Vec<(i32, i32)>| {
        pairs.sort_unstable();
        pairs
    };
    let expected = vec![(1, 10), (2, 20)];
    assert_eq!(sorted(map.iter().map(|(k, v)| (*k, *v)).collect()), expected);
    assert_eq!(sorted((&map).into_iter().map(|(k, v)| (*k, *v)).collect()), expected);
    assert_eq!((map.iter().len(), map.keys().len(), map.values().len()), (2, 2, 2));
    assert_eq!(format!("{map:?}"), "{1: 10, 2: 20}");
    for (_, value) in &mut map {
        *value += 1;
    }
    map.values_mut().for_each(|value| *value += 1);
    assert_eq!(map.values().sum::<i32>(), 34);
    assert_eq!(map.keys().sum::<i32>(), 3);
    map.retain(|key, value| {
        assert_ne!(*key, 0, "it has expired");
        *value += 1;
        *key == 1
    });
    assert_eq!(map.clone().into_iter().collect::<Vec<_>>(), [(1, 13)]);
    assert_eq!(map.into_iter().len(), 1);
}

#[test]
fn what_iteration_shows_is_decided_when_it_begins() {
    let (builder, clock) = timed(10);
    let mut map = builder.build();
    map.extend([(1, 1), (2, 2)]);
    let mut pairs = map.iter();
    clock.advance(10 * SECOND);
    assert_eq!((pairs.len(), pairs.by_ref().count(), map.iter().count()), (2, 2, 0));
}

#[test]
fn a_clone_goes_its_own_way() {
    let (builder, clock) = timed(10);
    let (heard, hear) = listener();
    let mut map = builder.policy(Policy::Lru).maxsize(3).on_evict(hear).build();
    map.insert_with_ttl("old", 0, SECOND);
    map.extend([("a", 1), ("b", 2)]);
    map.get("a");
    clock.advance(SECOND);
    let mut clone = map.clone();
    clone.stock.validate();
    assert_eq!(
        (clone.len(), clone.stock.ledger().len(), clone.ttl_of("a")),
        (2, 2, Some(9 * SECOND))
    );
    assert_eq!((clone.info().hits, take(&heard)), (1, vec![]));
    assert_eq!((clone.pop(), map.len()), (Some(("b", 2)), 2));
    map.clear();
    assert_eq!(clone.get("a"), Some(&1));
    clock.advance(9 * SECOND);
    assert_eq!((clone.get("a").copied(), clone.info().expirations), (None, 1));
}

#[test]
fn clear_starts_anew() {
    let mut map = TtlMap::new(2, None);
    map.extend([(1, 1), (2, 2), (3, 3)]);
    map.get(&3);
    map.get(&0);
    map.clear();
    let info = map.info();
    assert_eq!((info.hits, info.misses, info.evictions, info.len), (0, 0, 0, 0));
    map.stock.validate();
    map.extend([(1, 1), (2, 2), (3, 3)]);
    assert_eq!((map.len(), map.info().evictions), (2, 1));
}

#[test]
fn keys_are_found_by_what_they_borrow() {
    let mut map = TtlMap::new(10, None);
    map.insert("a".to_owned(), 1);
    assert_eq!((map.get("a").copied(), map.peek("a")), (Some(1), Some(&1)));
    assert!(map.contains_key("a") && map.ttl_of("a") == Some(Duration::MAX));
    assert_eq!(map.remove_entry("a"), Some(("a".to_owned(), 1)));
}

#[test]
#[cfg_attr(miri, ignore = "slow there")]
fn hash_functions_that_leave_half_of_the_bits_alone_do() {
    #[derive(Default)]
    struct High(u64);
    impl std::hash::Hasher for High {
        fn finish(&self) -> u64 {
            self.0 << 40
        }
        fn write(&mut self, _: &[u8]) {}
        fn write_u64(&mut self, key: u64) {
            self.0 = key;
        }
    }
    let hasher = std::hash::BuildHasherDefault::<High>::default();
    let mut map = TtlMap::builder().maxsize(None).hasher(hasher).build();
    map.extend((0..10_000_u64).map(|n| (n, n)));
    assert!((0..10_000).all(|n| map.get(&n) == Some(&n)));
}

#[test]
fn keys_with_one_hash_are_told_apart() {
    #[derive(Default)]
    struct Same;
    impl std::hash::Hasher for Same {
        fn finish(&self) -> u64 {
            7
        }
        fn write(&mut self, _: &[u8]) {}
    }
    let hasher = std::hash::BuildHasherDefault::<Same>::default();
    let mut map = TtlMap::builder().maxsize(50).hasher(hasher).build();
    map.extend((0..100_u64).map(|n| (n, n)));
    assert_eq!(map.len(), 50);
    assert!(map.iter().all(|(key, value)| key == value && map.peek(key) == Some(value)));
    (0..100).for_each(|n| _ = map.remove(&n));
    map.stock.validate();
}

#[test]
fn pairs_of_no_size_are_pairs() {
    let mut map = TtlMap::new(10, SECOND);
    assert_eq!((map.insert((), ()), map.insert((), ())), (None, Some(())));
    assert_eq!((map.len(), map.get(&())), (1, Some(&())));
    assert_eq!(map.pop(), Some(((), ())));
}

#[test]
fn a_map_is_sent_where_its_pairs_may_go() {
    fn sent<T: Send>(_: &T) {}
    fn shared<T: Sync>(_: &T) {}
    let map: TtlMap<String, std::cell::Cell<u8>> = TtlMap::new(1, None);
    sent(&map);
    let map: TtlMap<String, u8> = TtlMap::new(1, None);
    shared(&map);
}

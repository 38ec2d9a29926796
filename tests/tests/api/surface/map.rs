//! [`TtlMap`], its builder, its entries and its iterators.

use std::error::Error;
use std::fmt::{Debug, Display};
use std::iter::FusedIterator;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::time::Duration;

use serde::{Serialize, de::DeserializeOwned};
use ttl_memo::map::{
    Entry, IntoIter, Iter, IterMut, Keys, OccupiedEntry, VacantEntry, Values, ValuesMut,
};
use ttl_memo::{CacheInfo, RandomState, TooHeavy, TtlMap, TtlMapBuilder};

use super::{ExpireAfter, Key, Listener, Other, Value, Weigher, all, builder};

type Map = TtlMap<Key, Value>;
type Builder = TtlMapBuilder<Key, Value>;

all! {
    Map: [Send + Sync + Unpin + Clone + Debug + Extend<(Key, Value)> + IntoIterator<Item = (Key, Value)>];
    Map: [Serialize + DeserializeOwned + Default + UnwindSafe + RefUnwindSafe];
    TtlMap<Key, Value, Other>: [Send + Sync + Clone + DeserializeOwned];
    TtlMap<u8, u8>: [for<'a> Extend<(&'a u8, &'a u8)>];
    &'static Map: [IntoIterator<Item = (&'static Key, &'static Value), IntoIter = Iter<'static, Key, Value>>];
    &'static mut Map: [IntoIterator<Item = (&'static Key, &'static mut Value)>];
    Builder: [Debug + Send + Sync];
    TooHeavy<Key, Value>: [Error + Display + Debug + Send + Sync];
    // What need not be `Debug` is not asked to be.
    TooHeavy<Quiet, Quiet>: [Error + Debug];
    TtlMapBuilder<Quiet, Quiet>: [Debug];
    Entry<'static, Key, Value, RandomState>: [Debug + Send + Sync];
    OccupiedEntry<'static, Key, Value, RandomState>: [Debug + Send + Sync];
    VacantEntry<'static, Key, Value, RandomState>: [Debug + Send + Sync];
    Iter<'static, Key, Value>: [Iterator<Item = (&'static Key, &'static Value)> + ExactSizeIterator];
    Iter<'static, Key, Value>: [FusedIterator + Clone + Debug + Send + Sync];
    IterMut<'static, Key, Value>: [Iterator<Item = (&'static Key, &'static mut Value)>];
    IterMut<'static, Key, Value>: [ExactSizeIterator + FusedIterator + Debug + Send + Sync];
    IntoIter<Key, Value>: [Iterator<Item = (Key, Value)> + ExactSizeIterator + FusedIterator];
    IntoIter<Key, Value>: [Debug + Send + Sync];
    Keys<'static, Key, Value>: [Iterator<Item = &'static Key> + ExactSizeIterator + FusedIterator];
    Keys<'static, Key, Value>: [Clone + Debug + Send + Sync];
    Values<'static, Key, Value>: [Iterator<Item = &'static Value> + ExactSizeIterator + FusedIterator];
    Values<'static, Key, Value>: [Clone + Debug + Send + Sync];
    ValuesMut<'static, Key, Value>: [Iterator<Item = &'static mut Value> + ExactSizeIterator];
    ValuesMut<'static, Key, Value>: [FusedIterator + Debug + Send + Sync];
}

/// Has nothing but itself.
struct Quiet;

const _: fn(usize, Duration) -> Map = Map::new;
const _: fn(Option<usize>, Option<Duration>) -> Map = Map::new;
const _: fn() -> Builder = Map::builder;

// Whatever the keys and values are, a map of them can be made and asked for its size.
const _: fn(usize, Duration) -> TtlMap<f64, Quiet> = TtlMap::new;
const _: fn(&TtlMap<f64, Quiet, ()>) -> usize = TtlMap::len;

const _: for<'a> fn(&'a mut Map, &str) -> Option<&'a Value> = Map::get;
const _: for<'a> fn(&'a mut Map, &str) -> Option<&'a mut Value> = Map::get_mut;
const _: for<'a> fn(&'a Map, &str) -> Option<&'a Value> = Map::peek;
const _: for<'a> fn(&'a Map, &Key) -> Option<&'a Value> = Map::peek;
const _: fn(&Map, &str) -> bool = Map::contains_key;
const _: fn(&Map, &str) -> Option<Duration> = Map::ttl_of;

const _: fn(&mut Map, Key, Value) -> Option<Value> = Map::insert;
const _: fn(&mut Map, Key, Value, Duration) -> Option<Value> = Map::insert_with_ttl;
const _: fn(&mut Map, Key, Value) -> Result<Option<Value>, TooHeavy<Key, Value>> = Map::try_insert;
const _: fn(&mut Map, &str) -> Option<Value> = Map::remove;
const _: fn(&mut Map, &str) -> Option<(Key, Value)> = Map::remove_entry;
const _: for<'a> fn(&'a mut Map, Key) -> Entry<'a, Key, Value, RandomState> = Map::entry;
const _: fn(&mut Map, fn(&Key, &mut Value) -> bool) = Map::retain;
const _: fn(&mut Map) = Map::clear;
const _: fn(&mut Map) -> Vec<(Key, Value)> = Map::expire;
const _: fn(&mut Map) -> Option<(Key, Value)> = Map::pop;

const _: fn(&Map) -> usize = Map::len;
const _: fn(&Map) -> bool = Map::is_empty;
const _: fn(&Map) -> usize = Map::weight;
const _: fn(&Map) -> CacheInfo = Map::info;
const _: for<'a> fn(&'a Map) -> Iter<'a, Key, Value> = Map::iter;
const _: for<'a> fn(&'a mut Map) -> IterMut<'a, Key, Value> = Map::iter_mut;
const _: for<'a> fn(&'a Map) -> Keys<'a, Key, Value> = Map::keys;
const _: for<'a> fn(&'a Map) -> Values<'a, Key, Value> = Map::values;
const _: for<'a> fn(&'a mut Map) -> ValuesMut<'a, Key, Value> = Map::values_mut;

builder!(Builder, TtlMapBuilder);
const _: fn(Builder) -> Map = Builder::build;
const _: fn(TtlMapBuilder<Key, Value, Other>) -> TtlMap<Key, Value, Other> = TtlMapBuilder::build;

/// What an entry is here.
type An<'a> = Entry<'a, Key, Value, RandomState>;
type Occupied<'a> = OccupiedEntry<'a, Key, Value, RandomState>;
type Vacant<'a> = VacantEntry<'a, Key, Value, RandomState>;

#[expect(
    dead_code,
    clippy::extra_unused_lifetimes,
    reason = "is there to be compiled: methods of one lifetime, whichever it is"
)]
fn entries<'a>() {
    let _: for<'x> fn(&'x An<'a>) -> &'x Key = An::key;
    let _: fn(An<'a>, Value) -> &'a mut Value = An::or_insert;
    let _: fn(An<'a>, fn() -> Value) -> &'a mut Value = An::or_insert_with;
    let _: fn(An<'a>, fn(&Key) -> Value) -> &'a mut Value = An::or_insert_with_key;
    let _: fn(An<'a>) -> &'a mut Value = An::or_default;
    let _: fn(An<'a>, fn(&mut Value)) -> An<'a> = An::and_modify;
    let _: fn(An<'a>, Value) -> Occupied<'a> = An::insert_entry;

    let _: for<'x> fn(&'x Occupied<'a>) -> &'x Key = Occupied::key;
    let _: for<'x> fn(&'x Occupied<'a>) -> &'x Value = Occupied::get;
    let _: for<'x> fn(&'x mut Occupied<'a>) -> &'x mut Value = Occupied::get_mut;
    let _: fn(Occupied<'a>) -> &'a mut Value = Occupied::into_mut;
    let _: fn(&mut Occupied<'a>, Value) -> Value = Occupied::insert;
    let _: fn(Occupied<'a>) -> Value = Occupied::remove;
    let _: fn(Occupied<'a>) -> (Key, Value) = Occupied::remove_entry;

    let _: for<'x> fn(&'x Vacant<'a>) -> &'x Key = Vacant::key;
    let _: fn(Vacant<'a>) -> Key = Vacant::into_key;
    let _: fn(Vacant<'a>, Value) -> &'a mut Value = Vacant::insert;
    let _: fn(Vacant<'a>, Value) -> Occupied<'a> = Vacant::insert_entry;
}

/// An entry is one or the other, and will be.
const _: fn(An<'_>) = |entry| match entry {
    Entry::Occupied(_) | Entry::Vacant(_) => {}
};

const _: fn(TooHeavy<Key, Value>) -> (Key, Value, usize, usize) =
    |TooHeavy { key, value, weight, maxsize, .. }| (key, value, weight, maxsize);

/// The module has them too, as `std::collections::hash_map` has.
mod again {
    use ttl_memo::map::{TooHeavy, TtlMap, TtlMapBuilder};

    use super::{Builder, Key, Map, Value};

    const _: fn(TtlMap<Key, Value>) -> Map = |map| map;
    const _: fn(TtlMapBuilder<Key, Value>) -> Builder = |builder| builder;
    const _: fn(&mut Map, Key, Value) -> Result<Option<Value>, TooHeavy<Key, Value>> =
        Map::try_insert;
}

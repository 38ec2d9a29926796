//! What nothing with the same job can be expected to undercut: a bare table, first in first out.
//!
//! L1 is a table for each thread, without a clock; L3 one table behind a `RwLock`, with a coarse
//! clock read and a deadline beside each value.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use foldhash::fast::RandomState;
use hashbrown::{Equivalent, HashMap};
use parking_lot::RwLock;

use super::function::TextPair;
use super::{Boxed, Peer, Use, bodies};
use crate::machine::coarse_time;

/// At most so many entries; the oldest goes.
struct Table<K, V> {
    entries: HashMap<K, V, RandomState>,
    order: VecDeque<K>,
    maxsize: usize,
}

impl<K: Hash + Eq + Clone, V: Clone> Table<K, V> {
    fn new(maxsize: usize) -> Self {
        let entries = HashMap::with_hasher(RandomState::default());
        Self { entries, order: VecDeque::new(), maxsize }
    }

    #[inline]
    fn get<Q: Hash + Equivalent<K> + ?Sized>(&self, key: &Q) -> Option<V> {
        self.entries.get(key).cloned()
    }

    fn insert(&mut self, key: K, value: V) {
        if self.order.len() == self.maxsize {
            if let Some(oldest) = self.order.pop_front() {
                self.entries.remove(&oldest);
            }
        }
        self.order.push_back(key.clone());
        self.entries.insert(key, value);
    }
}

/// L1.
pub(super) struct ThreadLocal;

/// A function over a table for each thread. `$key` is what is stored for the argument, `$query`
/// what is looked up.
macro_rules! thread_local_function {
    ($maxsize:expr, $arg:ident: $arg_type:ty, $query:expr, $key:expr => $key_type:ty, $body:expr => $value:ty) => {{
        thread_local! {
            static TABLE: RefCell<Table<$key_type, $value>> = RefCell::new(Table::new($maxsize));
        }
        Some(Box::new(|$arg: $arg_type| {
            TABLE.with_borrow_mut(|table| {
                table.get($query).unwrap_or_else(|| {
                    let value: $value = $body;
                    table.insert($key, value.clone());
                    value
                })
            })
        }))
    }};
}

macro_rules! thread_local_number {
    ($use:ident, $body:ident) => {
        thread_local_function!(Use::$use.maxsize(), n: u64, &n, n => u64, bodies::$body(n) => u64)
    };
}

impl Peer for ThreadLocal {
    fn name(&self) -> &'static str {
        "L1 thread-local table"
    }

    fn number(&self, what_for: Use) -> Option<Boxed<u64, u64>> {
        match what_for {
            Use::Hits => thread_local_number!(Hits, number),
            Use::Small => thread_local_number!(Small, number),
            Use::Large => thread_local_number!(Large, number),
            Use::Wide => thread_local_number!(Wide, number),
            Use::Mixed => thread_local_number!(Mixed, counted),
            Use::Exact => thread_local_number!(Exact, counted),
            Use::Held => thread_local_number!(Held, number),
            Use::Brief => None,
        }
    }

    fn text(&self) -> Option<Boxed<&'static str, u64>> {
        thread_local_function!(
            Use::Hits.maxsize(), text: &'static str, text,
            text.to_owned() => String, bodies::text(text) => u64
        )
    }

    fn pair(&self) -> Option<Boxed<(&'static str, u32), String>> {
        thread_local_function!(
            Use::Hits.maxsize(), pair: (&'static str, u32), &TextPair(pair.0, pair.1),
            (pair.0.to_owned(), pair.1) => (String, u32), bodies::pair(pair.0, pair.1) => String
        )
    }

    fn shared_pair(&self) -> Option<Boxed<(&'static str, u32), Arc<str>>> {
        thread_local_function!(
            Use::Hits.maxsize(), pair: (&'static str, u32), &TextPair(pair.0, pair.1),
            (pair.0.to_owned(), pair.1) => (String, u32),
            bodies::shared_pair(pair.0, pair.1) => Arc<str>
        )
    }
}

/// L3.
pub(super) struct Locked;

type Deadlines<K, V> = Arc<RwLock<Table<K, (V, Duration)>>>;

fn deadlines<K: Hash + Eq + Clone, V: Clone>(what_for: Use) -> Deadlines<K, V> {
    Arc::new(RwLock::new(Table::new(what_for.maxsize())))
}

#[inline]
fn live<K, V, Q>(table: &Deadlines<K, V>, key: &Q) -> Option<V>
where
    K: Hash + Eq + Clone,
    V: Clone,
    Q: Hash + Equivalent<K> + ?Sized,
{
    let (value, deadline) = table.read().get(key)?;
    (coarse_time() < deadline).then_some(value)
}

fn store<K: Hash + Eq + Clone, V: Clone>(table: &Deadlines<K, V>, key: K, value: V) -> V {
    let deadline = coarse_time() + Use::Hits.ttl();
    table.write().insert(key, (value.clone(), deadline));
    value
}

fn of_pair<V>(body: fn(&str, u32) -> V) -> Boxed<(&'static str, u32), V>
where
    V: Clone + Send + Sync + 'static,
{
    let table = deadlines::<(String, u32), V>(Use::Hits);
    Box::new(move |(text, n): (&'static str, u32)| {
        live(&table, &TextPair(text, n))
            .unwrap_or_else(|| store(&table, (text.to_owned(), n), body(text, n)))
    })
}

impl Peer for Locked {
    fn name(&self) -> &'static str {
        "L3 RwLock, coarse clock"
    }

    fn number(&self, what_for: Use) -> Option<Boxed<u64, u64>> {
        if what_for == Use::Brief {
            return None;
        }
        let (table, body) = (deadlines::<u64, u64>(what_for), what_for.body());
        Some(Box::new(move |n| live(&table, &n).unwrap_or_else(|| store(&table, n, body(n)))))
    }

    fn text(&self) -> Option<Boxed<&'static str, u64>> {
        let table = deadlines::<String, u64>(Use::Hits);
        Some(Box::new(move |text: &'static str| {
            live(&table, text).unwrap_or_else(|| store(&table, text.to_owned(), bodies::text(text)))
        }))
    }

    fn pair(&self) -> Option<Boxed<(&'static str, u32), String>> {
        Some(of_pair(bodies::pair))
    }

    fn shared_pair(&self) -> Option<Boxed<(&'static str, u32), Arc<str>>> {
        Some(of_pair(bodies::shared_pair))
    }
}

//! A cache of one thread: a hit takes no lock and no atomic operation, and values need not be
//! `Send`.
//!
//! # Code of the user's
//! `Eq`, `Clone` and `Drop`, hooks and listeners may call the function again from within, or one of
//! its helpers. While the entries are changed, nothing of the kind runs. While they are [looked
//! at](look), it may: to compare keys, to clone a value. What wants to change them then finds them
//! in use. A value that is to be stored is not, which costs a miss. An invalidation must not be
//! without effect: it *dooms* all entries, which nobody sees any more, and which are dropped when
//! the last look at them is over.

mod builder;
mod change;
mod home;
mod look;
mod plain;
#[cfg(test)]
mod tests;
mod within;

use std::cell::{Cell, RefCell};
use std::fmt;
use std::hash::{BuildHasher, Hasher};

use crate::RemovalCause;
#[cfg(feature = "testing")]
use crate::cache::home::Home as _;
use crate::cache::home::Tally;
use crate::cache::respite::Respites;
use crate::cache::settings::Settings;
use crate::call::query::Query;
use crate::clock::Time;
use crate::engine::slots::Held;
use crate::engine::stock::{Kinds, Stock};
use crate::farewells::Farewells;
use crate::flight::Board;
use crate::options::SingleFlight;
use crate::store::Times;

use builder::Hooks;
pub(crate) use builder::LocalBuilder;
use within::Within;

/// What `scope = thread` is made of.
pub struct LocalCache<K, V, S> {
    core: LocalCore<K, V>,
    hasher: S,
}

/// The same but for the hasher.
pub struct LocalCore<K, V> {
    stock: RefCell<Stock<K, V>>,
    /// No code of the user's runs while it is borrowed.
    board: RefCell<Board<K, V>>,
    /// The bodies of plain calls, which have no flight.
    within: Within<K>,
    /// Whether calls may be plain.
    plain: bool,
    /// Well before this instant every entry is live, and there is nothing to be seen to: most calls
    /// look no further. 0: there is something.
    calm: Cell<u64>,
    /// Whether the entries are to be dropped as soon as nobody looks at them.
    doomed: Cell<bool>,
    /// How often the entries have changed: what was found before may not be there any more.
    changes: Cell<u64>,
    time: Time,
    settings: Settings<K, V>,
    respites: Respites,
    hooks: Hooks<K, V>,
    /// How long past its deadline an entry is held.
    window: u64,
    /// How long an entry may go unserved; `u64::MAX`: for ever.
    idle: u64,
    tallies: [Cell<u64>; 6],
    compute_nanos: Cell<u64>,
    /// Evictions and expirations when they were last set back to zero.
    removals: Cell<(u64, u64)>,
}

impl<K, V, S> LocalCache<K, V, S> {
    fn new(settings: Settings<K, V>, time: Time, hooks: Hooks<K, V>, hasher: S) -> Self {
        let (window, weighted) = (settings.stale_window(), hooks.weigher.is_some());
        let idle = settings.tti.map_or(u64::MAX, crate::clock::nanos);
        // Else a deadline tells when an entry was stored.
        let dated = settings.ttl() == u64::MAX
            || idle != u64::MAX
            || hooks.expire_after.is_some()
            || settings.jitter.is_some()
            || settings.err_ttl.is_some();
        let kinds = Kinds { weighted, idle, dated };
        let seed = crate::options::seed();
        let mut stock = Stock::new(settings.policy, seed, settings.maxsize(), kinds);
        stock.ledger_mut().set_window(window);
        let core = LocalCore {
            stock: RefCell::new(stock),
            board: RefCell::default(),
            within: Within::new(),
            plain: window == 0 && settings.single_flight != SingleFlight::Off,
            calm: Cell::new(if idle == u64::MAX { u64::MAX } else { 0 }),
            doomed: Cell::new(false),
            changes: Cell::new(0),
            time,
            settings,
            respites: Respites::default(),
            hooks,
            window,
            idle,
            tallies: Default::default(),
            compute_nanos: Cell::new(0),
            removals: Cell::new((0, 0)),
        };
        Self { core, hasher }
    }

    #[inline]
    pub(crate) fn core(&self) -> &LocalCore<K, V> {
        &self.core
    }
}

impl<K, V, S: BuildHasher> LocalCache<K, V, S> {
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "what is fed is known where it is inlined, and folds")]
    pub(crate) fn hash_of(&self, query: &impl Query<Key = K>) -> u64 {
        let mut state = self.hasher.build_hasher();
        query.hash_into(&mut state);
        crate::hash::spread::<S>(state.finish())
    }
}

/// The 32 bits of a hash that entries are known by, the highest.
#[inline]
fn short(hash: u64) -> u32 {
    (hash >> 32) as u32
}

impl<K, V> LocalCore<K, V> {
    /// Whether there is anything at all that it would store.
    fn stores_anything(&self) -> bool {
        self.settings.may_store(self.hooks.expire_after.is_some())
    }

    fn tally(&self, tally: Tally) -> &Cell<u64> {
        &self.tallies[tally as usize]
    }

    fn times(&self, stock: &Stock<K, V>, slot: u32) -> Times {
        let held = stock.get(slot);
        let window = if held.lingers { self.window } else { 0 };
        let deadline = held.deadline;
        // The ttl of such a cache does not change.
        let by_ttl = || deadline.saturating_sub(self.settings.ttl());
        let stored = stock.stored(slot).unwrap_or_else(by_ttl);
        Times { stored, deadline, gone: deadline.saturating_add(window) }
    }

    /// After a change of the entries.
    #[inline]
    fn changed(&self, stock: &Stock<K, V>) {
        #[cfg(fuzzing)]
        stock.validate();
        self.changes.set(self.changes.get() + 1);
        self.note_calm(stock);
    }

    #[inline]
    fn note_calm(&self, stock: &Stock<K, V>) {
        // Where uses keep entries alive, each is looked at by itself.
        let watched = self.idle != u64::MAX || self.doomed.get();
        self.calm.set(if watched { 0 } else { stock.ledger().first_over() });
    }

    /// Its world is no more: what it holds is dropped, and it stores nothing any more.
    #[cfg(feature = "testing")]
    pub(crate) fn end(&self) {
        self.settings.set_enabled(false);
        self.clear();
    }

    /// Live entries, and their total weight.
    fn live(&self) -> (usize, usize) {
        let now = self.time.precise();
        if self.doomed.get() { (0, 0) } else { self.stock.borrow().live(now) }
    }

    /// Entries that have left.
    fn tell_all(&self, all: Vec<Option<Held<K, V>>>) {
        let now = self.time.precise();
        let mut farewells = Farewells::default();
        for Held { key, value, deadline, .. } in all.into_iter().flatten() {
            let live = now < deadline;
            let cause = if live { RemovalCause::Invalidated } else { RemovalCause::Expired };
            farewells.tell(self.hooks.listener.as_ref(), key, value, cause);
        }
        farewells.end();
    }
}

impl<K, V, S> fmt::Debug for LocalCache<K, V, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalCache").finish_non_exhaustive()
    }
}

impl<K, V> fmt::Debug for LocalCore<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalCore").finish_non_exhaustive()
    }
}

//! The list: obviously right, and slow.

use ttl_memo::{Policy, RemovalCause};

/// Times are whole seconds here.
pub(crate) type Seconds = u64;

pub(crate) const FOR_EVER: Seconds = u64::MAX;

/// What is stored: told apart by `id`, and with options of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) id: u64,
    pub(crate) weight: usize,
    /// A ttl of its own, by `expire_after`.
    pub(crate) own: Option<Seconds>,
}

#[derive(Clone, Debug)]
struct Entry {
    key: u8,
    value: Value,
    weight: usize,
    /// The end of its ttl.
    ends: Seconds,
    last_served: Seconds,
    uses: u64,
    /// When it was last used, and stored, in calls.
    used_at: u64,
    stored_at: u64,
}

/// A body that is running.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Running {
    key: u8,
    /// Not from within a body of the same key, nor while the cache was off: its value may be stored.
    pub(crate) leads: bool,
    /// The same, and nothing has been invalidated that it computes.
    pub(crate) stands: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct List {
    pub(crate) policy: Policy,
    pub(crate) tti: Option<Seconds>,
    /// Seconds past the deadline: served while renewed, and instead of an error.
    pub(crate) window: Seconds,
    pub(crate) if_error: Seconds,
    pub(crate) weighs: bool,
    pub(crate) maxsize: Option<usize>,
    pub(crate) ttl: Seconds,
    pub(crate) enabled: bool,
    pub(crate) now: Seconds,
    entries: Vec<Entry>,
    /// Each within the one before.
    bodies: Vec<Running>,
    calls: u64,
    pub(crate) hits: u64,
    pub(crate) misses: u64,
    pub(crate) stale: u64,
    pub(crate) failures: u64,
    pub(crate) refreshes: u64,
    pub(crate) evictions: u64,
    pub(crate) expirations: u64,
}

/// What an operation may have taken out, beside what was to go anyway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taking {
    /// Nothing but what is past its time.
    Nothing,
    /// What stood under this key.
    Key(u8),
    /// All that this refuses: `key % 3 == n`.
    Third(u8),
    Everything,
    /// What has to make room for the new value of a key, or for a smaller bound.
    Room,
}

pub(crate) type Removal = (u8, u64, RemovalCause);

impl List {
    pub(crate) fn new(policy: Policy, maxsize: Option<usize>, ttl: Seconds) -> Self {
        Self {
            policy,
            tti: None,
            window: 0,
            if_error: 0,
            weighs: false,
            maxsize,
            ttl,
            enabled: true,
            now: 0,
            entries: Vec::new(),
            bodies: Vec::new(),
            calls: 0,
            hits: 0,
            misses: 0,
            stale: 0,
            failures: 0,
            refreshes: 0,
            evictions: 0,
            expirations: 0,
        }
    }

    fn deadline(&self, entry: &Entry) -> Seconds {
        let idle = self.tti.map_or(FOR_EVER, |tti| entry.last_served.saturating_add(tti));
        entry.ends.min(idle)
    }

    fn is_live(&self, entry: &Entry) -> bool {
        self.now < self.deadline(entry)
    }

    /// Whether its stale windows are over, too.
    fn is_gone(&self, entry: &Entry) -> bool {
        self.now >= self.deadline(entry).saturating_add(self.window.max(self.if_error))
    }

    fn find(&self, key: u8) -> Option<usize> {
        self.entries.iter().position(|entry| entry.key == key)
    }

    pub(crate) fn live(&self) -> Vec<(u8, Value)> {
        let live = self.entries.iter().filter(|entry| self.is_live(entry));
        let mut live: Vec<_> = live.map(|entry| (entry.key, entry.value)).collect();
        live.sort_by_key(|(key, _)| *key);
        live
    }

    pub(crate) fn live_weight(&self) -> usize {
        self.entries.iter().filter(|entry| self.is_live(entry)).map(|entry| entry.weight).sum()
    }

    pub(crate) fn peek(&self, key: u8) -> Option<Value> {
        let entry = &self.entries[self.find(key)?];
        self.is_live(entry).then_some(entry.value)
    }

    /// The live value; a use.
    pub(crate) fn get(&mut self, key: u8) -> Option<Value> {
        self.calls += 1;
        let value = self.peek(key)?;
        let (now, calls) = (self.now, self.calls);
        let at = self.find(key)?;
        let entry = &mut self.entries[at];
        entry.last_served = now;
        entry.used_at = calls;
        entry.uses += 1;
        Some(value)
    }

    /// A body begins.
    pub(crate) fn begin(&mut self, key: u8) {
        let within = self.bodies.iter().any(|body| body.key == key && body.stands);
        let leads = self.enabled && !within;
        self.bodies.push(Running { key, leads, stands: leads });
    }

    /// The innermost one ends.
    pub(crate) fn end(&mut self) -> Running {
        self.bodies.pop().expect("it had begun")
    }

    /// What is computed for this key, or for any, is not to be stored.
    pub(crate) fn put_off(&mut self, key: Option<u8>) {
        let meant = |body: &&mut Running| key.is_none_or(|key| body.key == key);
        self.bodies.iter_mut().filter(meant).for_each(|body| body.stands = false);
    }

    /// The value in its stale window that is served while it is renewed.
    pub(crate) fn stale(&self, key: u8) -> Option<Value> {
        self.bodies.iter().find(|body| body.key == key && body.leads)?;
        let entry = &self.entries[self.find(key)?];
        let until = self.deadline(entry).saturating_add(self.window);
        (self.now < until).then_some(entry.value)
    }

    /// The value that may stand in for an error, live or not.
    pub(crate) fn stand_in(&self, key: u8) -> Option<Value> {
        let entry = &self.entries[self.find(key)?];
        let until = self.deadline(entry).saturating_add(self.if_error);
        (self.if_error > 0 && self.now < until).then_some(entry.value)
    }

    fn weight(&self, value: &Value) -> usize {
        if self.weighs { value.weight } else { 1 }
    }

    /// The ttl that a value stored now would have; none if it is not to be stored.
    fn admits(&self, value: &Value, ttl: Option<Seconds>) -> Option<Seconds> {
        let ttl = ttl.or(value.own).unwrap_or(self.ttl);
        let fits = self.maxsize.is_none_or(|most| most > 0 && self.weight(value) <= most);
        (self.enabled && fits && ttl > 0).then_some(ttl)
    }

    /// A value goes in, whether inserted or loaded; what leaves is in `removals`. Whether it was
    /// stored.
    pub(crate) fn store(
        &mut self,
        key: u8,
        value: Value,
        ttl: Option<Seconds>,
        removals: &[Removal],
    ) -> bool {
        self.calls += 1;
        let Some(ttl) = self.admits(&value, ttl) else { return false };
        let weight = self.weight(&value);
        let mut uses = 1;
        // What stood under the key leaves, if it is there still.
        if let Some(at) = self.find(key) {
            if self.is_live(&self.entries[at]) {
                uses += self.entries[at].uses;
                let id = self.entries[at].value.id;
                let left = removals.contains(&(key, id, RemovalCause::Replaced));
                assert!(left, "{key} is replaced: {removals:?}");
            }
        }
        self.account(removals, Taking::Key(key), Some(weight));
        self.entries.push(Entry {
            key,
            value,
            weight,
            ends: self.now.saturating_add(ttl),
            last_served: self.now,
            uses,
            used_at: self.calls,
            stored_at: self.calls,
        });
        self.within_bound();
        true
    }

    fn within_bound(&self) {
        let held: usize = self.entries.iter().map(|entry| entry.weight).sum();
        assert!(self.maxsize.is_none_or(|most| held <= most), "{held} held of {:?}", self.maxsize);
    }

    /// Whether such a body's value was refused for itself, which is a failure.
    pub(crate) fn refuses(&self, value: &Value) -> bool {
        let nothing = !self.enabled || self.maxsize == Some(0) || self.ttl == 0 && !self.weighs;
        !nothing && self.admits(value, None).is_none()
    }

    /// A new bound.
    pub(crate) fn shrink(&mut self, maxsize: Option<usize>, removals: &[Removal]) {
        self.calls += 1;
        self.maxsize = maxsize;
        self.account(removals, Taking::Room, Some(0));
        self.within_bound();
    }

    /// Takes out what the listener heard of, and checks that each was allowed; `room` is what a new
    /// entry weighs.
    pub(crate) fn account(&mut self, removals: &[Removal], taking: Taking, room: Option<usize>) {
        let by_size = |(.., cause): &&Removal| *cause == RemovalCause::Size;
        for removal in removals.iter().filter(|removal| !by_size(removal)) {
            let (key, id, cause) = *removal;
            let entry = self.remove(key, id);
            let meant = match taking {
                Taking::Nothing | Taking::Room => false,
                Taking::Key(this) => this == key,
                Taking::Third(third) => key % 3 == third,
                Taking::Everything => true,
            };
            let allowed = match cause {
                RemovalCause::Expired => {
                    !self.is_live(&entry) && (meant || room.is_some() || self.is_gone(&entry))
                }
                RemovalCause::Replaced => room.is_some() && meant && self.is_live(&entry),
                RemovalCause::Invalidated => {
                    // `clear` does not ask what is past its time.
                    let asked = taking != Taking::Everything;
                    room.is_none() && meant && (self.is_live(&entry) || !asked)
                }
                _ => false,
            };
            assert!(allowed, "{removal:?} by {taking:?} at {}: {entry:?}", self.now);
            self.expirations += u64::from(cause == RemovalCause::Expired);
        }
        for removal in removals.iter().filter(by_size) {
            let (room, most) = (room.expect("somebody needs room"), self.maxsize.unwrap());
            let held: usize = self.entries.iter().map(|entry| entry.weight).sum();
            assert!(held + room > most, "{removal:?} went, and there was room");
            let dead = self.entries.iter().find(|entry| !self.is_live(entry));
            assert!(dead.is_none(), "{removal:?} went before {dead:?}, at {}", self.now);
            let entry = self.remove(removal.0, removal.1);
            if let Some(next) = self.next_victim() {
                assert!(
                    self.rank(&entry) <= self.rank(&self.entries[next]),
                    "{entry:?} before {next:?} of {:?}",
                    self.entries
                );
            }
            self.evictions += 1;
        }
        self.kept_too_long(taking);
    }

    /// What had to leave has left.
    fn kept_too_long(&self, taking: Taking) {
        let meant = |entry: &&Entry| match taking {
            Taking::Key(key) => entry.key == key && !self.is_gone(entry),
            Taking::Third(third) => entry.key % 3 == third && !self.is_gone(entry),
            Taking::Everything => true,
            Taking::Nothing | Taking::Room => false,
        };
        let kept = self.entries.iter().find(meant);
        // One that is past its windows may be held; nobody can tell.
        assert!(kept.is_none(), "{taking:?} left {kept:?}");
    }

    /// After `expire`: nothing past its windows is held.
    pub(crate) fn all_expired(&self) {
        let kept = self.entries.iter().find(|entry| self.is_gone(entry));
        assert!(kept.is_none(), "not expired: {kept:?} at {}", self.now);
    }

    fn remove(&mut self, key: u8, id: u64) -> Entry {
        let same = |entry: &Entry| (entry.key, entry.value.id) == (key, id);
        let at = self.entries.iter().position(same);
        self.entries.remove(at.unwrap_or_else(|| panic!("{key} = {id} left, and was not there")))
    }

    /// The lower goes first.
    fn rank(&self, entry: &Entry) -> (u64, u64) {
        match self.policy {
            Policy::Fifo => (entry.stored_at, 0),
            Policy::Lru => (entry.used_at, 0),
            Policy::Lfu => (entry.uses, entry.used_at),
            _ => (0, 0),
        }
    }

    fn next_victim(&self) -> Option<usize> {
        (0..self.entries.len()).min_by_key(|at| self.rank(&self.entries[*at]))
    }

    pub(crate) fn reset_counts(&mut self) {
        (self.hits, self.misses, self.stale, self.failures) = (0, 0, 0, 0);
        (self.refreshes, self.evictions, self.expirations) = (0, 0, 0);
    }
}

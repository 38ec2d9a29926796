//! Entries that stay what they are while the user's code looks at them, and after.

use super::walk::slot_of;
use super::{Desk, Face, Seen};
use crate::call::query::Matches;
use crate::reclaim::Section;

/// An entry that is held, or in reach: it may be taken out, but not be dropped.
pub(in crate::store) struct Holding<'t, K, V> {
    /// Not longer than this lives.
    seen: Seen<'t, K, V>,
    section: Section,
}

impl<K, V> Desk<K, V> {
    /// Holds an entry that lives, beyond the lock that this is behind.
    pub(in crate::store) fn hold<'t>(&self, mut section: Section, slot: u32) -> Holding<'t, K, V> {
        let seen = self.slots.see(slot);
        section.hold(seen.address());
        // SAFETY: it has not been taken out, and whoever does that does it under the lock later on
        // and then sees it held, until the section ends: with the `Holding`. The slots themselves
        // live as long as the shard, which `'t` is a borrow of (see the callers).
        let seen = unsafe { seen.beyond() };
        Holding { seen, section }
    }
}

impl<'t, K, V> Holding<'t, K, V> {
    #[inline]
    pub(super) fn new(seen: Seen<'t, K, V>, section: Section) -> Self {
        Self { seen, section }
    }

    /// The entry, for as long as this is there.
    #[inline]
    pub(in crate::store) fn seen(&self) -> Seen<'_, K, V> {
        self.seen
    }

    pub(in crate::store) fn number(&self) -> u32 {
        self.seen.number()
    }

    pub(in crate::store) fn into_section(self) -> Section {
        self.section
    }
}

/// Which slots have been compared with what is looked for, and how that turned out.
///
/// For as long as it lives, and its section after it, these slots are of the same entries, or of
/// none.
pub(in crate::store) struct Compared {
    state: State,
}

enum State {
    None,
    /// The one, which is held.
    One(Section, u32, bool),
    /// Several, while the section probes.
    Several(Section, Vec<(u32, bool)>),
}

impl Compared {
    pub(in crate::store) fn none() -> Self {
        Self { state: State::None }
    }

    /// How the comparison with this slot's entry turned out, if there was one.
    pub(in crate::store) fn answer(&self, slot: u32) -> Option<bool> {
        match &self.state {
            State::None => None,
            State::One(_, one, same) => (*one == slot).then_some(*same),
            State::Several(_, all) => all.iter().find(|it| it.0 == slot).map(|it| it.1),
        }
    }

    pub(in crate::store) fn into_section(self) -> Option<Section> {
        match self.state {
            State::None => None,
            State::One(section, ..) | State::Several(section, _) => Some(section),
        }
    }
}

impl<K, V> Face<K, V> {
    /// Compares the keys of all entries of this hash that have not been compared.
    pub(in crate::store) fn compare<M: Matches<Key = K>>(
        &self,
        hash: u32,
        matcher: &M,
        compared: &mut Compared,
    ) {
        let (mut section, mut known) = match std::mem::replace(&mut compared.state, State::None) {
            State::None => (Section::begin(), Vec::new()),
            // What was held is compared again: it may have gone while nothing was in reach.
            State::One(mut section, ..) => {
                section.probe_again();
                (section, Vec::new())
            }
            State::Several(section, known) => (section, known),
        };
        let root = self.reach(&section);
        let mut walk = root.walk(hash);
        let Some(first) = walk.next() else { return };
        if known.is_empty() && walk.next().is_none() {
            // SAFETY: as in `look`.
            let seen = unsafe { root.see(first) };
            section.hold(seen.address());
            let same = matcher.matches(&seen.pair().0);
            compared.state = State::One(section, seen.number(), same);
            return;
        }
        for cell in root.walk(hash) {
            let slot = slot_of::<K, V>(cell);
            if !known.iter().any(|it| it.0 == slot) {
                // SAFETY: as in `look`; the section probes on.
                let seen = unsafe { root.see(cell) };
                known.push((slot, matcher.matches(&seen.pair().0)));
            }
        }
        compared.state = State::Several(section, known);
    }
}

//! After an error that a stale value stood in for: a time (`err_ttl`) in which that value is given
//! without the body being run.
//!
//! An error takes no value's place, so it cannot be kept where the value is. What is kept here is
//! only that the body is let alone, for one entry as it was stored: an entry that is replaced or
//! taken out ends that by itself. Two keys of one hash may end each other's, which costs a run.

use std::collections::BTreeMap;

use crate::store::Times;
use crate::sync::Mutex;

/// So many are kept before any is looked at.
const FEW: usize = 64;

/// An entry as it was stored: no other of its hash has the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Which it keeps for as long as it is there.
    pub(crate) slot: u32,
    /// Later ones in the same slot are stored later.
    pub(crate) times: Times,
}

/// No code of the user's runs under the lock.
#[derive(Debug, Default)]
pub struct Respites(Mutex<Granted>);

#[derive(Debug, Default)]
struct Granted {
    /// By the hash of the key.
    all: BTreeMap<u64, Respite>,
    /// When there are so many, those that are over are looked for.
    enough: usize,
}

#[derive(Clone, Copy, Debug)]
struct Respite {
    /// Of the entry that stood in.
    mark: Mark,
    until: u64,
}

impl Respites {
    /// Lets the body alone until then, while the entry so marked is there. `most`: how many entries
    /// there are at most.
    pub(crate) fn grant(&self, hash: u64, mark: Mark, until: u64, now: u64, most: usize) {
        let mut granted = self.0.lock();
        if granted.all.insert(hash, Respite { mark, until }).is_some() {
            return;
        }
        if granted.all.len() >= granted.enough.max(FEW) {
            granted.end_by(now);
            // There are more than entries that they could be for.
            if granted.all.len() > most {
                granted.all.clear();
            }
            // Twice as many: so each that is granted pays for a look at two.
            granted.enough = granted.all.len() * 2;
        }
    }

    /// The mark of the entry for which the body is let alone now.
    pub(crate) fn of(&self, hash: u64, now: u64) -> Option<Mark> {
        let mut granted = self.0.lock();
        let Respite { mark, until } = *granted.all.get(&hash)?;
        if now >= until {
            granted.all.remove(&hash);
            return None;
        }
        Some(mark)
    }

    /// Forgets those that are over.
    pub(crate) fn expire(&self, now: u64) {
        self.0.lock().end_by(now);
    }

    /// Forgets all.
    pub(crate) fn clear(&self) {
        self.0.lock().all.clear();
    }
}

impl Granted {
    fn end_by(&mut self, now: u64) {
        self.all.retain(|_, respite| now < respite.until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARK: Mark = Mark { slot: 3, times: Times { stored: 1, deadline: 2, gone: 9 } };

    impl Respites {
        fn len(&self) -> usize {
            self.0.lock().all.len()
        }
    }

    #[test]
    fn few_more_are_kept_than_there_are_entries() {
        let respites = Respites::default();
        for hash in 0..1000 {
            respites.grant(hash, MARK, 5, 3, 100);
            assert!(respites.len() <= 200);
        }
        assert_eq!((respites.of(999, 4), respites.of(999, 5)), (Some(MARK), None));
        assert_eq!(respites.of(999, 4), None, "what was found to be over is gone");
    }

    #[test]
    fn what_is_over_goes() {
        let respites = Respites::default();
        for hash in 0..1000 {
            respites.grant(hash, MARK, hash + 10, hash, usize::MAX);
            assert!(respites.len() <= FEW);
        }
        respites.expire(1005);
        assert_eq!(respites.len(), 4);
        respites.clear();
        assert_eq!(respites.len(), 0);
    }
}

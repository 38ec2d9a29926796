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

/// By the hash of the key. No code of the user's runs under the lock.
#[derive(Debug, Default)]
pub(crate) struct Respites(Mutex<BTreeMap<u64, Respite>>);

#[derive(Clone, Copy, Debug)]
struct Respite {
    /// Of the entry that stood in.
    times: Times,
    until: u64,
}

impl Respites {
    /// Lets the body alone until then, while the entry with these times is there. `most`: how many
    /// entries there are at most.
    pub(crate) fn grant(&self, hash: u64, times: Times, until: u64, now: u64, most: usize) {
        let mut all = self.0.lock();
        if all.len() >= FEW {
            all.retain(|_, respite| now < respite.until);
            // There are more than entries that they could be for.
            if all.len() >= most {
                all.clear();
            }
        }
        all.insert(hash, Respite { times, until });
    }

    /// The times of the entry for which the body is let alone now.
    pub(crate) fn of(&self, hash: u64, now: u64) -> Option<Times> {
        let respite = self.0.lock().get(&hash).copied()?;
        (now < respite.until).then_some(respite.times)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_are_kept_than_there_are_entries() {
        let times = Times { stored: 1, deadline: 2, gone: 9 };
        let respites = Respites::default();
        for hash in 0..1000 {
            respites.grant(hash, times, 5, 3, 100);
            assert!(respites.0.lock().len() <= 100);
        }
        assert_eq!((respites.of(999, 4), respites.of(999, 5)), (Some(times), None));
        respites.grant(0, times, 9, 6, usize::MAX);
        for hash in 0..64 {
            respites.grant(hash, times, 9, 8, usize::MAX);
        }
        assert_eq!(respites.of(999, 4), None, "what is over goes");
    }
}

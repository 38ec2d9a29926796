//! Any entry goes, with equal chances.

use core::sync::atomic::Ordering;

use super::rng::Rng;
use super::{EMPTY, EvictionPolicy, Marks, Recording, Replacement, Residents};

/// So often a slot is drawn anew when no entry lives there. Of slots of which a tenth is taken, one
/// draw in a thousand fails.
const DRAWS: u32 = 64;

#[derive(Clone, Debug)]
pub(crate) struct Random {
    rng: Rng,
}

impl EvictionPolicy for Random {
    const RECORDING: Recording = Recording::None;

    fn new(seed: u64) -> Self {
        Self { rng: Rng::new(seed) }
    }

    fn insert(
        &mut self,
        _slot: u32,
        _hash: u32,
        _residents: &impl Residents,
        _marks: &Marks,
    ) -> u32 {
        0
    }

    fn renew(&mut self, _of: Replacement, _residents: &impl Residents, _marks: &Marks) -> u32 {
        0
    }

    fn touch(&mut self, _slot: u32, _hash: u32, _residents: &impl Residents, _marks: &Marks) {}

    fn remove(&mut self, _slot: u32, _word: u32, _residents: &impl Residents) {}

    fn victim(&mut self, keep: u32, residents: &impl Residents, _marks: &Marks) -> Option<u32> {
        let slots = residents.slots();
        let fits =
            |slot: u32| slot != keep && residents.word(slot).load(Ordering::Relaxed) != EMPTY;
        // Drawing again, rather than taking the next one that lives, keeps the chances equal.
        for _ in 0..DRAWS.min(slots) {
            let slot = self.rng.below(slots);
            if fits(slot) {
                return Some(slot);
            }
        }
        // Hardly any slot is taken (much has expired, or the bound has been lowered): good enough.
        let from = self.rng.below(slots);
        (from..slots).chain(0..from).find(|&slot| fits(slot))
    }

    fn evicted(&mut self, _slot: u32, _hash: u32, _word: u32, _residents: &impl Residents) {}

    fn clear(&mut self) {}

    fn shrink_to(&mut self, _slots: u32) {}
}

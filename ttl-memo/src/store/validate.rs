//! What has to hold of a store, recomputed.

use super::{Store, shard};
use crate::engine::policy::Residents;
use crate::sync::atomic::Ordering;

impl<K, V, B> Store<K, V, B> {
    /// Recomputes what is kept of each shard, and of all.
    pub(crate) fn validate(&self) {
        let mut held = 0;
        for shard in &self.shards {
            let writer = shard.writer.lock();
            let view = shard::View { slots: writer.desk.slots(), weighted: self.terms.weighted };
            writer.ledger.validate(&view);
            held += writer.ledger.weight() as u64;
            let lives: Vec<u32> = (0..view.slots()).filter(|&slot| view.lives(slot)).collect();
            writer.desk.validate(&shard.face, &lives);
            assert_eq!(shard.due.load(Ordering::Relaxed), writer.ledger.next_due());
            assert!(self.due.load(Ordering::Relaxed) <= writer.ledger.next_due());
        }
        assert_eq!(self.room.held(), held, "the shards hold what the room has given");
    }
}

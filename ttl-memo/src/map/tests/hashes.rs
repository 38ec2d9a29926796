//! Hash functions that the models are tried with, the worst included.

use std::hash::{BuildHasher, Hasher};

/// How keys are hashed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Hashes {
    /// As they should be.
    Mixed,
    /// To four numbers.
    Colliding,
    /// To one.
    Equal,
}

impl BuildHasher for Hashes {
    type Hasher = Hashing;

    fn build_hasher(&self) -> Hashing {
        Hashing { how: *self, sum: 0 }
    }
}

pub(crate) struct Hashing {
    how: Hashes,
    sum: u64,
}

impl Hasher for Hashing {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.sum = (self.sum ^ u64::from(byte)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        }
    }

    fn finish(&self) -> u64 {
        match self.how {
            Hashes::Mixed => self.sum ^ self.sum >> 32,
            Hashes::Colliding => self.sum >> 62,
            Hashes::Equal => 0,
        }
    }
}

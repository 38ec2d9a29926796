//! Which live entry goes when the cache is full.
//!
//! A policy is a plain data structure: it knows no lock, clock or thread and runs no user code.
//! Entries are slots, numbered by whoever holds them. Beside each slot stands a *policy word*,
//! [`EMPTY`] where no entry lives, which a hit may change without any lock (see [`Marks`]).
//!
//! A new policy is a file with an [`EvictionPolicy`] and a line in `policies!` below.

mod adaptive;
mod fifo;
mod lfu;
mod links;
mod lru;
mod random;
mod rng;

use core::error::Error;
use core::fmt;
use core::str::FromStr;
use core::sync::atomic::AtomicU32;
use core::sync::atomic::Ordering::Relaxed;

pub(crate) use adaptive::Marks;

/// The policy word of a slot in which no entry lives.
pub(crate) const EMPTY: u32 = u32::MAX;

/// No slot. Slots are numbered below `NONE - 1`.
pub(crate) const NONE: u32 = u32::MAX;

/// So many neighbouring words are looked at together; a group starts at a multiple of it.
pub(crate) const GROUP: usize = 8;

/// What a policy may see of the entries held.
pub(crate) trait Residents {
    /// Slots are numbered below this; some are empty. The nearer to the number of entries, the
    /// better the choice of the policies that sample.
    fn slots(&self) -> u32;

    /// The policy word of a slot below `slots()`.
    fn word(&self, slot: u32) -> &AtomicU32;

    /// The words of the slots from `GROUP * group` on, where that is below `slots()`; those past
    /// the last slot are `EMPTY`. Worth keeping in one cache line.
    fn group(&self, group: u32) -> &[AtomicU32; GROUP];

    /// Whether entries have weights of their own.
    fn weighted(&self) -> bool {
        false
    }

    /// What the entry in a slot counts against the bound.
    fn weight(&self, _slot: u32) -> usize {
        1
    }
}

/// How hits come to a policy's ears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recording {
    /// Not at all; words stay zero.
    None,
    /// By the entry's policy word, through [`Marks::hit`]: any thread, no lock.
    Word,
    /// One by one, through [`EvictionPolicy::touch`]: the cache logs the slots that were hit and
    /// replays them under its lock, before it inserts, removes or asks for a victim.
    Log,
}

/// An entry whose value was replaced.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Replacement {
    /// Where the old value stood.
    pub(crate) from: u32,
    /// Where the new one stands: there too, or where no other entry is.
    pub(crate) to: u32,
    /// The last word that it had in `from`.
    pub(crate) word: u32,
    pub(crate) hash: u32,
}

/// An entry that a policy has chosen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taken {
    pub(crate) slot: u32,
    /// Its time was over.
    pub(crate) over: bool,
    /// The entry that is likely to be the next choice.
    pub(crate) next: Option<u32>,
}

/// The word of an entry that leaves. A hit may come between the two, and is lost: it makes an
/// entry's word another of an entry, never `EMPTY` or from `EMPTY`, so an exchange would not be
/// worth it.
#[inline]
pub(crate) fn take_word(slot: u32, residents: &impl Residents) -> u32 {
    let word = residents.word(slot);
    let last = word.load(Relaxed);
    word.store(EMPTY, Relaxed);
    debug_assert!(last != EMPTY, "an entry lives in slot {slot}");
    last
}

/// Chooses the entry that goes. All but `Marks` is behind the owner's lock.
///
/// To store a new entry: `insert` (it stands from then on), write the word that it gave, then
/// `victim` with the new slot as `keep` while there is too much; for each victim, swap `EMPTY` into
/// its word and tell `evicted`. Making room before the insertion is allowed, and chooses as well
/// but for a returning key whose history the victim may push out.
pub(crate) trait EvictionPolicy {
    const RECORDING: Recording;

    /// A policy for an empty cache; allocates nothing. Its choices follow from `seed` and the calls.
    fn new(seed: u64) -> Self;

    /// So many entries are expected when the cache is full; `usize::MAX` where there is no telling
    /// (no bound, or one of weight).
    fn set_bound(&mut self, _entries: usize, _marks: &Marks) {}

    /// A new entry: the word that it starts with, never `EMPTY`.
    fn insert(&mut self, slot: u32, hash: u32, residents: &impl Residents, marks: &Marks) -> u32;

    /// The value of an entry was replaced, which counts as a use; gives the word that it has now.
    fn renew(&mut self, of: Replacement, residents: &impl Residents, marks: &Marks) -> u32;

    /// The entry was used, told under the owner's hand. A slot that holds no entry is ignored, so
    /// that a log may be replayed late.
    fn touch(&mut self, slot: u32, hash: u32, residents: &impl Residents, marks: &Marks);

    /// The entry left, but not by this policy's choice (expired, invalidated). `word` is the last
    /// that it had.
    fn remove(&mut self, slot: u32, word: u32, residents: &impl Residents);

    /// The entry to evict next, never `keep` (`NONE`: any); none if there is no other. It stays
    /// until `evicted` or `remove` is told of it.
    fn victim(&mut self, keep: u32, residents: &impl Residents, marks: &Marks) -> Option<u32>;

    /// The entry that `victim` would likely give next, where that is known ahead, so that what has to
    /// be looked at when it goes can be asked for.
    fn foresee(&self) -> Option<u32> {
        None
    }

    /// The entry left by this policy's choice. `word` is the last that it had.
    fn evicted(&mut self, slot: u32, hash: u32, word: u32, residents: &impl Residents);

    /// All entries left.
    fn clear(&mut self);

    /// Slots from `slots` on are empty, and memory kept for them may go, and for others to come.
    fn shrink_to(&mut self, slots: u32);
}

/// Makes [`Policy`], the public name of each policy, and [`PolicyState`], which is one of them.
macro_rules! policies {
    ($($(#[$attribute:meta])* $name:ident = $word:literal: $state:ty,)*) => {
        /// Which live entry goes when a cache is full.
        ///
        /// Expired entries go before any live one, whatever the policy, and the entry just stored
        /// is never the victim of its own insertion.
        ///
        /// ```
        /// use ttl_memo::Policy;
        ///
        /// assert_eq!(Policy::default(), Policy::Adaptive);
        /// assert_eq!(Policy::Lru.to_string(), "lru");
        /// ```
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #[cfg_attr(
            feature = "serde",
            derive(serde::Serialize, serde::Deserialize),
            serde(rename_all = "lowercase")
        )]
        #[non_exhaustive]
        pub enum Policy { $($(#[$attribute])* $name,)* }

        impl fmt::Display for Policy {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(match self { $(Self::$name => $word,)* })
            }
        }

        /// The words of the attribute's `policy`, as `to_string` gives them.
        ///
        /// ```
        /// use ttl_memo::Policy;
        ///
        /// assert_eq!("lru".parse(), Ok(Policy::Lru));
        /// let unknown = "mru".parse::<Policy>().unwrap_err();
        /// assert_eq!(
        ///     unknown.to_string(),
        ///     "no policy `mru`: it is one of adaptive, lru, fifo, lfu, random",
        /// );
        /// ```
        impl FromStr for Policy {
            type Err = UnknownPolicy;

            fn from_str(word: &str) -> Result<Self, UnknownPolicy> {
                match word {
                    $($word => Ok(Self::$name),)*
                    _ => Err(UnknownPolicy { word: word.into() }),
                }
            }
        }

        /// A word that is no [`Policy`]'s.
        ///
        /// ```
        /// use ttl_memo::{Policy, UnknownPolicy};
        ///
        /// fn configured(word: &str) -> Result<Policy, UnknownPolicy> {
        ///     word.parse()
        /// }
        /// assert_eq!(configured("fifo"), Ok(Policy::Fifo));
        /// assert!(configured("FIFO").is_err());
        /// ```
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct UnknownPolicy {
            word: Box<str>,
        }

        impl fmt::Display for UnknownPolicy {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let words = [$($word),*].join(", ");
                write!(f, "no policy `{}`: it is one of {words}", self.word)
            }
        }

        impl Error for UnknownPolicy {}

        /// The policy of a cache, chosen when it was made.
        #[derive(Clone, Debug)]
        pub(crate) enum PolicyState { $($name($state),)* }

        impl PolicyState {
            pub(crate) fn new(policy: Policy, seed: u64) -> Self {
                match policy { $(Policy::$name => Self::$name(EvictionPolicy::new(seed)),)* }
            }

            pub(crate) fn recording(&self) -> Recording {
                match self { $(Self::$name(_) => <$state>::RECORDING,)* }
            }
        }

        /// Runs an expression on whichever policy it is.
        macro_rules! each {
            ($self:expr, $policy:ident => $call:expr) => {
                match $self { $(PolicyState::$name($policy) => $call,)* }
            };
        }
    };
}

policies! {
    /// Learns from the hits and misses so far how soon an entry with a past like this one's will be
    /// used again, and evicts the one, of a few sampled, that is worth its place the least.
    #[default]
    Adaptive = "adaptive": adaptive::Adaptive,
    /// The least recently used, exactly.
    Lru = "lru": lru::Lru,
    /// The one stored first, exactly; a value stored anew is the last again.
    Fifo = "fifo": fifo::Fifo,
    /// The least often used, exactly; of several, the least recently used.
    Lfu = "lfu": lfu::Lfu,
    /// Any, with equal chances.
    Random = "random": random::Random,
}

/// As in [`EvictionPolicy`].
impl PolicyState {
    pub(crate) fn set_bound(&mut self, entries: usize, marks: &Marks) {
        each!(self, policy => policy.set_bound(entries, marks));
    }

    #[inline]
    pub(crate) fn insert(
        &mut self,
        slot: u32,
        hash: u32,
        residents: &impl Residents,
        marks: &Marks,
    ) -> u32 {
        each!(self, policy => policy.insert(slot, hash, residents, marks))
    }

    pub(crate) fn renew(
        &mut self,
        of: Replacement,
        residents: &impl Residents,
        marks: &Marks,
    ) -> u32 {
        each!(self, policy => policy.renew(of, residents, marks))
    }

    #[inline]
    pub(crate) fn touch(
        &mut self,
        slot: u32,
        hash: u32,
        residents: &impl Residents,
        marks: &Marks,
    ) {
        each!(self, policy => policy.touch(slot, hash, residents, marks));
    }

    #[inline]
    pub(crate) fn remove(&mut self, slot: u32, word: u32, residents: &impl Residents) {
        each!(self, policy => policy.remove(slot, word, residents));
    }

    #[inline]
    pub(crate) fn victim(
        &mut self,
        keep: u32,
        residents: &impl Residents,
        marks: &Marks,
    ) -> Option<u32> {
        each!(self, policy => policy.victim(keep, residents, marks))
    }

    /// Takes its choice out of its books, never `keep`: as [evicted](EvictionPolicy::evicted), or,
    /// if it `is_over`, as [removed](EvictionPolicy::remove). That is asked while it is there; then
    /// its word is `EMPTY`.
    #[inline]
    pub(crate) fn take(
        &mut self,
        keep: u32,
        residents: &impl Residents,
        marks: &Marks,
        hash_of: impl Fn(u32) -> u32,
        is_over: impl FnOnce(u32) -> bool,
    ) -> Option<Taken> {
        // All at once, so that it is found out once which policy it is.
        each!(self, policy => {
            let slot = policy.victim(keep, residents, marks)?;
            let over = is_over(slot);
            let word = take_word(slot, residents);
            if over {
                policy.remove(slot, word, residents);
            } else {
                policy.evicted(slot, hash_of(slot), word, residents);
            }
            Some(Taken { slot, over, next: policy.foresee() })
        })
    }

    pub(crate) fn clear(&mut self) {
        each!(self, policy => policy.clear());
    }

    pub(crate) fn shrink_to(&mut self, slots: u32) {
        each!(self, policy => policy.shrink_to(slots));
    }
}

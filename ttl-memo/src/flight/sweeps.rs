//! What a sweep means to loads: `clear`, `retain`, a tag, all caches at once.
//!
//! A sweep goes from shard to shard, and maybe from cache to cache. A body may meet an entry where the
//! sweep has not been, and what it made of that would be stored where it has been, and stay. So a
//! sweep takes four steps, each of them at all boards concerned before the next begins:
//!
//! 1. *Mark.* Loads in the air are off: they store nothing, and nobody joins them. What begins from
//!    now on stores nothing either, but may be joined, or there would be a stampede.
//! 2. The entries are dropped. Code of the user's runs, for as long as it likes.
//! 3. *Seal.* What has begun since is off, and what begins from now on is off from the start.
//! 4. *Unmark.* What begins from now on is as ever.
//!
//! Invariant: after a sweep, nothing is stored or may be joined that was computed from what was
//! stored before it.
//!
//! Why that is enough: a load that is sound when it ends began at its board before step 1 was there
//! (then it had stored by then, and step 2 dropped that), or after step 4 was. Each step is taken
//! under the board's lock, as loads begin and end under it, so such a load comes after step 3 at
//! *every* board: nothing from before is stored anywhere, as all was dropped and nothing has come
//! since; and no load can be joined but such as began after step 4 at its own board. So what it is
//! computed from began after step 2, too. And a call that begins after the sweep has returned finds
//! entries and loads of that kind alone.
//!
//! Three steps would not do. If what begins meanwhile could be joined until its own board is
//! unmarked, a load at a board that is unmarked already might join it, and store what it gave.
//!
//! Sweeps may overlap, and begin within each other: each has its own steps. Of a tag, the same is
//! said of values that carry it: a load is asked for its tags when it ends, as that is known then.

use std::sync::Arc;

/// What becomes of a load.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Standing {
    /// Its value is stored, unless it carries a tag that is refused.
    #[default]
    Sound,
    /// It has begun during a sweep: it may be joined, and its value is not stored.
    Doubtful,
    /// An invalidation has come since it began: it is not joined any more, nor stored.
    Off,
}

/// What a sweep tells a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Mark,
    Seal,
    Unmark,
}

/// The sweeps in progress, as one board knows them.
#[derive(Debug, Default)]
pub(super) struct Sweeps {
    underway: Vec<Underway>,
    /// Of loads that begin now.
    standing: Standing,
}

/// One of them. Two that are the same may stand for each other.
#[derive(Debug, PartialEq)]
struct Underway {
    /// None: it is of all entries.
    tag: Option<Arc<str>>,
    sealed: bool,
}

/// Tags whose values are refused.
type Refused = Option<Box<Vec<Arc<str>>>>;

impl Sweeps {
    #[inline]
    pub(super) fn standing(&self) -> Standing {
        self.standing
    }

    /// The tags that a load which begins now is refused, and whether it may not be joined for that.
    #[inline]
    pub(super) fn refused(&self) -> (Refused, bool) {
        if self.underway.is_empty() { (None, false) } else { self.refused_by_some() }
    }

    #[cold]
    fn refused_by_some(&self) -> (Refused, bool) {
        let with_tags = || self.underway.iter().filter(|it| it.tag.is_some());
        let tags: Vec<_> = with_tags().filter_map(|it| it.tag.clone()).collect();
        let sealed = with_tags().any(|it| it.sealed);
        (Some(tags).filter(|tags| !tags.is_empty()).map(Box::new), sealed)
    }

    pub(super) fn take(&mut self, step: Step, tag: Option<&Arc<str>>) {
        let at = |sealed| {
            let is = |it: &Underway| it.tag.as_ref() == tag && it.sealed == sealed;
            self.underway.iter().position(is)
        };
        match step {
            Step::Mark => self.underway.push(Underway { tag: tag.cloned(), sealed: false }),
            Step::Seal => {
                if let Some(at) = at(false) {
                    self.underway[at].sealed = true;
                }
            }
            Step::Unmark => {
                if let Some(at) = at(true) {
                    self.underway.swap_remove(at);
                }
            }
        }
        let of_all = || self.underway.iter().filter(|it| it.tag.is_none());
        self.standing = match (of_all().count(), of_all().any(|it| it.sealed)) {
            (0, _) => Standing::Sound,
            (_, false) => Standing::Doubtful,
            (_, true) => Standing::Off,
        };
        if self.underway.is_empty() {
            self.underway = Vec::new();
        }
    }
}

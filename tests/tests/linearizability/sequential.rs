//! A cache that does one thing at a time, as one key sees it: what each step may answer.

/// What is known of a key: its value, the load whose value may be stored and joined, and the
/// `retain`s that have come upon its loads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) value: Option<u64>,
    pub(crate) load: Option<u64>,
    pub(crate) retained: Vec<u64>,
}

/// A step and its answer. A load is two: it begins, and it ends; it is known by its value, which no
/// other has. A `retain` that keeps nothing is several, with a number: it comes first upon the loads
/// in the air, and then upon what is stored, which may have been loaded in between. It may come upon
/// a key more than once: what is stored again meanwhile may stand where it has not yet been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Get(Option<u64>),
    Insert(u64),
    Invalidate(bool),
    /// `clear`, whose answer says nothing.
    Clear,
    Begin(u64),
    End(u64),
    /// A call that would have loaded, and did not have to.
    Spared(u64),
    Detach(u64),
    Take(u64),
}

impl Key {
    /// The key after a step; none if it cannot have had this answer.
    pub(crate) fn after(&self, step: Step) -> Option<Self> {
        let mut key = self.clone();
        let possible = match step {
            Step::Get(answer) => self.value == answer,
            // One load at a time, and none of what is there.
            Step::Begin(_) => (self.value, self.load) == (None, None),
            Step::Invalidate(live) => self.value.is_some() == live,
            Step::Spared(value) => [self.value, self.load].contains(&Some(value)),
            Step::Take(retain) => self.retained.contains(&retain),
            Step::Insert(_) | Step::Clear | Step::End(_) | Step::Detach(_) => true,
        };
        match step {
            Step::Get(_) | Step::Spared(_) => {}
            Step::Invalidate(_) | Step::Clear => (key.value, key.load) = (None, None),
            Step::Begin(value) => key.load = Some(value),
            // Stored, unless an invalidation came first.
            Step::End(value) if self.load != Some(value) => {}
            Step::End(value) | Step::Insert(value) => (key.value, key.load) = (Some(value), None),
            Step::Detach(retain) => {
                key.load = None;
                key.retained.push(retain);
            }
            Step::Take(_) => key.value = None,
        }
        possible.then_some(key)
    }
}

//! A cache that does one thing at a time, as one key sees it: what each step may answer.

/// What is known of a key: its value, and the load whose value may be stored and joined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) value: Option<u64>,
    pub(crate) load: Option<u64>,
}

/// A step and its answer. A load is two: it begins, and it ends; it is known by its value, which no
/// other has.
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
}

impl Key {
    /// The key after a step; none if it cannot have had this answer.
    pub(crate) fn after(self, step: Step) -> Option<Self> {
        let gone = Self::default();
        match step {
            Step::Get(answer) => (self.value == answer).then_some(self),
            Step::Insert(value) => Some(Self { value: Some(value), load: None }),
            Step::Invalidate(live) => (self.value.is_some() == live).then_some(gone),
            Step::Clear => Some(gone),
            // One load at a time, and none of what is there.
            Step::Begin(value) => (self == gone).then_some(Self { value: None, load: Some(value) }),
            // Stored, unless an invalidation came first.
            Step::End(value) if self.load == Some(value) => {
                Some(Self { value: Some(value), load: None })
            }
            Step::End(_) => Some(self),
            Step::Spared(value) => {
                (self.value == Some(value) || self.load == Some(value)).then_some(self)
            }
        }
    }
}

//! A cache that does one thing at a time, as one key sees it: what each step may answer.

/// What is known of a key: its value, the load that may be joined, and whose value may be stored but
/// for the sweeps that are under way, some of which are sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) value: Option<u64>,
    pub(crate) load: Option<u64>,
    pub(crate) sweeps: Vec<(u64, bool)>,
}

/// A step and its answer. A load is two: it begins, and it ends; it is known by its value, which no
/// other has. A sweep, `clear` or a `retain` that keeps nothing, is several, with a number: it comes
/// first upon the loads in the air, then upon what is stored, and then upon the loads that have begun
/// meanwhile, until it lets loads be again. It may come upon what is stored more than once: what is
/// inserted meanwhile may stand where it has not yet been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Get(Option<u64>),
    Insert(u64),
    Invalidate(bool),
    Begin(u64),
    End(u64),
    /// A call that would have loaded, and did not have to.
    Spared(u64),
    Mark(u64),
    Take(u64),
    Seal(u64),
    Unmark(u64),
}

impl Step {
    /// Those of a sweep that comes so often upon what is stored.
    pub(crate) fn sweep(number: u64, takes: usize) -> impl Iterator<Item = Self> {
        let takes = std::iter::repeat_n(Self::Take(number), takes);
        let rest = [Self::Seal(number), Self::Unmark(number)];
        std::iter::once(Self::Mark(number)).chain(takes).chain(rest)
    }
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
            Step::Take(sweep) | Step::Seal(sweep) => self.sweeps.contains(&(sweep, false)),
            Step::Unmark(sweep) => self.sweeps.contains(&(sweep, true)),
            Step::Insert(_) | Step::End(_) | Step::Mark(_) => true,
        };
        match step {
            Step::Get(_) | Step::Spared(_) => {}
            Step::Invalidate(_) => (key.value, key.load) = (None, None),
            // Joined by nobody where a sweep is sealed.
            Step::Begin(value) => {
                key.load = Some(value).filter(|_| key.sweeps.iter().all(|(_, sealed)| !sealed));
            }
            // Stored, unless an invalidation came first, or is under way.
            Step::End(value) if self.load != Some(value) => {}
            Step::End(_) if !self.sweeps.is_empty() => key.load = None,
            Step::End(value) | Step::Insert(value) => (key.value, key.load) = (Some(value), None),
            Step::Mark(sweep) => {
                key.load = None;
                key.sweeps.push((sweep, false));
            }
            Step::Take(_) => key.value = None,
            Step::Seal(sweep) => {
                key.load = None;
                key.sweeps.retain(|it| *it != (sweep, false));
                key.sweeps.push((sweep, true));
            }
            Step::Unmark(sweep) => key.sweeps.retain(|it| *it != (sweep, true)),
        }
        possible.then_some(key)
    }
}

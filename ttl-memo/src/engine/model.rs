//! What a cache of exact policy does, in the plainest form: a list that is searched.

use crate::Policy;

/// An entry of the model.
#[derive(Clone, Debug)]
pub(crate) struct Held<T> {
    /// What tells it from others.
    pub(crate) id: T,
    pub(crate) weight: usize,
    pub(crate) deadline: u64,
    stored: u64,
    used: u64,
    uses: u64,
}

/// All entries, in the order in which they first came.
#[derive(Clone, Debug)]
pub(crate) struct Model<T> {
    pub(crate) held: Vec<Held<T>>,
    pub(crate) bound: Option<usize>,
    policy: Policy,
    step: u64,
}

impl<T: Copy + PartialEq> Model<T> {
    pub(crate) fn new(policy: Policy, bound: Option<usize>) -> Self {
        Self { held: Vec::new(), bound, policy, step: 0 }
    }

    pub(crate) fn get(&self, id: T) -> Option<&Held<T>> {
        self.held.iter().find(|held| held.id == id)
    }

    pub(crate) fn get_mut(&mut self, id: T) -> Option<&mut Held<T>> {
        self.held.iter_mut().find(|held| held.id == id)
    }

    /// A new entry, which nothing is known of.
    pub(crate) fn insert(&mut self, id: T, weight: usize, deadline: u64) {
        self.step += 1;
        let (stored, used) = (self.step, self.step);
        self.held.push(Held { id, weight, deadline, stored, used, uses: 1 });
    }

    /// Another value for an entry: a use, and the last stored.
    pub(crate) fn replace(&mut self, id: T, to: T, weight: usize, deadline: u64) {
        self.touch(id);
        let stored = self.step;
        let held = self.get_mut(id).expect("held");
        *held = Held { id: to, weight, deadline, stored, ..held.clone() };
    }

    pub(crate) fn touch(&mut self, id: T) {
        self.step += 1;
        let step = self.step;
        let held = self.get_mut(id).expect("held");
        (held.used, held.uses) = (step, held.uses + 1);
    }

    pub(crate) fn remove(&mut self, id: T) -> Option<Held<T>> {
        let at = self.held.iter().position(|held| held.id == id)?;
        Some(self.held.remove(at))
    }

    /// Those whose deadline is at `now` or before.
    pub(crate) fn over(&self, now: u64) -> impl Iterator<Item = T> + use<'_, T> {
        self.held.iter().filter(move |held| held.deadline <= now).map(|held| held.id)
    }

    pub(crate) fn weight(&self) -> usize {
        self.held.iter().map(|held| held.weight).sum()
    }

    pub(crate) fn is_over_bound(&self) -> bool {
        self.bound.is_some_and(|bound| self.weight() > bound)
    }

    /// Those of which the policy may evict one; but for `adaptive` and `random`, it is one.
    pub(crate) fn victims(&self, keep: Option<T>) -> Vec<T> {
        let others = self.held.iter().filter(|held| Some(held.id) != keep);
        let rank = |held: &Held<T>| match self.policy {
            Policy::Lru => (0, held.used),
            Policy::Fifo => (0, held.stored),
            Policy::Lfu => (held.uses, held.used),
            // `adaptive` and `random`.
            _ => (0, 0),
        };
        let least = others.clone().map(rank).min();
        others.filter(|held| Some(rank(held)) == least).map(|held| held.id).collect()
    }
}

//! A renewal in the background.

#![expect(clippy::type_complexity, reason = "spelt out nowhere but here")]

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::pin;
use std::sync::{Arc, Weak};

use super::load::{Began, Kind, Load, UNKNOWN};
use super::memoize_async::{Entering, Leaving};
use super::outcome::Shape;
use super::rules::Rules;
use crate::cache::{Core, Home, Leading};
use crate::flight::Inside;
use crate::observe::{Outcome, Watch};
use crate::options::SingleFlight;

/// The right to renew one entry, to be handed to what `spawn` names.
///
/// Until it runs nobody waits for it: what is to run it may be waiting itself for a call that finds
/// nothing to be served, and so runs the body. A ticket that comes after that does nothing.
///
/// Dropped without having run, it leaves the entry as it was, and a later call may try again. It
/// does not keep the cache alive: when that has gone, the body does not run, nor is its value kept.
#[must_use = "nobody else renews this entry meanwhile"]
pub struct Ticket<K, V, P, U> {
    rules: U,
    core: Weak<Core<K, V>>,
    leading: Option<Leading<K, V>>,
    /// In the body, so that to be dropped now is to unwind.
    running: bool,
    watch: Watch,
    shape: PhantomData<fn() -> P>,
    /// Where the call was made that found the entry due.
    #[cfg(feature = "testing")]
    here: crate::testing::Here,
}

impl<K, V, P, U> Ticket<K, V, P, U> {
    pub(crate) fn new(core: &Arc<Core<K, V>>, leading: Leading<K, V>, rules: U) -> Self {
        let core = Arc::downgrade(core);
        Self {
            rules,
            core,
            leading: Some(leading),
            running: false,
            watch: Watch::default(),
            shape: PhantomData,
            #[cfg(feature = "testing")]
            here: crate::testing::Here::now(),
        }
    }

    /// None if the cache has gone.
    fn load(&mut self) -> Option<Load<Arc<Core<K, V>>, K, V, P, U>>
    where
        U: Copy,
    {
        let core = self.core.upgrade()?;
        Some(Load::new(core, self.leading.take()?, Kind::Background, UNKNOWN, self.rules))
    }
}

impl<K, V, P, U> Ticket<K, V, P, U>
where
    K: Clone,
    V: Clone,
    P: Shape<Value = V>,
    U: Rules<K, P::Seen, P::Error> + Copy,
{
    /// Runs the body and stores its value.
    pub fn run(mut self, body: impl FnOnce() -> P::Answer) {
        #[cfg(feature = "testing")]
        let _here = self.here.enter();
        if !self.take_up() {
            return;
        }
        let Some(mut load) = self.load() else { return };
        let _ = load.run(body);
    }

    /// As [`run`](Self::run), for a future.
    pub async fn run_async(mut self, body: impl Future<Output = P::Answer>) {
        if !self.take_up() {
            return;
        }
        let Some(began) = self.core.upgrade().map(|core| self.start(&core)) else { return };
        let answer = {
            let flight = self.leading.as_ref().and_then(Leading::id);
            // Dropped in the order opposite to this one: the body inside of its flight.
            let _leave = Leaving(flight);
            let mut body = pin!(body);
            let _enter = Entering(flight);
            std::future::poll_fn(|cx| self.inside(|| body.as_mut().poll(cx))).await
        };
        #[cfg(feature = "testing")]
        let _here = self.here.enter();
        let Some(mut load) = self.load() else { return };
        load.began = began;
        load.watch = std::mem::take(&mut self.watch);
        let _ = load.inside(|load| {
            load.running = false;
            load.land(answer)
        });
    }

    /// From here on it may be waited for. False: it need not run, or the cache has gone.
    fn take_up(&self) -> bool {
        let (Some(core), Some(leading)) = (self.core.upgrade(), &self.leading) else {
            return false;
        };
        let single_flight = self.rules.single_flight().unwrap_or(core.settings.single_flight);
        let joinable = single_flight != SingleFlight::Off;
        leading.id().is_none_or(|id| core.take_up(leading.hash, id, joinable))
    }

    fn start(&mut self, core: &Core<K, V>) -> Began {
        self.watch = Watch::begin(&core.settings.name);
        Began::now(core, Kind::Background, UNKNOWN)
    }

    fn inside<T>(&mut self, step: impl FnOnce() -> T) -> T {
        #[cfg(feature = "testing")]
        let _here = self.here.enter();
        let id = self.leading.as_ref().and_then(Leading::id);
        let inside = (id.map(Inside::enter), self.watch.enter());
        self.running = true;
        let done = step();
        self.running = false;
        drop(inside);
        done
    }
}

impl<K, V, P, U> Drop for Ticket<K, V, P, U> {
    fn drop(&mut self) {
        let Some(mut leading) = self.leading.take() else { return };
        // Without the cache there is nobody left to be told.
        let Some(core) = self.core.upgrade() else { return };
        if self.running {
            core.counters.failures.add_one();
        }
        leading.end(&*core);
        let outcome = if self.running { Outcome::Panicked } else { Outcome::Dropped };
        self.watch.end(&core.settings.name, outcome, None);
    }
}

impl<K, V, P, U> fmt::Debug for Ticket<K, V, P, U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket").finish_non_exhaustive()
    }
}

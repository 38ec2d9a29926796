//! One load in progress, and those who wait for it.

use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::seats::{Seat, Seats};
use super::waits::FlightId;
use crate::clock::Instant;
use crate::store::Times;
use crate::sync::{self, Condvar, Mutex};

/// A load in progress: one caller, the leader, runs the body; others may wait for how it ends,
/// threads and tasks alike.
///
/// Its lock is held for a few instructions and nothing else is taken under it; no user code runs
/// there, wakers included.
#[derive(Debug)]
pub struct Flight<K, V> {
    /// None before it is a load's, and once the leader has moved it into the cache: when nobody else
    /// can see the flight.
    key: Option<K>,
    id: FlightId,
    state: Mutex<State<V>>,
    ended: Condvar,
}

#[derive(Debug)]
struct State<V> {
    ending: Option<Ending<V>>,
    /// The tasks that wait; emptied, and each of them woken, when the flight ends.
    seats: Seats,
}

/// How a flight ended, to those who waited.
#[derive(Debug)]
pub(crate) enum Ending<V> {
    /// With a value; its times if it was stored.
    Value(Arc<V>, Option<Times>),
    /// With an error that a value past its deadline stands in for.
    Stale(Arc<V>, Times),
    /// The body returned an error: each runs its own.
    Failed,
    /// The body panicked or was dropped: one of those who waited takes over.
    Abandoned,
}

// By hand: an `Arc<V>` is `Clone` whether `V` is or not.
impl<V> Clone for Ending<V> {
    fn clone(&self) -> Self {
        match self {
            Self::Value(value, times) => Self::Value(Arc::clone(value), *times),
            Self::Stale(value, times) => Self::Stale(Arc::clone(value), *times),
            Self::Failed => Self::Failed,
            Self::Abandoned => Self::Abandoned,
        }
    }
}

impl<K, V> Flight<K, V> {
    pub(crate) fn new(key: K) -> Self {
        Self::of(FlightId::new(), Some(key))
    }

    /// One that waits for a load to have it.
    pub(crate) fn vacant() -> Self {
        Self::of(FlightId::none(), None)
    }

    fn of(id: FlightId, key: Option<K>) -> Self {
        let state = State { ending: None, seats: Seats::default() };
        Self { key, id, state: Mutex::new(state), ended: Condvar::new() }
    }

    /// Makes an empty flight that of a load.
    pub(super) fn become_of(&mut self, id: FlightId, key: K) {
        self.key = Some(key);
        self.id = id;
    }

    pub(crate) fn id(&self) -> FlightId {
        self.id
    }

    /// Whether it holds nothing of the user's.
    pub(super) fn is_empty(&mut self) -> bool {
        self.key.is_none() && self.state.get_mut().ending.is_none()
    }

    pub(crate) fn key(&self) -> &K {
        self.key.as_ref().expect("only a flight that nobody else knows has lost its key")
    }

    /// Moves the key out.
    pub(super) fn take_key(&mut self) -> Option<K> {
        self.key.take()
    }

    /// Blocks until the flight has ended; None if that takes longer than `until`.
    pub(crate) fn wait(&self, until: Option<Instant>) -> Option<Ending<V>> {
        let mut state = self.state.lock();
        loop {
            if let Some(ending) = &state.ending {
                return Some(ending.clone());
            }
            match until {
                None => self.ended.wait(&mut state),
                Some(until) => {
                    if sync::wait_until(&self.ended, &mut state, until) {
                        return state.ending.clone();
                    }
                }
            }
        }
    }

    /// As [`wait`](Self::wait), for a task: keeps its waker on `seat` until it is polled with
    /// another, leaves or is woken.
    pub(crate) fn poll_wait(&self, seat: &mut Seat, cx: &Context<'_>) -> Poll<Ending<V>> {
        // Cloned before the lock and dropped after it: a waker is somebody else's code.
        let waker: Waker = cx.waker().clone();
        let unused;
        {
            let mut state = self.state.lock();
            if let Some(ending) = &state.ending {
                return Poll::Ready(ending.clone());
            }
            unused = state.seats.sit(seat, waker);
        }
        drop(unused);
        Poll::Pending
    }

    /// Gives up a seat.
    pub(crate) fn leave(&self, seat: &mut Seat) {
        let waker = self.state.lock().seats.leave(seat);
        drop(waker);
    }

    /// Ends the flight; `ending` is given to all who wait.
    ///
    /// All are woken, not one: whoever is not polled again holds nobody up.
    pub(crate) fn end(&self, ending: Ending<V>) {
        let seats = {
            let mut state = self.state.lock();
            state.ending = Some(ending);
            std::mem::take(&mut state.seats)
        };
        self.ended.notify_all();
        seats.wake_all();
    }
}

//! A place for each thread, where it says what it is reading.

use std::cell::Cell;
use std::sync::OnceLock;

use super::section::{HOLDING, STATE};
use crate::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use crate::sync::thread_local;

/// What one thread is doing. Belongs to a thread, or for the length of one call to one that is in
/// a section already or about to end; never given back, but used again.
#[derive(Debug)]
#[repr(align(128))]
pub(crate) struct ThreadSlot {
    /// A section's number times four, and its [state](super::section).
    pub(super) pin: AtomicUsize,
    /// The address that is held.
    pub(super) held: AtomicUsize,
    taken: AtomicBool,
    number: usize,
    next: OnceLock<Box<Self>>,
}

/// What stands for the slot of a thread that has none: in a section for ever.
#[cfg(not(shuttle))]
static NOBODYS: ThreadSlot = ThreadSlot::new(usize::MAX, HOLDING);

/// Each execution's own: one that is tried beside it must not meet it.
#[cfg(shuttle)]
fn nobodys() -> &'static ThreadSlot {
    shuttle::lazy_static! {
        static ref NOBODYS: &'static ThreadSlot =
            Box::leak(Box::new(ThreadSlot::new(usize::MAX, HOLDING)));
    }
    &NOBODYS
}

impl ThreadSlot {
    const fn new(number: usize, pin: usize) -> Self {
        Self {
            pin: AtomicUsize::new(pin),
            held: AtomicUsize::new(0),
            taken: AtomicBool::new(true),
            number,
            next: OnceLock::new(),
        }
    }

    /// Counted from 0, but for [nobody's](here), which has none. Whoever has the slot has the number
    /// to itself.
    #[inline]
    pub(crate) fn number(&self) -> usize {
        self.number
    }

    /// Gives the slot to the next that needs one. Release: what its user did comes before.
    pub(super) fn release(&self) {
        self.taken.store(false, Ordering::Release);
    }

    #[cfg(test)]
    pub(super) fn is_taken(&self) -> bool {
        self.taken.load(Ordering::Relaxed)
    }

    fn take(&self) -> bool {
        !self.taken.load(Ordering::Relaxed) && !self.taken.swap(true, Ordering::Acquire)
    }
}

/// All there are, and how many.
#[derive(Debug)]
struct Threads {
    first: OnceLock<Box<ThreadSlot>>,
    count: AtomicUsize,
}

#[cfg(not(shuttle))]
#[inline]
fn threads() -> &'static Threads {
    static THREADS: Threads = Threads { first: OnceLock::new(), count: AtomicUsize::new(0) };
    &THREADS
}

/// Anew for each execution that is tried.
#[cfg(shuttle)]
fn threads() -> &'static Threads {
    shuttle::lazy_static! {
        static ref THREADS: &'static Threads =
            Box::leak(Box::new(Threads { first: OnceLock::new(), count: AtomicUsize::new(0) }));
    }
    &THREADS
}

thread_local! {
    /// This thread's slot. Without a destructor, so that it can be read for as long as the thread
    /// runs. By its address: the oldest compilers take no constant that refers to what changes.
    #[cfg(not(shuttle))]
    static OWN: Cell<*const ThreadSlot> = const { Cell::new(&raw const NOBODYS) };
    #[cfg(shuttle)]
    static OWN: Cell<*const ThreadSlot> = Cell::new(nobodys());
    /// Whether this thread has given its slot back, because it is about to end.
    static ENDING: Cell<bool> = const { Cell::new(false) };
    /// Gives it back.
    static RELEASE: Release = const { Release(Cell::new(None)) };
}

struct Release(Cell<Option<&'static ThreadSlot>>);

impl Drop for Release {
    fn drop(&mut self) {
        // They have no destructor, but a model checker may think otherwise.
        let _ = ENDING.try_with(|ending| ending.set(true));
        #[cfg(not(shuttle))]
        let _ = OWN.try_with(|own| own.set(&raw const NOBODYS));
        #[cfg(shuttle)]
        let _ = OWN.try_with(|own| own.set(nobodys()));
        if let Some(slot) = self.0.take() {
            // In a section still, where the user's code ends the process: other threads may run on
            // for a while, and must not take that section's place.
            if slot.pin.load(Ordering::Relaxed) & STATE == 0 {
                slot.release();
            }
        }
    }
}

/// This thread's slot, if it has one.
#[inline]
pub(crate) fn own() -> Option<&'static ThreadSlot> {
    let slot = here();
    (slot.number != usize::MAX).then_some(slot)
}

/// This thread's slot; one that is never free if it has none, so that nobody has to ask.
#[inline]
pub(crate) fn here() -> &'static ThreadSlot {
    // SAFETY: it is set to nobody's or to a slot of the list, and both stay for ever.
    unsafe { &*OWN.with(Cell::get) }
}

/// This thread's slot, given to it now if need be; `None` to a thread that is about to end.
#[cold]
pub(crate) fn join() -> Option<&'static ThreadSlot> {
    if let Some(slot) = own() {
        return Some(slot);
    }
    // Sees to it that the slot is given back; it may be too late for that.
    if ENDING.with(Cell::get) {
        return None;
    }
    let slot = RELEASE.try_with(|release| {
        let slot = claim();
        release.0.set(Some(slot));
        slot
    });
    let slot = slot.ok()?;
    OWN.with(|own| own.set(slot));
    Some(slot)
}

/// A slot that nobody uses, until it is released.
#[cold]
pub(super) fn claim() -> &'static ThreadSlot {
    let threads = threads();
    let mut number = 0;
    let mut next = &threads.first;
    loop {
        match next.get() {
            Some(slot) if slot.take() => return slot,
            Some(slot) => {
                number += 1;
                next = &slot.next;
            }
            None => {
                // Another's may come first: then go on behind it.
                if next.set(Box::new(ThreadSlot::new(number, 0))).is_ok() {
                    threads.count.fetch_add(1, Ordering::Relaxed);
                    return next.get().expect("it was just set");
                }
            }
        }
    }
}

/// Every slot, whether a thread has it or not.
///
/// A slot added meanwhile may be missed. Its user's first section then begins after: its fence
/// comes after that of whoever looks, or `next` would have been seen.
pub(super) fn all() -> impl Iterator<Item = &'static ThreadSlot> {
    let mut next = &threads().first;
    std::iter::from_fn(move || {
        let slot = next.get()?;
        next = &slot.next;
        Some(&**slot)
    })
}

/// How many slots there are: as many as threads have been in sections at one time.
pub(crate) fn count() -> usize {
    threads().count.load(Ordering::Relaxed)
}

//! When what readers may still see can be dropped: they take no lock, and nobody waits for them.
//!
//! Each thread has a [slot](threads) in which it says what it is doing. A reader is inside of a
//! [`Section`], in one of two states:
//! - *Probing*: it may look at anything that was reachable since the section began. Only our own
//!   code runs here, or code of the user's that is known to be short; whatever is taken out
//!   meanwhile has to wait.
//! - *Holding*: it looks at one entry, at a known address, and may do so for as long as it likes:
//!   this is where the user's `Eq` and `Clone` run. Everything else may go.
//!
//! A writer takes a thing out of the readers' reach, and before it drops it (or uses its memory
//! again) lets a period of [`Grace`] go by: every section that was probing when the period began
//! has ended, or holds something. Then it may go unless it is [held](Held).
//!
//! # Why that is enough
//! Let a writer take out `x`, and then begin a period: `fence(SeqCst)`, and a load of each `pin`.
//! Let a reader begin a section: store `pin`, `fence(SeqCst)`, and loads that may find `x`. Of the
//! two fences one comes first. If the writer's does, the reader's loads come after `x` was taken
//! out, and do not find it. If the reader's does, the writer's load sees this `pin` or a later one
//! of the same thread:
//! - It sees the section probing: it waits for the pin to change. When that has happened, either
//!   the section is over (what it read was read before: the later store of `pin` is a release, the
//!   writer's load of it an acquire), or it holds one thing and uses no other any more.
//! - It sees it holding: `held` was stored before, and is read after, by release and acquire. If
//!   `held` is a later one already, then the section is over.
//! - It sees it over, or a later section of the thread: then this one is over.
//!
//! A later section of the same thread begins with a store of `pin` that the writer's load has not
//! seen, so its fence comes after the writer's, and the first case holds for it.
//!
//! # Who never ends
//! A section that is probing holds up all of what is taken out until it ends, so nothing but short
//! code may run in one: a thread that is stopped there by the system is waited for by others only
//! in that their bags grow. One that is holding keeps back its one entry, and for as long as it
//! likes. After a `fork` the sections of all other threads stay what they were at that instant: if
//! one was probing, the child gives nothing back, which is as little as it may do with any lock
//! that another thread had then. A child of several threads is to `exec`.
//!
//! # What is held
//! Something is held from within a section, or under the lock under which it would be taken out;
//! in the latter case the lock orders the store of `pin` before the writer's load of it.

mod grace;
mod section;
mod threads;

#[cfg(test)]
mod tests;

pub(crate) use grace::{Grace, Held};
pub(crate) use section::Section;
#[cfg(all(test, not(shuttle)))]
pub(crate) use threads::own;
pub(crate) use threads::{ThreadSlot, count, here, join};

//! A thread, for those who ask for one, that gives expired entries back.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Instant;
use crate::sync::{Condvar, Mutex, wait_until};

/// Keeps the janitor's thread alive; see [`spawn_janitor`].
#[derive(Debug)]
#[must_use = "the janitor ends when its handle is dropped"]
pub struct Janitor {
    off: Arc<Off>,
}

#[derive(Debug, Default)]
struct Off {
    asked: Mutex<bool>,
    ask: Condvar,
}

/// Starts a thread that calls [`expire_all`](crate::expire_all) every `period`, or every
/// millisecond if that is longer, until the handle is dropped.
///
/// A listener or a destructor that panics there ends its sweep of that cache, and no more.
///
/// Without it, expired entries are given back a few at a time by later calls on the same cache:
/// enough for a cache in use. A janitor is for caches that fall silent while they hold much.
///
/// # Panics
///
/// If the operating system gives no thread.
///
/// ```
/// use std::time::Duration;
///
/// let janitor = ttl_memo::spawn_janitor(Duration::from_secs(60));
/// // … the program …
/// drop(janitor);
/// ```
pub fn spawn_janitor(period: Duration) -> Janitor {
    let off = Arc::new(Off::default());
    let period = period.max(Duration::from_millis(1));
    let seen = Arc::clone(&off);
    std::thread::Builder::new()
        .name("ttl-memo janitor".to_owned())
        .spawn(move || {
            while !seen.asked_within(period) {
                // The panic hook has told of it; the next sweep goes on.
                if let Err(panic) = std::panic::catch_unwind(crate::expire_all) {
                    crate::farewells::discard_panic(panic);
                }
            }
        })
        .expect("the system can start the janitor's thread");
    Janitor { off }
}

impl Off {
    /// Waits for `period`; true as soon as the handle is dropped.
    fn asked_within(&self, period: Duration) -> bool {
        // A period that ends after the end of time: wait for the handle alone.
        let end = Instant::now().checked_add(period);
        let mut asked = self.asked.lock();
        while !*asked {
            match end {
                Some(end) if wait_until(&self.ask, &mut asked, end) => break,
                Some(_) => {}
                None => self.ask.wait(&mut asked),
            }
        }
        *asked
    }
}

impl Drop for Janitor {
    /// Ends the thread, without waiting for a sweep that is under way.
    fn drop(&mut self) {
        *self.off.asked.lock() = true;
        self.off.ask.notify_one();
    }
}

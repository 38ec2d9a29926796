//! One thread that wakes tasks whose patience has ended.
//!
//! For `single_flight = duration` in async functions only: no runtime is known here whose timer
//! could be asked. It starts with the first such wait, and stands still while there is none.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::task::{Context, Poll, Waker};

use crate::clock::Instant;
use crate::farewells::discard_panic;
use crate::sync::{Condvar, Mutex, MutexGuard, wait_until};

/// A task's alarm: rings once, at an instant of the system's clock.
#[derive(Debug)]
pub(crate) struct Alarm {
    at: Instant,
    /// None until it is first polled.
    id: Option<u64>,
}

/// Those set, soonest first. The lock is a leaf: wakers are cloned, dropped and woken without it.
#[derive(Debug, Default)]
struct Alarms {
    set: Mutex<Set>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Set {
    wakers: BTreeMap<(Instant, u64), Waker>,
    next: u64,
}

/// The alarms, once their thread has started; none if the system gives no thread.
fn alarms() -> Option<&'static Alarms> {
    static ALARMS: OnceLock<Option<&'static Alarms>> = OnceLock::new();
    *ALARMS.get_or_init(|| {
        let alarms: &'static Alarms = Box::leak(Box::default());
        let thread = std::thread::Builder::new().name("ttl-memo alarms".to_owned());
        thread.spawn(|| alarms.ring_for_ever()).is_ok().then_some(alarms)
    })
}

impl Alarm {
    pub(crate) fn at(at: Instant) -> Self {
        Self { at, id: None }
    }

    /// Ready once its time has come, or where no thread could tell.
    pub(crate) fn poll(&mut self, cx: &Context<'_>) -> Poll<()> {
        if self.at <= Instant::now() {
            return Poll::Ready(());
        }
        let Some(alarms) = alarms() else { return Poll::Ready(()) };
        let waker = cx.waker().clone();
        let replaced = {
            let mut set = alarms.set.lock();
            let id = *self.id.get_or_insert_with(|| {
                set.next += 1;
                set.next
            });
            let replaced = set.wakers.insert((self.at, id), waker);
            let is_soonest = set.wakers.keys().next() == Some(&(self.at, id));
            if is_soonest && replaced.is_none() {
                alarms.changed.notify_one();
            }
            replaced
        };
        drop(replaced);
        Poll::Pending
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        let (Some(id), Some(alarms)) = (self.id, alarms()) else { return };
        let waker = alarms.set.lock().wakers.remove(&(self.at, id));
        drop(waker);
    }
}

impl Alarms {
    fn ring_for_ever(&self) {
        let mut set = self.set.lock();
        loop {
            match set.wakers.first_key_value().map(|((at, _), _)| *at) {
                None => self.changed.wait(&mut set),
                Some(at) if at > Instant::now() => {
                    wait_until(&self.changed, &mut set, at);
                }
                Some(_) => {
                    let due = set.wakers.pop_first();
                    MutexGuard::unlocked(&mut set, || {
                        if let Some((_, waker)) = due {
                            // Somebody else's code: it must not end this thread.
                            let wake = std::panic::AssertUnwindSafe(|| waker.wake());
                            if let Err(panic) = std::panic::catch_unwind(wake) {
                                discard_panic(panic);
                            }
                        }
                    });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::task::Wake;
    use std::time::Duration;

    use super::*;

    struct Tell(Sender<()>);

    impl Wake for Tell {
        fn wake(self: Arc<Self>) {
            self.0.send(()).expect("somebody listens");
        }
    }

    /// An alarm that has been set, what it tells, and what it wakes.
    fn set(at: Instant) -> (Alarm, Receiver<()>, Arc<Tell>) {
        let (tell, told) = channel();
        let tell = Arc::new(Tell(tell));
        let mut alarm = Alarm::at(at);
        let waker = Waker::from(Arc::clone(&tell));
        // Ready where it was over before it could be set.
        if alarm.poll(&Context::from_waker(&waker)).is_ready() {
            waker.wake();
        }
        (alarm, told, tell)
    }

    fn is_kept(tell: &Arc<Tell>) -> bool {
        Arc::strong_count(tell) > 1
    }

    #[test]
    #[cfg_attr(miri, ignore = "the thread of the alarms does not end")]
    fn each_rings_in_its_time() {
        let now = Instant::now();
        let (late, late_told, late_tell) = set(now + Duration::from_secs(3600));
        // Two of one instant, though the thread stands in the wait for a later one.
        let soon = now + Duration::from_millis(30);
        let both = [set(soon), set(soon)];
        for (_, told, _) in &both {
            told.recv().expect("it rings");
        }
        let (_alarm, told, _) = set(Instant::now() + Duration::from_millis(1));
        told.recv().expect("it rings");
        assert!(late_told.try_recv().is_err() && is_kept(&late_tell), "it is not over yet");
        drop(late);
        assert!(!is_kept(&late_tell), "who waits no more is forgotten");
    }
}

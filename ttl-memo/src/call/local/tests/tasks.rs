//! Tasks of one thread.

use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::{FAILS, rt, run, runs};

/// An async function, as an expansion makes it.
fn asked(n: u32) -> impl Future<Output = Result<Rc<u32>, String>> {
    fn hidden(n: Option<&u32>) -> impl rt::Call<Result<Rc<u32>, String>> {
        static SITE: rt::Site = {
            std::thread_local! {
                static LATEST: rt::Latest = const { rt::Latest::new() };
                static CACHES: rt::Caches = const { rt::Caches::new(&LATEST) };
            }
            rt::Site::new(&LATEST, &CACHES)
        };
        let query = n.map(|of| rt::Value::of_local(of).ttl_memo_part());
        let shape = rt::Returns::<Result<Rc<u32>, String>, _>::new_local().ttl_memo_shape();
        SITE.entry("asked", query, shape, |builder| builder)
    }
    rt::memoize(
        (n,),
        |(n,), asking| asking.call(hidden(Some(n))),
        |(n,)| async move {
            run();
            let mut waits = n;
            std::future::poll_fn(|_| {
                waits = waits.saturating_sub(1);
                if waits == 0 { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
            if FAILS.get() { Err("no".to_owned()) } else { Ok(Rc::new(n)) }
        },
    )
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn tasks_of_one_thread_run_the_body_once() {
    let (mut one, mut other) = (pin!(asked(3)), pin!(asked(3)));
    assert!(poll(one.as_mut()).is_pending() && poll(other.as_mut()).is_pending());
    assert!(poll(other.as_mut()).is_pending() && poll(one.as_mut()).is_pending());
    let Poll::Ready(Ok(first)) = poll(one.as_mut()) else { panic!("it is over") };
    let Poll::Ready(Ok(second)) = poll(other.as_mut()) else { panic!("it is over") };
    assert_eq!((runs(), Rc::ptr_eq(&first, &second)), (1, true));
    let Poll::Ready(Ok(third)) = poll(pin!(asked(3))) else { panic!("it is there") };
    assert!(Rc::ptr_eq(&first, &third));
}

#[test]
fn when_the_task_that_loads_is_dropped_another_takes_over() {
    let mut other = pin!(asked(2));
    {
        let mut one = Box::pin(asked(2));
        assert!(poll(one.as_mut()).is_pending() && poll(other.as_mut()).is_pending());
    }
    assert!(poll(other.as_mut()).is_pending());
    assert!(matches!(poll(other.as_mut()), Poll::Ready(Ok(_))));
    assert_eq!(runs(), 2);
}

#[test]
fn those_who_waited_for_an_error_run_their_own() {
    FAILS.set(true);
    let (mut one, mut other) = (pin!(asked(2)), pin!(asked(2)));
    assert!(poll(one.as_mut()).is_pending() && poll(other.as_mut()).is_pending());
    assert!(matches!(poll(one.as_mut()), Poll::Ready(Err(_))));
    assert!(poll(other.as_mut()).is_pending());
    FAILS.set(false);
    assert!(matches!(poll(other.as_mut()), Poll::Ready(Ok(_))));
    assert_eq!(runs(), 2);
}

//! The feature `tracing`; a program of its own, because its listener hears all of it.

use std::cell::RefCell;
use std::fmt::{Debug, Write};
use std::pin::pin;
use std::sync::Once;
use std::time::Duration;

use futures_lite::future::{block_on, poll_once, yield_now};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use ttl_memo::testing::{World, isolated};
use ttl_memo::{ManualClock, ttl_cache};

thread_local! {
    /// A line for each thing heard on this thread.
    static HEARD: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Hears this crate alone, and writes it down on the thread that says it.
struct Listener;

fn line(what: &str, fields: impl FnOnce(&mut Fields)) {
    let mut line = Fields(what.to_owned());
    fields(&mut line);
    HEARD.with_borrow_mut(|heard| heard.push(line.0));
}

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {field}={value:?}");
    }
}

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "ttl_memo"
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        line(span.metadata().name(), |fields| span.record(fields));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        line("recorded", |fields| values.record(fields));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        line(event.metadata().level().as_str(), |fields| event.record(fields));
    }

    fn enter(&self, _: &Id) {
        line("enter", |_| ());
    }

    fn exit(&self, _: &Id) {
        line("exit", |_| ());
    }
}

/// A world in which everything is heard. One listener for the whole program, installed before the
/// first call: those of single threads may miss what others have asked about before.
fn world() -> World {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        tracing::subscriber::set_global_default(Listener).expect("nobody else listens");
    });
    isolated()
}

#[ttl_cache(name = "traced", ttl = "60s", stale_if_error = "60s", skip(clock, fails))]
fn traced(clock: &ManualClock, fails: bool) -> Result<u8, ()> {
    clock.advance(Duration::from_millis(250));
    if fails { Err(()) } else { Ok(1) }
}

#[test]
fn a_load_is_a_span_with_its_outcome_and_a_hit_is_nothing() {
    let world = world();
    assert_eq!(traced(&world.clock(), false), Ok(1));
    let lines = [
        "load cache=\"traced\"",
        "enter",
        "recorded outcome=\"stored\"",
        "recorded duration=250ms",
        "exit",
    ];
    assert_eq!(HEARD.take(), lines);
    assert_eq!(traced(&world.clock(), false), Ok(1));
    assert_eq!(HEARD.take(), [""; 0]);
}

#[test]
fn an_error_is_an_outcome() {
    let world = world();
    traced(&world.clock(), true).expect_err("it fails");
    assert!(HEARD.take().contains(&"recorded outcome=\"error\"".to_owned()));
}

#[test]
fn an_error_that_a_stale_value_stood_in_for_is_an_event() {
    let world = world();
    traced_cache_insert(Ok(1));
    world.advance(Duration::from_secs(70));
    assert_eq!(traced(&world.clock(), true), Ok(1));
    let lines = HEARD.take();
    let event = "WARN message=a stale value stood in for an error cache=\"traced\" age=70.25s";
    assert!(lines.contains(&event.to_owned()), "{lines:?}");
    assert!(lines.contains(&"recorded outcome=\"stale\"".to_owned()), "{lines:?}");
}

#[test]
fn a_panic_is_an_outcome() {
    #[ttl_cache]
    fn panics() -> u8 {
        panic!("in the body")
    }
    let _world = world();
    assert!(std::panic::catch_unwind(panics).is_err());
    let lines = HEARD.take();
    assert!(lines.contains(&"recorded outcome=\"panicked\"".to_owned()), "{lines:?}");
}

#[test]
fn an_async_load_is_entered_at_each_poll() {
    #[ttl_cache(name = "yields")]
    async fn yields() -> u8 {
        yield_now().await;
        1
    }
    let _world = world();
    let mut call = Box::pin(yields());
    assert!(block_on(poll_once(call.as_mut())).is_none());
    let lines = HEARD.take();
    assert_eq!(lines[0], "load cache=\"yields\"");
    assert_eq!(lines.last().map(String::as_str), Some("exit"));
    assert_eq!(block_on(call), 1);
    let lines = HEARD.take();
    assert_eq!(lines[0], "enter");
    assert!(lines.contains(&"recorded outcome=\"stored\"".to_owned()), "{lines:?}");
}

#[test]
fn a_future_that_is_dropped_is_an_outcome() {
    #[ttl_cache]
    async fn endless() -> u8 {
        std::future::pending().await
    }
    let _world = world();
    {
        let mut call = pin!(endless());
        assert!(block_on(poll_once(call.as_mut())).is_none());
    }
    assert_eq!(HEARD.take().last().map(String::as_str), Some("recorded outcome=\"dropped\""));
}

#[test]
fn a_refresh_in_the_background_is_a_load_too() {
    #[ttl_cache(name = "renewed", ttl = "60s", refresh_ahead = "10s", spawn = at_once)]
    async fn renewed() -> u8 {
        std::future::ready(1).await
    }
    fn at_once(work: impl Future<Output = ()> + Send + 'static) {
        block_on(work);
    }
    let world = world();
    renewed_cache_insert(1);
    world.advance(Duration::from_secs(55));
    assert_eq!(block_on(renewed()), 1);
    let lines = HEARD.take();
    assert_eq!(lines[0], "load cache=\"renewed\"");
    assert!(lines.contains(&"recorded outcome=\"stored\"".to_owned()), "{lines:?}");
}

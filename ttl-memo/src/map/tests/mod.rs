//! What a `TtlMap` promises.

mod against_model;
mod behaviour;
mod panics;
#[cfg(feature = "serde")]
mod serial;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::RemovalCause;

/// What a listener has heard.
type Heard<K, V> = Arc<Mutex<Vec<(K, V, RemovalCause)>>>;

/// A listener that writes down what it hears.
fn listener<K: Clone + Send + 'static, V: Clone + Send + 'static>()
-> (Heard<K, V>, impl Fn(&K, &V, RemovalCause) + Send + Sync + 'static) {
    let heard = Heard::default();
    let log = Arc::clone(&heard);
    let hear = move |key: &K, value: &V, cause| {
        log.lock().expect("no test panics here").push((key.clone(), value.clone(), cause));
    };
    (heard, hear)
}

fn take<K, V>(heard: &Heard<K, V>) -> Vec<(K, V, RemovalCause)> {
    std::mem::take(&mut *heard.lock().expect("no test panics here"))
}

const SECOND: Duration = Duration::from_secs(1);

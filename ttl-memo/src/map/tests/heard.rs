//! What a listener is told, written down.

use std::sync::{Arc, Mutex};

use crate::RemovalCause;

/// What a listener has heard.
pub(crate) type Heard<K, V> = Arc<Mutex<Vec<(K, V, RemovalCause)>>>;

/// A listener that writes down what it hears.
pub(crate) fn listener<K: Clone + Send + 'static, V: Clone + Send + 'static>()
-> (Heard<K, V>, impl Fn(&K, &V, RemovalCause) + Send + Sync + 'static) {
    let heard = Heard::default();
    let log = Arc::clone(&heard);
    let hear = move |key: &K, value: &V, cause| {
        log.lock().expect("no test panics here").push((key.clone(), value.clone(), cause));
    };
    (heard, hear)
}

pub(crate) fn take<K, V>(heard: &Heard<K, V>) -> Vec<(K, V, RemovalCause)> {
    std::mem::take(&mut *heard.lock().expect("no test panics here"))
}

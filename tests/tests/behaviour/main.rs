//! What a caller sees, a module a subject.

mod asynchronous;
mod attributes;
mod caches;
mod freshness;
mod functions;
mod generics;
mod impls;
mod keys;
mod metrics;
mod options;
mod patience;
mod reports;
mod several_in_one;
mod shapes;
mod thread_scope;
mod thread_worlds;
mod threads;
mod worlds;

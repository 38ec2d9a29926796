//! What a caller sees, a module a subject.

mod asynchronous;
mod freshness;
mod functions;
mod metrics;
mod threads;
mod worlds;

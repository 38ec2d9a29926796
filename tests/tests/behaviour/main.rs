//! What a caller sees, a module a subject.

mod asynchronous;
mod caches;
mod functions;
mod generics;
mod impls;
mod keys;
mod options;
mod shapes;
mod threads;

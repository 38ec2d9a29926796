//! What a caller sees, a module a subject.

mod asynchronous;
<<<<<<< HEAD
mod attributes;
mod caches;
mod functions;
mod generics;
mod impls;
mod keys;
mod options;
mod shapes;
=======
mod freshness;
mod functions;
mod metrics;
>>>>>>> observe
mod threads;
mod worlds;

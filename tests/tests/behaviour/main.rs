//! What a caller sees, a module a subject.

mod asynchronous;
mod functions;
mod generics;
mod impls;
mod shapes;
mod threads;

//! What a caller sees, a module a subject.

mod asynchronous;
mod functions;
mod threads;

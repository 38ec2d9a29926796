//! What a caller sees, a module a subject.

mod threads;

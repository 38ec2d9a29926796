//! A cache of one thread.

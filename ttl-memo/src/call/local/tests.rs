//! Calls on a cache of one thread.

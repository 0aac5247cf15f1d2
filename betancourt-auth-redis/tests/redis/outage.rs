//! A Redis that goes away, and comes back.

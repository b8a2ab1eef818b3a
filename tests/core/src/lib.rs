//! The tests of the core from outside: a package of its own, because the core is built optimised and its tests need not be.

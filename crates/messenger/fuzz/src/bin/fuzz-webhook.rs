//! The search that is led by coverage. Built and run by `scripts/fuzz.sh`.
#![no_main]

use baton_messenger_fuzz::{bend, check};
use fastrand::Rng;
use libfuzzer_sys::{fuzz_crossover, fuzz_mutator, fuzz_target, fuzzer_mutate};

fuzz_target!(|body: &[u8]| {
    if let Err(finding) = check(body) {
        eprintln!("finding: {finding}");
        std::process::abort();
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let mut rng = Rng::with_seed(u64::from(seed));
    if rng.u8(..4) == 0 {
        return fuzzer_mutate(data, size, max_size);
    }
    let bent = bend(&data[..size], &[], &mut rng);
    put(&bent, data, size, max_size)
});

fuzz_crossover!(|one: &[u8], other: &[u8], out: &mut [u8], seed: u32| {
    let bent = bend(one, other, &mut Rng::with_seed(u64::from(seed)));
    let max_size = out.len();
    put(&bent, out, 0, max_size)
});

/// Writes the bent body where the fuzzer wants it; one that is too long leaves things as they are.
fn put(bent: &[u8], out: &mut [u8], size: usize, max_size: usize) -> usize {
    if bent.is_empty() || bent.len() > max_size.min(out.len()) {
        return size;
    }
    out[..bent.len()].copy_from_slice(bent);
    bent.len()
}

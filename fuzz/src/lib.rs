//! What the targets share: a bound on what a reader may hold in memory.

use peak_alloc::PeakAlloc;

#[global_allocator]
static HELD: PeakAlloc = PeakAlloc;

/// How many bytes a reader may hold however short its input is.
const REST: usize = 1 << 20;

/// Runs a reader on an input of `length` bytes, and checks that it never holds more than `times` as many bytes, plus
/// [`REST`].
pub fn bounded<R>(length: usize, times: usize, read: impl FnOnce() -> R) -> R {
    let before = HELD.current_usage();
    HELD.reset_peak_usage();
    let result = read();
    let held = HELD.peak_usage().saturating_sub(before);
    assert!(held <= times * length + REST, "{held} bytes held for {length} of input");
    result
}

//! What the targets share: a bound on what a reader may hold in memory.

use peak_alloc::PeakAlloc;

#[global_allocator]
static HELD: PeakAlloc = PeakAlloc;

/// What a reader may hold, in bytes, however short its input is.
const REST: usize = 1 << 20;

/// Runs a reader of `length` bytes, which may hold `times` as many at once, beside [`REST`].
pub fn bounded<R>(length: usize, times: usize, read: impl FnOnce() -> R) -> R {
    let before = HELD.current_usage();
    HELD.reset_peak_usage();
    let result = read();
    let held = HELD.peak_usage().saturating_sub(before);
    assert!(held <= times * length + REST, "{held} bytes held for {length} of input");
    result
}

//! How much freed memory glibc keeps for later: a window that has opened two thousand pictures should not go on
//! holding what opening them took.
//!
//! Knows nothing of the program. The only unsafe code of the workspace stands here; other C libraries and other
//! systems are left as they are.

/// Has freed memory given back to the system rather than kept for later: what is larger than a megabyte at once,
/// and the rest sooner, since all threads share two heaps.
///
/// By itself glibc has eight heaps for each processor, and no longer gives a freed block back at once after the
/// first of its size, be it a whole decoded photograph. Measured with two processors: 100 photographs of 12
/// megapixels take 73 MB instead of 143 at their peak, 2,000 of them 77 instead of more with each, and the window
/// holds 78 instead of 107 MB after 2,000 smaller ones.
///
/// This belongs at the beginning of a program: glibc reads these numbers without a lock, so nothing is done once
/// there is a second thread.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "mallopt has no safe form")]
pub fn give_back_what_is_freed() {
    const HEAPS: libc::c_int = 2;
    const LARGE: libc::c_int = 1024 * 1024;

    let threads = std::fs::read_dir("/proc/self/task").map(Iterator::count);
    if !matches!(threads, Ok(1)) {
        return;
    }
    // SAFETY: it takes numbers only, those of its manual page, and no other thread is there to read what it sets.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, HEAPS);
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE);
        libc::mallopt(libc::M_TRIM_THRESHOLD, LARGE);
    }
}

/// Nothing: only glibc keeps that much.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn give_back_what_is_freed() {}

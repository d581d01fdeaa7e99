internal import Glibc

/// A value behind a lock, and a place where threads sleep until the value changes.
///
/// `Synchronization.Mutex` has no condition to wait on, which worker threads need. Only threads of our own may call
/// ``wait(for:)``; ``update(_:)`` and ``withLock(_:)`` hold the lock for a few instructions and may be called from anywhere.
///
/// `@unchecked Sendable`, because a POSIX lock tells the compiler nothing: `value` is touched only while `mutex` is held, and both
/// pointers are written by the initialiser alone.
@safe
package final class Monitor<Value: Sendable>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  private var value: Value

  package init(_ value: Value) {
    self.value = value
    // SAFETY: allocated, initialised before use and never moved, as POSIX demands of both.
    unsafe mutex = .allocate(capacity: 1)
    unsafe condition = .allocate(capacity: 1)
    let status = unsafe (pthread_mutex_init(mutex, nil), pthread_cond_init(condition, nil))
    // Not a precondition, which -Ounchecked takes for granted, and the calls with it.
    guard status == (0, 0) else { fatalError("the system has no room for a lock") }
  }

  deinit {
    // SAFETY: nobody holds a reference, so nobody holds the lock or waits.
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  /// Runs `body` on the value, then wakes every waiting thread to look again.
  ///
  /// All of them, although one may be enough: glibc's `pthread_cond_signal` can miss those that wait (its bug 25847).
  package func update<Result, Failure>(_ body: (inout Value) throws(Failure) -> Result) throws(Failure) -> Result {
    try withLock { value throws(Failure) in
      defer { unsafe pthread_cond_broadcast(condition) }
      return try body(&value)
    }
  }

  /// Runs `body` on the value, for changes that nobody waits for.
  package func withLock<Result, Failure>(_ body: (inout Value) throws(Failure) -> Result) throws(Failure) -> Result {
    // SAFETY: the lock is initialised, and released by the same thread that took it.
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return try body(&value)
  }

  /// Blocks the calling thread until `body`, called whenever the thread is woken, returns something.
  package func wait<Result>(for body: (inout Value) -> Result?) -> Result {
    // SAFETY: as above; waiting releases the lock and takes it again before it returns.
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while true {
      if let result = body(&value) { return result }
      unsafe pthread_cond_wait(condition, mutex)
    }
  }
}

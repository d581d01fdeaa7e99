internal import Glibc

/// A value behind a lock, with a condition on which threads wait for it to change.
///
/// `Synchronization.Mutex` has no condition, which worker threads need. Only threads of our own may call ``wait(for:)``;
/// ``update(_:)`` and ``withLock(_:)`` hold the lock for a few instructions and may be called from anywhere.
///
/// It is `@unchecked Sendable` because the compiler knows nothing of POSIX locks: `value` is used only while `mutex` is held, and
/// only the initialiser writes the two pointers.
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
    // Not a precondition: -Ounchecked assumes that it holds and could drop the calls.
    guard status == (0, 0) else { fatalError("the system cannot create a lock") }
  }

  deinit {
    // SAFETY: there is no reference left, so no thread holds the lock or waits.
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  /// Runs `body` on the value, then wakes all waiting threads, which look at the value again.
  ///
  /// It wakes all of them even where one would do: glibc's `pthread_cond_signal` can lose a wakeup (its bug 25847).
  package func update<Result, Failure>(_ body: (inout Value) throws(Failure) -> Result) throws(Failure) -> Result {
    try withLock { value throws(Failure) in
      defer { unsafe pthread_cond_broadcast(condition) }
      return try body(&value)
    }
  }

  /// Runs `body` on the value and wakes no thread: for changes that none waits for.
  package func withLock<Result, Failure>(_ body: (inout Value) throws(Failure) -> Result) throws(Failure) -> Result {
    // SAFETY: the lock is initialised, and released by the same thread that took it.
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return try body(&value)
  }

  /// Blocks the calling thread until `body`, which is called at once and after each wakeup, returns a value.
  package func wait<Result>(for body: (inout Value) -> Result?) -> Result {
    // SAFETY: the lock is initialised, and taken and released on this thread; waiting releases it and takes it again.
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while true {
      if let result = body(&value) { return result }
      unsafe pthread_cond_wait(condition, mutex)
    }
  }
}

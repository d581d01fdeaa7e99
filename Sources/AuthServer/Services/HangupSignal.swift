internal import Dispatch
internal import Glibc
internal import Synchronization

/// Calls a function for SIGHUP, once for those that arrive together. It runs on a queue of its own, because it may wait for
/// files.
final class HangupSignal: Sendable {
  private struct State {
    var isDue = false
    var action: (@Sendable () -> Void)?
  }

  private let queue = DispatchQueue(label: "HangupSignal")
  private let state = Mutex(State())
  private let source: Mutex<any DispatchSourceSignal>

  /// Watches for the signal from now on, for as long as this object exists.
  init(_ signal: Int32 = SIGHUP) async {
    source = Mutex(DispatchSource.makeSignalSource(signal: signal, queue: queue))
    await withCheckedContinuation { continuation in
      source.withLock { source in
        source.setEventHandler { [weak self] in self?.note() }
        source.setRegistrationHandler { continuation.resume() }
        source.resume()
      }
    }
  }

  deinit {
    source.withLock { $0.cancel() }
  }

  /// The function to call, until ``stop(_:)``. It is called at once for a signal that has already come.
  func onSignal(_ action: @escaping @Sendable () -> Void) {
    queue.async { [self] in
      let isDue = state.withLock { state in
        guard state.action == nil else { return false }
        state.action = action
        return state.isDue
      }
      if isDue { action() }
    }
  }

  /// Ignores the signal from now on. The last function is called when a call in progress has returned.
  func stop(_ last: @escaping @Sendable () -> Void) {
    queue.async { [self] in
      state.withLock { $0.action = {} }
      last()
    }
  }

  private func note() {
    let action = state.withLock { state in
      state.isDue = state.action == nil
      return state.action
    }
    action?()
  }
}

internal import Glibc

/// Signals, apart from what the services do at SIGTERM and SIGINT, and ``HangupSignal``.
enum Signals {
  /// By default these would end the process, although they ask for nothing that the server does; SIGHUP only once it is watched
  /// for. The last two would end it for
  /// writing to a closed connection, or to a file that may not grow; both are errors of the call that writes.
  private static let ignored = [SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGPIPE, SIGXFSZ]

  static func ignoreMostSignals() {
    for number in ignored { _ = signal(number, SIG_IGN) }
  }
}

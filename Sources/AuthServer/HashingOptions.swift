internal import ArgumentParser

/// What the server and its calibration have in common.
struct HashingOptions: ParsableArguments {
  @Option(
    name: .customLong("hash-threads"),
    help: ArgumentHelp(
      "How many threads hash passwords, \(HashThreads.limitsText). (default: one for each processor)", valueName: "count"))
  var threads: HashThreads?
}

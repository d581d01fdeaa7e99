/// Why a command did not do what it was asked. The argument parser prints it and exits with status 1.
struct CommandFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

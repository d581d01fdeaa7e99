internal import ArgumentParser

/// How reset tokens reach the owners of addresses, by name.
enum DeliveryName: String, CaseIterable, ExpressibleByArgument {
  /// Not at all: whoever asks for a token is given it.
  case answer
  case webhook, command, log
}

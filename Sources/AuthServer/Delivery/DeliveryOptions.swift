internal import ArgumentParser

/// The options about reset tokens as the command line gives them: nil where it does not.
struct DeliveryOptions: ParsableArguments {
  @Option(
    name: .customLong("reset-delivery"),
    help: ArgumentHelp(
      """
      How reset tokens reach their owners. answer: whoever asks is given them, under classic only. log: for development. \
      (default: answer under classic, none under strict)
      """, valueName: "way"))
  var delivery: DeliveryName?

  @Option(
    name: .customLong("reset-webhook-url"),
    help: ArgumentHelp("Where a webhook posts reset messages: \(SecureURL.rule).", valueName: "url"))
  var webhookURL: SecureURL?

  @Option(
    name: .customLong("reset-webhook-secret-file"),
    help: ArgumentHelp("The file with the secret that signs them: whsec_ and base 64, or a raw key.", valueName: "file"))
  var webhookSecretFile: String?

  @Option(
    name: .customLong("reset-command"),
    help: ArgumentHelp(
      "The absolute path of a program that is given each reset message on standard input.", valueName: "path"))
  var command: String?

  @Option(
    name: .customLong("reset-link-base"),
    help: ArgumentHelp(
      "The page in which passwords are reset, for a link in reset messages: \(SecureURL.rule).", valueName: "url"))
  var linkBase: SecureURL?
}

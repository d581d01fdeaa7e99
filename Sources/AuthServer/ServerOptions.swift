internal import ArgumentParser

/// The options as the command line gives them: nil where it does not.
struct ServerOptions: ParsableArguments {
  @Option(help: "The address to listen on. (default: \(ServerConfiguration.defaultHost))")
  var host: String?

  @Option(help: "The port to listen on, \(Port.limitsText); 0 takes a free one. (default: \(Port.default.value))")
  var port: Port?

  @Option(
    help: ArgumentHelp(
      "The SQLite file, made when there is none; ':memory:' keeps nothing. (default: \(ServerConfiguration.defaultDatabase))",
      valueName: "file"))
  var database: String?

  @Option(help: "classic: the original specification to the letter. strict: for production. (default: classic)")
  var policy: PolicyName?

  @Option(
    help: ArgumentHelp(
      "The cost of new hashes, \(BcryptCost.limitsText); one more doubles the work. (default: \(BcryptCost.default.value))",
      valueName: "cost"))
  var bcryptCost: BcryptCost?

  @OptionGroup var hashing: HashingOptions
  @OptionGroup var delivery: DeliveryOptions
  @OptionGroup var network: NetworkOptions
}

internal import ArgumentParser

/// The options about who may ask what from where, as the command line gives them: nil where it does not.
struct NetworkOptions: ParsableArguments {
  @Option(
    name: .customLong("trusted-proxies"),
    help: ArgumentHelp(
      "Proxies whose X-Forwarded-For is believed: addresses and ranges such as 127.0.0.1,10.0.0.0/8. (default: none)",
      valueName: "list"))
  var trustedProxies: ProxyList?

  @Option(
    name: .customLong("allowed-origins"),
    help: ArgumentHelp(
      "Other origins whose pages may send requests under strict, such as https://app.example.org. (default: none)",
      valueName: "list"))
  var allowedOrigins: OriginList?

  @Option(
    name: .customLong("service-key-file"),
    help: ArgumentHelp(
      "The file with the key of a back end that is given reset tokens in the answer. (default: none)", valueName: "file"))
  var serviceKeyFile: String?

  @Option(
    name: .customLong("context-words"),
    help: ArgumentHelp(
      "Words that no password may be made of under strict, such as the service's name. (default: none)", valueName: "list"))
  var contextWords: WordList?

  @Flag(name: .customLong("insecure-cookies"), help: "Under strict, a cookie that travels over plain HTTP: for development.")
  var insecureCookies = false
}

#if Postgres
internal import AuthCPostgres
internal import Glibc

/// Which database a ``PostgresStore`` uses, and how.
public struct PostgresConfiguration: Sendable {
  /// The schema that the tables are in. It is created if it does not exist.
  public var schema = "auth"
  /// How many connections write: 1 to 8.
  public var writeConnections = 2
  /// How many connections look up: 1 to 8.
  public var readConnections = 2
  /// How long an operation takes at most, from its call on, before it fails.
  public var timeout = Duration.seconds(5)
  /// Whether a server that is not on this machine may be connected to although its certificate is not verified, or without TLS.
  public var allowsUnverifiedServers = false

  /// Whether to refuse, when the store is opened, a server whose commits are not replicated before they are confirmed. After a
  /// failover, the new primary is used in any case.
  public var requiresReplication = false

  /// For tests: whether the first response to a change counts as lost, if the next attempt says that it is a repetition.
  package var losesFirstResponses = false

  /// One server of the URL.
  struct Host: Sendable, Equatable {
    /// A name, an address, or the folder of a Unix socket.
    var name: String
    var address: String
    var port: String

    var description: String { "\(name.isEmpty ? address : name):\(port)" }

    /// Whether what is sent to it stays on this machine.
    var isLocal: Bool {
      let place = address.isEmpty ? name : address
      return place.isEmpty || place.hasPrefix("/") || place.hasPrefix("@") || ["localhost", "127.0.0.1", "::1"].contains(place)
    }
  }

  let hosts: [Host]
  /// Keywords of libpq with their values, but for those of ``hosts``.
  let options: [(keyword: String, value: String)]

  /// Takes a connection URL (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING) or a string of keywords
  /// and values. Several hosts are servers of one replicated database; the one that takes writes is used. What is missing comes
  /// from libpq's variables (`PGUSER`, `PGPASSWORD`, `PGPASSFILE` …).
  ///
  /// - Throws: ``PostgresOpenError/invalidURL(_:)``, without the URL's password.
  public init(_ url: String) throws(PostgresOpenError) {
    var message: UnsafeMutablePointer<CChar>?
    // SAFETY: libpq allocates both, and both are freed.
    let parsed = unsafe PQconninfoParse(url, &message)
    defer {
      unsafe PQconninfoFree(parsed)
      unsafe PQfreemem(message)
    }
    guard var option = unsafe parsed else {
      // The message may quote the URL, password and all.
      throw .invalidURL("it is not of the form postgres://user@host:port/database?option=value")
    }
    var given: [(keyword: String, value: String)] = []
    // SAFETY: the array ends with an entry without a keyword.
    while let keyword = unsafe option.pointee.keyword {
      if let value = unsafe option.pointee.val { unsafe given.append((String(cString: keyword), String(cString: value))) }
      unsafe option += 1
    }
    // libpq would take them from there, too, but not tell.
    for (variable, keyword, other) in [("PGHOST", "host", "hostaddr"), ("PGPORT", "port", "port")]
    where !given.contains(where: { [keyword, other].contains($0.keyword) }) {
      if let value = unsafe getenv(variable) { unsafe given.append((keyword, String(cString: value))) }
    }
    guard !given.contains(where: { $0.keyword == "service" }), unsafe getenv("PGSERVICE") == nil,
      unsafe getenv("PGHOSTADDR") == nil
    else {
      throw .invalidURL("service files and PGHOSTADDR are not supported; name the hosts in the URL")
    }
    func list(_ keyword: String) -> [String] {
      given.first { $0.keyword == keyword }?.value.split(separator: ",", omittingEmptySubsequences: false).map(String.init) ?? []
    }
    let (names, addresses, ports) = (list("host"), list("hostaddr"), list("port"))
    let count = max(names.count, addresses.count, 1)
    guard ports.count <= 1 || ports.count == count, names.isEmpty || addresses.isEmpty || names.count == addresses.count else {
      throw .invalidURL("it must have as many ports as hosts, or one")
    }
    // A password with a character that is not percent-encoded ends early, and its rest becomes a name or a port.
    guard ports.allSatisfy({ $0.isEmpty || UInt16($0) != nil }), !names.contains(where: { $0.dropFirst().contains("@") }) else {
      throw .invalidURL("a port must be a number, and special characters of a password must be percent-encoded")
    }
    hosts = (0..<count).map { index in
      Host(
        name: index < names.count ? names[index] : "", address: index < addresses.count ? addresses[index] : "",
        port: ports.isEmpty ? "5432" : ports.count == 1 ? ports[0] : ports[index])
    }
    options = given.filter { !["host", "hostaddr", "port", "target_session_attrs"].contains($0.keyword) }
  }

  /// Whether the URL contains a password.
  public var hasPassword: Bool { options.contains { $0.keyword == "password" || $0.keyword == "sslpassword" } }

  /// What libpq is given for one of the hosts.
  func options(for host: Host) -> [(keyword: String, value: String)] {
    var options = options
    func set(_ keyword: String, ifMissing value: String) {
      if !options.contains(where: { $0.keyword == keyword }) { options.append((keyword, value)) }
    }
    options.append(("port", host.port))
    if !host.name.isEmpty { options.append(("host", host.name)) }
    if !host.address.isEmpty { options.append(("hostaddr", host.address)) }
    // Standbys and demoted primaries are passed over.
    options.append(("target_session_attrs", "read-write"))
    options.append(("client_encoding", "UTF8"))
    set("connect_timeout", ifMissing: "2")
    set("fallback_application_name", ifMissing: "swift-auth")
    // For what has no deadline of ours: migrations and copies.
    set("keepalives_idle", ifMissing: "30")
    set("keepalives_interval", ifMissing: "10")
    set("keepalives_count", ifMissing: "3")
    set("tcp_user_timeout", ifMissing: "30000")
    if !host.isLocal {
      if !allowsUnverifiedServers { set("sslmode", ifMissing: "verify-full") }
      // libpq would prefer it to TLS.
      set("gssencmode", ifMissing: "disable")
    }
    let own = options.first { $0.keyword == "options" }?.value
    options.removeAll { $0.keyword == "options" }
    options.append(("options", ([own].compactMap { $0 } + [sessionSettings]).joined(separator: " ")))
    return options
  }

  /// ``timeout``, at most a day, and at least 1, because PostgreSQL takes 0 for no limit.
  var timeoutMilliseconds: Int { max(1, Int(min(timeout, .seconds(86_400)) / .milliseconds(1))) }

  /// What each session of the server is told.
  private var sessionSettings: String {
    let milliseconds = timeoutMilliseconds
    let settings = [
      // One plan for any array: a table that has not been analysed yet would be read as a whole.
      "plan_cache_mode=force_generic_plan",
      // A plan that was made while a table was small would scan it after it has grown.
      "enable_seqscan=off",
      // What that makes look expensive would be compiled to machine code each time: 80 ms for 0.2 ms of work.
      "jit=off",
      // No one can put another function in the place of PostgreSQL's own.
      "search_path=pg_catalog",
      "standard_conforming_strings=on",
      // What is exact is so in this isolation.
      "default_transaction_isolation=read\\ committed",
      "statement_timeout=\(milliseconds)",
      // Sooner than the deadline, so that a row that someone keeps locked fails alone, and not with all that share its batch.
      "lock_timeout=\(max(1, milliseconds / 10))",
      // What a client that has gone had still to run is not run, and its connection ends.
      "client_connection_check_interval=500",
      "tcp_keepalives_idle=30",
      "tcp_keepalives_interval=10",
      "tcp_keepalives_count=3",
      "tcp_user_timeout=30000",
      // A warning says that a commit is only local.
      "client_min_messages=warning",
    ]
    return settings.map { "-c \($0)" }.joined(separator: " ")
  }

  /// - Throws: ``PostgresOpenError/invalidSchema(_:)``, ``PostgresOpenError/unverifiedServer(host:mode:)``.
  func check() throws(PostgresOpenError) {
    guard PostgresSchema.isUsable(schema) else { throw .invalidSchema(schema) }
    try checkTLS()
  }

  /// - Throws: ``PostgresOpenError/unverifiedServer(host:mode:)``.
  func checkTLS() throws(PostgresOpenError) {
    guard !allowsUnverifiedServers else { return }
    let mode = options.first { $0.keyword == "sslmode" }?.value ?? "verify-full"
    for host in hosts where !host.isLocal && mode != "verify-full" {
      throw .unverifiedServer(host: host.description, mode: mode)
    }
  }
}
#endif

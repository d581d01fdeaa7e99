extension StoreContract {
  /// A port of `AuthStore`, with the clauses that a store must keep to have it.
  public struct Port: Sendable, Hashable, CustomStringConvertible {
    /// What tells ports apart, in words.
    public let name: String
    // Not the clauses themselves: each names its port, so neither could be made before the other.
    private let list: @Sendable () -> [Clause]

    init(_ name: String, clauses list: @escaping @Sendable () -> [Clause]) {
      self.name = name
      self.list = list
    }

    /// The clauses of the port.
    public var clauses: [Clause] { list() }

    /// Whether both are the same port.
    public static func == (one: Port, other: Port) -> Bool { one.name == other.name }

    /// Hashes the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }

    /// The port in words.
    public var description: String { name }
  }
}

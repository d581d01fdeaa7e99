public import AuthCore

/// A store that fails when a test tells it to. Prove with it that your application fails closed: while its store is unavailable,
/// it neither lets users in nor tells them that their password is wrong.
///
///     let store = InterceptingStore(InMemoryStore())
///     let auth = Auth(policy: .strict, store: store, hasher: FastHasher())
///     // … register a user, log them in …
///     store.fail(.all)
///     let response = try await client.get("/dashboard", session)
///     #expect(response.status == .serviceUnavailable)
///     store.recover()
///
/// A hook sees each operation before it runs. It may throw in place of the operation, record it, or change the base store first,
/// as a second request that runs at the same time would:
///
///     let store = InterceptingStore(base) { operation throws(StoreError) in
///       if operation == .addSession { try await base.updateUser(bob.id, .hashedPassword(newHash)) }
///     }
///
/// An operation that fails has not run, not even in part. All others go to the base store as they are.
public final class InterceptingStore: AuthStore {
  /// Runs before each operation; if it throws, the operation does not run.
  public typealias Hook = @Sendable (Operation) async throws(StoreError) -> Void

  /// What a failure says by default.
  public static let defaultReason = "disk on fire"

  private struct Failure {
    var operations: Selection = []
    var reason = InterceptingStore.defaultReason
  }

  /// One, or those that take turns.
  private let bases: [any AuthStore]
  private let turn = Monitor(0)
  private let hook: Hook
  // Not `Mutex`, whose locking ThreadSanitizer does not see.
  private let failure: Monitor<Failure>

  /// A store in which these operations fail from the start. Without any, it works until ``fail(_:reason:)`` is called.
  public init(
    _ base: some AuthStore = InMemoryStore(), failing operations: Operation..., reason: String = defaultReason
  ) {
    bases = [base]
    hook = { _ in }
    failure = Monitor(Failure(operations: Selection(operations), reason: reason))
  }

  /// A store with a hook that sees each operation before it runs, including those that are set to fail.
  public init(_ base: some AuthStore = InMemoryStore(), before hook: @escaping Hook) {
    bases = [base]
    self.hook = hook
    failure = Monitor(Failure())
  }

  /// A store whose operations run on these in turn: processes that share a database.
  package init(takingTurns bases: [any AuthStore]) {
    self.bases = bases
    hook = { _ in }
    failure = Monitor(Failure())
  }

  /// Makes these operations, and no others, throw ``AuthCore/StoreError/unavailable(_:)`` from now on, as a locked, full or
  /// unreadable store does: `fail(.all)`, `fail(.writes)`, `fail([.addUser, .settle])`.
  public func fail(_ operations: Selection, reason: String = defaultReason) {
    failure.withLock { $0 = Failure(operations: operations, reason: reason) }
  }

  /// Lets all operations work again.
  public func recover() {
    failure.withLock { $0 = Failure() }
  }

  /// The base store, once `operation` may run on it.
  func base(for operation: Operation) async throws(StoreError) -> any AuthStore {
    try await hook(operation)
    // After the hook, which may let the store fail or recover.
    let reason = failure.withLock { $0.operations.includes(operation) ? $0.reason : nil }
    if let reason { throw .unavailable(reason) }
    guard bases.count > 1 else { return bases[0] }
    return turn.withLock { turn in
      turn = (turn + 1) % bases.count
      return bases[turn]
    }
  }
}

extension InterceptingStore {
  /// An operation of ``AuthCore/AuthStore``: a requirement of one of its ports.
  public struct Operation: Sendable, Hashable, CustomStringConvertible {
    /// What tells operations apart.
    public let name: String
    /// Whether the operation may change what is stored.
    public let isWrite: Bool

    init(reading name: String) {
      self.name = name
      isWrite = false
    }

    init(writing name: String) {
      self.name = name
      isWrite = true
    }

    /// The name of the operation.
    public var description: String { name }
  }

  /// Some of the operations: ``all``, ``writes``, or a list, such as `[.addUser, .settle]`.
  public struct Selection: Sendable, ExpressibleByArrayLiteral {
    /// Every operation: a store that is unreadable.
    public static let all = Self { _ in true }
    /// The operations that may change what is stored: a store that is full, or locked by another program, and can still be read.
    public static let writes = Self(includes: \.isWrite)

    let includes: @Sendable (Operation) -> Bool

    private init(includes: @escaping @Sendable (Operation) -> Bool) {
      self.includes = includes
    }

    /// The operations of a list.
    public init(_ operations: [Operation]) {
      self.init { operations.contains($0) }
    }

    /// The operations of a list.
    public init(arrayLiteral operations: Operation...) {
      self.init(operations)
    }
  }
}

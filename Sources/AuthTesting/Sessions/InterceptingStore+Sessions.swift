public import AuthCore

extension InterceptingStore.Operation {
  /// ``AuthCore/SessionStore/addSession(_:limit:live:ifPassword:replacing:settling:recognizing:)``
  public static let addSession = Self(writing: "addSession")
  /// ``AuthCore/SessionStore/findSession(_:in:)``
  public static let findSession = Self(reading: "findSession")
  /// ``AuthCore/SessionStore/findUser(withSession:in:)``
  public static let findUserOfSession = Self(reading: "findUserOfSession")
  /// ``AuthCore/SessionStore/findProfile(for:in:)``
  public static let findProfile = Self(reading: "findProfile")
  /// ``AuthCore/SessionStore/findSessions(of:in:)``
  public static let findSessions = Self(reading: "findSessions")
  /// ``AuthCore/SessionStore/touchSession(_:at:)``
  public static let touchSession = Self(writing: "touchSession")
  /// ``AuthCore/SessionStore/endSession(_:in:)``
  public static let endSession = Self(writing: "endSession")
  /// ``AuthCore/SessionStore/endSessions(_:of:in:)``
  public static let endSessions = Self(writing: "endSessions")
}

extension InterceptingStore {
  /// ``AuthCore/SessionStore/addSession(_:limit:live:ifPassword:replacing:settling:recognizing:)`` of the base store.
  public func addSession(
    _ session: Session, limit: Int, live: Session.Cutoff, ifPassword: PasswordHash?, replacing former: TokenDigest?,
    settling attempt: Throttle.Attempt?, recognizing sighting: KnownClient.Sighting?
  ) async throws(StoreError) -> Session.Opening {
    try await base(for: .addSession).addSession(
      session, limit: limit, live: live, ifPassword: ifPassword, replacing: former, settling: attempt,
      recognizing: sighting)
  }

  /// ``AuthCore/SessionStore/findSession(_:in:)`` of the base store.
  public func findSession(
    _ id: TokenDigest, in live: Session.Cutoff
  ) async throws(StoreError) -> (session: Session, user: User)? {
    try await base(for: .findSession).findSession(id, in: live)
  }

  /// ``AuthCore/SessionStore/findUser(withSession:in:)`` of the base store.
  public func findUser(
    withSession id: TokenDigest, in live: Session.Cutoff
  ) async throws(StoreError) -> (user: User, lastUsedAt: Timestamp)? {
    try await base(for: .findUserOfSession).findUser(withSession: id, in: live)
  }

  /// ``AuthCore/SessionStore/findProfile(for:in:)`` of the base store.
  public func findProfile(
    for id: TokenDigest, in live: Session.Cutoff
  ) async throws(StoreError) -> (profile: Profile, lastUsedAt: Timestamp)? {
    try await base(for: .findProfile).findProfile(for: id, in: live)
  }

  /// ``AuthCore/SessionStore/findSessions(of:in:)`` of the base store.
  public func findSessions(of id: User.ID, in live: Session.Cutoff) async throws(StoreError) -> [Session] {
    try await base(for: .findSessions).findSessions(of: id, in: live)
  }

  /// ``AuthCore/SessionStore/touchSession(_:at:)`` of the base store.
  public func touchSession(_ id: TokenDigest, at moment: Timestamp) async throws(StoreError) {
    try await base(for: .touchSession).touchSession(id, at: moment)
  }

  /// ``AuthCore/SessionStore/endSession(_:in:)`` of the base store.
  public func endSession(_ id: TokenDigest, in live: Session.Cutoff) async throws(StoreError) -> User.ID? {
    try await base(for: .endSession).endSession(id, in: live)
  }

  /// ``AuthCore/SessionStore/endSessions(_:of:in:)`` of the base store.
  public func endSessions(
    _ selection: Session.Selection, of id: User.ID, in live: Session.Cutoff
  ) async throws(StoreError) -> [TokenDigest] {
    try await base(for: .endSessions).endSessions(selection, of: id, in: live)
  }
}

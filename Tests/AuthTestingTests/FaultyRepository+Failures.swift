import AuthCore

extension FaultyRepository {
  func changePassword(
    of id: User.ID, _ expected: PasswordHash, to hash: PasswordHash,
    renewing old: TokenDigest, as new: Session, endingOthers: Bool
  ) async throws(RepositoryError) -> Bool {
    try await base.changePassword(
      of: id, expected, to: hash, renewing: old, as: new, endingOthers: endingOthers)
  }

  func deleteUser(_ id: User.ID, ifPassword expected: PasswordHash) async throws(RepositoryError) -> Bool {
    try await base.deleteUser(id, ifPassword: expected)
  }

  func findSessions(of id: User.ID, in live: LiveSessions) async throws(RepositoryError) -> [Session] {
    try await base.findSessions(of: id, in: live)
  }

  func endSessions(
    _ selection: SessionSelection, of id: User.ID, in live: LiveSessions
  ) async throws(RepositoryError) -> [TokenDigest] {
    try await base.endSessions(selection, of: id, in: live)
  }

  func addResetRequest(_ request: ResetRequest, limit: Int) async throws(RepositoryError) -> Bool {
    try await base.addResetRequest(request, limit: limit)
  }

  func claimResetRequest(now: Timestamp, until deadline: Timestamp) async throws(RepositoryError) -> ResetRequest? {
    try await base.claimResetRequest(now: now, until: deadline)
  }

  func postponeResetRequest(_ id: ResetRequest.ID, until moment: Timestamp) async throws(RepositoryError) {
    try await base.postponeResetRequest(id, until: moment)
  }

  func removeResetRequest(_ id: ResetRequest.ID) async throws(RepositoryError) {
    try await base.removeResetRequest(id)
  }

  func findFailures(of keys: [FailureKey]) async throws(RepositoryError) -> [FailureCount] {
    try await base.findFailures(of: keys)
  }

  func updateFailures<Answer: Sendable>(
    of keys: [FailureKey], _ update: @escaping @Sendable (inout [FailureCount]) -> Answer
  ) async throws(RepositoryError) -> Answer {
    try await base.updateFailures(of: keys, update)
  }

  func purge(_ ended: EndedRows) async throws(RepositoryError) -> PurgedRows {
    try await base.purge(ended)
  }
}

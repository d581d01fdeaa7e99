/// The rules of `AuthStore`, as clauses that any store can be held against with any test framework.
///
///     @Test(arguments: StoreContract.clauses)
///     func keepsTheContract(_ clause: StoreContract.Clause) async throws {
///       try await clause.check(MyFixture())
///     }
///
/// Not covered, because a store cannot be asked for it: that a store throws `unavailable` when it cannot answer, and that what
/// it has answered survives a loss of power.
public enum StoreContract {
  /// Every clause, ordered by subject. Each stands alone: they may be checked in any order and at the same time.
  public static let clauses: [Clause] =
    registrationClauses + searchClauses + changeClauses + passwordChangeClauses + changeByUserClauses
    + sessionClauses + sessionLimitClauses + sessionListClauses + sessionChoiceClauses
    + resetTokenClauses + tokenMixUpClauses + outboxClauses
    + maintenanceClauses + purgeClauses
    + expiryClauses + concurrencyClauses + raceClauses
    + hostileTextClauses + hostileRecordClauses + reopeningClauses
}

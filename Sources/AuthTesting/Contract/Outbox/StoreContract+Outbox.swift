extension StoreContract {
  /// The clauses of `OutboxStore`.
  public static let outboxClauses: [Clause] = [
    .messageComesBack, .longestDueIsClaimed, .postponedMessageIsDueLater, .eachMessageCounts, .messagesAreSeparate,
    .distantDueTimesAreKept, .messageIDsAreComparedByteForByte, .messagesOutliveReopening,
    .waitingMessagesAreLimited, .limitIsPerKind, .refusedMessageIsNotKept, .simultaneousMessagesKeepToLimit, .oneClaimSucceeds,
    .simultaneousClaimsDiffer,
  ]
}

extension StoreContract.Port {
  /// `OutboxStore`
  public static let outbox: Self = .init("outbox") {
    [
      .messageComesBack, .longestDueIsClaimed, .postponedMessageIsDueLater, .eachMessageCounts, .messagesAreSeparate,
      .distantDueTimesAreKept, .messageIDsAreComparedByteForByte, .messagesOutliveReopening,
      .waitingMessagesAreLimited, .limitIsPerKind, .refusedMessageIsNotKept, .simultaneousMessagesKeepToLimit, .oneClaimSucceeds,
      .simultaneousClaimsDiffer,
      .messagesToOneEmailKeepTheirOrder, .nextMessageIsDueAtOnce, .simultaneousClaimsKeepOrder, .simultaneousWorkersKeepOrder,
      .waitingMessagesAreListed, .messagesAreSelected, .messagesAreCountedByKind, .hastenedMessagesAreDue,
      .droppedMessagesAreGone,
    ]
  }
}

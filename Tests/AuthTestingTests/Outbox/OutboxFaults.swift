import AuthCore
import AuthTesting
import Synchronization

extension Fault {
  /// The faults of `OutboxStore`.
  static let outbox: [Fault] = [
    .losesPayload, .losesUserOfMessage, .leavesClaimedDue, .claimsNewest, .neverPostpones, .keepsRemoved,
    .keepsOneMessagePerEmail, .keepsMessagesToUsersOnly, .restartsTries, .takesOneMessageForAll, .refusesUnknownMessage,
    .keeps32BitDueTimes, .comparesMessageIDsAsCharacters, .dropsQuotesOfMessage,
    .ignoresMessageLimit, .keepsRefused, .limitsAllKinds, .countsThenQueues, .claimsTwice, .looksThenClaims,
    .forgetsMessages, .forgetsClaims,
  ]

  static let losesPayload = Self("losesPayload", noticedBy: .messageComesBack)
  static let losesUserOfMessage = Self("losesUserOfMessage", noticedBy: .messageComesBack)
  static let leavesClaimedDue = Self("leavesClaimedDue", noticedBy: .longestDueIsClaimed)
  static let claimsNewest = Self("claimsNewest", noticedBy: .longestDueIsClaimed)
  static let neverPostpones = Self("neverPostpones", noticedBy: .postponedMessageIsDueLater)
  static let keepsRemoved = Self("keepsRemoved", noticedBy: .postponedMessageIsDueLater)

  static let keepsOneMessagePerEmail = Self("keepsOneMessagePerEmail", noticedBy: .eachMessageCounts)
  static let keepsMessagesToUsersOnly = Self("keepsMessagesToUsersOnly", noticedBy: .eachMessageCounts)
  static let restartsTries = Self("restartsTries", noticedBy: .eachMessageCounts)
  static let takesOneMessageForAll = Self("takesOneMessageForAll", noticedBy: .messagesAreSeparate)
  static let refusesUnknownMessage = Self("refusesUnknownMessage", noticedBy: .messagesAreSeparate)

  static let keeps32BitDueTimes = Self("keeps32BitDueTimes", noticedBy: .distantDueTimesAreKept)
  static let comparesMessageIDsAsCharacters = Self("comparesMessageIDsAsCharacters", noticedBy: .messageIDsAreComparedByteForByte)
  static let dropsQuotesOfMessage = Self("dropsQuotesOfMessage", noticedBy: .messageIDsAreComparedByteForByte)

  static let ignoresMessageLimit = Self("ignoresMessageLimit", noticedBy: .waitingMessagesAreLimited)
  static let keepsRefused = Self("keepsRefused", noticedBy: .refusedMessageIsNotKept)
  static let limitsAllKinds = Self("limitsAllKinds", noticedBy: .limitIsPerKind)
  static let countsThenQueues = Self("countsThenQueues", noticedBy: .simultaneousMessagesKeepToLimit)
  static let claimsTwice = Self("claimsTwice", noticedBy: .oneClaimSucceeds)
  static let looksThenClaims = Self("looksThenClaims", noticedBy: .simultaneousClaimsDiffer)

  static let forgetsMessages = Self("forgetsMessages", noticedBy: .messagesOutliveReopening) { store in
    for message in store.memory.withLock({ $0.messages }) { try await store.base.removeMessage(message.id) }
  }
  static let forgetsClaims = Self("forgetsClaims", noticedBy: .messagesOutliveReopening) { store in
    for message in store.memory.withLock({ $0.messages }) {
      try await store.base.postponeMessage(message.id, until: message.createdAt)
    }
  }
}

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
    .keepsNoOrder, .ordersKindsTogether, .ordersEmailsTogether, .tellsCasesOfEmailsApart, .foldsEmailsOfMessages,
    .passesPostponed, .leavesNextForLater,
    .selectsAll, .listsNewestFirst, .beginsListAgain, .ignoresListLimit, .showsCreationAsDue, .comparesRecipientsByCase,
    .countsKindsTogether, .countsFromNewest,
    .neverHastens, .hastensAll, .ignoresHastenLimit, .keepsDropped, .dropsAll, .ignoresDropLimit,
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

  static let keepsNoOrder = Self(
    "keepsNoOrder", noticedBy: .messagesToOneEmailKeepTheirOrder, .nextMessageIsDueAtOnce, .simultaneousClaimsKeepOrder,
    .simultaneousWorkersKeepOrder)
  static let ordersKindsTogether = Self("ordersKindsTogether", noticedBy: .messagesToOneEmailKeepTheirOrder)
  static let ordersEmailsTogether = Self("ordersEmailsTogether", noticedBy: .messagesToOneEmailKeepTheirOrder)
  static let tellsCasesOfEmailsApart = Self("tellsCasesOfEmailsApart", noticedBy: .messagesToOneEmailKeepTheirOrder)
  static let foldsEmailsOfMessages = Self("foldsEmailsOfMessages", noticedBy: .messagesToOneEmailKeepTheirOrder)
  static let passesPostponed = Self("passesPostponed", noticedBy: .messagesToOneEmailKeepTheirOrder)
  static let leavesNextForLater = Self(
    "leavesNextForLater", noticedBy: .nextMessageIsDueAtOnce, .droppedMessagesAreGone)

  static let selectsAll = Self("selectsAll", noticedBy: .messagesAreSelected)
  static let listsNewestFirst = Self("listsNewestFirst", noticedBy: .waitingMessagesAreListed)
  static let beginsListAgain = Self("beginsListAgain", noticedBy: .waitingMessagesAreListed)
  static let ignoresListLimit = Self("ignoresListLimit", noticedBy: .waitingMessagesAreListed)
  static let showsCreationAsDue = Self("showsCreationAsDue", noticedBy: .waitingMessagesAreListed)
  static let comparesRecipientsByCase = Self("comparesRecipientsByCase", noticedBy: .messagesAreSelected)
  static let countsKindsTogether = Self("countsKindsTogether", noticedBy: .messagesAreCountedByKind)
  static let countsFromNewest = Self("countsFromNewest", noticedBy: .messagesAreCountedByKind)
  static let neverHastens = Self("neverHastens", noticedBy: .hastenedMessagesAreDue)
  static let hastensAll = Self("hastensAll", noticedBy: .hastenedMessagesAreDue)
  static let ignoresHastenLimit = Self("ignoresHastenLimit", noticedBy: .hastenedMessagesAreDue)
  static let keepsDropped = Self("keepsDropped", noticedBy: .droppedMessagesAreGone)
  static let dropsAll = Self("dropsAll", noticedBy: .droppedMessagesAreGone)
  static let ignoresDropLimit = Self("ignoresDropLimit", noticedBy: .droppedMessagesAreGone)

  static let forgetsMessages = Self("forgetsMessages", noticedBy: .messagesOutliveReopening) { store in
    for message in store.memory.withLock({ $0.messages }) { try await store.base.removeMessage(message.id) }
  }
  static let forgetsClaims = Self("forgetsClaims", noticedBy: .messagesOutliveReopening) { store in
    for message in store.memory.withLock({ $0.messages }) {
      try await store.base.postponeMessage(message.id, until: message.createdAt)
    }
  }
}

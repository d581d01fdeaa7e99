import AuthTesting

extension Fault {
  static let administration: [Fault] = [
    .listsInOrderOfIDs, .listsCapitalsFirst, .pageRepeatsTheLast, .pageIsTooLong, .prefixHasCase, .prefixIsPattern,
    .prefixIsFoundAnywhere, .listForgetsState, .losesMessageOfNewUser, .queuesBeforeTaken, .fullBeforeTaken,
    .fullOutboxAddsUser, .fullOutboxIgnored, .importsAllEnabled, .importOverwrites, .importDisables, .importHidesDifference,
    .importLooksFirst, .erasureKeepsMessages, .erasureKeepsCounters, .erasureClearsAllMessages, .clearsNothing,
    .clearsWithoutAny, .findsMessagesByEmailOnly, .findsNewestMessageFirst, .countsDeadAsLive, .countsAllDisabled,
    .tellsNoOneOfErasure, .tellsOfErasureOfNoOne, .tellsNoOneOfClearing, .tellsOfClearingNothing,
  ]

  static let listsInOrderOfIDs = Self("listsInOrderOfIDs", noticedBy: .accountsAreInOrderOfEmails)
  static let listsCapitalsFirst = Self("listsCapitalsFirst", noticedBy: .accountsAreInOrderOfEmails)
  static let pageRepeatsTheLast = Self("pageRepeatsTheLast", noticedBy: .pageBeginsAfterTheLast)
  static let pageIsTooLong = Self("pageIsTooLong", noticedBy: .pageBeginsAfterTheLast)
  static let prefixHasCase = Self("prefixHasCase", noticedBy: .prefixSelectsAccounts)
  static let prefixIsPattern = Self("prefixIsPattern", noticedBy: .prefixSelectsAccounts)
  static let prefixIsFoundAnywhere = Self("prefixIsFoundAnywhere", noticedBy: .prefixSelectsAccounts)
  static let listForgetsState = Self("listForgetsState", noticedBy: .listHasState)

  static let losesMessageOfNewUser = Self("losesMessageOfNewUser", noticedBy: .userComesWithMessage)
  static let queuesBeforeTaken = Self("queuesBeforeTaken", noticedBy: .takenEmailQueuesNothing)
  static let fullBeforeTaken = Self("fullBeforeTaken", noticedBy: .takenEmailQueuesNothing)
  static let fullOutboxAddsUser = Self("fullOutboxAddsUser", noticedBy: .fullOutboxAddsNoUser)
  static let fullOutboxIgnored = Self("fullOutboxIgnored", noticedBy: .fullOutboxAddsNoUser)

  static let importsAllEnabled = Self("importsAllEnabled", noticedBy: .importAddsUsers)
  static let importOverwrites = Self("importOverwrites", noticedBy: .importLeavesUsers)
  static let importDisables = Self("importDisables", noticedBy: .importLeavesUsers)
  static let importHidesDifference = Self("importHidesDifference", noticedBy: .importLeavesUsers)
  static let importLooksFirst = Self("importLooksFirst", noticedBy: .importComesOnce)

  static let erasureKeepsMessages = Self("erasureKeepsMessages", noticedBy: .erasedUserLeavesNothing)
  static let erasureKeepsCounters = Self("erasureKeepsCounters", noticedBy: .erasedUserLeavesNothing)
  static let erasureClearsAllMessages = Self("erasureClearsAllMessages", noticedBy: .erasureIsOfOneUser)
  static let clearsNothing = Self("clearsNothing", noticedBy: .clearingIsOfTheseCounters)
  static let clearsWithoutAny = Self("clearsWithoutAny", noticedBy: .clearingIsOfTheseCounters)

  static let tellsNoOneOfErasure = Self("tellsNoOneOfErasure", noticedBy: .erasureQueuesNotice)
  static let tellsOfErasureOfNoOne = Self("tellsOfErasureOfNoOne", noticedBy: .erasureQueuesNotice)
  static let tellsNoOneOfClearing = Self("tellsNoOneOfClearing", noticedBy: .clearingQueuesNotice)
  static let tellsOfClearingNothing = Self("tellsOfClearingNothing", noticedBy: .clearingQueuesNotice)

  static let findsMessagesByEmailOnly = Self("findsMessagesByEmailOnly", noticedBy: .messagesAreOfOneUser)
  static let findsNewestMessageFirst = Self("findsNewestMessageFirst", noticedBy: .messagesAreOfOneUser)
  static let countsDeadAsLive = Self("countsDeadAsLive", noticedBy: .everythingIsCounted)
  static let countsAllDisabled = Self("countsAllDisabled", noticedBy: .everythingIsCounted)
}

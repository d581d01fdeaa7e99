/// A mistake that stores are known to make, each of which some clause must notice.
enum Fault: String, CaseIterable, Sendable {
  // MARK: Accounts
  case losesHash, usesUpIDOfRefusedUser, lowercasesAddress, registersTwice, overwritesRefusedUser, neverFreesAddress
  case findsExactCaseOnly, ignoresSessionFilter, usesFirstFilterOnly, matchesNothingWithNil, findsLastUser, findsWithWrongError
  case ignoresRevocation, endsSessionsWithHash, makesFirstChangeOnly, makesChangesOneByOne, refusesOwnAddress, changesNobody
  case replacesAnyHash

  // MARK: Sessions
  case losesLastUse, keepsSessionIDOfEnded, opensForAnyHash, clearsSessionsForWrongHash, opensForNobody, movesUseBack
  case revivesTouched, refusesToTouchUnknown, endsForever, endsAllOfUser, endsSessionsOfAll, keepsEveryLogin
  case endsNewest, endsLowestID, endsHighestID, endsLeastUsed, countsThoseOver, keepsThoseOver, endsOneAtMost, countsSessionsOfAll
  case keepsFirstAddress, changesAddressOfOneSession, foldsAddressOfProfile, changesAddressOfAll
  case profilesFirstUser, profilesEnded, losesUseOfProfile

  // MARK: Reset tokens
  case answersWithFormerUser, keepsOlderTokens, issuesToFirstForNobody, usesTokenForNothing, usesTokenTwice
  case alwaysEndsSessions, neverEndsSessions, usesUpTokensOfAll, hidesRevokedToken
  case takesSessionForToken, takesTokenForSession, takesEmptyForNone

  // MARK: Changes by users
  case keepsOthersAtChange, endsOthersAtChange, changesAnyPassword, deletesForAnyHash, deletesNobody
  case listsOldestFirst, listsThoseOver, forgetsClients, endsSelectedOfAll, endsMoreThanSelected, keepsReplaced
  case endsAllAtChange, losesClientAtChange, renewsEnded, revokesTokenAtRefusal
  case opensForDeleted, keepsSessionsOfDeleted, deletesSessionsOfAll, reusesIDs
  case listsByUse, listsUnused, endsAllOfEverybody, clearsSessionID, saysFirstUser
  case countsReplaced, replacesForNobody, replacesWhenRefused

  // MARK: Requests, failures, purge
  case leavesClaimedDue, claimsNewest, neverPostpones, keepsRemoved, ignoresRequestLimit, handsOutTwice
  case losesSecondFailure, keepsEndedRow, looksThenCounts, purgesLate, purgesEarly, ignoresPurgeLimit
  case keepsRefused, oneForEachAddress, onlyForAccounts, startsTriesAnew, takesOneRequestForAll, refusesUnknownRequest
  case sortsKeys, updatesAllFailures, keepsMomentOfZero
  case purgesIdleLate, purgesIdleEarly, keepsVoidTokens, purgesLiveTokens, givesNoPurged, limitsEachKind, purgesOnce
  case keepsSessionIDOfPurged, purgesRequests

  // MARK: Expiry
  case sessionLastsLonger, idleSessionLastsLonger, endsLateWithSuccess, keepsSessionEndedLate, tokenLastsLonger, tokenUsableLonger
  case discardsTokenUsedLate, keeps32BitTimes, keeps32BitDueTimes, keeps32BitCounts, purgesWithin32Bits

  // MARK: Concurrency
  case looksThenRegisters, countsThenRegisters, looksThenUsesToken, countsThenOpens, looksThenReplaces, looksThenEnds
  case checksThenOpens, endsThenChanges, looksThenChanges, looksThenDeletes, looksThenEndsAll
  case countsThenRequests, looksThenClaims, looksThenPurges, findsFailuresOneByOne

  // MARK: Hostile text
  case dropsQuotes, mergesWildCards, findsByPattern, foldsAllLetters, normalizesAddress, trimsAddress, dropsInvisible
  case truncatesAddress, trimsHash, comparesHashesAsCharacters
  case foldsKeys, endsKeyAtNUL, comparesRequestIDsAsCharacters, dropsQuotesOfRequest, endsUserAgentAtNUL
  case takesEmptyUserAgentForNone

  // MARK: Reopening
  case forgetsUsers, forgetsSessions, forgetsTokens, bringsBackSessions
  case revivesDeleted, forgetsUsedIDs, forgetsStoredClients, forgetsRequests, forgetsClaims
}

extension Fault {
  /// The names of the clauses that must notice it. Others may, too.
  var clauses: [String] {
    switch self {
    case .losesHash: ["a new user has the given address and hash, and nothing else"]
    case .usesUpIDOfRefusedUser: ["ids count 1, 2, …, and a refused registration uses none up"]
    case .lowercasesAddress: ["an address keeps the letter case in which it was registered"]
    case .registersTwice, .overwritesRefusedUser: ["an address is registered once, in whatever letter case"]
    case .neverFreesAddress: ["an address given up is free again, and the new one is taken"]
    case .findsExactCaseOnly, .ignoresSessionFilter: ["a user is found by each attribute"]
    case .usesFirstFilterOnly: ["several filters must all match"]
    case .matchesNothingWithNil: ["a nil filter finds users who have no session, or no reset token"]
    case .findsLastUser: ["of several users that match the first by id is found"]
    case .findsWithWrongError: ["where nobody matches the search finds no result"]
    case .ignoresRevocation, .endsSessionsWithHash: ["each change is made, and nothing else is changed"]
    case .makesFirstChangeOnly: ["several changes are made together"]
    case .makesChangesOneByOne: ["a change to another user's address is refused, with all that came along"]
    case .refusesOwnAddress: ["users may change the letter case of their own address"]
    case .changesNobody: ["changing a user who does not exist finds no result"]
    case .replacesAnyHash: ["a hash is replaced only while it is the expected one"]
    case .losesLastUse: ["a session is found as it was saved, with its user"]
    case .keepsSessionIDOfEnded:
      ["a user's session id is that of the newest session, and nil once it has ended", "a session ends once"]
    case .opensForAnyHash, .clearsSessionsForWrongHash: ["no session opens once the password was replaced"]
    case .opensForNobody: ["a session needs a user"]
    case .keepsFirstAddress, .changesAddressOfOneSession, .foldsAddressOfProfile, .changesAddressOfAll, .profilesFirstUser:
      ["the profile of a session has its user's address of the moment"]
    case .profilesEnded:
      [
        "a session ends once", "a session is over from the moment it expires",
        "a session is over when it was last used no later than the limit",
      ]
    case .losesUseOfProfile: ["use is noted, and never moved back", "sessions are there again, with their last use"]
    case .movesUseBack: ["use is noted, and never moved back"]
    case .revivesTouched, .refusesToTouchUnknown: ["use of a session that is not there is nothing, and opens none"]
    case .endsForever: ["a session ends once", "a reset token's digest is no session"]
    case .endsAllOfUser: ["ending one session leaves all others"]
    case .endsSessionsOfAll: ["ending all sessions of a user leaves those of others"]
    case .keepsEveryLogin: ["where one session is allowed a new one replaces it"]
    case .endsNewest, .endsLowestID, .endsHighestID:
      ["where several are allowed the oldest gives way, even among those of one second"]
    case .endsLeastUsed: ["sessions used more lately are not for that reason newer"]
    case .countsThoseOver: ["sessions that are over give way before live ones"]
    case .keepsThoseOver: ["a new session sweeps away the user's that are over"]
    case .endsOneAtMost: ["under a lower limit as many end as it takes"]
    case .countsSessionsOfAll: ["the sessions of one user do not count for another"]
    case .answersWithFormerUser: ["a reset token leads to its user, who carries it"]
    case .keepsOlderTokens: ["the newest reset token replaces an older one"]
    case .issuesToFirstForNobody: ["a reset token needs a user"]
    case .usesTokenForNothing: ["using a reset token sets the hash and takes the token away"]
    case .usesTokenTwice: ["a reset token works once"]
    case .alwaysEndsSessions: ["using a reset token leaves the sessions when they are to stay"]
    case .neverEndsSessions: ["using a reset token ends the user's sessions when they are to end"]
    case .usesUpTokensOfAll: ["using a reset token touches no other account"]
    case .hidesRevokedToken: ["a revoked reset token is void"]
    case .takesSessionForToken: ["a session's digest is no reset token"]
    case .takesTokenForSession: ["a reset token's digest is no session"]
    case .takesEmptyForNone: ["an empty or made-up digest belongs to nobody"]
    case .keepsOthersAtChange, .endsOthersAtChange:
      ["a changed password renews its session, and ends the others when they are to end"]
    case .changesAnyPassword, .revokesTokenAtRefusal:
      ["no password is changed for another hash, or without the session that is to go on"]
    case .losesClientAtChange: ["a renewed session is found as it was saved, and is the user's newest"]
    case .renewsEnded: ["a session that was ended is not renewed"]
    case .endsAllAtChange: ["a changed password ends the sessions of nobody else"]
    case .opensForDeleted: ["nothing is opened, issued or changed for a user who was deleted"]
    case .deletesForAnyHash, .deletesNobody, .keepsSessionsOfDeleted, .deletesSessionsOfAll, .reusesIDs:
      ["a deleted user is gone with sessions and tokens, and nobody else, and the id is not used again"]
    case .listsOldestFirst, .listsThoseOver, .forgetsClients:
      ["a user's live sessions are listed as they were saved, the newest first"]
    case .endsSelectedOfAll, .endsMoreThanSelected:
      ["those of a user's sessions end that are selected, and those that were live are named"]
    case .listsByUse, .listsUnused:
      ["sessions are listed in the order in which they were opened, not used, and with their last use"]
    case .endsAllOfEverybody: ["a selection ends the sessions of its user alone, and gives each once"]
    case .clearsSessionID: ["a user's session id stays while the newest session does, whatever else is ended"]
    case .saysFirstUser: ["the end of a session says whose it was"]
    case .countsReplaced: ["a session that is replaced makes room before the others are counted"]
    case .replacesForNobody: ["a session of nobody replaces none"]
    case .keepsReplaced, .replacesWhenRefused:
      ["a new session ends the one that it replaces, whoever's that is, but not when it is refused"]
    case .leavesClaimedDue, .claimsNewest:
      ["the request that has been due the longest is taken in hand, and is nobody else's until the deadline"]
    case .neverPostpones, .keepsRemoved: ["a postponed request is due when it says, and a removed one never"]
    case .ignoresRequestLimit: ["no more requests wait than may"]
    case .keepsRefused: ["a request that is refused is not kept, and takes none away"]
    case .oneForEachAddress, .onlyForAccounts, .startsTriesAnew:
      ["each request counts, also for an address that is nobody's or was asked for before"]
    case .takesOneRequestForAll, .refusesUnknownRequest:
      ["what is done to one request is done to no other, and nothing to one that is gone"]
    case .handsOutTwice: ["of many that take a request in hand at once one gets it"]
    case .losesSecondFailure, .keepsEndedRow:
      ["failures are kept for each key as they were counted, and none is as good as none stored"]
    case .sortsKeys: ["failures come in the order of the keys, one for each, stored or not"]
    case .updatesAllFailures: ["an update changes the failures of its own keys, and of these what it changes"]
    case .keepsMomentOfZero: ["a count of 0 is deleted with its moment"]
    case .looksThenCounts:
      [
        "of failures that are counted at once none is lost",
        "of failures of two keys that are counted at once each sees the former",
      ]
    case .purgesIdleLate, .purgesIdleEarly:
      ["a session is purged from the second in which it is no longer live, by either limit"]
    case .keepsVoidTokens, .purgesLiveTokens: ["a reset token is purged from the second in which it is void"]
    case .givesNoPurged, .limitsEachKind, .purgesOnce:
      ["rows of all kinds go under one limit, and every session is given once, as it was saved"]
    case .keepsSessionIDOfPurged: ["users whose newest session is purged have none as theirs, and others keep it"]
    case .purgesRequests: ["users, and requests that wait, are never purged"]
    case .purgesLate, .purgesEarly: ["what has ended is purged, to the second, and nothing else"]
    case .ignoresPurgeLimit: ["no more goes at a time than the limit, and all of it in the end"]
    case .sessionLastsLonger: ["a session is over from the moment it expires"]
    case .idleSessionLastsLonger: ["a session is over when it was last used no later than the limit"]
    case .endsLateWithSuccess: ["a session ends with success until the second before it expires"]
    case .keepsSessionEndedLate: ["ending a session that is over says false, and deletes it"]
    case .tokenLastsLonger: ["a reset token is void from the moment it expires"]
    case .tokenUsableLonger: ["a reset token can be used until the second before it expires"]
    case .discardsTokenUsedLate: ["using an expired reset token changes nothing"]
    case .keeps32BitTimes: ["times are kept to the second, however far they are"]
    case .keeps32BitDueTimes: ["requests are due to the second, however far the moment"]
    case .keeps32BitCounts: ["failures are counted however many, and their moments kept to the second"]
    case .purgesWithin32Bits: ["a purge goes by moments however far"]
    case .looksThenRegisters: ["of many simultaneous registrations of one address one succeeds"]
    case .countsThenRegisters: ["simultaneous registrations of different addresses all succeed, with ids of their own"]
    case .looksThenUsesToken: ["of many simultaneous uses of a reset token one succeeds"]
    case .countsThenOpens: ["simultaneous logins keep to the limit"]
    case .looksThenReplaces: ["of many simultaneous replacements of a hash one succeeds"]
    case .looksThenEnds: ["of many simultaneous ends of a session one succeeds"]
    case .checksThenOpens: ["no login slips past a simultaneous reset that ends all sessions"]
    case .endsThenChanges: ["no login slips past a simultaneous change of password that ends all other sessions"]
    case .looksThenChanges: ["of many simultaneous changes of a password one succeeds"]
    case .looksThenDeletes: ["of many simultaneous deletions of a user one succeeds, and no login is left of them"]
    case .looksThenEndsAll: ["where all sessions are ended by many at once each is given once"]
    case .countsThenRequests: ["simultaneous requests keep to the limit"]
    case .looksThenClaims: ["of many that take requests in hand at once each gets one of its own"]
    case .looksThenPurges: ["where many purge at once each row is given once"]
    case .findsFailuresOneByOne: ["nobody sees half of an update of failures"]
    case .dropsQuotes: ["SQL in an address is text like any other"]
    case .mergesWildCards: ["wild cards in an address are text like any other"]
    case .findsByPattern: ["an address is not searched for as a pattern"]
    case .foldsAllLetters: ["only the case of ASCII letters is folded"]
    case .normalizesAddress: ["addresses are kept as they were written, not normalised"]
    case .trimsAddress: ["addresses are compared as text, with every blank"]
    case .dropsInvisible: ["characters that show nothing count, and emoji are kept"]
    case .truncatesAddress: ["addresses of 250 bytes count to the last"]
    case .trimsHash: ["a hash comes back byte for byte"]
    case .comparesHashesAsCharacters:
      ["hashes are compared byte for byte", "a hash that looks the same changes no password and deletes nobody"]
    case .foldsKeys, .endsKeyAtNUL: ["keys of failures are compared byte for byte, whatever is in them"]
    case .comparesRequestIDsAsCharacters, .dropsQuotesOfRequest:
      ["ids of requests are compared byte for byte, and their addresses come back so"]
    case .endsUserAgentAtNUL, .takesEmptyUserAgentForNone:
      ["what a session knows of its client comes back byte for byte"]
    case .forgetsUsers: ["users are there again, and ids go on"]
    case .forgetsSessions: ["sessions are there again, with their last use"]
    case .forgetsTokens: ["reset tokens are there again, and work once"]
    case .bringsBackSessions: ["what was deleted stays deleted"]
    case .revivesDeleted, .forgetsUsedIDs: ["deleted users stay deleted, and their ids used"]
    case .forgetsStoredClients: ["what sessions know of their clients is there again, and so is their order"]
    case .forgetsRequests, .forgetsClaims: ["requests are there again, in hand, postponed or waiting, with their tries"]
    }
  }
}

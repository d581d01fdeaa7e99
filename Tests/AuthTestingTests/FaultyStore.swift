import AuthCore
import AuthTesting
import Synchronization

/// A store that keeps the contract except for one fault.
final class FaultyStore: AuthStore {
  /// What faults remember in addition to the base store.
  struct Memory {
    var emails: Set<String> = []
    var sessions: [Session] = []
    var emailsAtLogin: [TokenDigest: Email] = [:]
    /// The newest email that a user changed to.
    var newestEmail: Email?
    var tokens: [TokenDigest: User.ID] = [:]
    var openings = 0
    /// When a client of a user was seen first.
    var firstClients: [User.ID: [TokenDigest: Timestamp]] = [:]
    /// Who is disabled without the base store knowing it.
    var disabled: [User.ID: Timestamp] = [:]
    var disabledEmails: Set<Email> = []
    var claimed: OutboxMessage?
    var newestID: User.ID = 0
    var deletedUsers: [User] = []
    var sessionsOfDeleted: [Session] = []
    /// All messages that were ever queued, in the form in which they were.
    var messages: [OutboxMessage] = []
    var keys: Set<Throttle.Key> = []
    var rowsOfZero = 0
    var purges = 0
    var purgedSessionIDs: [User.ID: TokenDigest] = [:]
    var verification = RegistrationMemory()
    var emailChange = EmailChangeMemory()
    var recoveryEmail = RecoveryEmailMemory()
    /// How many calls are saving events.
    var savingEvents = 0
  }

  let fault: Fault
  let base = InMemoryStore()
  let memory = Mutex(Memory())

  init(_ fault: Fault) {
    self.fault = fault
  }

  /// Called between a read and the write that depends on it, so that other tasks read in between.
  func letOthersRun() async {
    for _ in 0..<50 { await Task.yield() }
  }

  /// A second earlier if the store has this fault: what ends now has not ended yet.
  func shifted(_ now: Timestamp, by fault: Fault) -> Timestamp { self.fault == fault ? now - .seconds(1) : now }
}

extension Session.Cutoff {
  static let everySession = Self(expiringAfter: .distantPast, usedAfter: .distantPast)
}

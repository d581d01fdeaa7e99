internal import AuthCore

extension StoreContract.Clause {
  package static let gaugesCountWhatIsOpenAndWaits = Self(
    .maintenance, "the gauges count the open sessions and all waiting messages, and know the oldest"
  ) { trial in
    let nothing = StoreGauges(openSessions: 0, waitingMessages: 0, oldestMessage: nil)
    try await trial.expect(trial.store.gauges(live: Samples.everySession), is: nothing, "the gauges of an empty store")

    let bob = try await trial.addUser("bob@me.com")
    try await trial.addSession(Samples.session("open", of: bob, used: .seconds(9), expiring: .seconds(10)))
    try await trial.addSession(Samples.session("idle", of: bob, used: .seconds(8), expiring: .seconds(10)))
    try await trial.addSession(Samples.session("expired", of: bob, used: .seconds(9), expiring: .seconds(9)))
    try await trial.addSession(Samples.session("both", of: bob, used: .seconds(8), expiring: .seconds(9)))
    for (name, age) in [("b", 10), ("a", 20), ("c", 0)] {
      _ = try await trial.store.addMessage(Samples.message(name, at: Samples.now - .seconds(age)), limit: 10)
    }
    // Claimed, so that another is the next that is due.
    _ = try await trial.store.claimMessage(now: Samples.now, until: Samples.now + Samples.hour)
    let live = Session.Cutoff(expiringAfter: Samples.now + .seconds(9), usedAfter: Samples.now + .seconds(8))
    try await trial.expect(
      trial.store.gauges(live: live),
      is: StoreGauges(openSessions: 1, waitingMessages: 3, oldestMessage: Samples.now - .seconds(20)), "the gauges")
    try await trial.store.removeMessage("a")
    try await trial.expect(
      trial.store.gauges(live: Samples.everySession),
      is: StoreGauges(openSessions: 4, waitingMessages: 2, oldestMessage: Samples.now - .seconds(10)),
      "the gauges once a message is gone")
  }
}

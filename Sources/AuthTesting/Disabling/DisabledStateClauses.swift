internal import AuthCore

extension StoreContract.Clause {
  package static let stateIsOfOneUser = Self(.disabling, "a user who is disabled is found so, and no other is") { trial in
    let (alice, bob) = (try await trial.addUser("alice@me.com"), try await trial.addUser("bob@me.com"))
    try await trial.expectDisabled(bob, at: nil, "a new user")
    try await trial.disable(bob)
    try await trial.expectDisabled(bob, at: Samples.now, "the disabled user")
    try await trial.expectDisabled(alice, at: nil, "another user")
    let unknown = try await trial.store.findUser(email: Samples.email("bo@me.com"), counters: [])
    try trial.expect(unknown.isDisabled, is: false, "whether an unknown email is that of a disabled user")
  }

  package static let disablingIsDoneOnce = Self(.disabling, "a user who is disabled again stays so from the first moment") {
    trial in
    let (bob, later) = (try await trial.addUser("bob@me.com"), Samples.now + .seconds(60))
    try await trial.disable(bob)
    let again = try await trial.store.disableUser(bob.id, at: later, endingSessionsIn: Samples.everySession)
    try trial.expect(again, is: nil, "disabling a disabled user")
    try await trial.expectDisabled(bob, at: Samples.now, "the user")
  }

  package static let enabledUserGetsSessions = Self(
    .disabling, "an enabled user gets sessions again, and can be disabled again"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    try await trial.expect(trial.store.enableUser(bob.id), is: false, "enabling a user who is not disabled")
    try await trial.disable(bob)
    try await trial.expect(trial.store.enableUser(bob.id), is: true, "enabling a disabled user")
    try await trial.expectDisabled(bob, at: nil, "the enabled user")
    let session = Samples.session("new", of: bob)
    try await trial.addSession(session)
    let ended = try await trial.store.disableUser(
      bob.id, at: Samples.now + .seconds(60), endingSessionsIn: Samples.everySession)
    try trial.expect(ended, is: [session.id], "the sessions ended by disabling again")
    try await trial.expectDisabled(bob, at: Samples.now + .seconds(60), "the user")
  }

  package static let stateNeedsUser = Self(.disabling, "disabling or enabling a user who does not exist throws noResultFound") {
    trial in
    try await trial.expectError(.noResultFound, "disabling a user who does not exist") { () async throws(StoreError) in
      try await trial.store.disableUser(1, at: Samples.now, endingSessionsIn: Samples.everySession)
    }
    try await trial.expectError(.noResultFound, "enabling a user who does not exist") { () async throws(StoreError) in
      try await trial.store.enableUser(1)
    }
    try await trial.expect(trial.store.disabledAt(1), is: nil, "the moment of disabling a user who does not exist")
  }

  package static let newPasswordEnablesNoOne = Self(
    .disabling, "neither a reset nor a change of the user enables them"
  ) { trial in
    let (bob, _, token) = try await trial.addFullUser("bob")
    try await trial.disable(bob)
    try await trial.expect(trial.consume(token), is: true, "using the reset token of a disabled user")
    try await trial.expectDisabled(bob, at: Samples.now, "the user after a reset")
    try await trial.store.updateUser(bob.id, .hashedPassword(Samples.hash))
    try await trial.expectDisabled(bob, at: Samples.now, "the user after a change of the hash")
  }

  package static let disablingEndsWithUser = Self(.disabling, "a new user with the email of a deleted one is not disabled") {
    trial in
    let bob = try await trial.addUser("bob@me.com")
    try await trial.disable(bob)
    try await trial.expect(
      trial.store.deleteUser(bob.id, ifPassword: bob.hashedPassword), is: true, "deleting a disabled user")
    try await trial.expect(trial.store.disabledAt(bob.id), is: nil, "the moment of disabling a deleted user")
    try await trial.expectDisabled(trial.addUser("bob@me.com"), at: nil, "the new user")
  }
}

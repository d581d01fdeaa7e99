internal import AuthCore

extension StoreContract.Clause {
  package static let recoveryRequestWaits = Self(
    .recoveryEmail, "a request for a recovery email, which an account may have, waits with its message and changes nothing"
  ) { trial in
    let alice = try await trial.addUser("alice@me.com")
    for email in ["second@me.com", "ALICE@me.com"] {
      let (bob, session, _) = try await trial.addFullUser("bob of \(email)")
      let request = Samples.recoveryRequest(email, of: bob, to: email)
      var message = Samples.message(of: request, email)
      let adding = try await trial.store.addRecoveryEmailRequest(request, by: session.id, queueing: message, limit: 100)
      try trial.expect(adding, is: .added, "adding a request")
      message.tries = 1
      try await trial.expect(trial.claim(), is: message, "the message that waits")
      try await trial.expect(trial.claim(), is: nil, "a second message")
      try await trial.expect(trial.recoveryEmail(of: bob), is: "none", "the recovery email")
      try await trial.expect(trial.user(bob.id), is: bob, "the user")
      try await trial.expect(trial.challengeRecovery(request, email), is: request, "the request")
    }
    try await trial.expect(trial.user(alice.id), is: alice, "the user who has the email")
  }

  package static let recoveryRequestNeedsSession = Self(
    .recoveryEmail, "a request for a recovery email needs a session of its user"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let (_, other, _) = try await trial.addFullUser("alice")
    let request = Samples.recoveryRequest("bob", of: bob, to: "second@me.com")
    for id in [other.id, Samples.digest("none")] {
      let adding = try await trial.store.addRecoveryEmailRequest(
        request, by: id, queueing: Samples.message(of: request, "bob"), limit: 100)
      try trial.expect(adding, is: .outdated, "adding a request")
      try await trial.expect(trial.challengeRecovery(request, "bob"), is: nil, "the refused request")
    }
    try await trial.expect(trial.takeWaiting(), is: [], "the messages that wait")
    _ = try await trial.addRecoveryRequest("bob", of: bob, to: "second@me.com", by: session.id)
  }

  package static let refusedRecoveryRequestIsNotKept = Self(
    .recoveryEmail, "a request whose message is one too many is not kept, and its user's earlier one is"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let first = try await trial.addRecoveryRequest("first", of: bob, to: "first@me.com", by: session.id)
    let second = Samples.recoveryRequest("second", of: bob, to: "second@me.com")
    let adding = try await trial.store.addRecoveryEmailRequest(
      second, by: session.id, queueing: Samples.message(of: second, "second"), limit: 1)
    try trial.expect(adding, is: .outboxFull, "adding a second request of one")
    try await trial.expect(trial.challengeRecovery(second, "second"), is: nil, "the refused request")
    try await trial.expect(trial.challengeRecovery(first, "first"), is: first, "the earlier request")
    try await trial.expect(trial.claimAll(), is: ["recovery message first"], "the messages that wait")
  }

  package static let newerRecoveryRequestReplacesOlder = Self(
    .recoveryEmail, "a newer request for a recovery email takes the place of the older one of its user alone"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let (alice, aliceSession, _) = try await trial.addFullUser("alice")
    let other = try await trial.addRecoveryRequest("other", of: alice, to: "older@me.com", by: aliceSession.id)
    let older = try await trial.addRecoveryRequest("older", of: bob, to: "older@me.com", by: session.id)
    let newer = try await trial.addRecoveryRequest("newer", of: bob, to: "newer@me.com", by: session.id)
    try await trial.expect(trial.proveRecovery(.token(Samples.digest("older token"))), is: nil, "the token of the older")
    try await trial.expect(trial.challengeRecovery(older, "again"), is: nil, "the older request")
    try await trial.expect(trial.confirmRecovery(older, of: bob), is: false, "confirming the older request")
    try await trial.expect(trial.proveRecovery(.token(Samples.digest("newer token"))), is: newer, "the token of the newer")
    try await trial.expect(
      trial.proveRecovery(.token(Samples.digest("other token"))), is: other, "the token of another user")
  }

  package static let newestRecoveryChallengeWorks = Self(
    .recoveryEmail, "the newest challenge of a request works, by token and by code, and no other does"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let request = try await trial.addRecoveryRequest("older", of: bob, to: "second@me.com", by: session.id)
    _ = try await trial.challengeRecovery(request, "newer")
    for (name, found) in [("older", nil), ("newer", request), ("x", nil)] {
      let token = RecoveryEmailRequest.Proof.token(Samples.digest("\(name) token"))
      try await trial.expect(trial.proveRecovery(token), is: found, "the token \(name)")
      let code = RecoveryEmailRequest.Proof.code(Samples.digest("\(name) code"), of: bob.id)
      try await trial.expect(trial.proveRecovery(code), is: found, "the code \(name)")
    }
    try await trial.expect(trial.proveRecovery(.token(Samples.digest("newer code"))), is: nil, "the code, given as a token")
    let unknown = Samples.recoveryRequest("unknown", of: bob, to: "second@me.com")
    try await trial.expect(trial.challengeRecovery(unknown, "x"), is: nil, "a request that was not added")
  }

  package static let recoveryRequestExpires = Self(
    .recoveryEmail, "a request for a recovery email is void at its end, and its code at its own"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let request = try await trial.addRecoveryRequest("bob", of: bob, to: "second@me.com", by: session.id)
    let codeEnd = Samples.now + Samples.second * 9
    _ = try await trial.store.challengeRecoveryEmailRequest(
      request.id, with: Samples.challenge("bob", codeExpiring: codeEnd), now: Samples.now)
    let (token, code) = (
      RecoveryEmailRequest.Proof.token(Samples.digest("bob token")),
      RecoveryEmailRequest.Proof.code(Samples.digest("bob code"), of: bob.id)
    )
    try await trial.expect(trial.proveRecovery(code, now: codeEnd - Samples.second), is: request, "the code before its end")
    try await trial.expect(trial.proveRecovery(code, now: codeEnd), is: nil, "the code at its end")
    let end = request.expiresAt
    try await trial.expect(trial.proveRecovery(token, now: end - Samples.second), is: request, "the token before the end")
    try await trial.expect(trial.proveRecovery(token, now: end), is: nil, "the token at the end")
    try await trial.expect(trial.challengeRecovery(request, "late", now: end), is: nil, "a challenge at the end")
    try await trial.expect(trial.confirmRecovery(request, of: bob, at: end), is: false, "confirming at the end")
    try await trial.expect(
      trial.confirmRecovery(request, of: bob, at: end - Samples.second), is: true, "confirming before the end")
  }

  package static let recoveryTriesAreLimited = Self(
    .recoveryEmail, "tries at a request for a recovery email are counted together, for its user alone, and no more than the limit"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let (alice, aliceSession, _) = try await trial.addFullUser("alice")
    let request = try await trial.addRecoveryRequest("bob", of: bob, to: "second@me.com", by: session.id)
    let other = try await trial.addRecoveryRequest("alice", of: alice, to: "second@me.com", by: aliceSession.id)
    let (link, right, wrong, stolen) = (
      RecoveryEmailRequest.Proof.token(Samples.digest("bob token")),
      RecoveryEmailRequest.Proof.code(Samples.digest("bob code"), of: bob.id),
      RecoveryEmailRequest.Proof.code(Samples.digest("x"), of: bob.id),
      RecoveryEmailRequest.Proof.code(Samples.digest("alice code"), of: bob.id)
    )
    try await trial.expect(trial.proveRecovery(wrong, limit: 5), is: nil, "a wrong code")
    try await trial.expect(trial.proveRecovery(stolen, limit: 5), is: nil, "the code of another user")
    try await trial.expect(trial.proveRecovery(link, limit: 5), is: request, "the link, third of five")
    try await trial.expect(trial.proveRecovery(wrong, limit: 5), is: nil, "another wrong code")
    try await trial.expect(trial.proveRecovery(right, limit: 5), is: request, "the right code, fifth of five")
    for proof in [right, link] { try await trial.expect(trial.proveRecovery(proof, limit: 5), is: nil, "a sixth try of five") }
    try await trial.expect(trial.proveRecovery(right, limit: 6), is: request, "the same, when six are allowed")
    let untouched = RecoveryEmailRequest.Proof.code(Samples.digest("alice code"), of: alice.id)
    try await trial.expect(trial.proveRecovery(untouched, limit: 1), is: other, "the first code of the other user")
  }

  package static let simultaneousRecoveryTriesAreLimited = Self(
    .recoveryEmail, "simultaneous tries at a request for a recovery email keep to the limit"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    _ = try await trial.addRecoveryRequest("bob", of: bob, to: "second@me.com", by: session.id)
    let outcomes = try await trial.atOnce(30) { _, store throws(StoreError) in
      try await store.tryRecoveryEmailRequest(.code(Samples.digest("bob code"), of: bob.id), limit: 5, now: Samples.now) != nil
    }
    try trial.expect(try outcomes.filter { try $0.get() }.count, is: 5, "the number of tries that count")
  }
}

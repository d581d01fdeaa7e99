internal import AuthCore

extension StoreContract.Clause {
  package static let changeWaitsWithMessages = Self(
    .emailChange, "a change, to a free or a taken email, waits with both its messages and changes nothing"
  ) { trial in
    let alice = try await trial.addUser("alice@me.com")
    for email in ["new@me.com", "ALICE@me.com"] {
      let (bob, session, _) = try await trial.addFullUser("bob of \(email)")
      let request = Samples.change(email, of: bob, to: email, by: session.id)
      try await trial.expect(trial.store.addEmailChange(request, limit: 100), is: .added, "adding a change")
      for (message, now) in [(request.message, Samples.now), (request.notice, Samples.now + Samples.second)] {
        var expected = message
        expected.tries = 1
        let claimed = try await trial.store.claimMessage(now: now, until: .distantFuture)
        try trial.expect(claimed, is: expected, "a message that waits")
      }
      try await trial.expect(trial.user(bob.id), is: bob, "the user")
      try await trial.expect(trial.challengeChange(request.change, email), is: request.change, "the change")
      try await trial.expectNoUser("a user with the new email", by: [.email(Samples.email("new@me.com"))])
    }
    try await trial.expect(trial.user(alice.id), is: alice, "the user who has the other email")
  }

  package static let changeNeedsSession = Self(
    .emailChange, "a change needs a session of the user, and the email that the user has"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let (_, other, _) = try await trial.addFullUser("alice")
    var former = bob
    former.email = Samples.email("former@me.com")
    for (user, id) in [(bob, other.id), (bob, Samples.digest("none")), (former, session.id)] {
      let request = Samples.change("bob", of: user, to: "new@me.com", by: id)
      try await trial.expect(trial.store.addEmailChange(request, limit: 100), is: .outdated, "adding a change")
      try await trial.expect(trial.challengeChange(request.change, "bob"), is: nil, "the refused change")
    }
    try await trial.expect(trial.claimAll(at: Samples.now + Samples.second), is: [], "the messages that wait")
    _ = try await trial.addChange("bob", of: bob, to: "new@me.com", by: session.id)
  }

  package static let refusedChangeIsNotKept = Self(
    .emailChange, "a change whose message is one too many is not kept, and its user's earlier one is"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let first = try await trial.addChange("first", of: bob, to: "first@me.com", by: session.id)
    let second = Samples.change("second", of: bob, to: "second@me.com", by: session.id)
    try await trial.expect(trial.store.addEmailChange(second, limit: 1), is: .outboxFull, "adding a second change of one")
    try await trial.expect(trial.challengeChange(second.change, "second"), is: nil, "the refused change")
    try await trial.expect(trial.challengeChange(first, "first"), is: first, "the earlier change")
    let ids = try await trial.claimAll(at: Samples.now + Samples.second)
    try trial.expect(ids, is: ["message first", "notice first"], "the messages that wait")
  }

  package static let newerChangeReplacesOlder = Self(
    .emailChange, "a newer change takes the place of the older one of its user, whose right stays"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let (alice, aliceSession, _) = try await trial.addFullUser("alice")
    let other = try await trial.addChange("other", of: alice, to: "other@me.com", by: aliceSession.id)
    let older = try await trial.addChange("older", of: bob, to: "older@me.com", by: session.id)
    let newer = try await trial.addChange("newer", of: bob, to: "newer@me.com", by: session.id)
    try await trial.expect(trial.proveChange(.token(Samples.digest("older token"))), is: nil, "the token of the older")
    try await trial.expect(trial.challengeChange(older, "again"), is: nil, "the older change")
    try await trial.expectError(.noResultFound, "confirming the older change") { () async throws(StoreError) in
      try await trial.store.confirmEmailChange(Samples.confirmation("older", of: older))
    }
    try await trial.expect(trial.proveChange(.token(Samples.digest("newer token"))), is: newer, "the token of the newer")
    try await trial.expect(trial.proveChange(.token(Samples.digest("other token"))), is: other, "the token of another user")
    for token in ["stop older", "stop newer"] {
      try await trial.expect(trial.works(token), is: true, "whether the token \(token) works")
    }
  }

  package static let newestChangeChallengeWorks = Self(
    .emailChange, "the newest challenge of a change works, by token and by code, and no other does"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let change = try await trial.addChange("older", of: bob, to: "new@me.com", by: session.id)
    _ = try await trial.challengeChange(change, "newer")
    for (name, found) in [("older", nil), ("newer", change), ("x", nil)] {
      let token = EmailChange.Proof.token(Samples.digest("\(name) token"))
      try await trial.expect(trial.proveChange(token), is: found, "the token \(name)")
      let code = EmailChange.Proof.code(Samples.digest("\(name) code"), of: bob.id)
      try await trial.expect(trial.proveChange(code), is: found, "the code \(name)")
    }
    try await trial.expect(trial.proveChange(.token(Samples.digest("newer code"))), is: nil, "the code, given as a token")
    let unknown = EmailChange(
      id: Samples.digest("unknown"), userID: bob.id, from: bob.email, to: change.email, createdAt: Samples.now,
      expiresAt: change.expiresAt)
    try await trial.expect(trial.challengeChange(unknown, "x"), is: nil, "a change that was not added")
  }

  package static let changeExpires = Self(.emailChange, "a change is void at its end, and its code at its own") { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let change = try await trial.addChange("bob", of: bob, to: "new@me.com", by: session.id)
    let codeEnd = Samples.now + Samples.second * 9
    _ = try await trial.store.challengeEmailChange(
      change.id, with: Samples.challenge("bob", codeExpiring: codeEnd), now: Samples.now)
    let (token, code) = (
      EmailChange.Proof.token(Samples.digest("bob token")), EmailChange.Proof.code(Samples.digest("bob code"), of: bob.id)
    )
    try await trial.expect(trial.proveChange(code, now: codeEnd - Samples.second), is: change, "the code before its end")
    try await trial.expect(trial.proveChange(code, now: codeEnd), is: nil, "the code at its end")
    let end = change.expiresAt
    try await trial.expect(trial.proveChange(token, now: end - Samples.second), is: change, "the token before the end")
    try await trial.expect(trial.proveChange(token, now: end), is: nil, "the token at the end")
    try await trial.expect(trial.challengeChange(change, "late", now: end), is: nil, "a challenge at the end")
    try await trial.expectError(.noResultFound, "confirming at the end") { () async throws(StoreError) in
      try await trial.store.confirmEmailChange(Samples.confirmation("bob", of: change, at: end))
    }
    let user = try await trial.store.confirmEmailChange(
      Samples.confirmation("bob", of: change, at: end - Samples.second)
    ).user
    try trial.expect(user.email.text, is: "new@me.com", "the email after confirming before the end")
  }

  package static let changeTriesAreLimited = Self(
    .emailChange, "tries at a change are counted together, for its user alone, and no more than the limit"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let (alice, aliceSession, _) = try await trial.addFullUser("alice")
    let change = try await trial.addChange("bob", of: bob, to: "new@me.com", by: session.id)
    let other = try await trial.addChange("alice", of: alice, to: "other@me.com", by: aliceSession.id)
    let (link, right, wrong, stolen) = (
      EmailChange.Proof.token(Samples.digest("bob token")), EmailChange.Proof.code(Samples.digest("bob code"), of: bob.id),
      EmailChange.Proof.code(Samples.digest("x"), of: bob.id),
      EmailChange.Proof.code(Samples.digest("alice code"), of: bob.id)
    )
    try await trial.expect(trial.proveChange(wrong, limit: 5), is: nil, "a wrong code")
    try await trial.expect(trial.proveChange(stolen, limit: 5), is: nil, "the code of another user")
    try await trial.expect(trial.proveChange(link, limit: 5), is: change, "the link, third of five")
    try await trial.expect(trial.proveChange(wrong, limit: 5), is: nil, "another wrong code")
    try await trial.expect(trial.proveChange(right, limit: 5), is: change, "the right code, fifth of five")
    for proof in [right, link] { try await trial.expect(trial.proveChange(proof, limit: 5), is: nil, "a sixth try of five") }
    try await trial.expect(trial.proveChange(right, limit: 6), is: change, "the same, when six are allowed")
    let untouched = EmailChange.Proof.code(Samples.digest("alice code"), of: alice.id)
    try await trial.expect(trial.proveChange(untouched, limit: 1), is: other, "the first code of the other user")
  }

  package static let simultaneousChangeTriesAreLimited = Self(
    .emailChange, "simultaneous tries at a change keep to the limit"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    _ = try await trial.addChange("bob", of: bob, to: "new@me.com", by: session.id)
    let outcomes = try await trial.atOnce(30) { _, store throws(StoreError) in
      try await store.tryEmailChange(.code(Samples.digest("bob code"), of: bob.id), limit: 5, now: Samples.now) != nil
    }
    try trial.expect(try outcomes.filter { try $0.get() }.count, is: 5, "the number of tries that count")
  }
}

internal import AuthCore

extension StoreContract {
  static let passwordChangeClauses: [Clause] = [
    Clause(.accounts, "a changed password renews its session, and ends the others when they are to end") { trial in
      for endingOthers in [true, false] {
        let (bob, session, token) = try await trial.addFullUser("bob \(endingOthers)")
        let other = Samples.session("other of \(endingOthers)", of: bob)
        let new = Samples.session("new of \(endingOthers)", of: bob)
        try await trial.addSession(other)
        let isChanged = try await trial.store.changePassword(
          of: bob.id, bob.hashedPassword, to: Samples.newHash, renewing: session.id, as: new, endingOthers: endingOthers)
        try trial.expect(isChanged, is: true, "changing the password")
        let changed = User(id: bob.id, email: bob.email, hashedPassword: Samples.newHash, sessionID: new.id)
        try await trial.expect(trial.user(bob.id), is: changed, "the user, whose reset token was taken back")
        let owner = try await trial.store.findUser(withResetToken: token.id, now: Samples.now)
        try trial.expect(owner, is: nil, "the owner of the reset token")
        try await trial.expect(trial.isStored(session), is: false, "whether the renewed session is open under its former id")
        try await trial.expect(trial.isStored(new), is: true, "whether it is open under its new id")
        try await trial.expect(trial.isStored(other), is: !endingOthers, "whether the other session is open")
      }
    },

    Clause(.accounts, "no password is changed for another hash, or without the session that is to go on") { trial in
      let (bob, session, token) = try await trial.addFullUser("bob")
      let (alice, aliceSession, _) = try await trial.addFullUser("alice")
      let new = Samples.session("new", of: bob)
      for (hash, old) in [
        (Samples.newHash, session.id), (bob.hashedPassword, aliceSession.id), (bob.hashedPassword, Samples.digest("none")),
      ] {
        let isChanged = try await trial.store.changePassword(
          of: bob.id, hash, to: Samples.hash, renewing: old, as: new, endingOthers: true)
        try trial.expect(isChanged, is: false, "changing the password")
      }
      try await trial.expect(trial.user(bob.id), is: bob, "the user whose password was not changed")
      try await trial.expect(trial.user(alice.id), is: alice, "another user")
      let owner = try await trial.store.findUser(withResetToken: token.id, now: Samples.now)
      try trial.expect(owner, is: bob, "the owner of the reset token")
      for kept in [session, aliceSession] { try await trial.expect(trial.isStored(kept), is: true, "whether a session is open") }
      try await trial.expect(trial.isStored(new), is: false, "whether the new session is open")
    },

    Clause(.accounts, "a deleted user is gone with sessions and tokens, and nobody else, and the id is not used again") { trial in
      let (alice, aliceSession, aliceToken) = try await trial.addFullUser("alice")
      let (bob, session, token) = try await trial.addFullUser("bob")
      let isWronglyDeleted = try await trial.store.deleteUser(bob.id, ifPassword: alice.hashedPassword)
      try trial.expect(isWronglyDeleted, is: false, "deleting a user for another hash")
      try await trial.expect(trial.user(bob.id), is: bob, "the user who was not deleted")

      let isDeleted = try await trial.store.deleteUser(bob.id, ifPassword: bob.hashedPassword)
      try trial.expect(isDeleted, is: true, "deleting a user")
      try await trial.expectNobody("with the id of the deleted user", by: [.id(bob.id)])
      try await trial.expect(trial.isStored(session), is: false, "whether the deleted user's session is open")
      let owner = try await trial.store.findUser(withResetToken: token.id, now: Samples.now)
      try trial.expect(owner, is: nil, "the owner of the deleted user's reset token")
      let isDeletedAgain = try await trial.store.deleteUser(bob.id, ifPassword: bob.hashedPassword)
      try trial.expect(isDeletedAgain, is: false, "deleting a user again")

      try await trial.expect(trial.user(alice.id), is: alice, "another user")
      try await trial.expect(trial.isStored(aliceSession), is: true, "whether another user's session is open")
      let aliceOwner = try await trial.store.findUser(withResetToken: aliceToken.id, now: Samples.now)
      try trial.expect(aliceOwner, is: alice, "the owner of another user's reset token")
      try await trial.expect(trial.addUser("bob@me.com").id, is: bob.id + 1, "the id of the next user, with the same address")
    },
  ]
}

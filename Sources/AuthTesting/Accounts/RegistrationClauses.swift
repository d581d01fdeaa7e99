internal import AuthCore

extension StoreContract.Clause {
  package static let newUserIsAsGiven = Self(.accounts, "a new user has the given email and hash, no session and no reset token")
  { trial in
    let bob = try await trial.addUser("bob@me.com")
    let expected = User(id: bob.id, email: Samples.email("bob@me.com"), hashedPassword: Samples.hash)
    try trial.expect(bob, is: expected, "the user that was added")
    try await trial.expect(trial.user(bob.id), is: expected, "the user that is found")
  }

  package static let idsCountUpwards = Self(.accounts, "ids count upwards") { trial in
    var last = User.ID.min
    for name in ["c", "a", "b"] {
      let user = try await trial.addUser("\(name)@me.com")
      // Gaps are allowed: a sequence leaves one when a registration is refused.
      try trial.expect(user.id > last, is: true, "whether the id \(user.id) is above \(last), the one before")
      last = user.id
      try await trial.expectError(.emailTaken, "registering the email again") { () async throws(StoreError) in
        try await trial.store.addUser(email: user.email, hashedPassword: Samples.hash)
      }
    }
  }

  package static let emailKeepsItsCase = Self(.accounts, "an email keeps the letter case in which it was registered") { trial in
    let user = try await trial.addUser("Bob@Me.COM")
    try trial.expect(user.email.text, is: "Bob@Me.COM", "the email of the user that was added")
    try await trial.expect(trial.user(user.id).email.text, is: "Bob@Me.COM", "the email of the user found by id")
    let found = try await trial.store.findUser(by: .email(Samples.email("BOB@me.com")))
    try trial.expect(found.email.text, is: "Bob@Me.COM", "the email of the user found by another letter case")
  }

  package static let emailIsRegisteredOnce = Self(.accounts, "an email is registered once, in any letter case") { trial in
    let user = try await trial.addUser("bob@me.com")
    for text in ["bob@me.com", "BOB@me.com", "bob@me.coM", "BOB@ME.COM"] {
      try await trial.expectError(.emailTaken, "registering \(text) beside bob@me.com") { () async throws(StoreError) in
        try await trial.store.addUser(email: Samples.email(text), hashedPassword: Samples.newHash)
      }
    }
    try await trial.expect(trial.user(user.id), is: user, "the user who had the email")
    try await trial.expectNoUser("a second user", by: [.hashedPassword(Samples.newHash)])
  }

  package static let formerEmailIsFree = Self(
    .accounts, "after a change of email the former one is free and the new one is taken"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    try await trial.store.updateUser(bob.id, .email(Samples.email("robert@me.com")))
    try await trial.expectNoUser("the user with the former email", by: [.email(Samples.email("bob@me.com"))])
    let successor = try await trial.addUser("bob@me.com")
    let found = try await trial.store.findUser(by: .email(Samples.email("bob@me.com")))
    try trial.expect(found, is: successor, "the user with the email that was free again")
    try await trial.expectError(.emailTaken, "registering the new email") { () async throws(StoreError) in
      try await trial.store.addUser(email: Samples.email("ROBERT@me.com"), hashedPassword: Samples.hash)
    }
  }

  package static let oneRegistrationSucceeds = Self(
    .accounts, "exactly one of several simultaneous registrations of an email succeeds"
  ) { trial in
    let outcomes = try await trial.atOnce(50) { index, store throws(StoreError) in
      let text = index.isMultiple(of: 3) ? "BOB@me.com" : "bob@me.com"
      return try await store.addUser(email: Samples.email(text), hashedPassword: PasswordHash("hash \(index)"))
    }
    var winners: [User] = []
    for outcome in outcomes {
      switch outcome {
      case .success(let user): winners.append(user)
      case .failure(.unavailable(let reason)): throw StoreError.unavailable(reason)
      case .failure(let error): try trial.expect(error, is: .emailTaken, "the error of a registration that came too late")
      }
    }
    try trial.expect(winners.count, is: 1, "the number of registrations that succeeded")
    try await trial.expect(trial.user(winners[0].id), is: winners[0], "the user who has the email")
    for index in 0..<50 where PasswordHash("hash \(index)") != winners[0].hashedPassword {
      try await trial.expectNoUser("a second user", by: [.hashedPassword(PasswordHash("hash \(index)"))])
    }
  }

  package static let simultaneousIDsDiffer = Self(
    .accounts, "simultaneous registrations of different emails all succeed, each with its own id"
  ) { trial in
    let outcomes = try await trial.atOnce(40) { index, store throws(StoreError) in
      try await store.addUser(email: Samples.email("\(index)@me.com"), hashedPassword: PasswordHash("hash \(index)"))
    }
    let users = try outcomes.map { try $0.get() }
    try trial.expect(Set(users.map(\.id)).count, is: 40, "the number of different ids")
    for user in users { try await trial.expect(trial.user(user.id), is: user, "the user with this id") }
  }
}

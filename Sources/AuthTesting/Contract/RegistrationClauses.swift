internal import AuthCore

extension StoreContract {
  static let registrationClauses: [Clause] = [
    Clause(.accounts, "a new user has the given address and hash, and nothing else") { trial in
      let expected = User(id: 1, email: Samples.email("bob@me.com"), hashedPassword: Samples.hash)
      try await trial.expect(trial.addUser("bob@me.com"), is: expected, "the user that was added")
      try await trial.expect(trial.user(1), is: expected, "the user that is found")
    },

    Clause(.accounts, "ids count 1, 2, …, and a refused registration uses none up") { trial in
      for (index, name) in ["c", "a", "b"].enumerated() {
        let user = try await trial.addUser("\(name)@me.com")
        try trial.expect(user.id, is: User.ID(index + 1), "the id of the user added")
        try await trial.expectError(.emailTaken, "registering the address again") { () async throws(StoreError) in
          try await trial.store.addUser(email: user.email, hashedPassword: Samples.hash)
        }
      }
    },

    Clause(.accounts, "an address keeps the letter case in which it was registered") { trial in
      let user = try await trial.addUser("Bob@Me.COM")
      try trial.expect(user.email.text, is: "Bob@Me.COM", "the address of the user that was added")
      try await trial.expect(trial.user(1).email.text, is: "Bob@Me.COM", "the address of the user found by id")
      let found = try await trial.store.findUser(by: .email(Samples.email("BOB@me.com")))
      try trial.expect(found.email.text, is: "Bob@Me.COM", "the address of the user found by another letter case")
    },

    Clause(.accounts, "an address is registered once, in whatever letter case") { trial in
      let user = try await trial.addUser("bob@me.com")
      for text in ["bob@me.com", "BOB@me.com", "bob@me.coM", "BOB@ME.COM"] {
        try await trial.expectError(.emailTaken, "registering \(text) beside bob@me.com") { () async throws(StoreError) in
          try await trial.store.addUser(email: Samples.email(text), hashedPassword: Samples.newHash)
        }
      }
      try await trial.expect(trial.user(1), is: user, "the user who had the address")
      try await trial.expectNobody("a second user", by: [.id(2)])
    },

    Clause(.accounts, "an address given up is free again, and the new one is taken") { trial in
      _ = try await trial.addUser("bob@me.com")
      try await trial.store.updateUser(1, .email(Samples.email("robert@me.com")))
      try await trial.expectNobody("the user with the former address", by: [.email(Samples.email("bob@me.com"))])
      let successor = try await trial.addUser("bob@me.com")
      let found = try await trial.store.findUser(by: .email(Samples.email("bob@me.com")))
      try trial.expect(found, is: successor, "the user with the address that was free again")
      try await trial.expectError(.emailTaken, "registering the new address") { () async throws(StoreError) in
        try await trial.store.addUser(email: Samples.email("ROBERT@me.com"), hashedPassword: Samples.hash)
      }
    },
  ]
}

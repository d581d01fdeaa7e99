internal import AuthCore

extension StoreContract.Clause {
  package static let registrationWaitsWithMessage = Self(
    .verification, "a registration, of a free or a taken email, waits with its message and creates no account"
  ) { trial in
    let alice = try await trial.addUser("alice@me.com")
    for email in ["alice@me.com", "bob@me.com"] {
      let registration = try await trial.addRegistration(email)
      let message = try await trial.claim()
      try trial.expect(message?.id, is: "message of \(email)", "the message that waits")
      let found = try await trial.challenge(registration, email)
      try trial.expect(found, is: registration, "the registration that got a challenge")
    }
    try await trial.expectNoUser("a user with the registered email", by: [.email(Samples.email("bob@me.com"))])
    try await trial.expect(trial.user(alice.id), is: alice, "the user who has the other")
  }

  package static let refusedRegistrationIsNotKept = Self(
    .verification, "a registration whose message is one too many is not kept"
  ) { trial in
    _ = try await trial.addRegistration("alice@me.com")
    let second = Samples.registration("bob@me.com")
    let isAdded = try await trial.store.addRegistration(second, queueing: Samples.verification(of: second), limit: 1)
    try trial.expect(isAdded, is: false, "adding a second registration of one")
    try await trial.expect(trial.challenge(second), is: nil, "the refused registration")
    try await trial.expect(trial.claimAll(), is: ["message of alice@me.com"], "the messages that wait")
  }

  package static let newestChallengeWorks = Self(
    .verification, "the newest challenge works, by token and by code, and no other does"
  ) { trial in
    let registration = try await trial.addRegistration("bob@me.com")
    for text in ["", "x"] {
      try await trial.expect(trial.prove(.token(Samples.digest(text))), is: nil, "a token that was not issued")
      try await trial.expect(
        trial.prove(.code(Samples.digest(text), of: registration.id)), is: nil, "a code that was not issued")
    }
    _ = try await trial.challenge(registration, "older")
    _ = try await trial.challenge(registration, "newer")
    for (name, found) in [("older", nil), ("newer", registration)] {
      let token = Registration.Proof.token(Samples.digest("\(name) token"))
      try await trial.expect(trial.prove(token), is: found, "the \(name) token")
      let code = Registration.Proof.code(Samples.digest("\(name) code"), of: registration.id)
      try await trial.expect(trial.prove(code), is: found, "the \(name) code")
    }
    try await trial.expect(
      trial.prove(.token(Samples.digest("newer code"))), is: nil, "the code, given as a token")
    try await trial.expect(
      trial.prove(.code(Samples.digest("newer token"), of: registration.id)), is: nil, "the token, given as a code")
  }

  package static let registrationExpires = Self(.verification, "a registration is void from the moment it expires") { trial in
    let registration = try await trial.addRegistration("bob@me.com")
    let end = registration.expiresAt
    let challenge = Samples.challenge("bob", codeExpiring: end + Samples.hour)
    for (moment, expected) in [(end, nil), (end - Samples.second, registration)] {
      let found = try await trial.store.challengeRegistration(registration.id, with: challenge, now: moment)
      try trial.expect(found, is: expected, "giving it a challenge")
    }
    for proof in [Registration.Proof.token(challenge.token), .code(challenge.code, of: registration.id)] {
      for (moment, expected) in [(end - Samples.second, registration), (end, nil), (end + Samples.second, nil)] {
        try await trial.expect(
          trial.store.tryRegistration(proof, limit: 10, now: moment), is: expected, "a right proof around its end")
      }
    }
    try await trial.expectError(.noResultFound, "completing it when it expires") { () async throws(StoreError) in
      try await trial.store.completeRegistration(registration, now: end)
    }
    let user = try await trial.store.completeRegistration(registration, now: end - Samples.second)
    try trial.expect(user.email.text, is: "bob@me.com", "the email of the user, a second before")
  }

  package static let codeExpiresFirst = Self(.verification, "a code is void from the moment it expires, and its link is not") {
    trial in
    let registration = try await trial.addRegistration("bob@me.com")
    let end = Samples.now + .seconds(600)
    let challenge = Samples.challenge("bob", codeExpiring: end)
    _ = try await trial.store.challengeRegistration(registration.id, with: challenge, now: Samples.now)
    for (moment, expected) in [(end - Samples.second, registration), (end, nil), (end + Samples.second, nil)] {
      try await trial.expect(
        trial.store.tryRegistration(.code(challenge.code, of: registration.id), limit: 10, now: moment), is: expected,
        "the right code around its end")
    }
    try await trial.expect(
      trial.store.tryRegistration(.token(challenge.token), limit: 10, now: end), is: registration, "the link after it")
  }

  package static let codeIsOfItsRegistration = Self(
    .verification, "a code works for its registration alone, and a wrong one counts for the one it was tried with"
  ) { trial in
    let (one, other) = (try await trial.addRegistration("alice@me.com"), try await trial.addRegistration("bob@me.com"))
    _ = try await trial.challenge(one, "one")
    _ = try await trial.challenge(other, "other")
    try await trial.expect(
      trial.prove(.code(Samples.digest("other code"), of: one.id), limit: 1), is: nil, "another registration's code")
    try await trial.expect(
      trial.prove(.code(Samples.digest("one code"), of: one.id), limit: 1), is: nil, "the right code after one try of one")
    try await trial.expect(
      trial.prove(.code(Samples.digest("other code"), of: other.id), limit: 1), is: other, "the first code of the other")
    try await trial.expect(
      trial.prove(.code(Samples.digest("other code"), of: Samples.digest("x"))), is: nil, "a code without a registration")
  }

  package static let triesAreLimited = Self(.verification, "tries are counted together, and no more than the limit") { trial in
    let registration = try await trial.addRegistration("bob@me.com")
    _ = try await trial.challenge(registration, "bob")
    let (right, wrong, link) = (
      Registration.Proof.code(Samples.digest("bob code"), of: registration.id),
      Registration.Proof.code(Samples.digest("x"), of: registration.id),
      Registration.Proof.token(Samples.digest("bob token"))
    )
    try await trial.expect(trial.prove(wrong, limit: 4), is: nil, "a wrong code")
    try await trial.expect(trial.prove(link, limit: 4), is: registration, "the link, second of four")
    try await trial.expect(trial.prove(wrong, limit: 4), is: nil, "another wrong code")
    try await trial.expect(trial.prove(right, limit: 4), is: registration, "the right code, fourth of four")
    for proof in [right, link] { try await trial.expect(trial.prove(proof, limit: 4), is: nil, "a fifth try of four") }
    try await trial.expect(trial.prove(right, limit: 5), is: registration, "the same, when five are allowed")
  }

  package static let simultaneousTriesAreLimited = Self(.verification, "simultaneous tries keep to the limit") { trial in
    let registration = try await trial.addRegistration("bob@me.com")
    _ = try await trial.challenge(registration, "bob")
    let outcomes = try await trial.atOnce(30) { _, store throws(StoreError) in
      try await store.tryRegistration(.token(Samples.digest("bob token")), limit: 5, now: Samples.now) != nil
    }
    let granted = try outcomes.filter { try $0.get() }.count
    try trial.expect(granted, is: 5, "the number of tries that count")
  }
}

extension Samples {
  /// A registration that lasts an hour.
  static func registration(_ email: String, _ name: String? = nil) -> Registration {
    Registration(
      id: digest("registration \(name ?? email)"), email: self.email(email),
      hashedPassword: PasswordHash("hash of \(name ?? email)"), createdAt: now, expiresAt: now + hour)
  }

  static func verification(of registration: Registration, _ name: String? = nil) -> OutboxMessage {
    OutboxMessage(
      id: "message of \(name ?? registration.email.text)", kind: .emailVerification, email: registration.email,
      payload: registration.id.hex, createdAt: now)
  }

  static func challenge(_ name: String, codeExpiring end: Timestamp = now + hour) -> Registration.Challenge {
    Registration.Challenge(token: digest("\(name) token"), code: digest("\(name) code"), codeExpiresAt: end)
  }
}

extension Trial {
  func addRegistration(_ email: String, _ name: String? = nil) async throws -> Registration {
    let registration = Samples.registration(email, name)
    let isAdded = try await store.addRegistration(
      registration, queueing: Samples.verification(of: registration, name), limit: 100)
    try expect(isAdded, is: true, "adding a registration")
    return registration
  }

  func challenge(_ registration: Registration, _ name: String = "a") async throws -> Registration? {
    try await store.challengeRegistration(registration.id, with: Samples.challenge(name), now: Samples.now)
  }

  func prove(_ proof: Registration.Proof, limit: Int = 100) async throws -> Registration? {
    try await store.tryRegistration(proof, limit: limit, now: Samples.now)
  }
}

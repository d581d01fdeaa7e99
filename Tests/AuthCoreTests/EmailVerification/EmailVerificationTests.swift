import AuthCore
import AuthTesting
import Testing

/// Accounts that exist only once their email is verified.
///
/// OWASP ASVS 5.0: 6.3.8. NIST SP 800-63B-4: 4.2.1.2.
@Suite struct EmailVerificationTests {
  private static let policy: AuthPolicy = {
    var policy = AuthPolicy.strict
    policy.emailVerification.requirement = .beforeLogin
    return policy
  }()

  private let fixture = AuthFixture(policy)
  private let delivery = RecordingDelivery()
  private var auth: Auth { fixture.auth }

  private func request(
    _ email: String = AuthFixture.email, password: String = AuthFixture.password
  ) async throws -> RegistrationID {
    try await auth.requestRegistration(email: email, password: password, from: .unknown)
  }

  /// Delivers the message that has been due longest.
  private func deliverMessage() async throws -> AuthMessage {
    #expect(try await auth.deliver(through: delivery) == .delivered)
    return try #require(delivery.messages.last)
  }

  private func challenge() async throws -> (token: VerificationToken, code: VerificationCode) {
    try #require(try await deliverMessage().verification)
  }

  private func logIn(_ password: String = AuthFixture.password) async throws -> Login? {
    try await auth.logIn(email: AuthFixture.email, password: password, from: .unknown).login
  }

  @Test func `an account exists only once the link and the password come`() async throws {
    _ = try await request()
    #expect(try await logIn() == nil)
    let (token, _) = try await challenge()
    #expect(try await logIn() == nil)
    let user = try await auth.verifyEmail(token: token, password: AuthFixture.password, from: .unknown)
    #expect(user.email.text == AuthFixture.email)
    #expect(try await logIn()?.user.id == user.id)
    #expect(try await auth.emailVerifiedAt(user.id) == fixture.clock.now)
  }

  @Test func `a code works for the client that registered`() async throws {
    let id = try await request()
    let (_, code) = try await challenge()
    await #expect(throws: AuthError.invalidVerification) {
      try await auth.verifyEmail(code: code, of: RegistrationID("made up"), from: .unknown)
    }
    #expect(try await auth.verifyEmail(code: code, of: id, from: .unknown).email.text == AuthFixture.email)
    #expect(try await logIn() != nil)
    await #expect(throws: AuthError.invalidVerification) {
      try await auth.verifyEmail(code: code, of: id, from: .unknown)
    }
  }

  @Test func `a code may be typed as people type`() throws {
    let code = VerificationCode("10AB-CDEF")
    #expect(code.text == "10ABCDEF")
    for text in ["10abcdef", " 10AB CDEF ", "lo-ab-cd-ef", "IoABCDEF"] { #expect(VerificationCode(text).text == code.text) }
    #expect(VerificationCode("10ABCDEFG").text != code.text)
  }

  @Test func `codes have eight characters of 32, all of which occur`() async throws {
    var seen: Set<Character> = []
    for index in 0..<60 {
      _ = try await request("user\(index)@me.com")
      let code = try await challenge().code.text
      #expect(code.count == 8)
      seen.formUnion(code)
    }
    #expect(seen == Set("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
  }

  @Test(arguments: ["Bob@me.com", "BOB@ME.COM", "eve@me.com"])
  func `free or taken, the store does the same work, and one message goes out`(_ email: String) async throws {
    _ = try await fixture.store.addUser(email: Email("bob@me.com"), hashedPassword: PasswordHash("x"))
    let (operations, hasher) = (RecordedOperations(), CountingHasher())
    let auth = fixture.intercepting(hasher: hasher) { operations.append($0) }
    let id = try await auth.requestRegistration(email: email, password: AuthFixture.password, from: .at("203.0.113.7"))
    #expect(operations.all == [.settle, .addRegistration])
    #expect(hasher.count == .init(hashed: 1))
    #expect(id.text.utf8.count == 43)
    let message = try await deliverMessage()
    #expect(try await self.auth.deliver(through: delivery) == .nothingDue)
    if email == "eve@me.com" {
      #expect(message.kind == .emailVerification)
    } else {
      #expect(message.kind == .accountExists)
      // As the account has it, whatever the letter case in the request.
      #expect(message.email.text == "bob@me.com")
    }
  }

  @Test func `the password of whoever registered first never works for the owner`() async throws {
    _ = try await request(password: "the attacker's own passphrase")
    let id = try await request()
    let attackers = try await challenge()
    let owners = try await challenge()
    // The owner follows the link of the wrong message, with the password that they chose.
    await #expect(throws: AuthError.wrongPassword) {
      try await auth.verifyEmail(token: attackers.token, password: AuthFixture.password, from: .unknown)
    }
    // The attacker has no code, and that of the owner does not fit.
    await #expect(throws: AuthError.invalidVerification) {
      try await auth.verifyEmail(code: attackers.code, of: id, from: .unknown)
    }
    try await auth.verifyEmail(code: owners.code, of: id, from: .unknown)
    #expect(try await logIn("the attacker's own passphrase") == nil)
    #expect(try await logIn() != nil)
    await #expect(throws: AuthError.invalidVerification) {
      try await auth.verifyEmail(token: attackers.token, password: "the attacker's own passphrase", from: .unknown)
    }
  }

  @Test func `five tries are granted, of codes and passwords together`() async throws {
    let id = try await request()
    let (token, code) = try await challenge()
    for _ in 1...3 {
      await #expect(throws: AuthError.invalidVerification) {
        try await auth.verifyEmail(code: VerificationCode("00000000"), of: id, from: .unknown)
      }
    }
    for _ in 1...2 {
      await #expect(throws: AuthError.wrongPassword) {
        try await auth.verifyEmail(token: token, password: "wrong", from: .unknown)
      }
    }
    await #expect(throws: AuthError.invalidVerification) { try await auth.verifyEmail(code: code, of: id, from: .unknown) }
    await #expect(throws: AuthError.invalidVerification) {
      try await auth.verifyEmail(token: token, password: AuthFixture.password, from: .unknown)
    }
  }

  @Test func `of many guesses at once five count, and of many right ones one creates the account`() async throws {
    _ = try await request()
    let (token, _) = try await challenge()
    let counted = try await atOnce(40) { _ in
      do {
        try await auth.verifyEmail(token: token, password: "wrong", from: .unknown)
        return false
      } catch let error as AuthError {
        return error == .wrongPassword
      }
    }
    #expect(counted.count { $0 } == 5)

    let second = try await request()
    let code = try await challenge().code
    let created = try await atOnce(40) { _ in
      (try? await auth.verifyEmail(code: code, of: second, from: .unknown)) != nil
    }
    #expect(created.count { $0 } == 1)
  }

  @Test func `a code ends after ten minutes, its link after a day`() async throws {
    let id = try await request()
    fixture.clock.advance(by: .seconds(3600))
    let (token, code) = try await challenge()
    fixture.clock.advance(by: .seconds(599))
    await #expect(throws: AuthError.invalidVerification) {
      try await auth.verifyEmail(code: VerificationCode("0"), of: id, from: .unknown)
    }
    fixture.clock.advance(by: .seconds(1))
    await #expect(throws: AuthError.invalidVerification) { try await auth.verifyEmail(code: code, of: id, from: .unknown) }
    fixture.clock.advance(by: .seconds(86_400 - 3600 - 600))
    await #expect(throws: AuthError.invalidVerification) {
      try await auth.verifyEmail(token: token, password: AuthFixture.password, from: .unknown)
    }
    while try await auth.purge() > 0 {}
    #expect(!fixture.everythingStored.contains(AuthFixture.email))
  }

  @Test func `each delivery issues a new link and code, and voids the earlier ones`() async throws {
    _ = try await request()
    delivery.isFailing = true
    #expect(try await auth.deliver(through: delivery) == .failed)
    delivery.isFailing = false
    fixture.clock.advance(by: .seconds(5))
    let newer = try await challenge()
    let older = try #require(delivery.messages[0].verification).token
    #expect(delivery.messages[0].id == delivery.messages[1].id)
    await #expect(throws: AuthError.invalidVerification) {
      try await auth.verifyEmail(token: older, password: AuthFixture.password, from: .unknown)
    }
    try await auth.verifyEmail(token: newer.token, password: AuthFixture.password, from: .unknown)
  }

  @Test func `the message of a registration that has ended is dropped`() async throws {
    var policy = Self.policy
    policy.emailVerification.registrationLifetime = .seconds(60)
    let auth = fixture.sharing(policy: policy)
    _ = try await auth.requestRegistration(email: AuthFixture.email, password: AuthFixture.password, from: .unknown)
    fixture.clock.advance(by: .seconds(60))
    #expect(try await auth.deliver(through: delivery) == .unknownUser)
    #expect(try await auth.deliver(through: delivery) == .nothingDue)
    #expect(delivery.messages.isEmpty)
  }

  @Test func `five requests for an email are granted, and then there are delays, free or taken`() async throws {
    _ = try await fixture.store.addUser(email: Email("bob@me.com"), hashedPassword: PasswordHash("x"))
    for email in ["bob@me.com", "eve@me.com"] {
      for _ in 1...5 { _ = try await request(email) }
      await #expect(throws: AuthError.throttled(retryAfter: .seconds(300))) { try await request(email.uppercased()) }
    }
  }

  @Test func `what is wrong with an email or a password is said before anything is stored`() async throws {
    let before = fixture.everythingStored
    await #expect(throws: AuthError.invalidPassword(.tooShort(scalars: 5, minimum: 15))) { try await request(password: "short") }
    await #expect(throws: AuthError.invalidEmail(.atSigns(count: 0))) { try await request("bob") }
    #expect(fixture.everythingStored == before)
  }

  @Test func `no account is created without verification, but by those who vouch for the email`() async throws {
    await #expect(throws: AuthError.verificationRequired) {
      try await auth.register(email: AuthFixture.email, password: AuthFixture.password, from: .unknown)
    }
    let user = try await auth.createUser(email: AuthFixture.email, from: .unknown)
    #expect(try await auth.emailVerifiedAt(user.id) == nil)
    var closed = Self.policy
    closed.registration = .closed
    await #expect(throws: AuthError.registrationClosed) {
      try await fixture.sharing(policy: closed).requestRegistration(
        email: "eve@me.com", password: AuthFixture.password, from: .unknown)
    }
  }

  @Test func `an email that was taken in the meantime stays with its account`() async throws {
    let id = try await request()
    let (token, code) = try await challenge()
    let other = try await fixture.store.addUser(email: Email("bob@me.com"), hashedPassword: PasswordHash("x"))
    await #expect(throws: AuthError.userExists(email: AuthFixture.email)) {
      try await auth.verifyEmail(code: code, of: id, from: .unknown)
    }
    await #expect(throws: AuthError.userExists(email: AuthFixture.email)) {
      try await auth.verifyEmail(token: token, password: AuthFixture.password, from: .unknown)
    }
    #expect(try await fixture.store.findUser(by: .id(other.id)) == other)
  }

  @Test(arguments: [InterceptingStore.Operation.settle, .addRegistration, .tryRegistration, .completeRegistration])
  func `a store that cannot respond is unavailable`(_ failing: InterceptingStore.Operation) async throws {
    let id = try await request()
    let code = try await challenge().code
    await #expect(throws: AuthError.unavailable("disk on fire")) {
      let auth = fixture.failing(failing)
      _ = try await auth.requestRegistration(email: AuthFixture.email, password: AuthFixture.password, from: .unknown)
      try await auth.verifyEmail(code: code, of: id, from: .unknown)
    }
  }

  @Test func `what is stored opens no account`() async throws {
    let id = try await request()
    let (token, code) = try await challenge()
    let stored = fixture.everythingStored
    for secret in [id.text, token.text, code.text, AuthFixture.password] { #expect(!stored.contains(secret)) }
  }

  @Test func `events name the registration by the digest of its email, and the account by its id`() async throws {
    let events = RecordedEvents()
    let auth = fixture.sharing(policy: Self.policy, events: events)
    let id = try await auth.requestRegistration(email: AuthFixture.email, password: AuthFixture.password, from: .unknown)
    let (token, code) = try await challenge()
    _ = try? await auth.verifyEmail(token: token, password: "wrong", from: .unknown)
    try await auth.verifyEmail(code: code, of: id, from: .unknown)
    #expect(events.kinds == [.registrationRequested, .verificationRefused, .userCreated, .emailVerified])
    let digest = AuthEvent.digest(ofEmail: AuthFixture.email)
    #expect(events.all.map(\.emailDigest) == [digest, digest, nil, nil])
    #expect(events.all.map(\.userID) == [nil, nil, 1, 1])
  }
}

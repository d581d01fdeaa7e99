import AuthTesting
import Testing

@testable import AuthCore

/// The messages of a change of email, and their tokens.
@Suite struct EmailChangeMessageTests {
  private typealias Scene = EmailChangeScene

  @Test func `each delivery issues new tokens, and voids the earlier ones of its message`() async throws {
    let scene = try await Scene()
    try await scene.request()
    scene.delivery.isFailing = true
    for _ in 1...2 { #expect(try await scene.auth.deliver(through: scene.delivery) == .failed) }
    scene.delivery.isFailing = false
    scene.fixture.clock.advance(by: .seconds(5))
    try await scene.deliverAll()
    let messages = scene.delivery.messages
    #expect(messages.count == 4 && Set(messages.map(\.id)).count == 2)
    let (tokens, stops) = (messages.compactMap(\.emailChallenge?.token), messages.compactMap(\.takeBackToken))
    await #expect(throws: AuthError.invalidVerification) {
      try await scene.auth.confirmEmailChange(token: tokens[0], password: AuthFixture.password, from: Scene.client)
    }
    await #expect(throws: AuthError.invalidTakeBack) {
      try await scene.auth.takeBackEmail(token: stops[0], newPassword: AuthFixture.otherPassword, from: Scene.client)
    }
    try await scene.auth.confirmEmailChange(token: tokens[1], password: AuthFixture.password, from: Scene.client)
  }

  @Test(arguments: [InterceptingStore.Operation.challengeEmailChange, .issueTakeBackToken])
  func `a message whose token cannot be stored stays in the outbox`(_ failing: InterceptingStore.Operation) async throws {
    let scene = try await Scene()
    try await scene.request()
    let auth = scene.fixture.failing(failing)
    await #expect(throws: AuthError.unavailable("disk on fire")) {
      for _ in 1...2 { _ = try await auth.deliver(through: scene.delivery) }
    }
    scene.fixture.clock.advance(by: .seconds(200))
    #expect(try await scene.deliverAll().count >= 1)
    #expect(Set(scene.delivery.messages.map(\.kind)) == [.emailChange, .emailChangeRequested])
  }

  @Test func `messages of a change that has ended are dropped`() async throws {
    let scene = try await Scene()
    try await scene.request()
    try await scene.auth.deleteUser(sessionID: scene.sessionID, password: AuthFixture.password, from: Scene.client)
    #expect(try await scene.deliverAll().map(\.kind) == [.accountDeleted])
  }

  @Test func `what is stored confirms nothing`() async throws {
    let scene = try await Scene()
    let (token, code, stop) = try await scene.ask()
    let stored = scene.fixture.everythingStored
    for secret in [token.text, code.text, stop.text] { #expect(!stored.contains(secret)) }
  }
}

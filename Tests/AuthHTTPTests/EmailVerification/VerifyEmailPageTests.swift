import AuthCore
import AuthTesting
import Testing

@testable import AuthHTTP

/// The page to which the link of a registration leads.
@Suite struct VerifyEmailPageTests {
  private let service = PageService()

  @Test func `an account opens with the link and the password of the registration`() async throws {
    try await service.run { client in
      let link = try await service.verificationLink()
      #expect(try await client.open("verify-email", link).hasForm)
      for (password, sentence) in [
        ("", "Enter your password."), ("wrong", "This is not the password that you chose when you signed up."),
      ] {
        let response = try await client.submit("verify-email", link.merging(["password": password]) { a, _ in a })
        #expect(response.status == (password.isEmpty ? 400 : 403) && response.hasForm)
        #expect(response.fault?.input == "password" && response.fault?.sentence == sentence)
      }
      let done = try await client.submit("verify-email", link.merging(["password": Strict.password]) { a, _ in a })
      #expect(done.status == 200 && done.text.contains("You can log in with <bdi>bob@me.com</bdi> now."))
      #expect(try await service.canLogIn(Strict.password))
    }
  }

  @Test func `the email of an open account is verified with the password that the account has now`() async throws {
    let service = PageService(verifying: .beforeRecovery)
    try await service.run { client in
      let auth = service.auth
      _ = try await auth.openUnverifiedAccount(email: Strict.email, password: Strict.password, from: .unknown)
      let link = try await service.nextLink()
      let login = try #require(try await auth.logIn(email: Strict.email, password: Strict.password, from: .unknown).login)
      _ = try await auth.changePassword(
        sessionID: login.sessionID, current: Strict.password, new: Strict.otherPassword, from: .unknown)
      #expect(try await client.open("verify-email", link).text.contains("<p>Enter the password of your account.</p>"))
      let wrong = try await client.submit("verify-email", link.merging(["password": Strict.password]) { a, _ in a })
      #expect(wrong.status == 403 && wrong.fault?.sentence == "This is not the password of your account.")
      let done = try await client.submit("verify-email", link.merging(["password": Strict.otherPassword]) { a, _ in a })
      #expect(done.status == 200 && done.text.contains("set a new password if you forget yours"))
      #expect(try await auth.unverifiedUntil(1) == nil)
      // Another registration would end with another account, in place of this one.
      let used = try await client.submit("verify-email", link.merging(["password": Strict.otherPassword]) { a, _ in a })
      #expect(used.fault?.sentence.hasSuffix("or sign up again if you cannot log in.") == true)
    }
  }

  @Test func `an email that was taken in the meantime is told`() async throws {
    try await service.run { client in
      let link = try await service.verificationLink()
      _ = try await service.store.addUser(email: Email(Strict.email), hashedPassword: PasswordHash("x"))
      let response = try await client.submit("verify-email", link.merging(["password": Strict.password]) { a, _ in a })
      #expect(response.status == 400 && response.fault?.sentence.hasPrefix("An account has this email already.") == true)
    }
  }
}

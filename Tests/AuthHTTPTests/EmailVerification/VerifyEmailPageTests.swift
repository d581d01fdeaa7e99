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
      #expect(done.status == 200 && done.text.contains("The email <bdi>bob@me.com</bdi> is confirmed."))
      #expect(try await service.canLogIn(Strict.password))
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

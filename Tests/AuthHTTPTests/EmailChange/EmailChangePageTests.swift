import AuthCore
import AuthTesting
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Testing

@testable import AuthHTTP

/// The pages to which the links of a change of email lead.
///
/// OWASP ASVS 5.0: 6.3.7.
@Suite struct EmailChangePageTests {
  private let service = PageService()
  private static let strong = ["new_password": Strict.otherPassword, "new_password_again": Strict.otherPassword]

  @Test func `an email changes with the link and the password of the account`() async throws {
    try await service.run { client in
      let (_, link) = try await service.emailChangeLinks()
      #expect(try await client.open("confirm-email", link).hasForm)
      for (password, sentence) in [("", "Enter your password."), ("wrong", "This is not the password of your account.")] {
        let response = try await client.submit("confirm-email", link.merging(["password": password]) { a, _ in a })
        #expect(response.status == (password.isEmpty ? 400 : 403) && response.hasForm)
        #expect(response.fault?.input == "password" && response.fault?.sentence == sentence)
      }
      #expect(try await service.canLogIn(Strict.password))
      let sent = link.merging(["password": Strict.password]) { a, _ in a }
      let done = try await client.submit("confirm-email", sent)
      #expect(done.status == 200 && done.text.contains("The email of your account is <bdi>bob@me.org</bdi>."))
      #expect(try await !service.canLogIn(Strict.password))
      let again = try await client.submit("confirm-email", sent)
      #expect(!again.hasForm && again.fault?.sentence.hasPrefix("This link does not work any more.") == true)
    }
  }

  @Test(arguments: [true, false])
  func `the former email takes the account back, before and after the change`(_ isConfirmed: Bool) async throws {
    try await service.run { client in
      let (link, confirmation) = try await service.emailChangeLinks()
      if isConfirmed {
        let sent = confirmation.merging(["password": Strict.password]) { a, _ in a }
        #expect(try await client.submit("confirm-email", sent).status == 200)
      }
      #expect(try await client.open("take-back-email", link).hasForm)
      let different = ["new_password": "mauve teapots sing twice", "new_password_again": "mauve teapots sing once"]
      let refused = try await client.submit("take-back-email", link.merging(different) { a, _ in a })
      #expect(refused.fault?.input == "new_password_again")
      let done = try await client.submit("take-back-email", link.merging(Self.strong) { a, _ in a })
      #expect(done.status == 200 && done.title.hasPrefix("Your email is yours"))
      #expect(try await service.canLogIn(Strict.otherPassword))
      #expect(try await !service.canLogIn(Strict.password))
      let again = try await client.submit("take-back-email", link.merging(Self.strong) { a, _ in a })
      #expect(!again.hasForm && again.fault?.sentence.hasPrefix("This link does not work any more.") == true)
    }
  }

  @Test(arguments: [HTTPRequest.Method.get, .head, .options])
  func `a hundred visits to the links of a change of email change nothing`(_ method: HTTPRequest.Method) async throws {
    try await service.run { client in
      let (takeBack, confirmation) = try await service.emailChangeLinks()
      _ = service.events.take()
      let operations = service.operations.count
      for _ in 1...100 {
        for (page, link) in [("confirm-email", confirmation), ("take-back-email", takeBack)] {
          #expect(try await client.open(page, link, method).status == (method == .options ? 405 : 200))
        }
      }
      #expect(service.operations.count == operations && service.events.take().isEmpty)
      let sent = confirmation.merging(["password": Strict.password]) { a, _ in a }
      #expect(try await client.submit("confirm-email", sent).status == 200)
    }
  }
}

import AuthCore
import AuthTesting
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Testing

@testable import AuthHTTP

/// The page to which the link of a recovery email leads, and the box of the page that sends a link.
///
/// NIST SP 800-63B-4: 4.2.1.2.
@Suite struct RecoveryEmailPageTests {
  private let service = PageService()
  private static let second = "bob@second.org"

  @Test func `a recovery email is set with the link and the password of the account, and gets a link if a box is ticked`()
    async throws
  {
    try await service.run { client in
      let link = try await service.recoveryEmailLink(to: Self.second)
      #expect(try await client.open("confirm-recovery-email", link).hasForm)
      for (password, sentence) in [("", "Enter your password."), ("wrong", "This is not the password of your account.")] {
        let response = try await client.submit("confirm-recovery-email", link.merging(["password": password]) { a, _ in a })
        #expect(response.status == (password.isEmpty ? 400 : 403) && response.hasForm)
        #expect(response.fault?.input == "password" && response.fault?.sentence == sentence)
      }
      let sent = link.merging(["password": Strict.password]) { a, _ in a }
      let done = try await client.submit("confirm-recovery-email", sent)
      #expect(done.status == 200 && done.text.contains("The recovery email of your account is <bdi>\(Self.second)</bdi>."))
      let again = try await client.submit("confirm-recovery-email", sent)
      #expect(!again.hasForm && again.fault?.sentence.hasPrefix("This link does not work any more.") == true)

      let form = try await client.open("forgot-password")
      #expect(form.text.contains(#"<input id="to_recovery_email" name="to_recovery_email" type="checkbox" value="on">"#))
      #expect(form.text.contains(#"<label for="to_recovery_email">Send it to my recovery email</label>"#))
      let plain = try await client.submit("forgot-password", ["email": Strict.email])
      #expect(try await service.nextLink()["email"] == Strict.email)
      #expect(service.mailbox.all.last?.email.text == Strict.email)
      let ticked = try await client.submit("forgot-password", ["email": Strict.email, "to_recovery_email": "on"])
      #expect(ticked.status == 200 && ticked.text == plain.text)
      let reset = try await service.nextLink()
      #expect(service.mailbox.all.last?.email.text == Self.second)
      // The link has the email of the account.
      #expect(reset["email"] == Strict.email)
      let new = ["new_password": Strict.otherPassword, "new_password_again": Strict.otherPassword]
      #expect(try await client.submit("new-password", reset.merging(new) { a, _ in a }).status == 200)
      #expect(try await service.canLogIn(Strict.otherPassword))
    }
  }

  @Test func `the box stays ticked when the form comes back`() async throws {
    try await service.run { client in
      let ticked = try await client.submit("forgot-password", ["email": "", "to_recovery_email": "on"])
      #expect(ticked.fault?.input == "email" && ticked.text.contains(#"type="checkbox" value="on" checked>"#))
      let plain = try await client.submit("forgot-password", ["email": ""])
      #expect(!plain.text.contains(" checked"))
    }
  }

  @Test func `without the feature there is no box`() async throws {
    try await PageService(.classic).run { client in
      let page = try await client.open("forgot-password")
      #expect(page.hasForm && !page.text.contains("to_recovery_email"))
    }
  }

  @Test(arguments: [HTTPRequest.Method.get, .head, .options])
  func `a hundred visits to the link change nothing`(_ method: HTTPRequest.Method) async throws {
    try await service.run { client in
      let link = try await service.recoveryEmailLink(to: Self.second)
      _ = service.events.take()
      let operations = service.operations.count
      for _ in 1...100 {
        let response = try await client.open("confirm-recovery-email", link, method)
        #expect(response.status == (method == .options ? 405 : 200))
      }
      #expect(service.operations.count == operations && service.events.take().isEmpty)
      let sent = link.merging(["password": Strict.password]) { a, _ in a }
      #expect(try await client.submit("confirm-recovery-email", sent).status == 200)
    }
  }
}

import AuthCore
import AuthHTTP
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Synchronization
import Testing

/// An `AuthError` that leaves a handler of the application.
@Suite struct AuthErrorTests {
  private static let all: [(error: AuthError, status: Int, message: String, header: (HTTPField.Name, String)?)] = [
    (.registrationClosed, 403, AuthError.registrationClosed.description, nil),
    (.userExists(email: "bob@me.com"), 400, "User bob@me.com already exists", nil),
    (.invalidEmail(.empty), 400, AuthError.invalidEmail(.empty).description, nil),
    (.invalidPassword(.empty), 400, AuthError.invalidPassword(.empty).description, nil),
    (.unknownUser, 403, AuthError.unknownUser.description, nil),
    (.invalidResetToken, 403, "the reset token is not valid", nil),
    (.invalidSession, 401, "not logged in", (.wwwAuthenticate, #"Bearer realm="auth""#)),
    (.wrongPassword, 403, "wrong password", nil),
    (.reauthenticationRequired, 403, AuthError.reauthenticationRequired.description, nil),
    (.throttled(retryAfter: .milliseconds(3200)), 429, "too many attempts, try again in 4 s", (.retryAfter, "4")),
    (.overloaded(retryAfter: .seconds(2)), 503, "too many passwords are being checked, try again in 2 s", (.retryAfter, "2")),
    (.unavailable("/var/lib/auth.sqlite: disk I/O error"), 503, "the store is unavailable, try again later", (.retryAfter, "1")),
    (.conflict, 503, AuthError.conflict.description, (.retryAfter, "1")),
    (.cancelled, 503, "the operation was cancelled", (.retryAfter, "1")),
  ]

  @Test(arguments: all.indices)
  func `it becomes the right response by itself`(index: Int) async throws {
    let (error, status, message, header) = Self.all[index]
    let log = LogRecorder()
    let router = Router()
    router.get("/fails") { _, _ -> String in throw error }
    router.head("/fails") { _, _ -> String in throw error }
    try await Application(router: router, logger: Logger(label: "test") { _ in log }).test(.router) { http in
      let client = Client(http: http)
      let response = try await client.send(.get, "/fails")
      #expect(response.status == status)
      #expect(response.message == message)
      #expect(response.headers[.contentType] == "application/json")
      #expect(response.headers[.cacheControl] == "no-store")
      for name in [HTTPField.Name.retryAfter, .wwwAuthenticate] {
        #expect(response.headers[name] == (header?.0 == name ? header?.1 : nil))
      }
      let head = try await client.send(.head, "/fails")
      #expect(head.status == status && head.text.isEmpty)
    }
    // The reason why the store is unavailable is for the operator only.
    let errors = log.errors.withLock { $0 }
    if case .unavailable(let reason) = error {
      #expect(errors.count == 2 && errors.allSatisfy { $0.contains(reason) })
    } else {
      #expect(errors.isEmpty)
    }
  }
}

/// Records the messages that are logged as errors.
private final class LogRecorder: LogHandler {
  let errors = Mutex<[String]>([])

  func log(event: LogEvent) {
    if event.level == .error { errors.withLock { $0.append("\(event.message)") } }
  }

  subscript(metadataKey key: String) -> Logger.MetadataValue? {
    get { nil }
    set {}
  }
  var metadata: Logger.Metadata {
    get { [:] }
    set {}
  }
  var logLevel: Logger.Level {
    get { .trace }
    set {}
  }
}

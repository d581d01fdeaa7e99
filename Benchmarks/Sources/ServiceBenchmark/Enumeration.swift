import AuthCore
import BenchmarkSupport
import Foundation

extension Bench {
  /// Whether the time of a response shows which emails have accounts, one request at a time; and what it costs that it does not.
  func measureEnumeration(_ report: inout Report) async throws {
    let hasher = BcryptHasher(cost: cost)
    let population = try await Population.make(users: plan.tries, in: newDirectory(), hasher: hasher)
    let verifying = try Asker(serve(population.copied(to: newDirectory()), options))
    defer { verifying.server.stop() }
    func compare(
      _ what: String, _ subject: (Int) throws -> Double, against: String, _ reference: (Int) throws -> Double,
      atLeast: Double? = nil, atMost: Double
    ) async throws {
      var turn = 0
      let turns = try await Turns(plan.tries) {
        turn += 1
        return try subject(turn)
      } against: {
        try reference(turn)
      }
      // The medians are compared, as a guesser would, not the turns.
      let medians = (median(turns.pairs.map(\.subject)), median(turns.pairs.map(\.reference)))
      report.add(
        what, "\(number(medians.0 * 1000)) ms", against: against, ratio: medians.0 / medians.1, atLeast: atLeast, atMost: atMost)
    }
    try await compare(
      "time of a registration of an email that an account has", { try verifying.register("user\($0)") },
      against: "of one that is free", { try verifying.register("new\($0)") }, atLeast: 0.95, atMost: 1.05)
    try await compare(
      "time of a reset request for an email that an account has", { try verifying.requestReset("user\($0)") },
      against: "for one that none has", { try verifying.requestReset("nobody\($0)") }, atLeast: 0.95, atMost: 1.05)
    try await compare(
      "time of a login with a wrong password, to an account", { try verifying.failToLogIn("user\($0)") },
      against: "to none", { try verifying.failToLogIn("nobody\($0)") }, atLeast: 0.95, atMost: 1.05)
    // Only now: the server closes a connection on which nothing comes.
    let registering = try Asker(serve(population.copied(to: newDirectory()), options + ["--verify-emails", "off"]))
    defer { registering.server.stop() }
    try await compare(
      "time of a registration under strict", { try verifying.register("another\($0)") },
      against: "with --verify-emails off", { try registering.register("another\($0)") }, atMost: 1.10)
  }
}

/// The lowest that strict allows. The time of a hash must not hide what is compared.
private let cost = 10
private let options = [
  "--policy", "strict", "--bcrypt-cost", "\(cost)", "--delivery", "log", "--trusted-proxies", "127.0.0.1",
]

/// A client that asks from another network each time, so that no throttle delays it.
private final class Asker {
  let server: RunningServer
  private let connection: LoopbackConnection
  private var networks = 0

  init(_ server: RunningServer) throws {
    self.server = server
    connection = try LoopbackConnection(to: server)
  }

  func register(_ name: String) throws -> Double {
    try post("/users", "email=\(name)@example.org&password=\(newPassword)", expecting: 200)
  }

  func requestReset(_ name: String) throws -> Double {
    try post("/reset_password", "email=\(name)@example.org", expecting: 200)
  }

  func failToLogIn(_ name: String) throws -> Double {
    try post("/sessions", "email=\(name)@example.org&password=\(newPassword)", expecting: 401)
  }

  private let newPassword = "mauve%20teapots%20sing%20twice"

  private func post(_ path: String, _ form: String, expecting status: Int) throws -> Double {
    networks += 1
    let client = "X-Forwarded-For: 10.\(networks / 256 % 256).\(networks % 256).7"
    let answer = try connection.post(form, to: path, headers: [client])
    guard answer.status == status else { throw CommandFailure(message: "POST \(path) is answered with \(answer.status)") }
    return answer.seconds
  }
}

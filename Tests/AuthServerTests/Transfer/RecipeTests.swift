import AuthCore
import Foundation
import NIOHTTP1
import TestPrograms
import Testing

/// The recipes of `Docs/Migrating.md`, run on rows as the other systems store them. Their SQL is also SQLite's.
@Suite struct RecipeTests {
  private static let password = "correct horse battery staple"
  private static let django = "bcrypt_sha256$$2b$04$iodbrhDPNes7J2JWxRwvjOExD5va8ZMQ6g5O1p76fbJDvNHXlMRxm"
  private static let pbkdf2 = "pbkdf2_sha256$390000$seasalt$8xBlGd3jVgvJ+92hWPxi5ww0uuAuAnKgC45eudxro7c="
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// The first block of code below a heading that begins with this text.
  private func recipe(_ heading: String) throws -> String {
    let path = URL(filePath: #filePath).appending(path: "../../../../Docs/Migrating.md").standardizedFileURL
    let document = try String(contentsOf: path, encoding: .utf8)
    let section = try #require(document.components(separatedBy: "\n### ").first { $0.hasPrefix(heading) })
    let block = try #require(section.firstMatch(of: /```[a-z]+\n((?:.|\n)*?)```/))
    return String(block.1)
  }

  /// A bcrypt hash of the password, with another system's prefix.
  private func bcrypt(_ prefix: String) async throws -> String {
    let hash = try await BcryptHasher(cost: 4, threads: 1).hash(Password(Self.password))
    return prefix + hash.text.dropFirst("$2b$".count)
  }

  /// Runs the `SELECT` of a recipe on a database that `setUp` makes, and returns the file that results.
  private func select(_ recipe: String, setUp: String, as name: String) throws -> String {
    let query = recipe.firstMatch(of: /COPY \(((?:.|\n)*)\) TO STDOUT/).map { String($0.1) } ?? recipe
    let file = directory.path + "/" + name
    _ = try Python.run(
      """
      import csv, sqlite3, sys
      database = sqlite3.connect(":memory:")
      database.executescript(sys.argv[1])
      rows = database.execute(sys.argv[2])
      with open(sys.argv[3], "w", newline="") as file:
          if file.name.endswith(".csv"):
              writer = csv.writer(file)
              writer.writerow(column[0] for column in rows.description)
              writer.writerows(rows)
          else:
              file.writelines(row[0] + "\\n" for row in rows)
      """, setUp, query, file)
    return file
  }

  /// Imports the file, and tries the password with each email.
  private func statuses(after file: String, _ emails: String...) async throws -> [UInt] {
    let server = try ServerProcess(["--database", directory.database, "--bcrypt-cost", "4"])
    let client = try await Client(port: server.port)
    let process = try ServerProcess(["import", file, "--database", directory.database], isRaw: true)
    #expect(await process.exitStatus == 0, "\(process.output)")
    var statuses: [UInt] = []
    for email in emails {
      statuses.append(try await client.call(.POST, "/sessions", ["email": email, "password": Self.password]).status)
    }
    return statuses
  }

  @Test func `Django`() async throws {
    let file = try select(
      recipe("Django"),
      setUp: """
        CREATE TABLE auth_user (id, password, is_active, username, email);
        INSERT INTO auth_user VALUES (1, '\(Self.django)', true, 'bob', 'bob@me.com'), (2, '\(Self.django)', false, 'eve', 'eve@me.com'),
          (3, '\(Self.pbkdf2)', true, 'amy', 'amy@me.com'), (4, '!abc', true, 'al', 'al@me.com'), (5, '!', true, 'x', '');
        """, as: "accounts.csv")
    #expect(try await statuses(after: file, "bob@me.com", "eve@me.com", "amy@me.com") == [200, 401, 401])
    #expect(try Python.sqlite(directory.database, "SELECT count(*) FROM users") == "4")
  }

  @Test func `Devise`() async throws {
    let file = try select(
      recipe("Devise"),
      setUp: """
        CREATE TABLE users (id, email, encrypted_password);
        INSERT INTO users VALUES (1, 'bob@me.com', '\(try await bcrypt("$2a$"))'), (2, 'amy@me.com', '');
        """, as: "accounts.csv")
    #expect(try await statuses(after: file, "bob@me.com", "amy@me.com") == [200, 401])
  }

  @Test func `Laravel`() async throws {
    let file = try select(
      recipe("Laravel"),
      setUp: """
        CREATE TABLE users (id, name, email, password, remember_token);
        INSERT INTO users VALUES (1, 'Bob', 'bob@me.com', '\(try await bcrypt("$2y$"))', NULL);
        """, as: "accounts.jsonl")
    #expect(try await statuses(after: file, "bob@me.com") == [200])
  }

  @Test func `Spring Security`() async throws {
    let file = try select(
      recipe("Spring"),
      setUp: """
        CREATE TABLE users (username, password, enabled);
        INSERT INTO users VALUES ('bob@me.com', '{bcrypt}\(try await bcrypt("$2a$"))', true),
          ('eve@me.com', '{bcrypt}\(try await bcrypt("$2a$"))', false);
        """, as: "accounts.csv")
    #expect(try await statuses(after: file, "bob@me.com", "eve@me.com") == [200, 401])
  }

  @Test func `PocketBase`() async throws {
    let database = directory.path + "/pb_data"
    try FileManager.default.createDirectory(atPath: database, withIntermediateDirectories: true)
    _ = try Python.run(
      """
      import sqlite3, sys
      with sqlite3.connect(sys.argv[1] + "/data.db") as database:
          database.execute("CREATE TABLE users (id TEXT, email TEXT, password TEXT, tokenKey TEXT, verified BOOLEAN)")
          database.execute("INSERT INTO users VALUES ('q3z', 'bob@me.com', ?, 'x', true)", [sys.argv[2]])
      """, database, try await bcrypt("$2a$"))
    try await shell(recipe("PocketBase"))
    #expect(try await statuses(after: directory.path + "/accounts.csv", "bob@me.com") == [200])
  }

  @Test func `Keycloak`() async throws {
    let realm: [String: Any] = [
      "realm": "me",
      "users": [
        ["email": "bob@me.com", "enabled": true, "credentials": [Self.credential(try await bcrypt("$2a$"))]],
        ["email": "eve@me.com", "enabled": false, "credentials": [Self.credential(try await bcrypt("$2a$"))]],
        ["email": "amy@me.com", "enabled": true, "credentials": [Self.credential("8cLPVE1mXYqB0Cvq3S9c5w==")]],
        ["username": "service", "enabled": true],
      ],
    ]
    try JSONSerialization.data(withJSONObject: realm).write(to: URL(filePath: directory.path + "/realm-export.json"))
    try await shell(recipe("Keycloak"))
    let file = directory.path + "/accounts.jsonl"
    #expect(try await statuses(after: file, "bob@me.com", "eve@me.com", "amy@me.com") == [200, 401, 401])
    #expect(try Python.sqlite(directory.database, "SELECT count(*) FROM users") == "3")
  }

  private static func credential(_ value: String) -> [String: Any] {
    [
      "type": "password", "secretData": "{\"value\":\"\(value)\",\"salt\":\"\",\"additionalParameters\":{}}",
      "credentialData": "{\"hashIterations\":10,\"algorithm\":\"bcrypt\",\"additionalParameters\":{}}",
    ]
  }

  private func shell(_ script: String) async throws {
    let status: Int32 = await withCheckedContinuation { [directory] continuation in
      Thread.detachNewThread {
        let shell = try? ChildProcess("/bin/sh", ["-c", script], in: directory.path)
        continuation.resume(returning: shell?.waitUntilExit() ?? -1)
      }
    }
    #expect(status == 0)
  }
}

import AuthCore
import AuthTesting
import Testing

@Suite struct FastHasherTests {
  private let hasher = FastHasher()

  @Test(
    arguments: ["", "b4l0u", "a\0b", "\0", "pässwörd", String(repeating: "x", count: 4_096)])
  func `a hash matches its own password`(_ text: String) async throws {
    let password = try Password(text)
    let hash = try await hasher.hash(password)
    #expect(try await hasher.verify(password, against: hash))
    #expect(try await FastHasher().verify(password, against: hash))
    #expect(hash.text.utf8.count <= 250, "the width of the column")
  }

  @Test(
    arguments: [
      ("", "\0"), ("a", "A"), ("a", "a\0"), ("a\0b", "a\0c"), ("e\u{301}", "\u{E9}"), ("ab", "ba"),
      (String(repeating: "x", count: 4_096), String(repeating: "x", count: 4_095) + "y"),
      (String(repeating: "x", count: 4_096), String(repeating: "x", count: 4_095)),
    ])
  func `every byte counts`(_ text: String, _ other: String) async throws {
    let hash = try await hasher.hash(Password(text))
    #expect(try await !hasher.verify(Password(other), against: hash))
    #expect(try await hasher.verify(Password(text), against: hash))
  }

  @Test func `two hashes of one password differ, and none contains it`() async throws {
    let password = try Password("b4l0u")
    let (first, second) = (try await hasher.hash(password), try await hasher.hash(password))
    #expect(first != second)
    #expect(!first.text.contains("b4l0u"))
  }

  @Test(
    arguments: [
      nil, "", "secret", "fast-for-tests-only", "fast-for-tests-only$$", "fast-for-tests-only$1.2.3$4",
      "$2b$04$abcdefghijklmnopqrstuuWLKXgP6wgbcCC4QjZsCHAijkBVkmqoG",
    ])
  func `nothing matches a hash that it has not made`(_ text: String?) async throws {
    #expect(try await !hasher.verify(Password("secret"), against: text.map { PasswordHash($0) }))
  }

  @Test func `neither it nor bcrypt accepts a hash of the other`() async throws {
    let bcrypt = BcryptHasher(cost: 4, threads: 1)
    let password = try Password("b4l0u")
    let (fast, slow) = (try await hasher.hash(password), try await bcrypt.hash(password))
    #expect(try await !bcrypt.verify(password, against: fast))
    #expect(try await !hasher.verify(password, against: slow))
    #expect(try await bcrypt.verify(password, against: slow))
  }

  @Test func `it accepts only hashes of its own`() async throws {
    #expect(try await hasher.problem(with: hasher.hash(Password("b4l0u"))) == nil)
    #expect(hasher.problem(with: PasswordHash("fast-for-tests-only$1.2.3$4")) == .unsupported(.unknown))
    let bcrypt = PasswordHash("$2b$04$abcdefghijklmnopqrstuuWLKXgP6wgbcCC4QjZsCHAijkBVkmqoG")
    #expect(hasher.problem(with: bcrypt) == .unsupported(.bcrypt))
  }

  @Test func `no hash needs to be replaced`() async throws {
    #expect(try await !hasher.needsRehash(hasher.hash(Password("b4l0u"))))
    #expect(!hasher.needsRehash(PasswordHash("$2b$04$abcdefghijklmnopqrstuuWLKXgP6wgbcCC4QjZsCHAijkBVkmqoG")))
  }

  // MARK: Outside of tests

  @Test(
    arguments: [
      ["/build/debug/swift-authPackageTests.xctest", "--testing-library", "swift-testing"], ["PackageTests.xctest"],
      ["/Applications/Xcode.app/Contents/Developer/usr/bin/xctest", "-XCTest", "All"],
      ["/usr/libexec/swift/pm/swiftpm-testing-helper", "--test-bundle-path", "x"],
    ])
  func `it works in a process that runs tests`(_ arguments: [String]) {
    #expect(FastHasher.isTestProcess(arguments: arguments, isAllowedByVariable: false))
  }

  @Test(
    arguments: [
      ["/usr/local/bin/AuthServer", "serve"], ["server", "--testing-library", "x.xctest"], ["/x.xctest/server"], ["myxctest"], [],
    ])
  func `it works in no other process, unless the variable allows it`(_ arguments: [String]) {
    #expect(!FastHasher.isTestProcess(arguments: arguments, isAllowedByVariable: false))
    #expect(FastHasher.isTestProcess(arguments: arguments, isAllowedByVariable: true))
  }

  @Test func `where it must not work it ends the process and says why`() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { FastHasher.require(false) }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("FastHasher protects no passwords and works in tests only; use BcryptHasher."))
  }
}

#if DEBUG
  import AuthCore
  import AuthTesting
  import Testing

  @Suite("The hasher for tests")
  struct FastHasherTests {
    private let hasher = FastHasher()

    @Test(
      "a hash matches its own password",
      arguments: ["", "b4l0u", "a\0b", "\0", "pässwörd", String(repeating: "x", count: 4_096)])
    func ownPassword(_ text: String) async throws {
      let password = try Password(text)
      let hash = try await hasher.hash(password)
      #expect(try await hasher.verify(password, against: hash))
      #expect(try await FastHasher().verify(password, against: hash))
      #expect(hash.text.utf8.count <= 250, "the width of the column")
    }

    @Test(
      "every byte counts",
      arguments: [
        ("", "\0"), ("a", "A"), ("a", "a\0"), ("a\0b", "a\0c"), ("e\u{301}", "\u{E9}"), ("ab", "ba"),
        (String(repeating: "x", count: 4_096), String(repeating: "x", count: 4_095) + "y"),
        (String(repeating: "x", count: 4_096), String(repeating: "x", count: 4_095)),
      ])
    func everyByte(_ text: String, _ other: String) async throws {
      let hash = try await hasher.hash(Password(text))
      #expect(try await !hasher.verify(Password(other), against: hash))
      #expect(try await hasher.verify(Password(text), against: hash))
    }

    @Test("two hashes of one password differ, and none contains it")
    func salt() async throws {
      let password = try Password("b4l0u")
      let (first, second) = (try await hasher.hash(password), try await hasher.hash(password))
      #expect(first != second)
      #expect(!first.text.contains("b4l0u"))
    }

    @Test(
      "nothing matches what it has not made",
      arguments: [
        nil, "", "secret", "fast-for-tests-only", "fast-for-tests-only$$", "fast-for-tests-only$1.2.3$4",
        "$2b$04$abcdefghijklmnopqrstuuWLKXgP6wgbcCC4QjZsCHAijkBVkmqoG",
      ])
    func foreignHashes(_ text: String?) async throws {
      #expect(try await !hasher.verify(Password("secret"), against: text.map { PasswordHash($0) }))
    }

    @Test("neither it nor bcrypt accepts a hash of the other")
    func bcrypt() async throws {
      let bcrypt = BcryptHasher(cost: 4, threads: 1)
      let password = try Password("b4l0u")
      let (fast, slow) = (try await hasher.hash(password), try await bcrypt.hash(password))
      #expect(try await !bcrypt.verify(password, against: fast))
      #expect(try await !hasher.verify(password, against: slow))
      #expect(try await bcrypt.verify(password, against: slow))
    }

    @Test("no hash needs to be replaced")
    func needsRehash() async throws {
      #expect(try await !hasher.needsRehash(hasher.hash(Password("b4l0u"))))
      #expect(!hasher.needsRehash(PasswordHash("$2b$04$abcdefghijklmnopqrstuuWLKXgP6wgbcCC4QjZsCHAijkBVkmqoG")))
    }
  }
#endif

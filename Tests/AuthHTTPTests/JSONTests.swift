import AuthCore
import HTTPTypes
import Testing

/// What `application/json` means: an object with string members.
@Suite struct JSONTests {
  @Test(
    arguments: [
      "1", "0", "-1.5e3", "true", "false", "null", "[]", #"["bob@me.com"]"#, "{}", #"{"$ne":null}"#, #"{"email":"bob@me.com"}"#,
      "[[[1]]]",
    ], ["email", "password"])
  func `a member that is no string is unreadable`(value: String, field: String) async throws {
    let other = field == "email" ? "password" : "email"
    try await expectRefusal(#"{"\#(field)":\#(value),"\#(other)":"x"}"#, ["the field \(field) is not a UTF-8 string"])
  }

  @Test func `members that no route asks for may be anything`() async throws {
    try await expectBob(#"{"a":1,"b":null,"c":[{"email":"eve"}],"email":"bob@me.com","d":{"password":1},"password":"x","":true}"#)
  }

  @Test(
    arguments: [
      "[]", #"["email","password"]"#, #"[{"email":"bob@me.com","password":"x"}]"#, "null", "true", "1", #""email""#, " ",
      "{", "}", #"{"email"}"#, #"{"email":"bob@me.com","password":"x""#, #"{"email":"bob@me.com","password":"x"}}"#,
      #"{"email":"bob@me.com","password":"x"}{}"#, #"{'email':'bob@me.com','password':'x'}"#,
      #"{email:"bob@me.com",password:"x"}"#,
      #"{"email":"bob@me.com""password":"x"}"#, #"{"email":"bob@me.com","password":NaN}"#, "\0", "email=bob&password=x",
      #"{"email":"bob@me.com","password":"x",/* */"a":1}"#, #"{"email":"bob@me.com","password":"x",}"#,
      #"{"email":"bob@me.com","password":"x","a":[1 ,  ] }"#,
    ])
  func `what is no JSON object is 400`(text: String) async throws {
    try await expectRefusal(text, ["the body is not a JSON object"])
  }

  @Test func `a name longer than any that means something is 400, the same as a value is not`() async throws {
    let long = String(repeating: "a", count: 257)
    let fields = #""email":"bob@me.com","password":"x""#
    try await expectRefusal(#"{\#(fields),"\#(long)" : 1}"#, ["a name in the JSON object has more than 256 bytes"])
    try await withService { client in
      let answer = try await client.send(.post, "/users", .json(#"{\#(fields),"other":"\#(long)","commas":",}"}"#))
      #expect(answer.status == 200)
    }
  }

  @Test(arguments: ["[", #"{"a":"#, #"{"email":["#])
  func `deep nesting is 400`(opening: String) async throws {
    try await expectRefusal(String(repeating: opening, count: 6_000), ["the body is not a JSON object"])
  }

  @Test(arguments: [(["[", "]"]), ([#"{"a":"#, "}"])])
  func `deep nesting that is closed again is 400 too`(brackets: [String]) async throws {
    let (open, close) = (String(repeating: brackets[0], count: 9_000), String(repeating: brackets[1], count: 9_000))
    try await expectRefusal(#"{"other":\#(open)1\#(close),"email":"bob","password":"x"}"#, ["the body is not a JSON object"])
  }

  @Test(
    arguments: [
      #"\ud800"#, #"\udc00"#, #"\ud83d"#, #"\ud83dx"#, #"\ude00\ud83d"#, #"\uD800\uD800"#, #"\u12"#, #"\uzzzz"#, #"\x"#, "\n",
      "\0",
    ])
  func `a lone surrogate, a broken escape or a bare control character is no text`(escape: String) async throws {
    let reasons = ["the field password is not a UTF-8 string", "the body is not a JSON object"]
    try await expectRefusal(#"{"email":"bob@me.com","password":"\#(escape)"}"#, reasons)
  }

  @Test(
    arguments: [
      (#"\ud83d\ude00"#, "\u{1F600}"), (#"\u0000"#, "\0"), (#"a\u0000b"#, "a\0b"), (#"caf\u00e9"#, "caf\u{E9}"), (#"\""#, "\""),
      (#"\\"#, "\\"), (#"\/"#, "/"), (#"\b\f\n\r\t"#, "\u{8}\u{C}\n\r\t"), ("😀", "\u{1F600}"), (#"\u002b"#, "+"),
      ("a+b%41", "a+b%41"),
    ])
  func `escapes are undone`(escaped: String, password: String) async throws {
    try await withService { client in
      let answer = try await client.send(.post, "/users", .json(#"{"email":"bob","password":"\#(escaped)"}"#))
      #expect(answer.status == 200)
      #expect(try await client.logIn("bob", password, as: .urlEncoded).status == 200)
    }
  }

  @Test(
    arguments: [
      #"{"email":"bob@me.com","password":"x"}"#, " \t\r\n{ \"email\" : \"bob@me.com\" ,\n\"password\" : \"x\" } \n",
      #"{"\u0065mail":"bob\u0040me.com","password":"x"}"#, "\u{FEFF}" + #"{"email":"bob@me.com","password":"x"}"#,
    ])
  func `spaces, escapes in names and a byte order mark do not matter`(text: String) async throws {
    try await expectBob(text)
  }

  @Test func `a first member that is no string is not made good by a second`() async throws {
    try await expectRefusal(#"{"email":1,"email":"bob@me.com","password":"x"}"#, ["the field email is not a UTF-8 string"])
  }

  private func expectBob(_ text: String) async throws {
    try await withService { client in
      let answer = try await client.send(.post, "/users", .json(text))
      #expect(answer.json == ["email": "bob@me.com", "message": "user created"])
      #expect(try await client.logIn("bob@me.com", "x").status == 200)
    }
  }

  private func expectRefusal(_ text: String, _ reasons: [String]) async throws {
    let store = InMemoryStore()
    try await withService(store: store) { client in
      let answer = try await client.send(.post, "/users", .json(text))
      #expect(answer.status == 400)
      #expect(reasons.contains(answer.message))
      #expect(try await client.send(.post, "/sessions", .json(text)).status == 400)
    }
    #expect(await store.isEmpty())
  }
}

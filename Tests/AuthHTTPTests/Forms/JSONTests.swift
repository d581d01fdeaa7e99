import AuthCore
import HTTPTypes
import Testing

/// `application/json`: one object by RFC 8259, with string members.
@Suite struct JSONTests {
  @Test(
    arguments: [
      "1", "0", "-1.5e3", "true", "false", "null", "[]", #"["bob@me.com"]"#, "{}", #"{"$ne":null}"#, #"{"email":"bob@me.com"}"#,
      "[[[1]]]",
    ], ["email", "password"])
  func `a member that is not a string is unreadable`(value: String, field: String) async throws {
    let other = field == "email" ? "password" : "email"
    try await expectRefusal(#"{"\#(field)":\#(value),"\#(other)":"x"}"#, ["the field \(field) is not a UTF-8 string"])
  }

  @Test func `members that no route reads may be any JSON`() async throws {
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
  func `a body that is not a JSON object is 400`(text: String) async throws {
    try await expectRefusal(text, ["the body is not a JSON object"])
  }

  /// Each stands in a member that no route reads.
  @Test(
    arguments: [
      "01", "-", "-01", "+1", "1.", ".5", "1.e1", "1e", "1e+", "0x1", "1_000", "Infinity", "-Infinity", "NaN", "nan", "True",
      "nul",
      "truefalse", "undefined", "'x'", #""\x""#, #""\u12""#, #""\u+123""#, #""\u00G0""#, "\"\t\"", "\"\n\"", "\"\u{1F}\"", #"""#,
      #""\""#,
      "[1,]", "[,1]", "[1 2]", "[1", "1]", "[1}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{,"a":1}"#, #"{"a":1 "b":2}"#,
      #"{"a" 1}"#,
      #"{a:1}"#, #"{1:1}"#, #"{"a":1]"#, "", ",", ":", "/**/1", "1//", "#", "\u{A0}1", "\u{FEFF}1", "1\0", "\u{C}1",
    ])
  func `a member that no route reads must be JSON all the same`(value: String) async throws {
    let fields = #""email":"bob@me.com","password":"x""#
    try await expectRefusal(#"{\#(fields),"n":\#(value)}"#, ["the body is not a JSON object"])
    try await expectRefusal(#"{"n":\#(value),\#(fields)}"#, ["the body is not a JSON object"])
    try await expectRefusal(#"{\#(fields),"n":[{"o":\#(value)}]}"#, ["the body is not a JSON object"])
  }

  @Test(
    arguments: [
      [0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82], [0x80],
    ] as [[UInt8]])
  func `a member that no route reads must be UTF-8 all the same`(bytes: [UInt8]) async throws {
    let (start, end) = (#"{"email":"bob@me.com","password":"x","n":""#, #""}"#)
    let body = Body(contentType: "application/json", bytes: Array(start.utf8) + bytes + Array(end.utf8))
    try await withService { client in
      let response = try await client.send(.post, "/users", body)
      #expect(response.status == 400)
      #expect(response.message == "the body is not a JSON object")
    }
  }

  @Test(arguments: [
    "0", "-0", "1", "-12.50", "1e5", "1E+05", "1.5e-300", "1e999999", "100000000000000000000000000000", "true", "false", "null",
    "[]", "{}", "[ ]", "{ }", #"[1,"a",null,[[]],{}]"#, #"{"a":{"a":1},"b":[]}"#, #""\uD83D\uDFFF\u0000""#,
    "\"\u{7F}\u{85}\u{2028}\"", #""\/\b""#,
  ])
  func `every JSON value may stand in a member that no route reads`(value: String) async throws {
    try await expectBob(#"{"n":\#(value),"email":"bob@me.com","\u00e9":\#(value),"password":"x" , "o" : \#(value) }"#)
  }

  @Test func `a name may be long`() async throws {
    let long = String(repeating: "a\u{301}", count: 10_000)
    try await expectBob(#"{"email":"bob@me.com","\#(long)":1,"password":"x"}"#)
  }

  @Test(arguments: [(["[", "]"]), ([#"{"a":"#, "}"])])
  func `values may nest 99 deep in the object, and no deeper`(brackets: [String]) async throws {
    let nested = { (depth: Int) in
      let (open, close) = (String(repeating: brackets[0], count: depth), String(repeating: brackets[1], count: depth))
      return #"{"other":\#(open)1\#(close),"email":"bob@me.com","password":"x"}"#
    }
    try await expectBob(nested(99))
    try await expectRefusal(nested(100), ["the body is not a JSON object"])
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
  func `a lone surrogate, a malformed escape or a bare control character is refused`(escape: String) async throws {
    for body in [
      #"{"email":"bob@me.com","password":"\#(escape)"}"#, #"{"email":"bob@me.com","password":"x","other":["\#(escape)"]}"#,
      #"{"email":"bob@me.com","password":"x","\#(escape)":1}"#,
    ] {
      try await expectRefusal(body, ["the body is not a JSON object"])
    }
  }

  @Test(
    arguments: [
      (#"\ud83d\ude00"#, "\u{1F600}"), (#"\u0000"#, "\0"), (#"a\u0000b"#, "a\0b"), (#"caf\u00e9"#, "caf\u{E9}"), (#"\""#, "\""),
      (#"\\"#, "\\"), (#"\/"#, "/"), (#"\b\f\n\r\t"#, "\u{8}\u{C}\n\r\t"), ("😀", "\u{1F600}"), (#"\u002b"#, "+"),
      ("a+b%41", "a+b%41"),
    ])
  func `escapes are undone`(escaped: String, password: String) async throws {
    try await withService { client in
      let response = try await client.send(.post, "/users", .json(#"{"email":"bob","password":"\#(escaped)"}"#))
      #expect(response.status == 200)
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

  @Test func `a first member that is not a string is not repaired by a second`() async throws {
    try await expectRefusal(#"{"email":1,"email":"bob@me.com","password":"x"}"#, ["the field email is not a UTF-8 string"])
  }

  private func expectBob(_ text: String) async throws {
    try await withService { client in
      let response = try await client.send(.post, "/users", .json(text))
      #expect(response.json == ["email": "bob@me.com", "message": "user created"])
      #expect(try await client.logIn("bob@me.com", "x").status == 200)
    }
  }

  private func expectRefusal(_ text: String, _ reasons: [String]) async throws {
    let store = InMemoryStore()
    try await withService(store: store) { client in
      let response = try await client.send(.post, "/users", .json(text))
      #expect(response.status == 400)
      #expect(reasons.contains(response.message))
      #expect(try await client.send(.post, "/sessions", .json(text)).status == 400)
    }
    #expect(await store.isEmpty())
  }
}

import AuthCore
import HTTPTypes
import Testing

/// `multipart/form-data`: RFC 7578, with the grammar of RFC 2046, section 5.1.1.
@Suite struct MultipartTests {
  static let email = "Content-Disposition: form-data; name=\"email\"\r\n\r\nbob@me.com"
  static let password = "Content-Disposition: form-data; name=\"password\"\r\n\r\nx"

  @Test(
    arguments: [
      "multipart/form-data; boundary=frontier", "multipart/form-data; boundary=\"frontier\"",
      "multipart/form-data;boundary=frontier",
      "Multipart/Form-Data; Boundary=frontier", "multipart/form-data; charset=utf-8; boundary=frontier",
      "multipart/form-data; boundary=frontier; charset=utf-8", "multipart/form-data; boundary=\"fr\\ontier\"",
      "multipart/form-data ; boundary=frontier ", "multipart/form-data; x=\"; boundary=no\"; boundary=frontier",
    ])
  func `the boundary is found`(contentType: String) async throws {
    var body = Body.multipart(Self.email, Self.password)
    body.contentType = contentType
    try await expectBob(body)
  }

  @Test(arguments: ["a", "----WebKitFormBoundary7MA4YWxkTrZu0gW", "--", String(repeating: "b", count: 70), "0'()+_,-./:=?"])
  func `any boundary of 1 to 70 characters will do`(boundary: String) async throws {
    var body = Body.multipart(Self.email, Self.password, boundary: boundary)
    body.contentType = "multipart/form-data; boundary=\"\(boundary)\""
    try await expectBob(body)
  }

  @Test(
    arguments: [
      "multipart/form-data", "multipart/form-data;", "multipart/form-data; boundary", "multipart/form-data; boundary=",
      "multipart/form-data; boundary=\"\"", "multipart/form-data; xboundary=frontier",
      "multipart/form-data; boundary=\(String(repeating: "b", count: 71))",
    ])
  func `without a boundary of 1 to 70 characters a body is 400`(contentType: String) async throws {
    var body = Body.multipart(Self.email, Self.password)
    body.contentType = contentType
    try await expectRefusal(body, "multipart/form-data needs a boundary of 1 to 70 characters")
  }

  @Test(
    arguments: [
      [password, email],
      [
        email, "Content-Disposition: form-data; name=\"other\"\r\n\r\n1", password,
        "Content-Disposition: form-data; name=\"\"\r\n\r\n2",
      ],
      ["Content-Type: text/plain\r\n\r\nno disposition", email, password], ["\r\nno headers", email, password],
      ["Content-Disposition: attachment\r\n\r\nno name", email, password],
      ["Content-Disposition: form-data; filename=\"email\"\r\n\r\nno name", email, password],
    ])
  func `parts are read in any order, and unknown ones are ignored`(parts: [String]) async throws {
    let bodies = parts.map { "--frontier\r\n\($0)\r\n" }.joined()
    try await expectBob(Body("multipart/form-data; boundary=frontier", bodies + "--frontier--"))
  }

  @Test(
    arguments: [
      "Content-Disposition: form-data; name=email\r\n\r\nbob@me.com",
      "content-disposition:form-data;name=\"email\"\r\n\r\nbob@me.com",
      "CONTENT-DISPOSITION: form-data; NAME=\"email\"\r\n\r\nbob@me.com",
      "Content-Type: text/plain; charset=utf-8\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nbob@me.com",
      "Content-Disposition: form-data; name=\"email\"\r\nContent-Transfer-Encoding: binary\r\n\r\nbob@me.com",
      "Content-Disposition: form-data; name=\"e\\mail\"\r\n\r\nbob@me.com",
      "Content-Disposition: form-data; x=\"; name=no\"; name=\"email\"\r\n\r\nbob@me.com",
    ])
  func `the headers of a part may be written in many ways`(part: String) async throws {
    try await expectBob(.multipart(part, Self.password))
  }

  @Test(arguments: ["filename=\"email.txt\"; ", "filename=\"\"; ", "FileName=x; "])
  func `a file is not a field`(fileName: String) async throws {
    let file = "Content-Disposition: form-data; \(fileName)name=\"email\"\r\nContent-Type: text/plain\r\n\r\neve@me.com"
    try await expectRefusal(.multipart(file, Self.password), "the field email is missing")
    try await expectBob(.multipart(file, Self.email, Self.password))
  }

  @Test func `text before the first and after the last boundary is ignored`() async throws {
    var body = Body.multipart(Self.email, Self.password)
    let eve = "Content-Disposition: form-data; name=\"email\"\r\n\r\neve@me.com"
    body.bytes = Array("a preamble\r\n\(eve)\r\n".utf8) + body.bytes + Array("\r\n--frontier\r\n\(eve)\r\n--frontier--".utf8)
    try await expectBob(body)
  }

  @Test(arguments: [
    "\r\n", "a\r\nb", "\r\n\r\n", "a\r\n", "--fronti", "a--frontier--", "\r\n--front", "\n--frontier\n", "\0", " x ",
  ])
  func `a value is taken to the byte, up to the line break before the boundary`(value: String) async throws {
    try await withService { client in
      let part = "Content-Disposition: form-data; name=\"password\"\r\n\r\n\(value)"
      let response = try await client.send(.post, "/users", .multipart(part, Self.email))
      #expect(response.status == 200)
      #expect(try await client.logIn("bob@me.com", value, as: .json).status == 200)
    }
  }

  @Test func `an empty value is an empty field`() async throws {
    let empty = "Content-Disposition: form-data; name=\"email\"\r\n\r\n"
    try await expectRefusal(.multipart(empty, Self.password), "email: the email must not be empty")
  }

  @Test(
    arguments: [
      ("x", "the body does not contain the boundary that its type names"),
      ("--other\r\n\(email)\r\n--other--", "the body does not contain the boundary that its type names"),
      ("--frontier", "the body ends within a part"), ("--frontier\r\n", "the body ends within a part"),
      ("--frontier\r\n\(email)\r\n--frontier\r\n\(password)\r\n", "the body ends within a part"),
      ("--frontier\r\n\(email)\r\n--frontier", "the body ends within a part"),
      (
        "--frontier\r\nContent-Disposition: form-data; name=\"email\"\r\n--frontier--",
        "the headers of a part have no empty line after them"
      ),
      ("--frontier\nContent-Disposition: form-data; name=\"email\"\n\nx\n--frontier--", "the body ends within a part"),
      ("--frontier--", "the field email is missing"), ("--frontier--\r\n", "the field email is missing"),
    ])
  func `a malformed body is 400 with the reason`(text: String, reason: String) async throws {
    try await expectRefusal(Body("multipart/form-data; boundary=frontier", text), reason)
  }

  @Test func `thousands of parts are read quickly`() async throws {
    let part = "Content-Disposition: form-data; name=\"a\"\r\n\r\n"
    let parts = String(repeating: "--frontier\r\n\(part)\r\n", count: 1000)
    try await expectRefusal(
      Body("multipart/form-data; boundary=frontier", parts + "--frontier--"), "the field email is missing")
  }

  private func expectBob(_ body: Body) async throws {
    try await withService { client in
      let response = try await client.send(.post, "/users", body)
      #expect(response.json == ["email": "bob@me.com", "message": "user created"])
      #expect(try await client.logIn("bob@me.com", "x").status == 200)
    }
  }

  private func expectRefusal(_ body: Body, _ reason: String) async throws {
    let store = InMemoryStore()
    try await withService(store: store) { client in
      let response = try await client.send(.post, "/users", body)
      #expect(response.status == 400)
      #expect(response.message == reason)
    }
    #expect(await store.isEmpty())
  }
}

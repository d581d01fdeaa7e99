import Foundation
import Testing

@testable import AuthServer

@Suite struct ImportReaderTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func read(_ text: String, _ format: TransferFormat) throws -> [NumberedRow] {
    try read(Data(text.utf8), format)
  }

  private func read(_ data: Data, _ format: TransferFormat) throws -> [NumberedRow] {
    let path = directory.path + "/file"
    try data.write(to: URL(filePath: path))
    var reader = try ImportReader(ByteSource(path: path), format)
    var rows: [NumberedRow] = []
    while let row = try reader.next() { rows.append(row) }
    return rows
  }

  private func emails(_ rows: [NumberedRow]) -> [String] {
    rows.map { row in "\(row.line) " + ((try? row.row.get().email) ?? "bad") }
  }

  @Test(arguments: [
    ("email,hash\na,!\nb,!\n", ["2 a", "3 b"]),
    ("email,hash\r\na,!\r\nb,!", ["2 a", "3 b"]),
    ("\u{feff}Email,HASH\na,!\n", ["2 a"]),
    ("hash,email\n!,a\n\n\r\n!,b\n", ["2 a", "5 b"]),
    ("email,hash\n\"a \"\"b\"\",c\",!\nd,\"!\"", ["2 a \"b\",c", "3 d"]),
    ("email,hash\n\"a\nb\r\nc\",!\nd,!\n", ["2 a\nb\r\nc", "5 d"]),
    ("email,hash\na\nb,!,c\nd,!\n", ["2 bad", "3 bad", "4 d"]),
    ("email,hash\na\"b,!\n\"c\"d,!\ne,!\n", ["2 bad", "3 bad", "4 e"]),
    ("email,hash\na,!\n\"b,!\nc,!", ["2 a", "3 bad"]),
    ("email,hash\n", []),
    ("\u{feff}\"email\",hash\na,!\n", ["2 a"]),
    ("email,hash\n\u{feff}a,!\n", ["2 \u{feff}a"]),
    ("email,hash\r\u{ff41}a,!\rb\"b,!\r\rc,!\r", ["2 \u{ff41}a", "3 bad", "5 c"]),
    ("email,hash\n\"a\rb\r\nc\n\r\",!\nd,!\n", ["2 a\rb\r\nc\n\r", "7 d"]),
  ])
  func `CSV is read as RFC 4180 says`(_ text: String, _ expected: [String]) throws {
    #expect(emails(try read(text, .csv)) == expected)
  }

  @Test(arguments: [
    "", "\n\n", "\u{ff41}email,hash\na,!\n", "email\na\n", "email,hash,email\n", "email,hash,disabeld\n", "a,!\n",
    "\"email,hash\n",
  ])
  func `a header that does not name the columns is refused`(_ text: String) {
    #expect(throws: CommandFailure.self) { try read(text, .csv) }
  }

  @Test(arguments: [
    ("true", true), ("T", true), ("1", true), ("yes", true), ("false", false), ("f", false), ("0", false), ("", false),
    ("maybe", nil), (" true", nil), ("2", nil),
  ])
  func `disabled is true, false or an error`(_ text: String, _ expected: Bool?) throws {
    let rows = try read("email,hash,disabled\na,!,\(text)\n", .csv)
    #expect((try? rows.first?.row.get().isDisabled) == expected)
  }

  @Test func `lines of JSON have the members of the columns and no others`() throws {
    let text = """
      {"email":"a","hash":"!"}
      {"password_hash":"$x","email":"b\\u0040","disabled":true}

      {"email":"c","hash":"!","disabled":null}
      {"email":"d","hash":"!","disabled":"true"}
      {"email":"e","hash":"!","role":"x"}
      {"email":"f","hash":"!","password_hash":"!"}
      {"email":"g"}
      ["h","!"]
      {"email":"i","hash":"!"} x
      {"email":"j","hash":"!"}\r
      {"email":"k","hash":"!","email":"k"}
      {"email":"l","hash":"!",}
      {"email":"m","hash":1}
      """
    let rows = try read(text, .jsonl)
    #expect(
      emails(rows) == [
        "1 a", "2 b@", "4 c", "5 bad", "6 bad", "7 bad", "8 bad", "9 bad", "10 bad", "11 j", "12 bad", "13 bad", "14 bad",
      ])
    #expect(try rows[1].row.get() == ImportRow(email: "b@", hash: "$x", isDisabled: true))
  }

  @Test func `a fault counts although it is in a member that repeats another`() throws {
    let rows = try read("{\"email\":\"a\",\"hash\":\"!\",\"email\":\"\\!\"}\n", .jsonl)
    #expect(throws: BadRow("the row is not an object of JSON")) { try rows[0].row.get() }
  }

  @Test(arguments: TransferFormat.allCases)
  func `a row that is too long is bad, and the next is read`(_ format: TransferFormat) throws {
    let long = String(repeating: "a", count: 3 * ImportReader.maximumRowBytes)
    let text =
      switch format {
      case .csv: "email,hash\n\(long),!\n\"\(long)\",!\nb,!\n"
      case .jsonl: "{\"email\":\"\(long)\",\"hash\":\"!\"}\n{\"email\":\"b\",\"hash\":\"!\"}\n"
      }
    let rows = try read(text, format)
    #expect((try? rows.last?.row.get().email) == "b")
    #expect(rows.dropLast().allSatisfy { (try? $0.row.get()) == nil })
  }

  @Test(arguments: TransferFormat.allCases)
  func `bytes that are not UTF-8 are bad`(_ format: TransferFormat) throws {
    let (before, after) =
      switch format {
      case .csv: ("email,hash\na", ",!\nb,!\n")
      case .jsonl: ("{\"email\":\"a\",\"email\":\"a", "\",\"hash\":\"!\"}\n{\"email\":\"b\",\"hash\":\"!\"}\n")
      }
    let rows = try read(Data(before.utf8) + [0xff] + Data(after.utf8), format)
    #expect(emails(rows).map { $0.split(separator: " ")[1] } == ["bad", "b"])
  }

  @Test(arguments: [("a.csv", TransferFormat.csv), ("b/c.JSONL", .jsonl), ("d.ndjson", .jsonl), ("csv.txt", nil), ("-", nil)])
  func `the name of a file says its format`(_ path: String, _ format: TransferFormat?) {
    #expect(TransferFormat(path: path) == format)
  }
}

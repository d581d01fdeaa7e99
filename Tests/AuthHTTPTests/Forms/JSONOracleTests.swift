import Foundation
import TestPrograms
import Testing

@testable import AuthHTTP

/// Our reader of JSON beside Python's: both accept the same documents, and read the same text from them.
@Suite struct JSONOracleTests {
  /// Prints, for each line of hexadecimal digits, `-` for a document that is not one JSON object, or the first members `email`
  /// and `password`: in hexadecimal digits, `?` for a value that is not a string, nothing for one that is not there.
  private static let oracle = """
    import json, sys
    def no_constant(name): raise ValueError(name)
    def verdict(document):
        try:
            text = document.decode("utf-8-sig")
            pairs = json.loads(text, object_pairs_hook=list, parse_constant=no_constant)
            # A lone surrogate is no Unicode text, and raises a ValueError.
            json.dumps(pairs, ensure_ascii=False).encode()
            if not text.lstrip(" \\t\\n\\r").startswith("{"): return "-"
        except (ValueError, RecursionError):
            return "-"
        def show(field):
            for name, value in pairs:
                if name == field: return value.encode().hex() + "." if isinstance(value, str) else "?"
            return ""
        return show("email") + "," + show("password")
    for line in sys.stdin: print(verdict(bytes.fromhex(line)))
    """

  /// Documents from which all others are made by cutting and changing.
  private static let seeds: [[UInt8]] = [
    #"{"email":"bob@me.com","password":"x"}"#,
    #" { "a" : [ 1 , -2.5e+3 , true , null , { } ] , "email" : "\u0062\ud83d\ude00" } "#,
    #"{"email":"a","email":"b","password":{"email":"c"},"password":"d"}"#, #"{"\u0065mail":"\"\\\/\b\f\n\r\t","password":"é😀"}"#,
    #"{"email":0,"n":[[[{"a":[{}]}]]],"password":"\ud800x"}"#, #"{"n":0.10e-07,"email":false,"password":[]}"#, "{}", "\u{FEFF}{}",
    #"["email"]"#, #"{"a":{"email":"x"},"b":["password"],"":""}"#,
  ].map { Array($0.utf8) }

  /// Bytes that matter to the grammar, and some that never fit.
  private static let alphabet: [UInt8] =
    Array(#"{}[]:,"\/ubfnrtesalx0123456789.eE+-D "#.utf8) + [9, 10, 13, 0, 1, 0x1f, 0x7f, 0x80, 0xc3, 0xa9, 0xed, 0xff]

  private static func documents() -> [[UInt8]] {
    var random = SplitMix(state: 20_261_128)
    var documents = seeds
    for seed in seeds {
      for end in seed.indices { documents.append(Array(seed[..<end])) }
      for _ in 0..<1_500 {
        var document = seed
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          let place = Int.random(in: 0...document.count, using: &random)
          let byte = alphabet.randomElement(using: &random)!
          switch Int.random(in: 0..<4, using: &random) {
          case 0: document.insert(byte, at: place)
          case 1: if place < document.count { document.remove(at: place) }
          case 2: if place < document.count { document[place] = byte }
          default:
            let end = min(document.count, place + Int.random(in: 1...8, using: &random))
            document.insert(contentsOf: document[place..<end], at: Int.random(in: 0...document.count, using: &random))
          }
        }
        documents.append(document)
      }
    }
    return documents
  }

  @Test func `15,000 documents, most of them malformed, are read as Python reads them`() throws {
    let documents = Self.documents()
    let lines = try Self.ask(documents.map { Self.hex($0) }.joined(separator: "\n"))
    try #require(lines.count == documents.count)
    var accepted = 0
    for (document, expected) in zip(documents, lines) {
      let values = try? Form.decodeJSON(document)
      let verdict = values.map { "\(Self.show($0[.email])),\(Self.show($0[.password]))" } ?? "-"
      #expect(verdict == expected, "\(String(decoding: document, as: UTF8.self)) \(Self.hex(document))")
      if values != nil { accepted += 1 }
    }
    #expect(accepted > 1_000)
  }

  private static func show(_ value: String??) -> String {
    guard let value else { return "" }
    return value.map { hex(Array($0.utf8)) + "." } ?? "?"
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private static func ask(_ input: String) throws -> [String] {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try Data(input.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let output = Pipe()
    let process = try ChildProcess(
      "/usr/bin/env", ["python3", "-c", oracle], input: FileHandle(forReadingFrom: file), output: output.fileHandleForWriting)
    try output.fileHandleForWriting.close()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }
}

/// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014): the same documents at every run.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

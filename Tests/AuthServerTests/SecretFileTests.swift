import Foundation
import Testing

@testable import AuthServer

@Suite struct SecretFileTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func contents(ofFileWith text: String) throws -> String {
    let path = directory.path + "/secret"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return String(decoding: try SecretFile.contents(of: path), as: UTF8.self)
  }

  @Test(arguments: ["", "\n", "\r\n"])
  func `one line break at the end is none of the secret's`(end: String) throws {
    #expect(try contents(ofFileWith: "secret" + end) == "secret")
    #expect(try contents(ofFileWith: " secret \n" + end).utf8.elementsEqual((" secret " + (end.isEmpty ? "" : "\n")).utf8))
  }

  @Test func `as much is read as a secret may have`() throws {
    let longest = String(repeating: "s", count: SecretFile.maximumBytes)
    #expect(try contents(ofFileWith: longest) == longest)
    #expect(throws: BoundedFile.Problem.tooLong(maximumBytes: 1024)) { try contents(ofFileWith: longest + "s") }
  }

  @Test func `a file that cannot be a secret's is refused, and does not fill the memory`() throws {
    #expect(throws: BoundedFile.Problem.unreadable("No such file or directory")) { try SecretFile.contents(of: "/nowhere") }
    #expect(throws: BoundedFile.Problem.unreadable("Is a directory")) { try SecretFile.contents(of: "/") }
    #expect(throws: BoundedFile.Problem.tooLong(maximumBytes: 1024)) { try SecretFile.contents(of: "/dev/zero") }
  }
}

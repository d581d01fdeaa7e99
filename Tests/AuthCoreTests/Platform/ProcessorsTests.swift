import Foundation
import Testing

@testable import AuthCore

@Suite struct ProcessorsTests {
  @Test(arguments: ["0": 1, "7": 1, "0-3": 4, "0-1,8": 3, "0,2,4-5,8-15": 12])
  func `the processors in a kernel list are counted`(_ list: String, _ count: Int) {
    #expect(Processors.count(inList: list) == count)
  }

  @Test(arguments: ["", "a", "3-1", "1-2-3", "0,,x", "-"])
  func `a malformed list has no count`(_ list: String) {
    #expect(Processors.count(inList: list) == nil)
  }

  @Test(arguments: ["100000 100000\n": 1, "50000 100000": 1, "150000 100000\n": 2, "200000 100000": 2, "800001 100000": 9])
  func `a quota is rounded up to whole processors`(_ text: String, _ quota: Int) {
    #expect(Processors.quota(text) == quota)
  }

  @Test(arguments: ["max 100000\n", "", "100000", "0 100000", "100000 0", "-1 100000", "1 2 3"])
  func `a missing or malformed quota limits nothing`(_ text: String) {
    #expect(Processors.quota(text) == nil)
  }

  @Test(arguments: [
    "0::/system.slice/auth.service\n": [2, 3, 4], "9:cpu:/other\n0::/system.slice/auth.service\n": [2, 3, 4],
    "0::/system.slice/unlimited.service": [3, 4], "0::/": [4], "9:cpu:/system.slice": [], "": [],
  ])
  func `the quotas of a group are its own and those of all groups above it`(_ groups: String, _ quotas: [Int]) throws {
    let root = URL.temporaryDirectory.appending(path: "swift-auth-\(UUID())")
    defer { try? FileManager.default.removeItem(at: root) }
    let limits = ["": "400000 100000", "system.slice": "300000 100000", "system.slice/auth.service": "150000 100000"]
    for (group, limit) in limits {
      let directory = root.appending(path: group)
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
      try limit.write(to: directory.appending(path: "cpu.max"), atomically: true, encoding: .utf8)
    }
    #expect(Processors.quotas(of: groups, under: root.path(percentEncoded: false)) == quotas)
  }

  @Test func `at least one processor is available, and no more than are online`() {
    #expect((1...sysconf(Int32(_SC_NPROCESSORS_ONLN))).contains(BcryptHasher.processors))
  }
}

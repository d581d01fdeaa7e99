import Foundation

/// One line of the results.
struct Row: Codable {
  var what: String
  var against: String
  var ratio: Double
  /// What the ratio should be at least, or at most.
  var atLeast: Double?
  var atMost: Double?

  var bound: String {
    if let atLeast { return "at least " + number(atLeast) }
    if let atMost { return "at most " + number(atMost) }
    return ""
  }

  var isMet: Bool { ratio >= atLeast ?? -.infinity && ratio <= atMost ?? .infinity }
}

struct Report: Codable {
  var machine = Machine()
  var rows: [Row] = []

  mutating func add(_ what: String, against: String, ratio: Double, atLeast: Double? = nil, atMost: Double? = nil) {
    let row = Row(what: what, against: against, ratio: ratio, atLeast: atLeast, atMost: atMost)
    rows.append(row)
    FileHandle.standardError.write(Data("\(what): \(number(ratio))\n".utf8))
  }

  var table: String {
    let header = ["what", "against", "ratio", "", ""]
    let cells = [header] + rows.map { [$0.what, $0.against, number($0.ratio), $0.bound, $0.isMet ? "" : "missed"] }
    let widths = header.indices.map { column in cells.map(\.[column].count).max()! }
    let lines = cells.map { line in
      zip(line, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }.joined(separator: "  ")
    }
    return ([machine.description, ""] + lines).joined(separator: "\n")
  }

  var json: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      return try encoder.encode(self)
    }
  }
}

struct Machine: Codable, CustomStringConvertible {
  var processor: String
  var processors = ProcessInfo.processInfo.activeProcessorCount
  var system = ProcessInfo.processInfo.operatingSystemVersionString
  var date = Date.now.formatted(.iso8601)

  init() {
    let info = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    processor = info.firstMatch(of: /model name\s*: (.*)/).map { String($0.1) } ?? "unknown processor"
  }

  var description: String { "\(processors) × \(processor), \(system), \(date)" }
}

func number(_ value: Double) -> String { String(format: "%.2f", value) }

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

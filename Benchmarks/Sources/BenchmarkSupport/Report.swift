package import Foundation

/// One line of the results.
package struct Row: Codable {
  package var what: String
  /// What was measured, with its unit; empty where only the ratio means something.
  package var figure: String
  package var against: String
  package var ratio: Double?
  /// What the ratio should be at least, or at most.
  package var atLeast: Double?
  package var atMost: Double?

  var bound: String {
    if let atLeast { return "at least " + number(atLeast) }
    if let atMost { return "at most " + number(atMost) }
    return ""
  }

  var isMet: Bool {
    guard let ratio else { return true }
    return ratio >= atLeast ?? -.infinity && ratio <= atMost ?? .infinity
  }
}

/// The results of a benchmark: each row is printed as it comes, all of them as a table at the end.
package struct Report: Codable {
  package var machine = Machine()
  package var rows: [Row] = []

  package init() {}

  package mutating func add(
    _ what: String, _ figure: String = "", against: String = "", ratio: Double? = nil, atLeast: Double? = nil,
    atMost: Double? = nil
  ) {
    let row = Row(what: what, figure: figure, against: against, ratio: ratio, atLeast: atLeast, atMost: atMost)
    rows.append(row)
    let parts = [figure, ratio.map(number) ?? ""].filter { !$0.isEmpty }
    FileHandle.standardError.write(Data("\(what): \(parts.joined(separator: ", "))\n".utf8))
  }

  package var table: String {
    let header = ["what", "figure", "against", "ratio", "", ""]
    let cells =
      [header]
      + rows.map { [$0.what, $0.figure, $0.against, $0.ratio.map(number) ?? "", $0.bound, $0.isMet ? "" : "missed"] }
    let columns = header.indices.filter { column in cells.dropFirst().contains { !$0[column].isEmpty } }
    let widths = columns.map { column in cells.map(\.[column].count).max()! }
    let lines = cells.map { line in
      zip(columns, widths).map { line[$0].padding(toLength: $1, withPad: " ", startingAt: 0) }.joined(separator: "  ")
    }
    return ([machine.description, ""] + lines).joined(separator: "\n")
  }

  package var json: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      return try encoder.encode(self)
    }
  }

  /// Prints the table, and writes the same as JSON where a file is named.
  package func publish(json path: String?) throws {
    print(table)
    if let path { try json.write(to: URL(filePath: path)) }
  }
}

package struct Machine: Codable, CustomStringConvertible {
  package var processor: String
  package var processors = ProcessInfo.processInfo.activeProcessorCount
  package var system = ProcessInfo.processInfo.operatingSystemVersionString
  package var date = Date.now.formatted(.iso8601)

  package init() {
    let info = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    processor = info.firstMatch(of: /model name\s*: (.*)/).map { String($0.1) } ?? "unknown processor"
  }

  package var description: String { "\(processors) × \(processor), \(system), \(date)" }
}

package func number(_ value: Double) -> String { String(format: "%.2f", value) }

package func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

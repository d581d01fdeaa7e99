public import Foundation

/// One line of the results.
public struct Row: Codable {
  public var what: String
  /// What was measured, with its unit; empty where only the ratio means something.
  public var figure: String
  public var against: String
  public var ratio: Double?
  /// What the ratio should be at least, or at most.
  public var atLeast: Double?
  public var atMost: Double?

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
public struct Report: Codable {
  public var machine = Machine()
  public var rows: [Row] = []

  public init() {}

  public mutating func add(
    _ what: String, _ figure: String = "", against: String = "", ratio: Double? = nil, atLeast: Double? = nil,
    atMost: Double? = nil
  ) {
    let row = Row(what: what, figure: figure, against: against, ratio: ratio, atLeast: atLeast, atMost: atMost)
    rows.append(row)
    let parts = [figure, ratio.map(number) ?? ""].filter { !$0.isEmpty }
    FileHandle.standardError.write(Data("\(what): \(parts.joined(separator: ", "))\n".utf8))
  }

  public var table: String {
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

  public var json: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      return try encoder.encode(self)
    }
  }

  /// Prints the table, and writes the same as JSON where a file is named.
  public func publish(json path: String?) throws {
    print(table)
    if let path { try json.write(to: URL(filePath: path)) }
  }
}

public struct Machine: Codable, CustomStringConvertible {
  public var processor: String
  public var processors = ProcessInfo.processInfo.activeProcessorCount
  public var system = ProcessInfo.processInfo.operatingSystemVersionString
  public var date = Date.now.formatted(.iso8601)

  public init() {
    let info = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    processor = info.firstMatch(of: /model name\s*: (.*)/).map { String($0.1) } ?? "unknown processor"
  }

  public var description: String { "\(processors) × \(processor), \(system), \(date)" }
}

public func number(_ value: Double) -> String { String(format: "%.2f", value) }

public func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

#if Postgres
/// A statement that is prepared once on each connection, when it is first used there.
struct PostgresStatement: Sendable {
  /// Also its name on the server.
  let name: String
  let sql: String
  let types: [PostgresType]

  init(_ name: String, _ sql: String, _ types: [PostgresType] = []) {
    self.name = name
    self.sql = sql
    self.types = types
  }

  /// A call of one of our functions with parameters of these types.
  ///
  /// - Parameter isFlushing: whether its transaction is made durable, by another column of its one row.
  init(calling function: String, in schema: PostgresSchema, _ types: [PostgresType], flushing isFlushing: Bool = false) {
    let parameters = (0..<types.count).map { "$\($0 + 1)" }.joined(separator: ", ")
    let columns = isFlushing ? "*, \(schema.name).flush_1()" : "*"
    self.init(function, "SELECT \(columns) FROM \(schema.name).\(function)(\(parameters))", types)
  }
}

/// A type of parameters, by its object identifier, which PostgreSQL never changes (`pg_type.dat` in its sources).
enum PostgresType: UInt32 {
  case boolean = 16
  case bytes = 17
  case bigint = 20
  case text = 25
  case bytesArray = 1001
  case textArray = 1009
  case bigintArray = 1016

  /// The type of an array's elements.
  fileprivate var element: PostgresType {
    switch self {
    case .bytesArray: .bytes
    case .textArray: .text
    default: .bigint
    }
  }
}

/// A statement with the values of its parameters, in PostgreSQL's binary format.
struct PostgresQuery: Sendable {
  let statement: PostgresStatement
  /// The values one after the other.
  private(set) var bytes: [UInt8] = []
  /// Where each value ends in ``bytes``, negative for null.
  private(set) var ends: [Int] = []

  init(_ statement: PostgresStatement) {
    self.statement = statement
  }

  private mutating func end(isNull: Bool = false) {
    ends.append(isNull ? -1 : bytes.count)
  }

  mutating func add(_ value: Bool) {
    bytes.append(value ? 1 : 0)
    end()
  }

  mutating func add(_ value: Int64?) {
    if let value { append(value) }
    end(isNull: value == nil)
  }

  mutating func add(_ value: Int) { add(Int64(value)) }

  mutating func add(_ text: String?) {
    if let text { bytes += text.utf8 }
    end(isNull: text == nil)
  }

  /// Text of any kind as `bytea`, which can hold U+0000.
  mutating func add(bytes text: String?) { add(text) }

  mutating func add(_ digest: DigestBytes?) {
    if let digest { append(digest) }
    end(isNull: digest == nil)
  }

  mutating func add(_ values: [Int64?]) {
    addArray(of: .bigint, values) { query, value in
      query.append(Int32(8))
      query.append(value)
    }
  }

  mutating func add(_ values: [DigestBytes?]) {
    addArray(of: .bytes, values) { query, value in
      query.append(Int32(32))
      query.append(value)
    }
  }

  /// An array of `text` or, where the statement says so, of `bytea`.
  mutating func add(_ texts: [String?]) {
    addArray(of: statement.types[ends.count].element, texts) { query, text in
      query.append(Int32(text.utf8.count))
      query.bytes += text.utf8
    }
  }

  mutating func addNull() { end(isNull: true) }

  private mutating func addArray<Element>(
    of type: PostgresType, _ elements: [Element?], _ append: (inout PostgresQuery, Element) -> Void
  ) {
    self.append(Int32(elements.isEmpty ? 0 : 1))
    self.append(Int32(1))
    self.append(Int32(bitPattern: type.rawValue))
    if !elements.isEmpty {
      self.append(Int32(elements.count))
      self.append(Int32(1))
    }
    for element in elements {
      if let element { append(&self, element) } else { self.append(Int32(-1)) }
    }
    end()
  }

  private mutating func append(_ digest: DigestBytes) {
    append(Int64(bitPattern: digest.words.0))
    append(Int64(bitPattern: digest.words.1))
    append(Int64(bitPattern: digest.words.2))
    append(Int64(bitPattern: digest.words.3))
  }

  private mutating func append(_ value: some FixedWidthInteger) {
    var shift = value.bitWidth
    while shift > 0 {
      shift -= 8
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }
}
#endif

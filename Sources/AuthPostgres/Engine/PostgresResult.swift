#if Postgres
internal import AuthCPostgres
internal import AuthCore

/// The rows that a statement returned, in binary format. It belongs to the thread of its connection.
@safe
final class PostgresResult {
  private let handle: OpaquePointer

  /// Takes over a result of libpq.
  init(_ handle: OpaquePointer) {
    unsafe self.handle = handle
  }

  deinit {
    // SAFETY: this is the only owner.
    unsafe PQclear(handle)
  }

  var status: ExecStatusType { unsafe PQresultStatus(handle) }

  var count: Int { Int(unsafe PQntuples(handle)) }

  /// What the server says of an error.
  var error: PostgresError {
    PostgresError(
      sqlState: field(CPOSTGRES_SQLSTATE) ?? "", message: field(CPOSTGRES_MESSAGE) ?? "the connection was lost",
      constraint: field(CPOSTGRES_CONSTRAINT))
  }

  private func field(_ code: Int32) -> String? {
    // SAFETY: the text, if there is any, lives as long as the result, and is copied.
    guard let text = unsafe PQresultErrorField(handle, code) else { return nil }
    return unsafe String(cString: text)
  }

  func isNull(_ row: Int, _ column: Int) -> Bool {
    unsafe PQgetisnull(handle, Int32(row), Int32(column)) != 0
  }

  /// A bigint, an integer or a boolean.
  func integer(_ row: Int, _ column: Int) -> Int64 {
    // Only bigint has a sign here that matters.
    unsafe Self.integer(bytes(row, column))
  }

  private static func integer(_ bytes: some Sequence<UInt8>) -> Int64 {
    Int64(bitPattern: bytes.reduce(0) { $0 << 8 | UInt64($1) })
  }

  func integerIfAny(_ row: Int, _ column: Int) -> Int64? {
    isNull(row, column) ? nil : integer(row, column)
  }

  func boolean(_ row: Int, _ column: Int) -> Bool { integer(row, column) != 0 }

  /// A text, or a `bytea` that holds one.
  func text(_ row: Int, _ column: Int) -> String {
    unsafe String(decoding: bytes(row, column), as: UTF8.self)
  }

  func textIfAny(_ row: Int, _ column: Int) -> String? {
    isNull(row, column) ? nil : text(row, column)
  }

  /// A `bytea` that holds a digest.
  func digest(_ row: Int, _ column: Int) -> TokenDigest {
    TokenDigest(hex: unsafe hexadecimal(Array(bytes(row, column))))
  }

  func timestamp(_ row: Int, _ column: Int) -> Timestamp {
    Timestamp(secondsSince1970: integer(row, column))
  }

  func timestampIfAny(_ row: Int, _ column: Int) -> Timestamp? {
    integerIfAny(row, column).map(Timestamp.init(secondsSince1970:))
  }

  /// The elements of an array without nulls, each as its bytes.
  func elements(_ row: Int, _ column: Int) -> [[UInt8]] {
    var rest = unsafe Array(bytes(row, column))[...]
    func next() -> Int {
      defer { rest = rest.dropFirst(4) }
      return Int(rest.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
    }
    guard next() > 0 else { return [] }
    // Flags and the type of the elements; then their number and the first index.
    _ = (next(), next())
    let count = next()
    _ = next()
    return (0..<count).map { _ in
      let length = next()
      defer { rest = rest.dropFirst(length) }
      return Array(rest.prefix(length))
    }
  }

  /// The elements of an array of bigints, without nulls; none for a null.
  func integers(_ row: Int, _ column: Int) -> [Int64] { elements(row, column).map(Self.integer) }

  private func bytes(_ row: Int, _ column: Int) -> UnsafeBufferPointer<UInt8> {
    // SAFETY: libpq checks row and column, and the value lives as long as the result.
    let length = unsafe Int(PQgetlength(handle, Int32(row), Int32(column)))
    guard length > 0, let start = unsafe PQgetvalue(handle, Int32(row), Int32(column)) else {
      return unsafe UnsafeBufferPointer(start: nil, count: 0)
    }
    return unsafe UnsafeRawBufferPointer(start: start, count: length).bindMemory(to: UInt8.self)
  }
}

/// An error that the server reported.
struct PostgresError: Error, Equatable, CustomStringConvertible {
  /// Five letters and digits (https://www.postgresql.org/docs/current/errcodes-appendix.html); empty if libpq made the error.
  let sqlState: String
  /// Without the details, which may quote values.
  let message: String
  let constraint: String?

  var description: String { sqlState.isEmpty ? message : "\(message) (SQLSTATE \(sqlState))" }
}
#endif

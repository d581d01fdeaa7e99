internal import AuthCore

// Times are stored as whole seconds since 1970.

extension SQLiteValue {
  init(_ moment: Timestamp) {
    self = .integer(moment.secondsSince1970)
  }
}

extension SQLiteStatement {
  func timestamp(_ column: Int32) -> Timestamp { Timestamp(secondsSince1970: integer(column)) }

  func timestampIfAny(_ column: Int32) -> Timestamp? { integerIfAny(column).map(Timestamp.init(secondsSince1970:)) }
}

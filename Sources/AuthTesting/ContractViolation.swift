/// A rule of `AuthStore` that a store was seen to break.
public struct ContractViolation: Error, Equatable, CustomStringConvertible {
  /// The clause that was checked, as it describes itself.
  public let clause: String
  /// What was looked at: an answer of the store, or a part of one.
  public let matter: String
  /// What the rule asks for.
  public let expected: String
  /// What the store gave.
  public let found: String

  /// All of it in one line.
  public var description: String {
    "broken rule of AuthStore, \(clause): \(matter): expected \(expected), came \(found)"
  }
}

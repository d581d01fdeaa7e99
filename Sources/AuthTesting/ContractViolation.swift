/// The report of a store that broke a rule of `AuthStore`.
public struct ContractViolation: Error, Equatable, CustomStringConvertible {
  /// The clause that was checked.
  public let clause: StoreContract.Clause.ID
  /// What was compared: a result of the store, or a part of one.
  public let matter: String
  /// What the rule asks for.
  public let expected: String
  /// What the store returned.
  public let found: String

  /// All of it in one line.
  public var description: String {
    "the store breaks a rule of AuthStore, \(clause): \(matter): expected \(expected), found \(found)"
  }
}

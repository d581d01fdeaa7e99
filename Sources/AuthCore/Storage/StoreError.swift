/// Why a store did not do what it was asked. None of these can be taken for a wrong password.
@nonexhaustive
public enum StoreError: Error, Equatable, CustomStringConvertible {
  /// Nothing matches the filters, or no user has this id or address.
  case noResultFound

  /// A filter or an attribute that does not exist, or a value that cannot be stored. Nothing was changed.
  case invalidRequest(String)

  /// Another user has this address, in whatever letter case. Nothing was changed.
  case emailTaken

  /// The store cannot answer now: locked, full, unreadable or closed. Nothing of what was to be written was written.
  case unavailable(String)

  public var description: String {
    switch self {
    case .noResultFound: "no result found"
    case .invalidRequest(let reason): "invalid request: \(reason)"
    case .emailTaken: "another user has this address"
    case .unavailable(let reason): "the store is unavailable: \(reason)"
    }
  }
}

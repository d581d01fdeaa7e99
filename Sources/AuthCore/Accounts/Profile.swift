/// The part of a ``User`` that is not secret, which is all that most requests need.
public struct Profile: Sendable, Equatable, Identifiable {
  /// The id of the user.
  public let id: User.ID

  /// The email in the letter case in which it was registered.
  public let email: Email

  /// Makes a profile from the id and email of a user.
  public init(id: User.ID, email: Email) {
    self.id = id
    self.email = email
  }
}

extension User {
  /// The id and the email of the user.
  public var profile: Profile { Profile(id: id, email: email) }
}

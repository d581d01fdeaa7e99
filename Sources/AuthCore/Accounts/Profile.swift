/// What most requests want to know of who asks: the part of a ``User`` that holds no secret.
public struct Profile: Sendable, Equatable, Identifiable {
  public let id: User.ID

  /// The address in the letter case in which it was registered.
  public let email: Email

  public init(id: User.ID, email: Email) {
    self.id = id
    self.email = email
  }
}

extension User {
  public var profile: Profile { Profile(id: id, email: email) }
}

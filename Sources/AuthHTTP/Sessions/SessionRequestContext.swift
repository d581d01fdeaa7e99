public import AuthCore
public import Hummingbird
public import NIOCore

/// An open session that a request belongs to.
public struct CurrentSession: Sendable {
  /// The session id, as it came with the request.
  public let id: SessionID

  /// The session's user.
  public let user: Profile

  @usableFromInline
  init(id: SessionID, user: Profile) {
    self.id = id
    self.user = user
  }
}

/// A request context with a place for the session that the request belongs to.
public protocol SessionRequestContext: RequestContext {
  /// The open session of the request, once ``SessionAuthenticator`` or ``RequireSession`` has looked it up; nil for none.
  var session: CurrentSession? { get set }
}

/// A context with all that this library needs: the session of a request, and its client's IP address.
///
///     let router = Router(context: BasicSessionRequestContext.self)
public struct BasicSessionRequestContext: SessionRequestContext, RemoteAddressRequestContext {
  /// The storage of Hummingbird.
  public var coreContext: CoreRequestContextStorage

  /// The open session of the request; nil for none.
  public var session: CurrentSession?

  /// The other end of the connection.
  public let remoteAddress: SocketAddress?

  /// Creates the context of a request. The router calls this.
  public init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    remoteAddress = source.channel.remoteAddress
  }
}

/// The context of requests that belong to an open session: ``RequireSession`` lets no others through. It has all that its parent
/// has, and ``user`` without an optional.
@dynamicMemberLookup
public struct LoggedInContext<Parent: SessionRequestContext>: ChildRequestContext {
  /// The storage of Hummingbird.
  public var coreContext: CoreRequestContextStorage

  /// The session of the request.
  public let session: CurrentSession

  /// The context that the application's router made.
  public let parent: Parent

  /// Creates the context. The router does, in a group that requires a session.
  ///
  /// - Throws: `AuthError.invalidSession`, a 401, when the parent has no session.
  public init(context: Parent) throws {
    guard let session = context.session else { throw AuthError.invalidSession }
    coreContext = context.coreContext
    self.session = session
    parent = context
  }

  /// The user of the session.
  public var user: Profile { session.user }

  /// A member of the parent.
  public subscript<Value>(dynamicMember member: KeyPath<Parent, Value>) -> Value { parent[keyPath: member] }

  /// The parent's limit.
  public var maxUploadSize: Int { parent.maxUploadSize }

  /// The parent's decoder.
  public var requestDecoder: Parent.Decoder { parent.requestDecoder }

  /// The parent's encoder.
  public var responseEncoder: Parent.Encoder { parent.responseEncoder }
}

extension LoggedInContext: RemoteAddressRequestContext where Parent: RemoteAddressRequestContext {
  /// The other end of the connection.
  public var remoteAddress: SocketAddress? { parent.remoteAddress }
}

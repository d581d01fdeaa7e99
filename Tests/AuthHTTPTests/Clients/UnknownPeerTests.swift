import AuthCore
import AuthHTTP
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

/// Clients whose IP address the connection does not tell.
@Suite struct UnknownPeerTests {
  private let events = RecordedEvents()

  /// The IP address under which a failed login is recorded.
  private func recordedAddress<Context: RequestContext>(
    mounting mount: (AuthRoutes, Router<Context>) -> Void
  ) async throws -> IPAddress? where Context.Source == ApplicationRequestContextSource {
    let auth = Auth(policy: .strict, store: InMemoryStore(), hasher: sharedHasher, events: events)
    let router = Router(context: Context.self)
    mount(AuthRoutes(auth: auth), router)
    try await Application(router: router).test(.router) { http in
      _ = try await Client(http: http).logIn(Strict.email, Strict.password)
    }
    let recorded = events.take()
    #expect(recorded.map(\.kind) == [.loginFailed])
    return recorded.first?.client.ipAddress
  }

  @Test func `clients of a proxy on a Unix socket count as one`() async throws {
    #expect(try await recordedAddress { $0.add(to: $1 as Router<UnixSocketContext>) } == IPAddress("0.0.0.0"))
  }

  @Test func `a client that has already gone is counted`() async throws {
    #expect(try await recordedAddress { $0.add(to: $1 as Router<ClosedContext>) } == IPAddress("::"))
  }

  @Test func `a client whose address is known counts by it`() async throws {
    #expect(try await recordedAddress { $0.add(to: $1 as Router<TestContext>) } == IPAddress(TestContext.peer))
  }

  @Test func `an application that says that it knows no address counts none`() async throws {
    #expect(try await recordedAddress { $0.add(to: $1 as Router<TestContext>) { _, _ in nil } } == nil)
  }
}

private struct UnixSocketContext: RemoteAddressRequestContext {
  var coreContext: CoreRequestContextStorage

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
  }

  var remoteAddress: SocketAddress? { try? SocketAddress(unixDomainSocketPath: "/run/proxy.sock") }
}

private struct ClosedContext: RemoteAddressRequestContext {
  var coreContext: CoreRequestContextStorage

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
  }

  var remoteAddress: SocketAddress? { nil }
}

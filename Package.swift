// swift-tools-version: 6.2
import PackageDescription

/// Set in CI: a warning in our own code fails the build. Never in the manifest for good, where it would break dependants.
let warningsAsErrors = Context.environment["AUTH_WARNINGS_AS_ERRORS"] != nil

let settings: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
  ] + (warningsAsErrors ? [.treatAllWarnings(as: .error)] : [])

let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let metricsTestKit = Target.Dependency.product(name: "MetricsTestKit", package: "swift-metrics")

let package = Package(
  name: "swift-auth",
  products: [
    .library(name: "AuthClient", targets: ["AuthClient"]),
    .library(name: "AuthCore", targets: ["AuthCore"]),
    .library(name: "AuthDB", targets: ["AuthDB"]),
    .library(name: "AuthHTTP", targets: ["AuthHTTP"]),
    .library(name: "AuthPostgres", targets: ["AuthPostgres"]),
    .library(name: "AuthTesting", targets: ["AuthTesting"]),
    .executable(name: "AuthServer", targets: ["AuthServer"]),
  ],
  traits: [
    .trait(name: "Postgres", description: "The store for PostgreSQL, AuthPostgres, which needs libpq.")
  ],
  dependencies: [
    // Why each of them: Docs/Decisions/0001-dependencies.md. Without traits Hummingbird needs neither swift-configuration
    // nor the whole of Foundation.
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.5.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
  ],
  targets: [
    .systemLibrary(name: "AuthCLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "AuthCPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "AuthCSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    // Its pkg-config file has a flag of C compilers for Windows, about which SwiftPM would warn.
    .systemLibrary(name: "AuthCUTF8Proc", providers: [.apt(["libutf8proc-dev"])]),
    .systemLibrary(name: "AuthCYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .target(name: "AuthCore", dependencies: ["AuthCLibcrypto", "AuthCUTF8Proc", metrics], swiftSettings: settings),
    .target(name: "AuthDB", dependencies: ["AuthCore", "AuthCSQLite", metrics], swiftSettings: settings),
    // Without the trait it is empty.
    .target(
      name: "AuthPostgres",
      dependencies: ["AuthCore", .target(name: "AuthCPostgres", condition: .when(traits: ["Postgres"])), metrics],
      swiftSettings: settings),
    .target(name: "AuthTesting", dependencies: ["AuthCore"], swiftSettings: settings),
    .target(
      name: "AuthHTTP",
      dependencies: [
        "AuthCore", metrics,
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOFoundationEssentialsCompat", package: "swift-nio"),
      ],
      swiftSettings: settings),
    .target(
      name: "AuthClient",
      dependencies: [
        "AuthCore",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOFoundationEssentialsCompat", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      swiftSettings: settings),
    .target(
      name: "HTTP1",
      dependencies: [.product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio")],
      swiftSettings: settings),
    .executableTarget(
      name: "AuthServer",
      dependencies: [
        "AuthCYAML", "AuthCore", "AuthDB", "AuthHTTP", "HTTP1", metrics,
        .target(name: "AuthPostgres", condition: .when(traits: ["Postgres"])),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOExtras", package: "swift-nio-extras"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "AuthCoreTests", dependencies: ["AuthCore", "AuthTesting", "AuthCLibcrypto", metrics, metricsTestKit],
      swiftSettings: settings),
    .testTarget(name: "AuthTestingTests", dependencies: ["AuthCore", "AuthTesting"], swiftSettings: settings),
    .testTarget(
      name: "AuthDBTests", dependencies: ["AuthCore", "AuthDB", "AuthTesting", "AuthCSQLite", metrics, metricsTestKit],
      swiftSettings: settings),
    .testTarget(
      name: "AuthPostgresTests", dependencies: ["AuthCore", "AuthDB", "AuthPostgres", "AuthTesting", "TestPrograms"],
      swiftSettings: settings),
    // What tests start: any program, and with the trait a PostgreSQL server of their own.
    .target(name: "TestPrograms", dependencies: ["AuthCSpawn"], path: "Tests/TestPrograms", swiftSettings: settings),
    .target(name: "AuthCSpawn", path: "Tests/AuthCSpawn"),
    .testTarget(
      name: "AuthHTTPTests",
      dependencies: [
        "AuthCore", "AuthHTTP", "AuthTesting", "TestPrograms", metrics, metricsTestKit,
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdTesting", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "AuthClientTests",
      dependencies: [
        "AuthClient", "AuthCore", "AuthHTTP", "AuthTesting",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdTesting", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "GuideTests",
      dependencies: [
        "AuthClient", "AuthCore", "AuthDB", "AuthHTTP", "AuthTesting",
        .target(name: "AuthPostgres", condition: .when(traits: ["Postgres"])),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdTesting", package: "hummingbird"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "HTTP1Tests",
      dependencies: [
        "HTTP1",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "AuthServerTests",
      dependencies: [
        "AuthCore", "AuthHTTP", "AuthServer", "AuthTesting", "HTTP1", "TestPrograms", metrics,
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "SystemPackage", package: "swift-system"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      swiftSettings: settings),
  ]
)

/// Set by `make sanitize`: AuthCore, AuthTesting and their tests alone, without the packages that only the server needs.
if Context.environment["AUTH_ONLY_CORE"] != nil {
  let core = ["AuthCLibcrypto", "AuthCUTF8Proc", "AuthCore", "AuthTesting", "AuthCoreTests"]
  package.dependencies.removeAll { dependency in
    if case .sourceControl(_, let location, _) = dependency.kind { !location.hasSuffix("/swift-metrics") } else { true }
  }
  package.products = []
  package.targets.removeAll { !core.contains($0.name) }
  // Only AuthCore, as it is delivered: to optimise its tests takes longer than they run.
  for target in package.targets where ["AuthTesting", "AuthCoreTests"].contains(target.name) {
    target.swiftSettings?.append(.unsafeFlags(["-Onone"]))
  }
}

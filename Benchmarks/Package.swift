// swift-tools-version: 6.2
import PackageDescription

/// As in the package that is measured.
let settings: [SwiftSetting] =
  [.enableUpcomingFeature("InternalImportsByDefault")]
  + (Context.environment["AUTH_WARNINGS_AS_ERRORS"] != nil ? [.treatAllWarnings(as: .error)] : [])

// A package of its own, so that nobody who depends on swift-auth fetches or builds what only its benchmarks need.
let package = Package(
  name: "swift-auth-benchmarks",
  dependencies: [
    .package(name: "swift-auth", path: "..", traits: ["Postgres"]),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
  ],
  targets: [
    .target(name: "BenchmarkSupport", swiftSettings: settings),
    .executableTarget(
      name: "BareServer", dependencies: [.product(name: "Hummingbird", package: "hummingbird")], swiftSettings: settings),
    .systemLibrary(name: "CLibcrypt", providers: [.apt(["libcrypt-dev"])]),
    .executableTarget(
      name: "HashingBenchmark",
      dependencies: [
        "BenchmarkSupport", "CLibcrypt",
        .product(name: "AuthCore", package: "swift-auth"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    // Of the same library as swift-auth's own module, under another name: modules have one name space for all packages.
    .systemLibrary(name: "CSQLite3", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .executableTarget(
      name: "ServiceBenchmark",
      dependencies: [
        "BenchmarkSupport", "CSQLite3",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "AuthClient", package: "swift-auth"),
        .product(name: "AuthHTTP", package: "swift-auth"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "AuthCore", package: "swift-auth"),
        .product(name: "AuthDB", package: "swift-auth"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "PostgresBenchmark",
      dependencies: [
        "BenchmarkSupport",
        .product(name: "AuthCore", package: "swift-auth"),
        .product(name: "AuthPostgres", package: "swift-auth"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "ThrottleSimulation",
      dependencies: [
        "BenchmarkSupport",
        .product(name: "AuthCore", package: "swift-auth"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "PeerBenchmark",
      dependencies: ["BenchmarkSupport", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: settings),
  ]
)

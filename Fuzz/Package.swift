// swift-tools-version: 6.2
import PackageDescription

/// As in the package above.
let settings: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
  ] + (Context.environment["AUTH_WARNINGS_AS_ERRORS"] != nil ? [.treatAllWarnings(as: .error)] : [])

/// Every edge of our own code is counted and every access checked; the packages that it uses are built as always, and fast.
let instrumented = settings + [.unsafeFlags(["-sanitize=fuzzer,address", "-enable-testing"])]

// A package of its own, so that dependants of swift-auth neither fetch nor build what only fuzzing needs. Its modules are the
// folders above, by symbolic links, and not those of the package above: SwiftPM lets no package pass flags to another.
let package = Package(
  name: "swift-auth-fuzz",
  dependencies: [
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.5.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
  ],
  targets: [
    .systemLibrary(name: "AuthCLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "AuthCUTF8Proc", providers: [.apt(["libutf8proc-dev"])]),
    .systemLibrary(name: "AuthCYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CLibFuzzer"),
    .target(
      name: "AuthCore",
      dependencies: ["AuthCLibcrypto", "AuthCUTF8Proc", .product(name: "CoreMetrics", package: "swift-metrics")],
      swiftSettings: instrumented),
    .target(
      name: "AuthHTTP",
      dependencies: [
        "AuthCore",
        .product(name: "CoreMetrics", package: "swift-metrics"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOFoundationEssentialsCompat", package: "swift-nio"),
      ],
      swiftSettings: instrumented),
    .target(
      name: "HTTP1",
      dependencies: [.product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio")],
      swiftSettings: instrumented),
    // Parts of AuthServer, which as a whole needs far more packages.
    .target(name: "Delivery", dependencies: ["AuthCore"], swiftSettings: instrumented),
    .target(
      name: "Settings", dependencies: ["AuthCYAML", "AuthCore", .product(name: "SystemPackage", package: "swift-system")],
      swiftSettings: instrumented),
    .target(
      name: "Transfer", dependencies: ["AuthCore", "AuthHTTP", .product(name: "SystemPackage", package: "swift-system")],
      swiftSettings: instrumented),
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        "AuthCore", "AuthHTTP", "CLibFuzzer", "Delivery", "HTTP1", "Settings", "Transfer",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: instrumented,
      // Not gold, which ends in an error of its own.
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]),
  ])

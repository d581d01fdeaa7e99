// swift-tools-version: 6.2
import PackageDescription

/// As in the package that is measured.
let warningsAsErrors = Context.environment["AUTH_WARNINGS_AS_ERRORS"] != nil

// A package of its own, so that nobody who depends on swift-auth fetches or builds what only its benchmarks need.
let package = Package(
  name: "swift-auth-benchmarks",
  dependencies: [
    .package(name: "swift-auth", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
  ],
  targets: [
    .systemLibrary(name: "CLibcrypt", providers: [.apt(["libcrypt-dev"])]),
    .executableTarget(
      name: "HashingBenchmark",
      dependencies: [
        "CLibcrypt",
        .product(name: "AuthCore", package: "swift-auth"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: warningsAsErrors ? [.treatAllWarnings(as: .error)] : []),
  ]
)

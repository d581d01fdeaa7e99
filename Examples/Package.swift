// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "notebook",
  dependencies: [
    .package(name: "swift-auth", path: ".."),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
  ],
  targets: [
    // The application's own door to SQLite. Its name is taken by no module of swift-auth.
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .executableTarget(
      name: "Notebook",
      dependencies: [
        "CSQLite",
        .product(name: "AuthCore", package: "swift-auth"),
        .product(name: "AuthDB", package: "swift-auth"),
        .product(name: "AuthHTTP", package: "swift-auth"),
        .product(name: "Hummingbird", package: "hummingbird"),
      ]),
    .testTarget(
      name: "NotebookTests",
      dependencies: [
        "Notebook",
        .product(name: "AuthTesting", package: "swift-auth"),
        .product(name: "HummingbirdTesting", package: "hummingbird"),
      ]),
  ]
)

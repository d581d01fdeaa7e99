/// A file that holds secrets.
enum SecretFile {
  /// The limit in bytes: a longer file does not hold secrets.
  static let maximumBytes = 1024

  /// The contents of the file without one line break at its end. Its mode is not checked, because systemd, Docker and Kubernetes
  /// choose the modes of the files that they pass to a service.
  static func contents(of path: String) throws(BoundedFile.Problem) -> [UInt8] {
    var contents = try BoundedFile.contents(of: path, maximumBytes: maximumBytes)
    if contents.last == UInt8(ascii: "\n") {
      contents.removeLast()
      if contents.last == UInt8(ascii: "\r") { contents.removeLast() }
    }
    return contents
  }
}

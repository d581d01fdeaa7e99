internal import AuthCore
internal import Hummingbird

extension [ServiceKey] {
  /// Whether one of them was presented. It compares digests, and every one of them, so that the time reveals nothing of the keys,
  /// nor which of them it was.
  func contains(_ presented: String) -> Bool {
    let digest = TokenDigest(of: presented)
    return reduce(false) { isFound, key in digest == key.digest || isFound }
  }
}

extension AuthRoutes {
  /// Whether a request comes from a back end that is trusted. A wrong key is an error: its caller would wait for what never
  /// comes.
  func hasServiceKey(_ request: Request) throws(RequestRefusal) -> Bool {
    guard !serviceKeys.isEmpty, let presented = try request.bearerToken else { return false }
    guard serviceKeys.contains(presented) else { throw .wrongServiceKey }
    return true
  }
}

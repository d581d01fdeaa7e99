internal import AuthCore
internal import Hummingbird

extension AuthRoutes {
  /// Whether a request comes from a back end that is trusted. A wrong key is an error: its caller would wait for what never
  /// comes.
  func hasServiceKey(_ request: Request) throws(RequestRefusal) -> Bool {
    guard !serviceKeys.isEmpty, let presented = try request.bearerToken else { return false }
    let digest = TokenDigest(of: presented)
    // Every one of them is compared, so that the time does not tell which it was.
    guard serviceKeys.reduce(false, { isFound, key in digest == key || isFound }) else { throw .wrongServiceKey }
    return true
  }
}

import AuthCore
import TestPrograms
import Testing

@testable import AuthServer

@Suite struct TLSIdentityTests {
  /// The first second of 2000 and that of 2001, between which the certificate is valid.
  @Test(arguments: [
    (946_684_799, "the TLS certificate is valid only from 2000-01-01T00:00:00Z; until then clients refuse it"),
    (946_684_800, nil),
    (978_307_200, nil),
    (978_307_201, "the TLS certificate expired at 2001-01-01T00:00:00Z; clients refuse it"),
  ])
  func `there is a warning before a certificate is valid and after it has expired`(_ now: Int64, _ warning: String?) throws {
    let identity = try TLSIdentity(
      certificates: Array(TestCertificates.expired.utf8), key: Array(TestCertificates.oldKey.utf8))
    #expect(identity.warning(at: Timestamp(secondsSince1970: now)) == warning)
  }
}

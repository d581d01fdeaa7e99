extension BcryptVector {
  /// The vectors of `bcrypt_sha256`, version 2 of its format, in the tests of passlib 1.7.4,
  /// `passlib/tests/test_handlers_bcrypt.py`. BSD licence.
  ///
  /// Each is confirmed by passlib itself, and by HMAC-SHA256 and bcrypt done one after the other with Python's hmac and
  /// bcrypt 4.0.1, and with libxcrypt 4.4.33.
  static let passlibSHA256: [BcryptVector] = [
    BcryptVector("", "$bcrypt-sha256$v=2,t=2b,r=5$E/e/2AOhqM5W/KJTFQzLce$WFPIZKtDDTriqWwlmRFfHiOTeheAZWe"),
    BcryptVector("password", "$bcrypt-sha256$v=2,t=2b,r=5$5Hg1DKFqPE8C2aflZ5vVoe$wOK1VFFtS8IGTrGa7.h5fs0u84qyPbS"),
    BcryptVector(
      "t\u{e1}\u{411}\u{2113}\u{259}",
      "$bcrypt-sha256$v=2,t=2b,r=5$.US1fQ4TQS.ZTz/uJ5Kyn.$pzzgp40k8reM1CuQb03PvE0IDPQSdV6"),
    BcryptVector(
      bytes: cycle("abc123".utf8, count: 72),
      "$bcrypt-sha256$v=2,t=2b,r=5$X1g1nh3g0v4h6970O68cxe$zu1cloESVFIOsUIo7fCEgkdHaI9SSue"),
    BcryptVector(
      bytes: cycle("abc123".utf8, count: 72) + "qwr".utf8,
      "$bcrypt-sha256$v=2,t=2b,r=5$X1g1nh3g0v4h6970O68cxe$CBF9csfEdW68xv3DwE6xSULXMtqEFP."),
    BcryptVector(
      bytes: cycle("abc123".utf8, count: 72) + "xyz".utf8,
      "$bcrypt-sha256$v=2,t=2b,r=5$X1g1nh3g0v4h6970O68cxe$zC/1UDUG2ofEXB6Onr2vvyFzfhEOS3S"),
  ]
}

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

  /// The vectors of version 1 in that file, and others of cost 4 that passlib made (libpass 1.9.4,
  /// `bcrypt_sha256.using(version=1, rounds=4)`).
  ///
  /// Each is confirmed by libpass, and by SHA-256 and bcrypt done one after the other with Python's hashlib and bcrypt 4.3.0.
  static let passlibSHA256Version1: [BcryptVector] = [
    BcryptVector("", "$bcrypt-sha256$2a,5$E/e/2AOhqM5W/KJTFQzLce$F6dYSxOdAEoJZO2eoHUZWZljW/e0TXO"),
    BcryptVector("password", "$bcrypt-sha256$2a,5$5Hg1DKFqPE8C2aflZ5vVoe$12BjNE0p7axMg55.Y/mHsYiVuFBDQyu"),
    BcryptVector("password", "$bcrypt-sha256$2b,5$5Hg1DKFqPE8C2aflZ5vVoe$12BjNE0p7axMg55.Y/mHsYiVuFBDQyu"),
    BcryptVector(
      "t\u{e1}\u{411}\u{2113}\u{259}",
      "$bcrypt-sha256$2a,5$.US1fQ4TQS.ZTz/uJ5Kyn.$QNdPDOTKKT5/sovNz1iWg26quOU4Pje"),
    BcryptVector(
      bytes: cycle("abc123".utf8, count: 72), "$bcrypt-sha256$2b,5$X1g1nh3g0v4h6970O68cxe$r/hyEtqJ0teqPEmfTLoZ83ciAI1Q74."),
    BcryptVector(
      bytes: cycle("abc123".utf8, count: 72) + "qwr".utf8,
      "$bcrypt-sha256$2b,5$X1g1nh3g0v4h6970O68cxe$021KLEif6epjot5yoxk0m8I0929ohEa"),
    BcryptVector(
      bytes: cycle("abc123".utf8, count: 72) + "xyz".utf8,
      "$bcrypt-sha256$2b,5$X1g1nh3g0v4h6970O68cxe$7.1kgpHduMGEjvM3fX6e/QCvfn6OKja"),
    BcryptVector(
      "correct horse battery staple", "$bcrypt-sha256$2b,4$WhwtnGMwFIT.7TchhAbdxO$XPsirrD7gKC9Rr9fM.dQPGHpG6ZCwyu"),
    BcryptVector("a\0b", "$bcrypt-sha256$2b,4$0Om28JEnGUTFAzE.Cjmh/e$RFzmAxAy7ngYDPivfWCunSG3.9EcoRm"),
    BcryptVector("\0", "$bcrypt-sha256$2b,4$aAnEP5W/hbxCU4qc9YYoy.$pKbKKd.83qgzjrtdIixBOALCNbsWILe"),
    BcryptVector(
      bytes: cycle("\u{1f511}".utf8, count: 4096), "$bcrypt-sha256$2b,4$0W1123wHq/s8NVr8XU0Tpe$Ea4N0qxsvcpiyInwhW4VHh9I4OawGQe"),
  ]
}

extension BcryptVector {
  /// The vectors of `django_bcrypt_sha256` in the tests of passlib 1.7.4, `passlib/tests/test_handlers_django.py`, "generated via
  /// django 1.6 hasher", BSD licence; and others of cost 4 that Django 5.2.19 made (`BCryptSHA256PasswordHasher.encode` in
  /// `django.contrib.auth.hashers`). Django's own tests contain no fixed hashes.
  ///
  /// Each is confirmed by Django, by libpass 1.9.4, and by SHA-256 and bcrypt done one after the other with Python's hashlib and
  /// bcrypt 4.3.0.
  static let django: [BcryptVector] = [
    BcryptVector("", "bcrypt_sha256$$2a$06$/3OeRpbOf8/l6nPPRdZPp.nRiyYqPobEZGdNRBWihQhiFDh1ws1tu"),
    BcryptVector("l\u{e8}tmein", "bcrypt_sha256$$2a$08$NDjSAIcas.EcoxCRiArvT.MkNiPYVhrsrnJsRkLueZOoV1bsQqlmC"),
    BcryptVector(
      "t\u{e1}\u{411}\u{2113}\u{259}", "bcrypt_sha256$$2a$06$kCXUnRFQptGg491siDKNTu8RxjBGSjALHRuvhPYNFsa4Ea5d9M48u"),
    BcryptVector(
      bytes: cycle("abc123".utf8, count: 72), "bcrypt_sha256$$2a$06$Tg/oYyZTyAf.Nb3qSgN61OySmyXA8FoY4PjGizjE1QSDfuL5MXNni"),
    BcryptVector(
      bytes: cycle("abc123".utf8, count: 72) + "qwr".utf8,
      "bcrypt_sha256$$2a$06$Tg/oYyZTyAf.Nb3qSgN61Ocy0BEz1RK6xslSNi8PlaLX2pe7x/KQG"),
    BcryptVector(
      bytes: cycle("abc123".utf8, count: 72) + "xyz".utf8,
      "bcrypt_sha256$$2a$06$Tg/oYyZTyAf.Nb3qSgN61OvY2zoRVUa2Pugv2ExVOUT2YmhvxUFUa"),
    BcryptVector(
      "correct horse battery staple", "bcrypt_sha256$$2b$04$iodbrhDPNes7J2JWxRwvjOExD5va8ZMQ6g5O1p76fbJDvNHXlMRxm"),
    BcryptVector("a\0b", "bcrypt_sha256$$2b$04$6lkoFEFN40d7BTCxaptH5OGau6drYeD.AntIOmP0zo39.CZogTAXq"),
    BcryptVector("\0", "bcrypt_sha256$$2b$04$fi.hJQDtb/6JdmjVQvlV/OXKcDULKpEll09dijtZCP4nDAY5ThwRa"),
    BcryptVector(
      bytes: cycle("\u{1f511}".utf8, count: 4096),
      "bcrypt_sha256$$2b$04$sohsTMLDosrTi96vTuO48.2Q/SeKI/rhfgAhTwZRmZ7A/kp6lDUje"),
  ]
}

extension BcryptVector {
  /// The vectors of plain bcrypt in the tests of passlib 1.7.4, `passlib/tests/test_handlers_bcrypt.py`, that are in none of the
  /// other tables. BSD licence.
  ///
  /// The first five come from John the Ripper 1.7.9. The four of `R1lJ2gkNaoPGdafE` expose implementations that keep the length
  /// of a password in one byte.
  ///
  /// Each is confirmed by libxcrypt 4.4.33 and by Python's bcrypt 4.0.1.
  static let passlib: [BcryptVector] = [
    BcryptVector("U*U*U*U*", "$2a$05$c92SVSfjeiCD6F2nAD6y0uBpJDjdRkt0EgeC4/31Rf2LUZbDRDE.O"),
    BcryptVector("U*U***U", "$2a$05$WY62Xk2TXZ7EvVDQ5fmjNu7b0GEzSzUXUh2cllxJwhtOeMtWV3Ujq"),
    BcryptVector("U*U***U*", "$2a$05$Fa0iKV3E2SYVUlMknirWU.CFYGvJ67UwVKI1E2FP6XeLiZGcH3MJi"),
    BcryptVector("*U*U*U*U", "$2a$05$.WRrXibc1zPgIdRXYfv.4uu6TD1KWf0VnHzq/0imhUhuxSxCyeBs2"),
    BcryptVector("", "$2a$05$Otz9agnajgrAe0.kFVF9V.tzaStZ2s1s4ZWi/LY4sw2k/MTVFj/IO"),
    BcryptVector("\u{451}", "$2y$05$6bNw2HLQYeqHYyBfLMsv/OUcZd0LKP39b87nBw3.S2tVZSqiQX6eu"),
    BcryptVector(bytes: cycle("0123456789".utf8, count: 254), "$2a$04$R1lJ2gkNaoPGdafE.H.16.1MKHPvmKwryeulRe225LKProWYwt9Oi"),
    BcryptVector(bytes: cycle("0123456789".utf8, count: 255), "$2a$04$R1lJ2gkNaoPGdafE.H.16.1MKHPvmKwryeulRe225LKProWYwt9Oi"),
    BcryptVector(bytes: cycle("0123456789".utf8, count: 256), "$2a$04$R1lJ2gkNaoPGdafE.H.16.1MKHPvmKwryeulRe225LKProWYwt9Oi"),
    BcryptVector(bytes: cycle("0123456789".utf8, count: 257), "$2a$04$R1lJ2gkNaoPGdafE.H.16.1MKHPvmKwryeulRe225LKProWYwt9Oi"),
    BcryptVector("t\u{e1}\u{411}\u{2113}\u{259}", "$2a$05$Z17AXnnlpzddNUvnC6cZNOSwMA/8oNiKnHTHTwLlBijfucQQlHjaG"),
    BcryptVector("t\u{e1}\u{411}\u{2113}\u{259}", "$2b$05$Z17AXnnlpzddNUvnC6cZNOSwMA/8oNiKnHTHTwLlBijfucQQlHjaG"),
  ]
}

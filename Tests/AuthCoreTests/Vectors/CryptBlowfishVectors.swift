extension BcryptVector {
  /// The test table of crypt_blowfish: Solar Designer, Openwall, crypt_blowfish 1.3, `wrapper.c`. Public domain.
  ///
  /// The hashes in it that no other implementation makes are in ``cryptBlowfishBuggy`` and ``cryptBlowfishCountered``.
  ///
  /// Each is confirmed by libxcrypt 4.4.33 and by Python's bcrypt 4.0.1.
  static let cryptBlowfish: [BcryptVector] = [
    BcryptVector("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
    BcryptVector("U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"),
    BcryptVector("U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"),
    BcryptVector(
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWX"
        + "YZ0123456789chars after 72 are ignored",
      "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui"),
    BcryptVector(bytes: [0xff, 0xff, 0xa3], "$2y$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e"),
    BcryptVector(bytes: [0xff, 0xff, 0xa3], "$2b$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e"),
    BcryptVector(bytes: [0xa3], "$2y$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq"),
    BcryptVector(bytes: [0xa3], "$2a$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq"),
    BcryptVector(bytes: [0xa3], "$2b$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq"),
    BcryptVector(
      bytes: [0xff, 0xa3, 0x33, 0x34, 0xff, 0xff, 0xff, 0xa3, 0x33, 0x34, 0x35],
      "$2y$05$/OK.fbVrR/bpIqNJ5ianF.o./n25XVfn6oAPaUvHe.Csk4zRfsYPi"),
    BcryptVector(bytes: [0xff, 0xa3, 0x33, 0x34, 0x35], "$2y$05$/OK.fbVrR/bpIqNJ5ianF.nRht2l/HRhr6zmCp9vYUvvsqynflf9e"),
    BcryptVector(bytes: [0xff, 0xa3, 0x33, 0x34, 0x35], "$2a$05$/OK.fbVrR/bpIqNJ5ianF.nRht2l/HRhr6zmCp9vYUvvsqynflf9e"),
    BcryptVector(bytes: [0xa3, 0x61, 0x62], "$2a$05$/OK.fbVrR/bpIqNJ5ianF.6IflQkJytoRVc1yuaNtHfiuq.FRlSIS"),
    BcryptVector(bytes: [0xa3, 0x61, 0x62], "$2y$05$/OK.fbVrR/bpIqNJ5ianF.6IflQkJytoRVc1yuaNtHfiuq.FRlSIS"),
    BcryptVector(
      bytes: cycle([0xaa], count: 72) + "chars after 72 are ignored as usual".utf8,
      "$2a$05$/OK.fbVrR/bpIqNJ5ianF.swQOIzjOiJ9GHEPuhEkvqrUyvWhEMx6"),
    BcryptVector(bytes: cycle([0xaa, 0x55], count: 72), "$2a$05$/OK.fbVrR/bpIqNJ5ianF.R9xrDjiycxMbQE2bp.vgqlYpW5wx2yy"),
    BcryptVector(bytes: cycle([0x55, 0xaa, 0xff], count: 72), "$2a$05$/OK.fbVrR/bpIqNJ5ianF.9tQZzcJfm3uj2NvJ/n5xkhpqLrMpWCe"),
    BcryptVector("", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"),
  ]

  /// The hashes of that table that are marked `$2x$`.
  ///
  /// crypt_blowfish before 1.1 made them. It mangled bytes over 0x7f (CVE-2011-2483), so that several passwords share a hash: the
  /// first two do, and the next three.
  static let cryptBlowfishBuggy: [BcryptVector] = [
    BcryptVector(bytes: [0xa3], "$2x$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e"),
    BcryptVector(bytes: [0xff, 0xff, 0xa3], "$2x$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e"),
    BcryptVector(bytes: [0x31, 0xa3, 0x33, 0x34, 0x35], "$2x$05$/OK.fbVrR/bpIqNJ5ianF.o./n25XVfn6oAPaUvHe.Csk4zRfsYPi"),
    BcryptVector(bytes: [0xff, 0xa3, 0x33, 0x34, 0x35], "$2x$05$/OK.fbVrR/bpIqNJ5ianF.o./n25XVfn6oAPaUvHe.Csk4zRfsYPi"),
    BcryptVector(
      bytes: [0xff, 0xa3, 0x33, 0x34, 0xff, 0xff, 0xff, 0xa3, 0x33, 0x34, 0x35],
      "$2x$05$/OK.fbVrR/bpIqNJ5ianF.o./n25XVfn6oAPaUvHe.Csk4zRfsYPi"),
    BcryptVector(bytes: [0xa3, 0x61, 0x62], "$2x$05$/OK.fbVrR/bpIqNJ5ianF.6IflQkJytoRVc1yuaNtHfiuq.FRlSIS"),
    BcryptVector("\u{451}", "$2x$05$6bNw2HLQYeqHYyBfLMsv/OiwqTymGIGzFsA4hOTWebfehXHNprcAS"),
    BcryptVector(bytes: [0xd0, 0xc1, 0xd2, 0xcf, 0xcc, 0xd8], "$2x$05$6bNw2HLQYeqHYyBfLMsv/O9LIGgn8OMzuDoHfof8AQimSGfcSWxnS"),
  ]

  /// The hashes of that table whose `$2a$` in crypt_blowfish differs from `$2b$` in all implementations.
  ///
  /// For the few passwords that collide because of the bug, crypt_blowfish deliberately makes other hashes. `0xff 0xff` does not
  /// occur in UTF-8.
  static let cryptBlowfishCountered: [BcryptVector] = [
    BcryptVector(bytes: [0xff, 0xff, 0xa3], "$2a$05$/OK.fbVrR/bpIqNJ5ianF.nqd1wy.pTMdcvrRWxyiGL2eMz.2a85."),
    BcryptVector(
      bytes: [0xff, 0xa3, 0x33, 0x34, 0xff, 0xff, 0xff, 0xa3, 0x33, 0x34, 0x35],
      "$2a$05$/OK.fbVrR/bpIqNJ5ianF.ZC1JEJ8Z4gPfpe1JOr/oyPXTWl9EFd."),
  ]
}

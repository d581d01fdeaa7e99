/// Certificates for `localhost` that were made with `openssl req -x509`, and their keys. They prove nothing: the keys are public.
package enum TestCertificates {
  package static let old = """
    -----BEGIN CERTIFICATE-----
    MIIBpzCCAU2gAwIBAgIUWE3OSOYAdhg95gXPfWGt6y5I/8MwCgYIKoZIzj0EAwIw
    GjEYMBYGA1UEAwwPb2xkLmV4YW1wbGUub3JnMCAXDTI2MTEyOTE1MzAyNVoYDzIx
    MjYxMTA1MTUzMDI1WjAaMRgwFgYDVQQDDA9vbGQuZXhhbXBsZS5vcmcwWTATBgcq
    hkjOPQIBBggqhkjOPQMBBwNCAAQu3HAyuEkuIMUzqjmEOF8aWxnhlfuVS5JXllKK
    aIjgkimxqA7l2/c+cjGcgmkQHkHhoXw5Dxy+gMyv1+kauzhwo28wbTAdBgNVHQ4E
    FgQUkR/A++GlqP8PF9btqyWACqFJS/MwHwYDVR0jBBgwFoAUkR/A++GlqP8PF9bt
    qyWACqFJS/MwDwYDVR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SH
    BH8AAAEwCgYIKoZIzj0EAwIDSAAwRQIhAMbytHFAf2JQQa17ABB6D/pmKSix/mHm
    qJBwrQWffhguAiB+Z5SNLji8J9q+I54shFzWdKLhsXFl8uIk1aAJagyXKQ==
    -----END CERTIFICATE-----

    """
  package static let oldKey = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgtJ0eWvXCqIZdyAT0
    9+87UXfpAjBrLUfuFvqHUW8B81ahRANCAAQu3HAyuEkuIMUzqjmEOF8aWxnhlfuV
    S5JXllKKaIjgkimxqA7l2/c+cjGcgmkQHkHhoXw5Dxy+gMyv1+kauzhw
    -----END PRIVATE KEY-----

    """
  /// The key of ``old``, encrypted.
  package static let oldKeyWithPassphrase = """
    -----BEGIN EC PRIVATE KEY-----
    Proc-Type: 4,ENCRYPTED
    DEK-Info: AES-128-CBC,0A024A73E5CCB19A70BDC78F9D5C3C8B

    Vle1s0UGODGcVhAXpr9SaL0wRDX0nS3iHEzNiA8+8Df8bfgZYG6mt+BqKf2B2YPG
    tI4vFwH3V+LwSMKhOai0rg0nWUTloWJSY9m3kqn/0DCA/itqF5EeUIkjdYxMXgBg
    2yekuS064eHbIdJhwZ9x1/lcrbZDFJmJoVRHCrec6KA=
    -----END EC PRIVATE KEY-----

    """
  /// A certificate with the key of ``old`` that may not be used to sign, as TLS needs it.
  package static let forAgreement = """
    -----BEGIN CERTIFICATE-----
    MIIBcjCCARigAwIBAgIUQlUauF3J5fT0MoqTxauN7S8Z2QcwCgYIKoZIzj0EAwIw
    IDEeMBwGA1UEAwwVYWdyZWVtZW50LmV4YW1wbGUub3JnMCAXDTI2MTEyOTE5MTc0
    MFoYDzIxMjYxMTA1MTkxNzQwWjAgMR4wHAYDVQQDDBVhZ3JlZW1lbnQuZXhhbXBs
    ZS5vcmcwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQu3HAyuEkuIMUzqjmEOF8a
    WxnhlfuVS5JXllKKaIjgkimxqA7l2/c+cjGcgmkQHkHhoXw5Dxy+gMyv1+kauzhw
    oy4wLDALBgNVHQ8EBAMCAwgwHQYDVR0OBBYEFJEfwPvhpaj/DxfW7aslgAqhSUvz
    MAoGCCqGSM49BAMCA0gAMEUCIQCyNQjzXfqGeSV47DxXwWSe3PGBHdsgNc1GxDKq
    H9xI2AIgSOWlgcHk/K6NQh44QYAZkcJb1ytuOvXtKQhpQQ5oY8A=
    -----END CERTIFICATE-----

    """
  /// A certificate with the key of ``old`` that was valid in the year 2000 (`openssl ca -selfsign -startdate -enddate`).
  package static let expired = """
    -----BEGIN CERTIFICATE-----
    MIIBNjCB3QIUK+QHh3snieRQm/AB2+4tx7bmpcQwCgYIKoZIzj0EAwIwHjEcMBoG
    A1UEAwwTZXhwaXJlZC5leGFtcGxlLm9yZzAeFw0wMDAxMDEwMDAwMDBaFw0wMTAx
    MDEwMDAwMDBaMB4xHDAaBgNVBAMME2V4cGlyZWQuZXhhbXBsZS5vcmcwWTATBgcq
    hkjOPQIBBggqhkjOPQMBBwNCAAQu3HAyuEkuIMUzqjmEOF8aWxnhlfuVS5JXllKK
    aIjgkimxqA7l2/c+cjGcgmkQHkHhoXw5Dxy+gMyv1+kauzhwMAoGCCqGSM49BAMC
    A0gAMEUCIQD817rnLD4Y+zd92zaqgvSiwyWn2GTLPX8rWACbA5krbwIgBz9pC4k4
    /OQU0eDZDoiOnQ7F4aQZ6sABrlBJho2l65Q=
    -----END CERTIFICATE-----

    """
  package static let new = """
    -----BEGIN CERTIFICATE-----
    MIIBpzCCAU2gAwIBAgIUK5aqWPk2eJD1sY7DtaQLaV//gxAwCgYIKoZIzj0EAwIw
    GjEYMBYGA1UEAwwPbmV3LmV4YW1wbGUub3JnMCAXDTI2MTEyOTE1MzAyNVoYDzIx
    MjYxMTA1MTUzMDI1WjAaMRgwFgYDVQQDDA9uZXcuZXhhbXBsZS5vcmcwWTATBgcq
    hkjOPQIBBggqhkjOPQMBBwNCAASc7tE6rGxXNVl+psYcUpM/cHEp9CicTvEiONb6
    N02paOeTpPpzDmtdzxnjLmEodpzftfCC9w6Ybwjg2oZmZ4vto28wbTAdBgNVHQ4E
    FgQUr/IkylisyPeTaY5iCKlHyXIhy5cwHwYDVR0jBBgwFoAUr/IkylisyPeTaY5i
    CKlHyXIhy5cwDwYDVR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SH
    BH8AAAEwCgYIKoZIzj0EAwIDSAAwRQIhAL1jx2vPUk+MsEn8S4p5mbxxCOX5+jEe
    o8Srunh1skZzAiArmbdYgd7nwp1FJ7vMwpfoRcAPAlCgV7HGEPQrEbEbKw==
    -----END CERTIFICATE-----

    """
  package static let newKey = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg2jgAg4B0DqRT0rU/
    OwChv6a6uFFGmCsQBb9JMIwLxHOhRANCAASc7tE6rGxXNVl+psYcUpM/cHEp9Cic
    TvEiONb6N02paOeTpPpzDmtdzxnjLmEodpzftfCC9w6Ybwjg2oZmZ4vt
    -----END PRIVATE KEY-----

    """
}

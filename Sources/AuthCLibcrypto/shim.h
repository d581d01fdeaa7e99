// libcrypto deprecated its low-level interfaces in favour of EVP, which cannot express the key schedule of bcrypt, and makes a SHA-256
// of a few bytes several times as long.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/blowfish.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

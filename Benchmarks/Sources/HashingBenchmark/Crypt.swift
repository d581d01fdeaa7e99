import CLibcrypt
import Glibc

/// libxcrypt's bcrypt, Solar Designer's: what most of the world's C programs hash with.
enum Crypt {
  /// What is hashed everywhere here.
  static let password = "Kk4DQuMMfZL9o"

  /// Processor seconds of one hash.
  static func seconds(cost: Int) -> Double {
    let scratch = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
    defer { scratch.deallocate() }
    memset(scratch, 0, MemoryLayout<crypt_data>.size)
    let setting = "$2b$\(cost < 10 ? "0" : "")\(cost)$cVWp4XaNU8a4v1uMRum2SO"
    let start = processorSeconds()
    guard let hash = crypt_r(password, setting, scratch), hash[0] == 0x24 else {
      fatalError("this system's crypt(3) has no bcrypt")
    }
    return processorSeconds() - start
  }
}

/// What all threads of this process have had of the processors.
func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

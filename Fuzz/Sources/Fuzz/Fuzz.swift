internal import CLibFuzzer
internal import Glibc

/// `FUZZ_TARGET=Email Fuzz [options and folders of libFuzzer]` fuzzes one target. `Fuzz list` prints the targets' names, and
/// `Fuzz compare` is the Swift half of `compare.py`.
///
/// The target's name is not an argument: libFuzzer starts copies of itself for some options, and gives them its own arguments
/// only.
@main struct Fuzz {
  private static let target: Target? = unsafe getenv("FUZZ_TARGET").flatMap { name in
    let name = unsafe String(cString: name)
    return Target.all.first { $0.name == name }
  }

  static func main() {
    switch CommandLine.arguments.dropFirst().first {
    case "list":
      for target in Target.all { print(target.name) }
    case "compare":
      Comparison.run()
    default:
      guard target != nil else {
        print("set FUZZ_TARGET to one of: \(Target.all.map(\.name).joined(separator: " "))")
        exit(64)
      }
      runLibFuzzer()
    }
  }

  private static func runLibFuzzer() {
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = unsafe CommandLine.unsafeArgv
    // SAFETY: both come from the start of this process and live as long as it does. The bytes are copied while they are lent.
    let status = unsafe LLVMFuzzerRunDriver(&count, &arguments) { bytes, count in
      Fuzz.check(unsafe Array(UnsafeBufferPointer(start: bytes, count: count)))
      return 0
    }
    exit(status)
  }

  /// By processor time, because other programs may keep this one waiting.
  private static func check(_ bytes: [UInt8]) {
    let start = clock()
    target?.check(bytes)
    require(clock() - start < mostMicroseconds, "an input takes at most 2 seconds")
  }

  /// Most inputs take less than a thousandth of that, under AddressSanitizer too.
  private static let mostMicroseconds = 2_000_000
}

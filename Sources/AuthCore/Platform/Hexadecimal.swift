/// The bytes in hexadecimal, two lower-case digits for each.
package func hexadecimal(_ bytes: [UInt8]) -> String {
  unsafe hexadecimal(count: bytes.count) { unsafe _ = $0.update(fromContentsOf: bytes) }
}

/// The `count` bytes that `fill` writes, in hexadecimal. They are written into the memory of the text, so that nothing is copied.
package func hexadecimal(count: Int, _ fill: (UnsafeMutableBufferPointer<UInt8>) -> Void) -> String {
  unsafe String(unsafeUninitializedCapacity: count * 2) { text in
    // SAFETY: the text has two digits for each byte. The bytes are in its second half, so that none is overwritten before it is
    // read.
    let bytes = unsafe UnsafeMutableBufferPointer(rebasing: text[count..<count * 2])
    unsafe fill(bytes)
    for index in 0..<count {
      let byte = unsafe bytes[index]
      unsafe text[index * 2] = digit(byte >> 4)
      unsafe text[index * 2 + 1] = digit(byte & 15)
    }
    return count * 2
  }
}

/// The bytes in hexadecimal as an array, which unlike a `String` can be wiped.
package func hexadecimalDigits(_ bytes: [UInt8]) -> [UInt8] {
  var text: [UInt8] = []
  // Growing would leave a copy behind.
  text.reserveCapacity(bytes.count * 2)
  for byte in bytes {
    text.append(digit(byte >> 4))
    text.append(digit(byte & 15))
  }
  return text
}

private func digit(_ value: UInt8) -> UInt8 {
  value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
}

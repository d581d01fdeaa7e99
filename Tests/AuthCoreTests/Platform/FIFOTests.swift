import Testing

@testable import AuthCore

@Suite struct FIFOTests {
  @Test func `a queue always has the same elements as an array`() {
    var random = SeededGenerator(seed: 20_261_125)
    var line = FIFO<Int>()
    var array: [Int] = []
    for step in 0..<5_000 {
      // It mostly grows in the first half and mostly shrinks in the second.
      switch (Int.random(in: 0..<10, using: &random), step < 2_500) {
      case (0, _):
        line.prepend(step)
        array.insert(step, at: 0)
      case (1, _):
        let wanted = Int.random(in: 0...step, using: &random)
        let removed = array.firstIndex { $0 >= wanted }.map { array.remove(at: $0) }
        #expect(line.removeFirst { $0 >= wanted } == removed)
      case (2...4, true), (2...7, false):
        #expect(line.popFirst() == (array.isEmpty ? nil : array.removeFirst()))
      default:
        line.append(step)
        array.append(step)
      }
      #expect(line.count == array.count)
      #expect(line.isEmpty == array.isEmpty)
    }
    while let next = line.popFirst() { #expect(next == array.removeFirst()) }
    #expect(array.isEmpty)
  }

  @Test func `reading the first elements leaves them in the queue`() {
    var line = FIFO<Int>()
    #expect(line.prefix(3).isEmpty)
    for number in 1...5 { line.append(number) }
    #expect(line.popFirst() == 1)
    #expect(line.prefix(3) == [2, 3, 4])
    #expect(line.prefix(9) == [2, 3, 4, 5])
    #expect(line.popFirst() == 2)
  }

  @Test func `a removed element is released`() {
    final class Object {}
    var line = FIFO<Object>()
    weak var first: Object?
    func fill() {
      let object = Object()
      first = object
      line.append(object)
      for _ in 0..<9 { line.append(Object()) }
    }
    fill()
    #expect(first != nil)
    _ = line.popFirst()
    #expect(first == nil)
  }
}

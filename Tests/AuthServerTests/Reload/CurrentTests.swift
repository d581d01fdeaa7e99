import Synchronization
import Testing

@testable import AuthServer

@Suite struct CurrentTests {
  @Test func `a reader sees each value or a later one, and never an earlier one again`() async {
    let current = Current(0)
    await withTaskGroup { group in
      for _ in 0..<4 {
        group.addTask {
          var generation = current.latest
          var last = generation.value
          while last < 1_000 {
            generation = generation.latest
            #expect(generation.value >= last)
            last = generation.value
            await Task.yield()
          }
        }
      }
      for value in 1...1_000 {
        current.replace(with: value)
        #expect(current.value == value)
        await Task.yield()
      }
    }
  }

  @Test func `a value is freed once it is replaced and no one has it`() {
    final class Counted: Sendable {
      private let count: Counter
      init(_ count: Counter) { self.count = count }
      deinit { count.value.add(1, ordering: .relaxed) }
    }
    final class Counter: Sendable { let value = Atomic(0) }

    let freed = Counter()
    let current = Current(Counted(freed))
    var reader = current.latest
    for _ in 1...3 { current.replace(with: Counted(freed)) }
    #expect(freed.value.load(ordering: .relaxed) == 0)
    reader = reader.latest
    #expect(freed.value.load(ordering: .relaxed) == 3)
    withExtendedLifetime((reader, current)) {}
  }
}

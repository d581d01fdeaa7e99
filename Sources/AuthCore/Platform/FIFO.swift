/// A line: who came first is served first, in constant time on average, however many wait. To step in before all others takes time in
/// proportion to the line, unless somebody has just left.
package struct FIFO<Element> {
  /// Those before `head` have been taken out.
  private var places: [Element?] = []
  private var head = 0

  package init() {}

  package var count: Int { places.count - head }
  package var isEmpty: Bool { count == 0 }
  package var first: Element? { head < places.count ? places[head] : nil }

  package mutating func append(_ element: Element) {
    places.append(element)
  }

  /// Before all others.
  mutating func prepend(_ element: Element) {
    guard head > 0 else { return places.insert(element, at: 0) }
    head -= 1
    places[head] = element
  }

  package mutating func popFirst() -> Element? {
    guard head < places.count else { return nil }
    let element = places[head].take()
    head += 1
    // No more are moved here than were taken out since the last time: one for each, on average.
    if head * 2 >= places.count {
      places.removeFirst(head)
      head = 0
    }
    return element
  }

  /// The first of them, at most `count`, who stay in the line.
  package func prefix(_ count: Int) -> [Element] { places[head...].prefix(count).map { $0! } }

  /// Takes out the first one that matches, in time proportional to the line.
  mutating func removeFirst(where matches: (Element) -> Bool) -> Element? {
    guard let index = places[head...].firstIndex(where: { matches($0!) }) else { return nil }
    return places.remove(at: index)
  }
}

extension FIFO: Sendable where Element: Sendable {}

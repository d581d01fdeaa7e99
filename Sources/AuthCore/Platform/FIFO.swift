/// A queue that appends and removes in constant time on average, whatever its length.
///
/// Prepending takes time in proportion to the length, except after a removal.
package struct FIFO<Element> {
  /// The elements; those before `head` have been removed.
  private var places: [Element?] = []
  private var head = 0

  package init() {}

  package var count: Int { places.count - head }
  package var isEmpty: Bool { count == 0 }
  package var first: Element? { head < places.count ? places[head] : nil }

  package mutating func append(_ element: Element) {
    places.append(element)
  }

  /// Inserts an element before all others.
  package mutating func prepend(_ element: Element) {
    guard head > 0 else { return places.insert(element, at: 0) }
    head -= 1
    places[head] = element
  }

  package mutating func popFirst() -> Element? {
    guard head < places.count else { return nil }
    let element = places[head].take()
    head += 1
    // This moves no more elements than were removed since the last time: one for each removal, on average.
    if head * 2 >= places.count {
      places.removeFirst(head)
      head = 0
    }
    return element
  }

  /// The first elements, at most `count` of them. They stay in the queue.
  package func prefix(_ count: Int) -> [Element] { places[head...].prefix(count).map { $0! } }

  /// Removes the first element that matches, in time proportional to the length.
  mutating func removeFirst(where matches: (Element) -> Bool) -> Element? {
    guard let index = places[head...].firstIndex(where: { matches($0!) }) else { return nil }
    return places.remove(at: index)
  }
}

extension FIFO: Sendable where Element: Sendable {}

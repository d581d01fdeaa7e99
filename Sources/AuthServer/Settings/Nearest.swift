extension String {
  /// The one of several names that was probably meant: one that differs in few letters, or the same in another table.
  func nearest(among names: [String]) -> String? {
    let written = lowercased().replacing("_", with: "-")
    let distances = names.map { (name: $0, distance: written.distance(to: $0)) }
    // Text that has nothing to do with any name is nearest to a short one.
    let near = distances.filter { $0.distance <= Swift.max(1, $0.name.utf8.count / 4) }.min { $0.distance < $1.distance }
    return near?.name ?? names.first { $0.split(separator: ".").last == written.split(separator: ".").last }
  }

  /// How many letters have to be inserted, removed, replaced or exchanged with the next one to make one text of the other.
  private func distance(to other: String) -> Int {
    let (letters, others) = (Array(utf8.prefix(100)), Array(other.utf8))
    var (beforeLast, last) = ([Int](), Array(0...others.count))
    for (index, letter) in letters.enumerated() {
      var row = [index + 1]
      for (column, candidate) in others.enumerated() {
        var distance = Swift.min(last[column + 1] + 1, row[column] + 1, last[column] + (letter == candidate ? 0 : 1))
        if index > 0, column > 0, letter == others[column - 1], letters[index - 1] == candidate {
          distance = Swift.min(distance, beforeLast[column - 1] + 1)
        }
        row.append(distance)
      }
      (beforeLast, last) = (last, row)
    }
    return last[others.count]
  }
}

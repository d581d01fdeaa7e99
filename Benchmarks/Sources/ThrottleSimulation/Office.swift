import AuthCore

/// People behind one address. Everybody logs in once on every day, most of them within 20 minutes of nine o'clock, and tries again
/// after a few seconds where the password was mistyped. On the first day no one is known; later five people a day are new.
///
/// It is a bad case: sessions last for days under ``AuthPolicy/strict``, so that most people log in less often.
struct Office {
  struct Week {
    var mostDelayedOnOneDay = 0
    /// In seconds.
    var longestDelay: Int64 = 0
  }

  /// One person at the login page.
  private struct Visit {
    let person: Int
    var at: Int64
    var mistakes = 0
    var waited: Int64 = 0
  }

  let people: Int
  let days: Int
  let mistyped: Double
  let seed: UInt64

  func week(under throttle: Throttle) async throws -> Week {
    let model = Model(throttle)
    var random = SplitMix64(state: seed)
    var week = Week()
    var staff: [Int] = []
    var hired = 0
    for day in 0..<days {
      for newcomer in hired..<(hired + (day == 0 ? people : 5)) {
        try await model.addAccount(newcomer)
        if day == 0 { staff.append(newcomer) } else { staff[Int.random(in: 0..<people, using: &random)] = newcomer }
      }
      hired += day == 0 ? people : 5
      var waiting = staff.map { Visit(person: $0, at: Int64(day) * 86_400 + 9 * 3_600 + random.normal(deviation: 20 * 60)) }
      var delayed: Set<Int> = []
      waiting.sort { $0.at > $1.at }
      while var visit = waiting.popLast() {
        let isMistyped = visit.mistakes < 4 && Double.random(in: 0..<1, using: &random) < mistyped
        switch try await model.logIn(visit.person, isRight: !isMistyped, from: "203.0.113.1", at: visit.at) {
        case .loggedIn: continue
        case .wrong:
          visit.mistakes += 1
          visit.at += Int64.random(in: 5...20, using: &random)
        case .refused(let delay):
          delayed.insert(visit.person)
          visit.waited += delay
          week.longestDelay = max(week.longestDelay, visit.waited)
          visit.at += delay
        }
        waiting.insert(visit, at: waiting.partitioningIndex { $0.at <= visit.at })
      }
      week.mostDelayedOnOneDay = max(week.mostDelayedOnOneDay, delayed.count)
    }
    return week
  }
}

extension Array {
  /// The first index from which on the condition holds, which must hold for all that follow.
  fileprivate func partitioningIndex(where belongsAfter: (Element) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = (low + high) / 2
      if belongsAfter(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

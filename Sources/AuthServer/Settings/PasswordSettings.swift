internal import ArgumentParser
internal import AuthCore

struct PasswordSettings: SettingGroup {
  @Option(Cost.self) var bcryptCost: Given<Cost>
  enum Cost: DefaultedSetting {
    static let name = "bcrypt-cost"
    static let help = """
      The cost of new hashes, \(BcryptCost.limitsText), under `strict` at least \(ServerConfiguration.minimumStrictCost); \
      one more doubles the work.
      """
    static let placeholder = "cost"
    static let defaultValue = BcryptCost(value: BcryptHasher.defaultCost)
    typealias Value = BcryptCost
  }

  @Option(HashThreads.self) var hashThreads: Given<HashThreads>
  enum HashThreads: DefaultedSetting {
    static let name = "hash-threads"
    static let help = "How many threads hash passwords, \(ThreadCount.limitsText)."
    static let placeholder = "count"
    static var defaultValue: ThreadCount { .processors }
    static let defaultText = "one for each processor"
    typealias Value = ThreadCount
  }

  @Option(ContextWords.self) var contextWords: Given<ContextWords>
  enum ContextWords: Setting {
    static let name = "context-words"
    static let isReloadable = true
    static let help = "Words separated by commas, such as the service's name, that no password may consist of, under `strict`."
    static let placeholder = "list"
    typealias Value = WordList
  }
}

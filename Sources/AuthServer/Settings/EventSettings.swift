internal import ArgumentParser

/// What other systems are told.
struct EventSettings: SettingGroup {
  @Option(EventsWebhook.self) var webhook: Given<EventsWebhook>
  enum EventsWebhook: Setting {
    static let name = "events-webhook"
    static let help = "Where new, changed and deleted accounts are posted: \(SecureURL.rule)."
    static let placeholder = "url"
    static func shown(_ text: String) -> String { SecureURL.redacted(text) }
    typealias Value = SecureURL
  }

  @Option(EventsWebhookSecretFile.self) var secretFile: Given<EventsWebhookSecretFile>
  enum EventsWebhookSecretFile: Setting {
    static let name = "events-webhook-secret-file"
    static let help = "The file with the secret that signs what is posted there: `whsec_` and base 64, or a raw key."
    static let placeholder = "file"
    typealias Value = String
  }
}

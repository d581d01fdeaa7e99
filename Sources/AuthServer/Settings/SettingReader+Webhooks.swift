extension SettingReader {
  /// The webhook that account events are posted to; nil if none was given.
  mutating func webhook(_ settings: EventSettings) -> Webhook? {
    typealias Settings = EventSettings
    switch (valueIfAny(of: settings.webhook), valueIfAny(of: settings.secretFile)) {
    case (nil, nil): return nil
    case (let url?, let file?):
      return webhookSecret(in: file, Settings.EventsWebhookSecretFile.self).map { Webhook(url: url, secret: $0) }
    case (_?, nil):
      refuse(
        Settings.EventsWebhook.self, " needs \(Settings.EventsWebhookSecretFile.option)",
        besides: [Settings.EventsWebhookSecretFile.self])
    case (nil, _?):
      refuse(
        Settings.EventsWebhookSecretFile.self, " needs \(Settings.EventsWebhook.option)", besides: [Settings.EventsWebhook.self])
    }
    return nil
  }

  /// The secret in a file; nil, and a problem is noted, if there is none.
  mutating func webhookSecret(in file: String, _ setting: any Setting.Type) -> WebhookSecret? {
    do { return try WebhookSecret(contents: SecretFile.contents(of: file)) } catch {
      refuse(setting, ": \(file) \(error)")
      return nil
    }
  }
}

internal import AuthCore
internal import AuthHTTP

/// The differences between two configurations, as sentences for the log.
struct SettingChanges {
  private(set) var made: [String] = []
  private(set) var needingRestart: [String] = []

  init(from old: ServerConfiguration, to new: ServerConfiguration) {
    let before = Dictionary(uniqueKeysWithValues: old.values.map { ($0.key, $0) })
    for value in new.values where before[value.key]?.text != value.text {
      let now = "\(value.text ?? "none") (\(value.source))"
      // A throttle that is turned off was not one value before, but several.
      let was = before[value.key].map { $0.text ?? "none" }
      if value.isReloadable {
        made.append("\(value.key) is now \(now)" + (was.map { ", was \($0)" } ?? ""))
      } else {
        needingRestart.append("\(value.key) \(now) needs a restart; until then it is \(was ?? "none")")
      }
    }
    addFiles(old, new)
  }

  /// What is in a file may change although its name does not.
  private mutating func addFiles(_ old: ServerConfiguration, _ new: ServerConfiguration) {
    if let before = old.tls, let now = new.tls, !now.isSame(as: before) {
      made.append(
        now.hasSameCertificate(as: before)
          ? "the certificates between the TLS certificate and a root have changed"
          : """
          the TLS certificate in force has the serial number \(now.serialNumber) and is valid until \(now.notValidAfter.rfc3339); \
          before \(before.serialNumber), until \(before.notValidAfter.rfc3339)
          """)
    }
    if old.serviceKeys.map(\.digest) != new.serviceKeys.map(\.digest) {
      made.append("service keys in force: \(new.serviceKeys.count), before \(old.serviceKeys.count)")
    }
    if case .webhook(_, let secret) = old.delivery.method, case .webhook(_, let newSecret) = new.delivery.method,
      secret != newSecret
    {
      needingRestart.append("the new webhook secret needs a restart; until then messages are signed with the old one")
    }
  }
}

internal import ArgumentParser

/// All settings of the server, as the command line has them.
struct ServerSettings: SettingGroup {
  @OptionGroup(title: "Service") var service: ServiceSettings
  @OptionGroup(title: "PostgreSQL") var postgres: PostgresSettings
  @OptionGroup(title: "TLS") var tls: TLSSettings
  @OptionGroup(title: "Passwords") var passwords: PasswordSettings
  @OptionGroup(title: "Delivery of messages") var delivery: DeliverySettings
  @OptionGroup(title: "Pages") var pages: PageSettings
  @OptionGroup(title: "Events for other systems") var events: EventSettings
  @OptionGroup(title: "Clients") var clients: ClientSettings
  @OptionGroup(title: "Log") var log: LogSettings
  @OptionGroup(title: "Operations") var operations: OperationsSettings
}

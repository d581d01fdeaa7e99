internal import AuthCore
internal import Logging

/// What delivers messages; nil when every client that asks for a reset token is given it.
///
/// - Parameter logger: for what the operator has to know at once, and for the messages themselves where they go to the log.
func makeDelivery(_ configuration: DeliveryConfiguration, logger: Logger) -> (any MessageDelivery)? {
  let linkBase = configuration.linkBase
  switch configuration.method {
  case .answer: return nil
  case .webhook(let url, let secret):
    return WebhookDelivery(webhook: Webhook(url: url, secret: secret), linkBase: linkBase)
  case .command(let program): return CommandDelivery(program: program, linkBase: linkBase)
  case .mail(let program, let sender, let templates):
    return MailDelivery(program: program, sender: sender, templates: templates)
  case .log:
    logger.warning(
      "reset tokens are written to this log, and anyone who reads it can take over any account; for development only")
    return LogDelivery(logger: logger, linkBase: linkBase)
  }
}

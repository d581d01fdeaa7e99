/// Why a message was not delivered, for the log: it carries neither token nor email.
struct DeliveryFailure: Error, CustomStringConvertible {
  let description: String
}

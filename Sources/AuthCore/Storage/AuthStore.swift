/// Where an ``Auth`` keeps accounts, sessions, reset tokens, messages and counters: the ports of all its features, as one type
/// for each database.
///
/// Every operation is atomic: it happens wholly or not at all, and simultaneous operations come out as if they had run one after
/// another. What an operation has returned is durable, if the store is durable at all. A store never sees a password, a session
/// id or a reset token, only their hashes and digests.
///
/// Every operation throws ``StoreError/unavailable(_:)`` when the store cannot respond; each lists only its other errors.
/// `StoreContract` in AuthTesting checks any store against these rules.
public protocol AuthStore:
  AccountStore, VerificationStore, EmailChangeStore, RecoveryEmailStore, DisablingStore, SessionStore, ResetTokenStore,
  OutboxStore, ThrottleStore, MaintenanceStore, AdministrationStore
{}

#if Postgres
import AuthCore
import AuthPostgres

/// The example of Docs/PostgreSQL.md: it compiles.
func useOfPostgreSQL() async throws {
  let store = try await PostgresStore(PostgresConfiguration("postgres://auth@localhost/auth"))
  let auth = Auth(policy: .strict, store: store, clock: store.clock)
  _ = auth
}
#endif

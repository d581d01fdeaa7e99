#if Postgres
extension PostgresSchema {
  /// Sees to it that the tables have this release's version and that the role of the connection may use them.
  func prepare(_ connection: PostgresConnection) throws(PostgresOpenError) {
    // Most often, there is nothing to migrate, and the role may do no more than this.
    if try storedVersion(connection) < version { try migrate(connection, grantingTo: nil) }
    let missing = try asking(connection, missingPrivileges)
    guard missing.isEmpty else { throw .missingPrivilege("it may not use \(missing)") }
  }

  /// Runs ``migrationScript(grantingTo:)``. Servers that start at the same time wait for each other.
  func migrate(_ connection: PostgresConnection, grantingTo role: String?) throws(PostgresOpenError) {
    let script = migrationScript(grantingTo: role)
    do throws(PostgresError) {
      try connection.execute(script)
    } catch {
      throw PostgresOpenError(error)
    }
  }

  /// The version that the database has, 0 if it has no tables.
  ///
  /// - Throws: ``PostgresOpenError/newerSchema(found:known:)``, too.
  func storedVersion(_ connection: PostgresConnection) throws(PostgresOpenError) -> Int {
    let table = "\(name).schema_version"
    guard try asking(connection, "SELECT to_regclass(\(Self.literal(table)))") != "" else { return 0 }
    guard let found = Int(try asking(connection, "SELECT max(version) FROM \(table)")) else {
      throw .refused("the table schema_version has no row, so the schema's version is not known")
    }
    guard found <= version else { throw .newerSchema(found: found, known: version) }
    return found
  }

  /// The only value that a query returns.
  private func asking(_ connection: PostgresConnection, _ query: String) throws(PostgresOpenError) -> String {
    do throws(PostgresError) {
      return try connection.execute(query).text(0, 0)
    } catch {
      throw PostgresOpenError(error)
    }
  }

  /// Brings a database of any earlier version, or an empty one, to this version, in one transaction.
  ///
  /// It is one block of PL/pgSQL, so that it is the same whether a server runs it or a person who reads it first.
  ///
  /// - Parameter role: a role that is to use the tables, beside those that use them already.
  func migrationScript(grantingTo role: String?) -> String {
    let newService = role.map { "GRANT EXECUTE ON FUNCTION \(name).flush_1() TO \(Self.quoted($0));" } ?? ""
    let steps = migrations.enumerated().map { index, script in
      """
        IF v_version < \(index + 1) THEN
      \(script)
        END IF;
      """
    }
    return """
      BEGIN;
      -- It may take a while, or wait for another that is at it.
      SET LOCAL statement_timeout = 0;
      SET LOCAL lock_timeout = 0;
      SET LOCAL search_path = pg_catalog;
      SET LOCAL synchronous_commit = on;
      SELECT pg_advisory_xact_lock(hashtextextended('swift-auth migrations of ' || \(Self.literal(name)), 0));
      DO $migration$
      DECLARE
        v_version int := 0;
        v_owner oid;
        v_service regrole;
        v_function regprocedure;
      BEGIN
        IF to_regclass(\(Self.literal("\(name).schema_version"))) IS NOT NULL THEN
          SELECT relowner INTO v_owner FROM pg_class WHERE oid = \(Self.literal("\(name).schema_version"))::regclass;
          -- What this makes must have the rights of the role that owns the rest, and no others.
          IF v_owner <> (SELECT oid FROM pg_roles WHERE rolname = current_user) THEN
            RAISE insufficient_privilege USING MESSAGE = format('only %s, which owns the tables, may migrate them', v_owner::regrole);
          END IF;
          SELECT version INTO STRICT v_version FROM \(name).schema_version;
        END IF;
        IF v_version > \(version) THEN
          RAISE EXCEPTION 'the schema has version %, and this release knows versions up to \(version)', v_version;
        END IF;
        -- Not IF NOT EXISTS, which an owner of the schema who may create no other is not allowed either.
        IF to_regnamespace(\(Self.literal(name))) IS NULL THEN CREATE SCHEMA \(name); END IF;
      \(steps.joined(separator: "\n"))
        UPDATE \(name).schema_version SET version = \(version);

        -- Roles that may call the flush are those that use the tables. They get what this version added.
        \(newService)
        SELECT relowner INTO v_owner FROM pg_class WHERE oid = \(Self.literal("\(name).schema_version"))::regclass;
        FOR v_function IN SELECT oid FROM pg_proc WHERE \(isOurFunction) AND proowner = v_owner LOOP
          EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', v_function);
        END LOOP;
        FOR v_service IN
          SELECT DISTINCT a.grantee FROM pg_proc p, aclexplode(p.proacl) a
          WHERE p.oid = \(Self.literal("\(name).flush_1()"))::regprocedure AND a.grantee NOT IN (0, v_owner)
        LOOP
          EXECUTE format(\(Self.literal("GRANT USAGE ON SCHEMA \(name.replacing("%", with: "%%")) TO %s")), v_service);
          EXECUTE format(\(Self.literal("GRANT SELECT ON \(tableList.replacing("%", with: "%%")) TO %s")), v_service);
          FOR v_function IN SELECT oid FROM pg_proc WHERE \(isOurFunction) AND proowner = v_owner LOOP
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %s', v_function, v_service);
          END LOOP;
        END LOOP;
      END $migration$;
      COMMIT;

      """
  }

  /// What does not exist, or the role may not use, as a list; empty if nothing is missing.
  private var missingPrivileges: String {
    """
    SELECT coalesce(string_agg(name, ', ' ORDER BY name), '') FROM (
      SELECT f.name FROM unnest(ARRAY[\(Self.literals(functions))]) f(name) WHERE NOT EXISTS (
        SELECT 1 FROM pg_proc WHERE pronamespace = to_regnamespace(\(Self.literal(name))) AND proname = f.name
          AND has_function_privilege(oid, 'EXECUTE'))
      UNION ALL
      SELECT t.name FROM unnest(ARRAY[\(Self.literals(Self.tables))]) t(name) WHERE NOT EXISTS (
        SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace(\(Self.literal(name))) AND relname = t.name
          AND has_table_privilege(oid, 'SELECT'))
    ) missing
    """
  }

  /// A condition on `pg_proc`: others may have functions in the schema, too.
  private var isOurFunction: String {
    "pronamespace = to_regnamespace(\(Self.literal(name))) AND proname IN (\(Self.literals(functions)))"
  }

  /// The functions that the scripts make and that can be called; those of triggers cannot.
  private var functions: [String] {
    let made = migrations.joined().split(separator: "CREATE FUNCTION \(name).").dropFirst().map {
      String($0.prefix { $0 != "(" })
    }
    return made.filter { !Self.triggers.contains($0) }
  }

  private var tableList: String { Self.tables.map { "\(name).\($0)" }.joined(separator: ", ") }

  private static func literals(_ texts: [String]) -> String { texts.map(literal).joined(separator: ", ") }

  static func literal(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }
}

extension PostgresOpenError {
  fileprivate init(_ error: PostgresError) {
    switch error.sqlState {
    case "42501": self = .missingPrivilege("\(error)")
    case "": self = .cannotConnect("\(error)")
    default: self = .refused("\(error)")
    }
  }
}
#endif

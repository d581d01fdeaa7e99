extension SQLiteSchema {
  /// A part of the script that takes a database to version 7.
  static let unverifiedUsers = """

    -- A user who has a row here is unverified, ends at `expires_at`, and gets no reset token, no matter which program inserts it.
    -- `registration` is the id of the one that has added the user, and goes with the row.
    CREATE TABLE unverified_users (
      user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
      registration VARCHAR(250) NOT NULL UNIQUE,
      expires_at INTEGER NOT NULL
    );
    CREATE INDEX unverified_users_expires_at ON unverified_users (expires_at);
    CREATE TRIGGER reset_tokens_of_unverified_users BEFORE INSERT ON reset_tokens
    WHEN EXISTS (SELECT 1 FROM unverified_users WHERE user_id = new.user_id) BEGIN
      SELECT raise(ABORT, 'the user is unverified');
    END;
    CREATE TRIGGER registrations_of_unverified_users AFTER DELETE ON unverified_users BEGIN
      DELETE FROM registrations WHERE id = old.registration;
    END;
    """
}

#include <sqlite3.h>

// SQLITE_TRANSIENT is a cast that Swift's importer cannot read. Text without bytes may have no address, which SQLite would take for null.
static inline int csqlite_bind_text(sqlite3_stmt *statement, int index, const unsigned char *text, int bytes) {
  return sqlite3_bind_text(statement, index, text ? (const char *)text : "", bytes, SQLITE_TRANSIENT);
}

#include <sqlite3.h>

/// Binds a copy of the text. Swift does not see the macro SQLITE_TRANSIENT.
static inline int bind_text(sqlite3_stmt *statement, int index, const char *text) {
  return sqlite3_bind_text(statement, index, text, -1, SQLITE_TRANSIENT);
}

#include <libpq-fe.h>

// Swift's importer does not read characters.
static const int CPOSTGRES_SQLSTATE = PG_DIAG_SQLSTATE;
static const int CPOSTGRES_MESSAGE = PG_DIAG_MESSAGE_PRIMARY;
static const int CPOSTGRES_CONSTRAINT = PG_DIAG_CONSTRAINT_NAME;

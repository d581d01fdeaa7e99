#include <sys/types.h>

/// Starts a program in a process group of its own, with the signals of a new process and no descriptors but the three standard
/// ones, each of which is a copy of the given one or, where that is negative, the null device.
///
/// @param directory in which it runs; null for that of the caller.
/// @return 0, or an error number.
int spawn(pid_t *_Nonnull process, const char *_Nonnull program, char *_Nullable const *_Nonnull arguments,
          char *_Nullable const *_Nonnull environment, const char *_Nullable directory, const int standard[_Nonnull 3]);

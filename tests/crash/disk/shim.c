/*
 * Preloaded into a program (LD_PRELOAD): sees every call that changes files below HOLDFAST_DISK_ROOT, in
 * one order over all threads. Built by the crash tests; Linux with glibc only.
 *
 *   HOLDFAST_DISK_LOG=FILE   records each call with what it wrote, and each line written to standard output
 *   HOLDFAST_DISK_AT=N:HOW   what becomes of the N-th call (from 1): `kill` before it is carried out,
 *                            `tear` kills after half of it when it is a write, a number is returned as its errno
 *
 * Removing the file HOLDFAST_DISK_ANEW reads all of these again and counts from 1, so that a program can
 * go through many runs.
 *
 * A record: u32 operation, u32 bytes of path, u32 bytes of second path, u32 bytes of data, u64 inode,
 * u64 offset (or the new length), then path, second path and data.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { CREATE = 1, WRITE, TRUNCATE, RENAME, UNLINK, MKDIR, RMDIR, LINK, SYNC, SAID };

static const char *root, *at, *anew;
static size_t root_length;
static int log_fd = -1;
static long count, target;
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static long (*direct)(long, ...);

/* A copy: what getenv answers may go when the variable is set again. */
static const char *setting(const char *name) {
  const char *value = getenv(name);
  return value && *value ? strdup(value) : NULL;
}

__attribute__((constructor)) static void begin(void) {
  direct = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
  root = setting("HOLDFAST_DISK_ROOT");
  root_length = root ? strlen(root) : 0;
  anew = setting("HOLDFAST_DISK_ANEW");
  count = target = 0;
  at = setting("HOLDFAST_DISK_AT");
  if (at) {
    char *how;
    target = strtol(at, &how, 10);
    at = how + 1;
  }
  if (log_fd >= 0) direct(SYS_close, log_fd);
  log_fd = -1;
  const char *log = setting("HOLDFAST_DISK_LOG");
  if (log) log_fd = direct(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

static int below_root(const char *path) {
  return root && strncmp(path, root, root_length) == 0 &&
         (path[root_length] == '/' || path[root_length] == 0);
}

/* The path of a call relative to `folder`, made absolute; 0 when it is not ours. */
static int ours(int folder, const char *path, char *full) {
  if (!root || !path) return 0;
  if (path[0] == '/') {
    snprintf(full, PATH_MAX, "%s", path);
  } else {
    char base[PATH_MAX];
    if (folder == AT_FDCWD) {
      if (!getcwd(base, sizeof base)) return 0;
    } else {
      char name[64];
      snprintf(name, sizeof name, "/proc/self/fd/%d", folder);
      ssize_t length = readlink(name, base, sizeof base - 1);
      if (length < 0) return 0;
      base[length] = 0;
    }
    if ((size_t)snprintf(full, PATH_MAX, "%s/%s", base, path) >= PATH_MAX) return 0;
  }
  return below_root(full);
}

static int our_file(int fd, char *full) {
  if (!root || fd < 0) return 0;
  char name[64];
  snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(name, full, PATH_MAX - 1);
  if (length < 0) return 0;
  full[length] = 0;
  return below_root(full);
}

static uint64_t inode_of(int fd) {
  struct stat found;
  return fstat(fd, &found) == 0 ? found.st_ino : 0;
}

static uint64_t inode_at(const char *path) {
  struct stat found;
  return lstat(path, &found) == 0 ? found.st_ino : 0;
}

static void put(const void *bytes, size_t length) {
  while (length > 0) {
    ssize_t done = direct(SYS_write, log_fd, bytes, length);
    if (done <= 0) abort();
    bytes = (const char *)bytes + done;
    length -= done;
  }
}

static void record(uint32_t operation, const char *path, const char *second, uint64_t inode,
                   uint64_t offset, const void *data, size_t length) {
  if (log_fd < 0) return;
  uint32_t head[4] = {operation, path ? strlen(path) : 0, second ? strlen(second) : 0, length};
  uint64_t place[2] = {inode, offset};
  put(head, sizeof head);
  put(place, sizeof place);
  if (path) put(path, head[1]);
  if (second) put(second, head[2]);
  if (length) put(data, length);
}

static void die(void) {
  direct(SYS_kill, direct(SYS_getpid), SIGKILL);
  for (;;) pause();
}

/* Called with the turn held: 0 to go on, 1 to tear a write, -1 with errno set to refuse. */
static int fate(int writes) {
  if (++count != target || !at) return 0;
  if (strcmp(at, "kill") == 0) die();
  if (strcmp(at, "tear") == 0) {
    if (!writes) die();
    return 1;
  }
  errno = atoi(at);
  return -1;
}

#define BEGIN pthread_mutex_lock(&turn)
#define END(result) do { int kept = errno; pthread_mutex_unlock(&turn); errno = kept; return result; } while (0)

/* ---- writing ---- */

static ssize_t write_at(int fd, const void *bytes, size_t length, off_t offset, int append) {
  char path[PATH_MAX];
  if (!our_file(fd, path)) {
    if (fd == 1 && log_fd >= 0) {
      BEGIN;
      record(SAID, NULL, NULL, 0, 0, bytes, length);
      END(append ? direct(SYS_write, fd, bytes, length) : direct(SYS_pwrite64, fd, bytes, length, offset));
    }
    return append ? direct(SYS_write, fd, bytes, length) : direct(SYS_pwrite64, fd, bytes, length, offset);
  }
  BEGIN;
  int told = fate(1);
  if (told < 0) END(-1);
  if (told > 0) length = length / 2;
  if (append) {
    offset = fcntl(fd, F_GETFL) & O_APPEND ? lseek(fd, 0, SEEK_END) : lseek(fd, 0, SEEK_CUR);
  }
  ssize_t done = append ? direct(SYS_write, fd, bytes, length) : direct(SYS_pwrite64, fd, bytes, length, offset);
  if (told > 0) die();
  if (done > 0) record(WRITE, path, NULL, inode_of(fd), offset, bytes, done);
  END(done);
}

ssize_t write(int fd, const void *bytes, size_t length) { return write_at(fd, bytes, length, 0, 1); }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return write_at(fd, bytes, length, offset, 0); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) { return write_at(fd, bytes, length, offset, 0); }

static ssize_t write_parts(int fd, const struct iovec *parts, int number, off_t offset, int append) {
  ssize_t total = 0;
  for (int i = 0; i < number; i++) {
    ssize_t done = write_at(fd, parts[i].iov_base, parts[i].iov_len, offset + total, append);
    if (done < 0) return total > 0 ? total : -1;
    total += done;
    if ((size_t)done < parts[i].iov_len) break;
  }
  return total;
}

ssize_t writev(int fd, const struct iovec *parts, int number) { return write_parts(fd, parts, number, 0, 1); }
ssize_t pwritev(int fd, const struct iovec *parts, int number, off_t offset) { return write_parts(fd, parts, number, offset, 0); }
ssize_t pwritev64(int fd, const struct iovec *parts, int number, off64_t offset) { return write_parts(fd, parts, number, offset, 0); }

/* Copies through memory, so that what arrives is recorded. */
static ssize_t copied(int from, off64_t *from_offset, int to, off64_t *to_offset, size_t length) {
  static char buffer[1 << 16];
  static pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&own);
  if (length > sizeof buffer) length = sizeof buffer;
  ssize_t got = from_offset ? pread(from, buffer, length, *from_offset) : read(from, buffer, length);
  if (got > 0) {
    ssize_t done = write_at(to, buffer, got, to_offset ? *to_offset : 0, to_offset == NULL);
    if (done > 0 && from_offset) *from_offset += done;
    if (done > 0 && to_offset) *to_offset += done;
    got = done;
  }
  pthread_mutex_unlock(&own);
  return got;
}

ssize_t copy_file_range(int from, off64_t *from_offset, int to, off64_t *to_offset, size_t length, unsigned flags) {
  (void)flags;
  return copied(from, from_offset, to, to_offset, length);
}
ssize_t sendfile(int to, int from, off_t *offset, size_t length) { return copied(from, offset, to, NULL, length); }
ssize_t sendfile64(int to, int from, off64_t *offset, size_t length) { return copied(from, offset, to, NULL, length); }

/* ---- lengths ---- */

static int truncate_to(int fd, off_t length) {
  char path[PATH_MAX];
  if (!our_file(fd, path)) return direct(SYS_ftruncate, fd, length);
  BEGIN;
  if (fate(0) != 0) END(-1);
  int done = direct(SYS_ftruncate, fd, length);
  if (done == 0) record(TRUNCATE, path, NULL, inode_of(fd), length, NULL, 0);
  END(done);
}
int ftruncate(int fd, off_t length) { return truncate_to(fd, length); }
int ftruncate64(int fd, off64_t length) { return truncate_to(fd, length); }

/* ---- opening ---- */

static int open_at(int folder, const char *name, int flags, mode_t mode) {
  char path[PATH_MAX];
  int changes = flags & (O_CREAT | O_TRUNC);
  if (!changes || !ours(folder, name, path)) return direct(SYS_openat, folder, name, flags, mode);
  BEGIN;
  struct stat found;
  int there = stat(path, &found) == 0;
  if (there && (!(flags & O_TRUNC) || found.st_size == 0)) END(direct(SYS_openat, folder, name, flags, mode));
  if (fate(0) != 0) END(-1);
  int fd = direct(SYS_openat, folder, name, flags, mode);
  if (fd >= 0) record(there ? TRUNCATE : CREATE, path, NULL, inode_of(fd), 0, NULL, 0);
  END(fd);
}

#define MODE_OF(flags) \
  mode_t mode = 0; \
  if ((flags) & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }

int open(const char *name, int flags, ...) { MODE_OF(flags) return open_at(AT_FDCWD, name, flags, mode); }
int open64(const char *name, int flags, ...) { MODE_OF(flags) return open_at(AT_FDCWD, name, flags, mode); }
int openat(int folder, const char *name, int flags, ...) { MODE_OF(flags) return open_at(folder, name, flags, mode); }
int openat64(int folder, const char *name, int flags, ...) { MODE_OF(flags) return open_at(folder, name, flags, mode); }

/* ---- names ---- */

int renameat2(int folder, const char *name, int to_folder, const char *to, unsigned flags) {
  char path[PATH_MAX], second[PATH_MAX];
  if (!ours(folder, name, path) || !ours(to_folder, to, second)) return direct(SYS_renameat2, folder, name, to_folder, to, flags);
  BEGIN;
  if (fate(0) != 0) END(-1);
  int done = direct(SYS_renameat2, folder, name, to_folder, to, flags);
  if (done == 0) record(RENAME, path, second, 0, 0, NULL, 0);
  END(done);
}
int renameat(int folder, const char *name, int to_folder, const char *to) { return renameat2(folder, name, to_folder, to, 0); }
int rename(const char *name, const char *to) { return renameat2(AT_FDCWD, name, AT_FDCWD, to, 0); }

int unlinkat(int folder, const char *name, int flags) {
  char path[PATH_MAX];
  if (anew && strcmp(name, anew) == 0) return begin(), 0;
  if (!ours(folder, name, path)) return direct(SYS_unlinkat, folder, name, flags);
  BEGIN;
  if (inode_at(path) == 0) END(direct(SYS_unlinkat, folder, name, flags));
  if (fate(0) != 0) END(-1);
  int done = direct(SYS_unlinkat, folder, name, flags);
  if (done == 0) record(flags & AT_REMOVEDIR ? RMDIR : UNLINK, path, NULL, 0, 0, NULL, 0);
  END(done);
}
/* The C library's own remove() would go past the functions above. */
int remove(const char *name) {
  struct stat found;
  return unlinkat(AT_FDCWD, name, lstat(name, &found) == 0 && S_ISDIR(found.st_mode) ? AT_REMOVEDIR : 0);
}
int unlink(const char *name) { return unlinkat(AT_FDCWD, name, 0); }
int rmdir(const char *name) { return unlinkat(AT_FDCWD, name, AT_REMOVEDIR); }

int mkdirat(int folder, const char *name, mode_t mode) {
  char path[PATH_MAX];
  if (!ours(folder, name, path)) return direct(SYS_mkdirat, folder, name, mode);
  BEGIN;
  if (inode_at(path) != 0) END(direct(SYS_mkdirat, folder, name, mode));
  if (fate(0) != 0) END(-1);
  int done = direct(SYS_mkdirat, folder, name, mode);
  if (done == 0) record(MKDIR, path, NULL, inode_at(path), 0, NULL, 0);
  END(done);
}
int mkdir(const char *name, mode_t mode) { return mkdirat(AT_FDCWD, name, mode); }

int linkat(int folder, const char *name, int to_folder, const char *to, int flags) {
  char path[PATH_MAX], second[PATH_MAX];
  if (!ours(folder, name, path) || !ours(to_folder, to, second)) return direct(SYS_linkat, folder, name, to_folder, to, flags);
  BEGIN;
  if (fate(0) != 0) END(-1);
  int done = direct(SYS_linkat, folder, name, to_folder, to, flags);
  if (done == 0) record(LINK, path, second, 0, 0, NULL, 0);
  END(done);
}
int link(const char *name, const char *to) { return linkat(AT_FDCWD, name, AT_FDCWD, to, 0); }

/* ---- syncing ---- */

static int sync_file(int fd, long call) {
  char path[PATH_MAX];
  if (!our_file(fd, path)) return direct(call, fd);
  BEGIN;
  if (fate(0) != 0) END(-1);
  int done = direct(call, fd);
  if (done == 0) record(SYNC, path, NULL, inode_of(fd), 0, NULL, 0);
  END(done);
}
int fsync(int fd) { return sync_file(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_file(fd, SYS_fdatasync); }

/* libuv copies files by the bare call. */
long syscall(long number, ...) {
  va_list rest;
  va_start(rest, number);
  long a[6];
  for (int i = 0; i < 6; i++) a[i] = va_arg(rest, long);
  va_end(rest);
  if (number == SYS_copy_file_range) {
    return copied(a[0], (off64_t *)a[1], a[2], (off64_t *)a[3], a[4]);
  }
  return (direct ? direct : (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall"))(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

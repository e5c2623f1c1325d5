/* Lets every sync of a file last longer by SLOW_SYNC_US microseconds: see slow_sync.py. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static int slowly(const char *name, int file)
{
    const long micros = atol(getenv("SLOW_SYNC_US"));
    const struct timespec wait = {micros / 1000000, micros % 1000000 * 1000};
    int (*sync)(int) = dlsym(RTLD_NEXT, name);

    nanosleep(&wait, NULL);
    return sync(file);
}

int fsync(int file) { return slowly("fsync", file); }
int fdatasync(int file) { return slowly("fdatasync", file); }

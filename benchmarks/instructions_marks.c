/* Lets a Python program tell callgrind what is counted, by ctypes. Outside callgrind all of it does nothing. */
#include <valgrind/callgrind.h>

void count_begin(void)
{
    CALLGRIND_START_INSTRUMENTATION;
}

void count_anew(void)
{
    CALLGRIND_ZERO_STATS;
}

/* Write the counts since count_anew to a file of their own, under a name. */
void count_end(const char *name)
{
    CALLGRIND_DUMP_STATS_AT(name);
}

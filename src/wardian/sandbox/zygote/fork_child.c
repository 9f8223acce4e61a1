#define _GNU_SOURCE
#include "module.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/types.h>
#include <unistd.h>

/* fork(2) of the C library, not a bare clone: its handlers reset the locks of malloc, OpenBLAS and jemalloc in the child, and the cached
 * thread id. The new pid namespace is therefore asked for beforehand and taken back afterwards (with it pending, no thread could start). */
PyObject* wardian_fork_child(PyObject* self, PyObject* arguments) {
  (void)self;
  static int own_namespace = -1;
  int new_pid_namespace = 0;
  if (!PyArg_ParseTuple(arguments, "i", &new_pid_namespace)) return NULL;
  if (new_pid_namespace) {
    if (own_namespace < 0) own_namespace = open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC);
    if (own_namespace < 0) return wardian_raise("cannot open the own pid namespace");
    if (unshare(CLONE_NEWPID) != 0) return wardian_raise("cannot make a pid namespace");
  }
  PyOS_BeforeFork();
  const pid_t pid = fork();
  const int number = errno;
  if (pid == 0) {
    wardian_heap_in_child();
    PyOS_AfterFork_Child();
  } else {
    PyOS_AfterFork_Parent();
  }
  if (pid != 0 && new_pid_namespace && setns(own_namespace, CLONE_NEWPID) != 0)
    return wardian_raise("cannot return to the own pid namespace");
  errno = number;
  if (pid < 0) return wardian_raise("cannot fork");
  return PyLong_FromLong(pid);
}

#include "module.h"

#include <errno.h>
#include <string.h>

PyObject* wardian_raise(const char* what) {
  const int number = errno;
  PyErr_Format(PyExc_OSError, "%s: %s (errno %d)", what, strerror(number), number);
  return NULL;
}

static PyMethodDef methods[] = {
    {"fork_child", wardian_fork_child, METH_VARARGS,
     "fork_child(new_pid_namespace) -> pid\n\nforks; the child may become pid 1 of a namespace of its own."},
    {"confine", wardian_confine, METH_VARARGS,
     "confine(slot, settings)\n\nTakes every confinement step in order; raises OSError naming the first that fails."},
    {"self_check", wardian_self_check, METH_VARARGS,
     "self_check(descriptors_max) -> mask\n\nWhat really holds now, one bit a wall."},
    {"own_heap", wardian_own_heap, METH_NOARGS,
     "own_heap() -> bool\n\nHas Python keep its objects in a region that move_heap knows; before the imports."},
    {"end_placement", wardian_end_placement, METH_NOARGS,
     "end_placement() -> objects\n\nAfter the imports: new objects lie where they will. How many were placed."},
    {"end_learning", wardian_end_learning, METH_NOARGS, "end_learning()\n\nLikewise, where placement is learnt."},
    {"learnt_placement", wardian_learnt_placement, METH_NOARGS,
     "learnt_placement() -> bytes\n\nIn a child that has made a call: the keys of what it wrote to."},
    {"move_heap", wardian_move_heap, METH_VARARGS,
     "move_heap(fd, heap_begin) -> bytes\n\nMoves that region, and the C library's heap from `heap_begin` on, into an empty "
     "memory\n"
     "file, mapped privately in their place. The process must have one thread."},
    {"forget_code", wardian_forget_code, METH_NOARGS,
     "forget_code()\n\nTakes the libraries' code out of the page table: what is there afterwards has been run since."},
    {"move_libraries", wardian_move_libraries, METH_VARARGS,
     "move_libraries(fd, large) -> ranges\n\nMoves what the loaded libraries may write to into an empty memory file, likewise; "
     "makes "
     "one map\n"
     "of what they only read and execute, and moves what was run of it into `large`, a file in large pages, or -1."},
    {"send", wardian_send, METH_VARARGS, "send(fd, data, descriptors)\n\nOne message."},
    {"receive", wardian_receive, METH_VARARGS,
     "receive(fd, size_max, blocking) -> (data, descriptors) | None\n\nOne message; None at the end of the channel."},
    {NULL, NULL, 0, NULL}};

static PyModuleDef_Slot slots[] = {{0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_confine", "The zygote's kernel calls.", 0, methods, slots, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__confine(void) { return PyModuleDef_Init(&definition); }

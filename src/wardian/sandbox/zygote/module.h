#pragma once

/* The stable ABI of CPython 3.10: one build serves every later interpreter, so any CPython >= 3.10 can be an image. */
#define PY_SSIZE_T_CLEAN
#ifndef Py_LIMITED_API
#define Py_LIMITED_API 0x030A0000
#endif
#include <Python.h>

/* fork_child.c */
PyObject* wardian_fork_child(PyObject* self, PyObject* arguments);
/* confine.c */
PyObject* wardian_confine(PyObject* self, PyObject* arguments);
PyObject* wardian_self_check(PyObject* self, PyObject* arguments);
/* heap_file.c: has Python keep its objects in one region, if it does not yet, 0 or -1; and a piece of that, zeroed, or NULL. */
int wardian_reserve_heap(void);
void* wardian_take_heap(size_t bytes);
PyObject* wardian_own_heap(PyObject* self, PyObject* nothing);
PyObject* wardian_move_heap(PyObject* self, PyObject* arguments);
/* From now on arenas are maps of their own, which count as they come and are given back. */
void wardian_heap_in_child(void);
/* placement.c */
PyObject* wardian_end_placement(PyObject* self, PyObject* nothing);
/* placement_learning.c */
PyObject* wardian_end_learning(PyObject* self, PyObject* nothing);
PyObject* wardian_learnt_placement(PyObject* self, PyObject* nothing);
/* library_files.c */
PyObject* wardian_forget_code(PyObject* self, PyObject* nothing);
PyObject* wardian_move_libraries(PyObject* self, PyObject* arguments);
/* landlock.c: 0, or -1 with errno. `rules`: NUL-terminated texts, 'r' or 'w' before each path. */
int wardian_landlock(int abi, const char* rules, Py_ssize_t rules_size);
/* channel.c */
PyObject* wardian_send(PyObject* self, PyObject* arguments);
PyObject* wardian_receive(PyObject* self, PyObject* arguments);

/* Raises OSError for errno with what was tried. Always NULL. */
PyObject* wardian_raise(const char* what);

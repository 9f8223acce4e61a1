#include "module.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* The kernel passes at most 253 descriptors with a message. */
enum { kDescriptorsMax = 253 };

PyObject* wardian_send(PyObject* self, PyObject* arguments) {
  (void)self;
  int fd = -1;
  const char* data = NULL;
  Py_ssize_t size = 0;
  PyObject* list = NULL;
  if (!PyArg_ParseTuple(arguments, "iy#O", &fd, &data, &size, &list)) return NULL;
  const Py_ssize_t count = PySequence_Size(list);
  if (count < 0 || count > kDescriptorsMax) {
    PyErr_SetString(PyExc_ValueError, "bad number of descriptors");
    return NULL;
  }
  char control[CMSG_SPACE(kDescriptorsMax * sizeof(int))];
  memset(control, 0, sizeof control);
  struct iovec part = {(void*)data, (size_t)size};
  struct msghdr header;
  memset(&header, 0, sizeof header);
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  if (count > 0) {
    header.msg_control = control;
    header.msg_controllen = CMSG_SPACE((size_t)count * sizeof(int));
    struct cmsghdr* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN((size_t)count * sizeof(int));
    for (Py_ssize_t i = 0; i < count; ++i) {
      PyObject* item = PySequence_GetItem(list, i);
      if (item == NULL) return NULL;
      const int value = (int)PyLong_AsLong(item);
      Py_DecRef(item);
      if (value == -1 && PyErr_Occurred()) return NULL;
      memcpy(CMSG_DATA(rights) + (size_t)i * sizeof(int), &value, sizeof value);
    }
  }
  ssize_t sent;
  Py_BEGIN_ALLOW_THREADS do { sent = sendmsg(fd, &header, MSG_NOSIGNAL); }
  while (sent < 0 && errno == EINTR)
    ;
  Py_END_ALLOW_THREADS if (sent < 0) return wardian_raise("cannot send");
  return Py_BuildValue("");
}

PyObject* wardian_receive(PyObject* self, PyObject* arguments) {
  (void)self;
  int fd = -1, blocking = 1;
  Py_ssize_t size_max = 0;
  if (!PyArg_ParseTuple(arguments, "ini", &fd, &size_max, &blocking)) return NULL;
  char* buffer = malloc((size_t)size_max + 1);
  if (buffer == NULL) return PyErr_NoMemory();
  char control[CMSG_SPACE(kDescriptorsMax * sizeof(int))];
  struct iovec part = {buffer, (size_t)size_max};
  struct msghdr header;
  memset(&header, 0, sizeof header);
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control;
  header.msg_controllen = sizeof control;
  ssize_t size;
  Py_BEGIN_ALLOW_THREADS do { size = recvmsg(fd, &header, MSG_CMSG_CLOEXEC | (blocking ? 0 : MSG_DONTWAIT)); }
  while (size < 0 && errno == EINTR)
    ;
  Py_END_ALLOW_THREADS if (size < 0) {
    free(buffer);
    if (errno == ECONNRESET) return Py_BuildValue("");
    return wardian_raise("cannot receive");
  }
  PyObject* list = PyList_New(0);
  for (struct cmsghdr* item = CMSG_FIRSTHDR(&header); item != NULL && list != NULL; item = CMSG_NXTHDR(&header, item)) {
    if (item->cmsg_level != SOL_SOCKET || item->cmsg_type != SCM_RIGHTS) continue;
    const size_t count = (item->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; ++i) {
      int value = -1;
      memcpy(&value, CMSG_DATA(item) + i * sizeof(int), sizeof value);
      PyObject* number = PyLong_FromLong(value);
      if (number == NULL || PyList_Append(list, number) != 0) {
        Py_DecRef(number);
        Py_DecRef(list);
        free(buffer);
        return NULL;
      }
      Py_DecRef(number);
    }
  }
  if (list == NULL) {
    free(buffer);
    return NULL;
  }
  PyObject* result = NULL;
  if (size == 0 && PyList_Size(list) == 0)
    result = Py_BuildValue("");
  else
    result = Py_BuildValue("(y#O)", buffer, size, list);
  Py_DecRef(list);
  free(buffer);
  return result;
}

#include "wardian/process/start_thread.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>

namespace wardian::process {
namespace {

TEST(StartThread, RunsTheWork) {
  std::atomic<int> done{0};
  auto thread = start_thread([&] { done = 7; });
  ASSERT_TRUE(thread.ok());
  thread->join();
  EXPECT_EQ(done, 7);
}

TEST(StartThread, AMachineWithoutRoomForOneIsAnError) {
  const pid_t child = ::fork();
  if (child == 0) {
    // No address space for another stack: pthread_create(3) answers EAGAIN, once the stacks of threads that ended are used up.
    const rlimit none{1, 1};
    ::setrlimit(RLIMIT_AS, &none);
    constexpr int kKeptStacksMax = 8;
    for (int i = 0; i < kKeptStacksMax; ++i) {
      auto thread = start_thread([] { ::pause(); });
      if (!thread.ok()) ::_exit(thread.error().code == ErrorCode::out_of_memory ? 0 : 1);
      thread->detach();
    }
    ::_exit(2);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

}  // namespace
}  // namespace wardian::process

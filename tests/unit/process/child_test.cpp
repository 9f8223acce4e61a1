#include "wardian/process/child.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "wardian/process/cancel_token.h"
#include "wardian/process/memory_file.h"

namespace wardian::process {
namespace {

SpawnPlan shell(const std::string& script) {
  SpawnPlan plan;
  plan.executable = "/bin/sh";
  plan.arguments = {"-c", script};
  plan.environment = {"PATH=/bin:/usr/bin"};
  return plan;
}

TEST(Child, TellsHowItEnded) {
  const struct {
    const char* script;
    bool signalled;
    int number;
  } cases[] = {{"exit 0", false, 0}, {"exit 7", false, 7}, {"kill -SEGV $$", true, SIGSEGV}, {"kill -KILL $$", true, SIGKILL}};
  for (const auto& one : cases) {
    auto child = Child::spawn(shell(one.script));
    ASSERT_TRUE(child.ok()) << one.script;
    const auto end = child->wait(std::chrono::seconds(10));
    ASSERT_TRUE(end.has_value()) << one.script;
    EXPECT_EQ(end->signalled, one.signalled) << one.script;
    EXPECT_EQ(end->number, one.number) << one.script;
  }
}

TEST(Child, GetsNothingButWhatIsGiven) {
  ::setenv("WARDIAN_TEST_SECRET", "visible", 1);
  auto file = MemoryFile::create("output");
  ASSERT_TRUE(file.ok());
  const UniqueFd stray(::dup(0));  // no close-on-exec: must be closed all the same
  SpawnPlan plan = shell("env; ls /proc/self/fd; echo given >&5");
  plan.descriptors = {{file->fd(), 1}, {file->fd(), 5}};
  auto child = Child::spawn(plan);
  ASSERT_TRUE(child.ok());
  ASSERT_TRUE(child->wait(std::chrono::seconds(10)).has_value());
  auto mapping = file->map_read_only();
  ASSERT_TRUE(mapping.ok());
  const std::string text(reinterpret_cast<const char*>(mapping->bytes().data()), mapping->bytes().size());
  EXPECT_EQ(text.find("WARDIAN_TEST_SECRET"), std::string::npos);
  EXPECT_NE(text.find("given"), std::string::npos);
  EXPECT_NE(text.find("0\n1\n2\n3\n5\n"), std::string::npos) << text;  // 3 is the list's own folder
}

TEST(Child, DestructorKillsAndReaps) {
  pid_t pid = -1;
  {
    auto child = Child::spawn(shell("sleep 60"));
    ASSERT_TRUE(child.ok());
    pid = child->pid();
    EXPECT_EQ(pid_of(child->pidfd()), pid);
    EXPECT_FALSE(child->wait(std::chrono::milliseconds(10)).has_value());
  }
  EXPECT_EQ(::kill(pid, 0), -1);
}

TEST(Child, MissingProgramIsAnError) {
  SpawnPlan plan;
  plan.executable = "/no/such/program";
  const auto child = Child::spawn(plan);
  ASSERT_FALSE(child.ok());
  EXPECT_NE(child.error().message.find("/no/such/program"), std::string::npos);
}

TEST(CancelToken, IsSeenByLookingAndByWaiting) {
  CancelToken token;
  pollfd waiting{token.fd(), POLLIN, 0};
  EXPECT_FALSE(token.cancelled());
  EXPECT_EQ(::poll(&waiting, 1, 0), 0);
  token.cancel();
  token.cancel();
  EXPECT_TRUE(token.cancelled());
  EXPECT_EQ(::poll(&waiting, 1, 0), 1);
}

}  // namespace
}  // namespace wardian::process

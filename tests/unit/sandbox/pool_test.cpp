// The pool with real children of the system's Python, from many threads at once. What children may do is tested by tests/programs.
#include "wardian/sandbox/pool.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "temporary_folder.h"
#include "wardian/process/memory_file.h"

namespace wardian::sandbox {
namespace {

constexpr const char* kEntry = R"(
import os, time
def serve(request, inputs, outputs):
    words = request.decode().split()
    if words[0] == "sleep":
        time.sleep(float(words[1]))
    if words[0] == "print":
        print(words[1])
    if words[0] == "copy":
        os.write(outputs[0], os.pread(inputs[0], 1 << 20, 0))
    return b"did " + request
)";

class PoolOfPython : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::permissions(folder_, std::filesystem::perms(0755));
    std::ofstream(folder_ / "pool_entry.py") << kEntry;
    config_.image.python = "/usr/bin/python3";
    config_.image.entry_module = "pool_entry";
    config_.image.module_paths = {folder_};
    config_.ready_count = 2;
    config_.minimum_level = Level::e;
  }

  static Call call(std::string_view request) {
    Call one;
    one.request = std::as_bytes(std::span(request));
    return one;
  }

  const TemporaryFolder temporary_;
  const std::filesystem::path& folder_ = temporary_.path();
  PoolConfig config_;
};

TEST_F(PoolOfPython, ServesManyThreadsAtOnce) {
  Pool pool(config_);
  const Status started = pool.start();
  if (!started.ok() && started.error().code == ErrorCode::sandbox_unavailable) GTEST_SKIP() << started.error().message;
  constexpr int kThreads = 6, kCalls = 15;
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread)
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kCalls; ++i) {
        const std::string request = "work " + std::to_string(thread) + " " + std::to_string(i);
        const auto outcome = pool.run(call(request));
        if (outcome.ok() && outcome->replied() && outcome->reply == "did " + request) ++right;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, kThreads * kCalls);
  EXPECT_EQ(pool.status().in_flight, 0U);
  EXPECT_EQ(pool.status().runs_total, static_cast<std::uint64_t>(kThreads * kCalls));
}

TEST_F(PoolOfPython, KeepsMoreChildrenReadyTheMoreItIsUsed) {
  config_.ready_count_max = 5;
  Pool pool(config_);
  if (!pool.start().ok()) GTEST_SKIP();
  const auto ready_becomes = [&](unsigned count) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (pool.status().ready != count && std::chrono::steady_clock::now() < limit)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    // And stays so.
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    return pool.status().ready == count;
  };
  EXPECT_TRUE(ready_becomes(2));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(pool.run(call("work")).ok());
  EXPECT_TRUE(ready_becomes(3));
  for (int i = 0; i < 9; ++i) EXPECT_TRUE(pool.run(call("work")).ok());
  EXPECT_TRUE(ready_becomes(5));
}

TEST_F(PoolOfPython, ThrottlesBeyondItsCount) {
  config_.sandbox_count_max = 1;
  config_.throttle_wait_max = std::chrono::milliseconds(100);
  Pool pool(config_);
  if (!pool.start().ok()) GTEST_SKIP();
  std::thread busy([&] { (void)pool.run(call("sleep 1.5")); });
  while (pool.status().in_flight == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const auto refused = pool.run(call("work"));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::throttled);
  busy.join();
  EXPECT_TRUE(pool.run(call("work")).ok());
}

TEST_F(PoolOfPython, CarriesFilesAndConsole) {
  Pool pool(config_);
  if (!pool.start().ok()) GTEST_SKIP();
  const std::string text(100'000, 'x');
  auto input = process::MemoryFile::sealed_copy("input", std::as_bytes(std::span(text)));
  auto output = process::MemoryFile::create("output");
  ASSERT_TRUE(input.ok() && output.ok());
  Call one = call("copy");
  one.inputs = {input->fd()};
  one.outputs = {output->fd()};
  const auto outcome = pool.run(one);
  ASSERT_TRUE(outcome.ok() && outcome->replied());
  ASSERT_EQ(outcome->output_bytes, std::vector<std::uint64_t>{text.size()});
  EXPECT_TRUE(output->seal().ok());  // nobody can write any more

  std::string heard;
  Call loud = call("print hello");
  loud.on_console = [&](ConsoleStream stream, std::string_view bytes) {
    EXPECT_EQ(stream, ConsoleStream::standard_output);
    heard += bytes;
  };
  const auto printed = pool.run(loud);
  ASSERT_TRUE(printed.ok());
  EXPECT_EQ(printed->standard_output.joined(), "hello\n");
  EXPECT_EQ(heard, "hello\n");
}

TEST_F(PoolOfPython, RefusesCallsThatAreWrong) {
  Pool pool(config_);
  const std::string text = "text";
  auto unsealed = process::MemoryFile::create("input", 10);
  auto full = process::MemoryFile::sealed_copy("output", std::as_bytes(std::span(text)));
  ASSERT_TRUE(unsealed.ok() && full.ok());
  Call wrong[4] = {call("work"), call("work"), call("work"), call("work")};
  wrong[0].inputs = {unsealed->fd()};
  wrong[1].outputs = {full->fd()};
  wrong[2].policy.memory_bytes_max = 1;
  wrong[3].inputs.assign(kCallDescriptorsMax + 1, full->fd());
  for (const Call& one : wrong) {
    const auto outcome = pool.run(one);
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.error().code, ErrorCode::bad_argument);
  }
  EXPECT_FALSE(pool.status().started);
}

TEST_F(PoolOfPython, MakesChildrenToMeasure) {
  Pool pool(config_);
  if (!pool.start().ok()) GTEST_SKIP();
  Call one = call("work");
  one.policy.memory_bytes_max = std::uint64_t{200} << 20;
  one.policy.scratch_bytes_max = std::uint64_t{1} << 20;
  for (int i = 0; i < 3; ++i) {
    const auto outcome = pool.run(one);
    ASSERT_TRUE(outcome.ok() && outcome->replied());
  }
}

TEST_F(PoolOfPython, AMissingImageIsAnError) {
  config_.image.python = "/no/such/python";
  Pool pool(config_);
  const auto outcome = pool.run(call("work"));
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, ErrorCode::sandbox_unavailable);
  EXPECT_NE(outcome.error().message.find("/no/such/python"), std::string::npos);
}

TEST_F(PoolOfPython, UnstartedItCostsNothing) {
  const auto begin = std::chrono::steady_clock::now();
  { const Pool pool(config_); }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(500));
}

}  // namespace
}  // namespace wardian::sandbox

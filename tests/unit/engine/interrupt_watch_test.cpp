#include "wardian/engine/interrupt_watch.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <list>
#include <thread>

#include "wardian/engine/database.h"

namespace wardian::engine {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::string_view kEndless = "SELECT sum(a.range * b.range) FROM range(1000000000) a, range(1000000) b";
const columnar::Schema kOneLong = {{"x", columnar::Type::decimal}};

TEST(InterruptWatchTest, DeadlineEndsAStatement) {
  Database database = Database::open({}).value();
  Connection connection = database.connect().value();
  const auto start = Clock::now();
  const InterruptWatch watch(connection, nullptr, start + 100ms);
  const auto rows = connection.rows(kEndless, kOneLong);
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(watch.reason(rows.error()).code, ErrorCode::timeout);
  EXPECT_LT(Clock::now() - start, 2s);
}

TEST(InterruptWatchTest, TokenEndsAStatementAlsoOneBegunLater) {
  Database database = Database::open({}).value();
  Connection connection = database.connect().value();
  process::CancelToken token;
  const InterruptWatch watch(connection, &token, {});
  token.cancel();
  std::this_thread::sleep_for(50ms);
  const auto rows = connection.rows(kEndless, kOneLong);
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(watch.reason(rows.error()).code, ErrorCode::cancelled);
}

TEST(InterruptWatchTest, ConnectionWorksAfterwards) {
  Database database = Database::open({}).value();
  Connection connection = database.connect().value();
  {
    const InterruptWatch watch(connection, nullptr, Clock::now());
    EXPECT_FALSE(connection.rows(kEndless, kOneLong).ok());
  }
  EXPECT_TRUE(connection.rows("SELECT 1::BIGINT", {{"x", columnar::Type::int64}}).ok());
}

TEST(InterruptWatchTest, ACancelledTokenEndsWhatBeginsWithIt) {
  Database database = Database::open({}).value();
  Connection connection = database.connect().value();
  process::CancelToken token;
  const InterruptWatch earlier(connection, &token, {});
  token.cancel();
  std::this_thread::sleep_for(50ms);
  Connection other = database.connect().value();
  const InterruptWatch watch(other, &token, {});
  const auto rows = other.rows(kEndless, kOneLong);
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(watch.reason(rows.error()).code, ErrorCode::cancelled);
}

TEST(InterruptWatchTest, OthersGoOn) {
  Database database = Database::open({}).value();
  Connection stopped = database.connect().value();
  Connection connection = database.connect().value();
  process::CancelToken token, never;
  const InterruptWatch first(stopped, &token, {});
  const InterruptWatch second(connection, &never, Clock::now() + 1h);
  token.cancel();
  EXPECT_FALSE(stopped.rows(kEndless, kOneLong).ok());
  for (const auto end = Clock::now() + 100ms; Clock::now() < end;)
    ASSERT_TRUE(connection.rows("SELECT sum(range)::BIGINT FROM range(100000)", {{"x", columnar::Type::int64}}).ok());
}

TEST(InterruptWatchTest, ANearerDeadlineAmongManyIsKept) {
  Database database = Database::open({}).value();
  Connection connection = database.connect().value();
  process::CancelToken token;
  std::list<InterruptWatch> far;
  for (int hours = 1; hours <= 100; ++hours) far.emplace_back(connection, &token, Clock::now() + std::chrono::hours(hours));
  Connection near = database.connect().value();
  const auto start = Clock::now();
  const InterruptWatch watch(near, &token, start + 100ms);
  const auto rows = near.rows(kEndless, kOneLong);
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(watch.reason(rows.error()).code, ErrorCode::timeout);
  EXPECT_LT(Clock::now() - start, 2s);
}

TEST(InterruptWatchTest, OneThreadServesAll) {
  const auto threads = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/task"), std::filesystem::directory_iterator());
  };
  Database database = Database::open({}).value();
  Connection connection = database.connect().value();
  process::CancelToken token;
  const InterruptWatch first(connection, &token, {});
  const auto before = threads();
  std::list<InterruptWatch> more;
  for (int i = 0; i < 50; ++i) more.emplace_back(connection, &token, Clock::now() + 1h);
  EXPECT_EQ(threads(), before);
}

}  // namespace
}  // namespace wardian::engine

#include "wardian/engine/interrupt_watch.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace wardian::engine

#include "wardian/engine/connection.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "wardian/engine/database.h"

namespace wardian::engine {
namespace {

using columnar::Schema;
using columnar::Type;
using columnar::Value;

class ConnectionTest : public testing::Test {
 protected:
  Database database = Database::open({}).value();
  Connection connection = database.connect().value();
};

TEST_F(ConnectionTest, ValuesOfEveryTypeArriveUnchanged) {
  const struct {
    std::string sql;
    Value expected;
  } cases[] = {
      {"true", {Type::boolean, true}},
      {"42::INTEGER", {Type::int32, std::int64_t{42}}},
      {"9223372036854775807::BIGINT", {Type::int64, std::int64_t{9223372036854775807}}},
      {"1.5::DOUBLE", {Type::real, 1.5}},
      {"'-12.3400'::DECIMAL(38, 17)", {Type::decimal, std::string("-12.34")}},
      {"'7.50'::DECIMAL(4, 2)", {Type::decimal, std::string("7.5")}},
      {"'short'", {Type::string, std::string("short")}},
      {"'longer than twelve bytes'", {Type::string, std::string("longer than twelve bytes")}},
      {"NULL::VARCHAR", {Type::string, std::string()}},
      {"NULL::BIGINT", {Type::int64, std::monostate()}},
      {"'[1,2]'::JSON", {Type::dynamic, std::string("[1,2]")}},
      {"637134336000000000::BIGINT", {Type::datetime, std::int64_t{637134336000000000}}},
      {"'74be27de-1e4e-49d9-b579-fe0b331d3642'::UUID", {Type::guid, std::string("74be27de-1e4e-49d9-b579-fe0b331d3642")}},
      {"'f4be27de-1e4e-49d9-b579-fe0b331d3642'::UUID", {Type::guid, std::string("f4be27de-1e4e-49d9-b579-fe0b331d3642")}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.sql);
    const Schema schema = {{"x", c.expected.type}};
    const Result<std::vector<Row>> rows = connection.rows("SELECT " + c.sql, schema);
    ASSERT_TRUE(rows.ok()) << rows.error().message;
    EXPECT_EQ(rows->at(0).at(0), c.expected);
  }
}

TEST_F(ConnectionTest, BatchesOutliveTheStream) {
  const Schema schema = {{"n", Type::int64}, {"s", Type::string}};
  std::vector<columnar::Batch> batches;
  {
    auto stream = connection.query("SELECT range, 'row number ' || range FROM range(5000)", schema);
    ASSERT_TRUE(stream.ok());
    for (;;) {
      auto batch = stream.value()->next();
      ASSERT_TRUE(batch.ok());
      if (!*batch) break;
      batches.push_back(**batch);
    }
  }
  std::int64_t expected = 0;
  for (const columnar::Batch& batch : batches) {
    for (std::size_t row = 0; row < batch.rows; ++row, ++expected) {
      EXPECT_EQ(cell_value(batch.columns[0], row).held, (decltype(Value::held)(expected)));
      EXPECT_EQ(std::get<std::string>(cell_value(batch.columns[1], row).held), "row number " + std::to_string(expected));
    }
  }
  EXPECT_EQ(expected, 5000);
}

TEST_F(ConnectionTest, FailuresHaveTheirCodes) {
  const struct {
    std::string sql;
    ErrorCode expected;
  } cases[] = {
      {"SELECT 9223372036854775807 + range FROM range(3)", ErrorCode::overflow},
      {"SELECT 'x'::BIGINT + range FROM range(1)", ErrorCode::execution},
      {"SELECT nothing", ErrorCode::internal},
      {"SELEC", ErrorCode::internal},
      {"SELECT 1::INTEGER", ErrorCode::internal},
      {"SELECT 1, 2", ErrorCode::internal},
      {"SELECT range FROM read_csv('/no/such/file.csv')", ErrorCode::file_not_found},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.sql);
    const Schema schema = {{"x", Type::int64}};
    const Result<std::vector<Row>> rows = connection.rows(c.sql, schema);
    ASSERT_FALSE(rows.ok());
    EXPECT_EQ(rows.error().code, c.expected) << rows.error().message;
    EXPECT_EQ(rows.error().message.find("LINE 1"), std::string::npos);
  }
}

/// Reads a stream to its end or error, slower than the engine makes it.
Error error_of_slow_reader(Connection& connection, const std::string& sql) {
  auto stream = connection.query(sql, {{"x", Type::int64}});
  if (!stream.ok()) return stream.error();
  for (;;) {
    const auto batch = stream.value()->next();
    if (!batch.ok()) return batch.error();
    if (!*batch) return Error{ErrorCode::internal, "none", {}, {}};
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

constexpr const char* kSmallBuffer = "SET streaming_buffer_size = '64KB'";

/// Rows that take the engine long enough to be still at work on some when others are fetched; one of the last overflows.
std::string late_overflow(const std::string& from) {
  return "SELECT CASE WHEN i = 50000 THEN 9223372036854775807 + i ELSE length(repeat(md5(i::VARCHAR), 300)) END AS x FROM " +
         from;
}

// The engine's threads may fail while nobody fetches; what it says then is that it was interrupted.
TEST_F(ConnectionTest, ASlowReaderLearnsTheReason) {
  ASSERT_TRUE(connection.execute("CREATE TABLE stored AS SELECT range AS i FROM range(60000)").ok());
  for (int attempt = 0; attempt < 5; ++attempt) {
    Connection other = database.connect().value();
    ASSERT_TRUE(other.execute(kSmallBuffer).ok());
    const Status held = attempt % 2 == 0 ? other.hold_snapshot() : Status();
    ASSERT_TRUE(held.ok());
    const Error found = error_of_slow_reader(other, late_overflow("(SELECT DISTINCT i FROM stored)"));
    EXPECT_EQ(found.code, ErrorCode::overflow) << found.message;
  }
}

TEST_F(ConnectionTest, AReasonThatTheTransactionTookAwayIsNotMadeUp) {
  for (int attempt = 0; attempt < 5; ++attempt) {
    Connection other = database.connect().value();
    ASSERT_TRUE(other.execute(kSmallBuffer).ok());
    ASSERT_TRUE(other.hold_snapshot().ok());
    ASSERT_TRUE(other.execute("CREATE TEMP TABLE made AS SELECT range AS i FROM range(60000)").ok());
    const Error found = error_of_slow_reader(other, late_overflow("(SELECT DISTINCT i FROM made)"));
    EXPECT_TRUE(found.code == ErrorCode::overflow || found.code == ErrorCode::execution) << found.message;
  }
}

TEST_F(ConnectionTest, AnInterruptedStreamIsCancelled) {
  auto stream = connection.query("SELECT range AS x FROM range(100000000)", {{"x", Type::int64}});
  ASSERT_TRUE(stream.ok());
  ASSERT_TRUE(stream.value()->next().ok());
  connection.interrupt();
  for (;;) {
    const auto batch = stream.value()->next();
    if (batch.ok()) {
      ASSERT_TRUE(batch->has_value());
      continue;
    }
    EXPECT_EQ(batch.error().code, ErrorCode::cancelled);
    break;
  }
}

TEST_F(ConnectionTest, ParametersAreBound) {
  ASSERT_TRUE(connection.execute("CREATE TEMP TABLE t (a BIGINT, b VARCHAR)").ok());
  const Value values[] = {{Type::int64, std::int64_t{7}}, {Type::string, std::string("it's; DROP TABLE t")}};
  ASSERT_TRUE(connection.execute("INSERT INTO t VALUES (?, ?)", values).ok());
  const auto rows = connection.rows("SELECT b FROM t", {{"b", Type::string}});
  ASSERT_TRUE(rows.ok());
  EXPECT_EQ(rows->at(0).at(0), values[1]);
}

TEST_F(ConnectionTest, UncommittedWorkIsRolledBack) {
  {
    const auto transaction = Transaction::begin(connection);
    ASSERT_TRUE(transaction.ok());
    ASSERT_TRUE(connection.execute("CREATE TEMP TABLE t (a BIGINT)").ok());
  }
  EXPECT_FALSE(connection.rows("SELECT a FROM t", {{"a", Type::int64}}).ok());
}

TEST_F(ConnectionTest, DescribeRunsNothing) {
  const auto columns = connection.describe("SELECT 1 AS a, TIMESTAMP '2020-01-01' AS \"b c\" FROM range(100000000000)");
  ASSERT_TRUE(columns.ok());
  EXPECT_EQ(columns->at(1).name, "b c");
  EXPECT_EQ(columns->at(1).type, "TIMESTAMP");
}

}  // namespace
}  // namespace wardian::engine

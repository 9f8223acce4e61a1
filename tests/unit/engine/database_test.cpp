#include "wardian/engine/database.h"

#include <gtest/gtest.h>

#include <fstream>

#include "temporary_folder.h"

namespace wardian::engine {
namespace {

namespace fs = std::filesystem;
using columnar::Type;

class DatabaseTest : public testing::Test {
 protected:
  const TemporaryFolder temporary_;
  const fs::path& folder = temporary_.path();
};

TEST_F(DatabaseTest, AttachedFileKeepsItsRows) {
  const fs::path file = folder / "it's.duckdb";
  {
    Database database = Database::open({}).value();
    ASSERT_TRUE(database.attach(file, "d", AttachMode::read_write).ok());
    Connection connection = database.connect().value();
    ASSERT_TRUE(connection.execute("CREATE TABLE d.main.t AS SELECT 5::BIGINT AS a").ok());
  }
  Database database = Database::open({}).value();
  ASSERT_TRUE(database.attach(file, "d", AttachMode::read_only).ok());
  Connection connection = database.connect().value();
  EXPECT_TRUE(connection.rows("SELECT a FROM d.main.t", {{"a", Type::int64}}).ok());
  EXPECT_FALSE(connection.execute("DROP TABLE d.main.t").ok());
}

TEST_F(DatabaseTest, NoDatabaseFileIsRefused) {
  const fs::path file = folder / "x.duckdb";
  std::ofstream(file) << std::string(20000, 'x');
  Database database = Database::open({}).value();
  const Status status = database.attach(file, "d", AttachMode::read_only);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::bad_database);
}

TEST_F(DatabaseTest, SealKeepsStatementsFromFiles) {
  const fs::path allowed = folder / "a.csv", other = folder / "b.csv";
  std::ofstream(allowed) << "a\n1\n";
  std::ofstream(other) << "a\n1\n";
  Database database = Database::open({}).value();
  const fs::path paths[] = {allowed};
  ASSERT_TRUE(database.seal(paths).ok());
  Connection connection = database.connect().value();
  EXPECT_TRUE(connection.rows("SELECT a FROM read_csv('" + allowed.string() + "')", {{"a", Type::int64}}).ok());
  const auto refused = connection.rows("SELECT a FROM read_csv('" + other.string() + "')", {{"a", Type::int64}});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::access_denied);
  EXPECT_FALSE(connection.execute("SET enable_external_access = true").ok());
  EXPECT_FALSE(connection.execute("COPY (SELECT 1) TO '" + (folder / "c.csv").string() + "'").ok());
}

TEST_F(DatabaseTest, SpillsBeyondMemoryAndLeavesNothing) {
  DatabaseSettings settings;
  settings.memory_bytes_max = 128 << 20;
  std::string spill;
  {
    Database database = Database::open(settings).value();
    Connection connection = database.connect().value();
    const auto setting = connection.rows("SELECT current_setting('temp_directory')", {{"x", Type::string}});
    ASSERT_TRUE(setting.ok());
    spill = std::get<std::string>(setting->at(0).at(0).held);
    const auto sorted = connection.rows(
        "SELECT count(*) FROM (SELECT DISTINCT hash(range) AS a, range AS b, range * 2 AS c, range * 3 AS d FROM range(6000000))",
        {{"n", Type::int64}});
    ASSERT_TRUE(sorted.ok()) << sorted.error().message;
    EXPECT_TRUE(fs::exists(spill));
  }
  EXPECT_FALSE(fs::exists(fs::path(spill).parent_path()));
}

TEST_F(DatabaseTest, FoldersOfDeadProcessesAreRemoved) {
  fs::create_directories(folder / "999999999-1.0" / "engine");
  fs::create_directories(folder / "1-1.0");  // pid 1 lives, but did not start at tick 1
  fs::create_directories(folder / "not-ours");
  remove_abandoned_spill(folder);
  EXPECT_FALSE(fs::exists(folder / "999999999-1.0"));
  EXPECT_TRUE(fs::exists(folder / "not-ours"));
}

}  // namespace
}  // namespace wardian::engine

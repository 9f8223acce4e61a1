#pragma once

#include <gtest/gtest.h>

#include "wardian/engine/connection.h"
#include "wardian/engine/database.h"
#include "wardian/pyrun/evaluate_python.h"

/// One pool and one engine for all tests of this program, and the way of a query through them.
namespace wardian::pyrun {

inline sandbox::PoolConfig test_pool_config() {
  const std::filesystem::path root(WARDIAN_TEST_ROOT);
  sandbox::PoolConfig config;
  config.image.python = root / ".venv/bin/python";
  config.image.module_paths = {root / "python"};
  config.ready_count = 2;
  return config;
}

inline std::shared_ptr<sandbox::Pool> test_pool() {
  static const std::shared_ptr<sandbox::Pool> pool = std::make_shared<sandbox::Pool>(test_pool_config());
  return pool;
}

inline engine::Connection& test_connection() {
  static engine::Database database = [] {
    auto opened = engine::Database::open({});
    return std::move(opened).value();
  }();
  static engine::Connection connection = [] {
    auto connected = database.connect();
    return std::move(connected).value();
  }();
  return connection;
}

/// Skips the test on a machine that cannot confine anything.
#define SKIP_WITHOUT_SANDBOX()                                                          \
  if (const wardian::Status started = wardian::pyrun::test_pool()->start();             \
      !started.ok() && started.error().code == wardian::ErrorCode::sandbox_unavailable) \
  GTEST_SKIP() << started.error().message

/// Runs `script` over the rows of an SQL query.
inline Result<EvaluateOutcome> evaluate(const std::string& sql, const columnar::Schema& schema, EvaluatePython python,
                                        const RunSettings& settings = {}) {
  auto stream = test_connection().query(sql, schema);
  if (!stream.ok()) return stream.error();
  const Runner runner(test_pool());
  return evaluate_python(runner, python, **stream, settings);
}

}  // namespace wardian::pyrun

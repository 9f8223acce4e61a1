#include "wardian/pyrun/evaluate_python.h"

#include "running.h"
#include "wardian/engine/frame_export.h"
#include "wardian/engine/frame_scan.h"

namespace wardian::pyrun {
namespace {

using columnar::Schema;
using columnar::Type;

// One row of extremes and one of nulls; columns as plan::SqlPiece types them.
constexpr const char* kEveryType = R"(
  SELECT * FROM (VALUES
    (true, 2147483647, 9223372036854775807, -0.5::DOUBLE, 123.45::DECIMAL(38,17), 'žluť', 637134336000000007, -1,
     '{"a":[1,2.5]}', '12345678-9abc-def0-1234-56789abcdef0'::UUID),
    (NULL, NULL, NULL, NULL, NULL, '', NULL, NULL, NULL, NULL),
    (false, -2147483648, -9223372036854775808, 'inf'::DOUBLE, -0.00000000000000001::DECIMAL(38,17), 'x', 0,
     9000000000000000000, '"text"', '00000000-0000-0000-0000-000000000000'::UUID)
  ) AS t(b, i, l, r, d, s, t, p, y, g))";
const Schema kEverySchema = {{"b", Type::boolean}, {"i", Type::int32},  {"l", Type::int64},    {"r", Type::real},
                             {"d", Type::decimal}, {"s", Type::string}, {"t", Type::datetime}, {"p", Type::timespan},
                             {"y", Type::dynamic}, {"g", Type::guid}};

std::string shown(const std::vector<engine::Row>& rows) {
  std::string text;
  for (const engine::Row& row : rows) {
    for (const columnar::Value& value : row) {
      std::visit(
          [&](const auto& held) {
            using Held = std::remove_cvref_t<decltype(held)>;
            if constexpr (std::is_same_v<Held, std::monostate>) {
              text += "null";
            } else if constexpr (std::is_same_v<Held, std::string>) {
              text += held;
            } else {
              text += std::to_string(held);
            }
          },
          value.held);
      text += ' ';
    }
    text += '\n';
  }
  return text;
}

/// The frames as the engine sees them.
std::string scanned(std::vector<std::shared_ptr<const columnar::Frame>> frames) {
  const Schema schema = frames.front()->schema();
  const auto visible = engine::show_frames(test_connection(), "shown", std::move(frames));
  const auto rows = test_connection().rows("SELECT * FROM wardian_frame('shown')", schema);
  return rows.ok() ? shown(*rows) : rows.error().message;
}

TEST(EvaluatePython, EveryTypeGoesInAndOut) {
  SKIP_WITHOUT_SANDBOX();
  const auto original = test_connection().rows(kEveryType, kEverySchema);
  ASSERT_TRUE(original.ok()) << original.error().message;
  // Unchanged columns come from the engine's own memory; copied ones through the decoder.
  for (const char* script : {"result = df", "result = df.copy()", "result = df.iloc[[2, 1, 0]].iloc[::-1]",
                             "result = pd.concat([df.iloc[:1], df.iloc[1:]], ignore_index=True)"}) {
    const auto outcome = evaluate(kEveryType, kEverySchema, {.script = script, .result = kEverySchema});
    ASSERT_TRUE(outcome.ok()) << script << ": " << outcome.error().message;
    // The beginning of time does not fit nanoseconds: those two columns came in microseconds, and keep what those cannot hold.
    EXPECT_EQ(scanned(outcome->frames), shown(*original)) << script;
  }
}

Result<std::shared_ptr<const SealedFrame>> exported(const std::string& sql, const Schema& schema,
                                                    const columnar::FrameWriterOptions& options = {}) {
  return SealedFrame::fill(schema, {}, options,
                           [&](columnar::FrameWriter& writer) { return engine::export_rows(test_connection(), sql, writer); });
}

TEST(EvaluatePython, TakesRowsStraightFromTheEnginesThreads) {
  SKIP_WITHOUT_SANDBOX();
  const auto small = exported(kEveryType, kEverySchema);
  ASSERT_TRUE(small.ok()) << small.error().message;
  const Runner runner(test_pool());
  const auto every = evaluate_python(runner, {.script = "result = df.copy()", .result = kEverySchema}, *small, {});
  ASSERT_TRUE(every.ok()) << every.error().message;
  const auto streamed = evaluate(kEveryType, kEverySchema, {.script = "result = df.copy()", .result = kEverySchema});
  ASSERT_TRUE(streamed.ok());
  EXPECT_EQ(scanned(every->frames), scanned(streamed->frames));

  // Many row groups: rows come in any order, each whole. Nulls, bits and text at odd places; one time beyond nanoseconds.
  ASSERT_TRUE(test_connection()
                  .execute("CREATE OR REPLACE TEMP TABLE many_rows AS SELECT range AS x, CASE WHEN range % 7 = 0 THEN"
                           " NULL ELSE range % 3 = 0 END AS b, 'row ' || range AS s, CASE WHEN range % 11 = 0 THEN NULL"
                           " WHEN range = 299990 THEN 0 ELSE 621355968000000000 + range * 10 END AS t FROM range(400000)")
                  .ok());
  const Schema schema = {{"x", Type::int64}, {"b", Type::boolean}, {"s", Type::string}, {"t", Type::datetime}};
  const auto large = exported("SELECT * FROM many_rows WHERE x % 5 <> 1", schema);
  ASSERT_TRUE(large.ok()) << large.error().message;
  EXPECT_EQ((*large)->rows(), 320'000U);
  const EvaluatePython check{.script = R"(
x = df.x.sort_values().to_numpy()
assert (x == np.array([n for n in range(400000) if n % 5 != 1])).all()
assert (df.s == "row " + df.x.astype(str)).all()
assert (df.b.isna() == (df.x % 7 == 0)).all() and (df.b.fillna(False).astype(bool) == ((df.x % 3 == 0) & (df.x % 7 != 0))).all()
assert (df.t.isna() == (df.x % 11 == 0)).all()
known = df[df.t.notna() & (df.x != 299990)]
assert (known.t.to_numpy().astype("M8[us]").astype(np.int64) == known.x).all(), known
assert str(df[df.x == 299990].t.iloc[0])[:4] == "0001"
result = df
)",
                             .result = schema};
  const auto checked = evaluate_python(runner, check, *large, {});
  ASSERT_TRUE(checked.ok()) << checked.error().message;
  EXPECT_EQ(checked->frames.front()->rows(), 320'000U);

  const auto refused = exported("SELECT * FROM many_rows", schema, {.data_bytes_max = 100'000});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::result_too_large);
  const auto failed = exported("SELECT x // (x - 399999) FROM many_rows WHERE error('stop') IS NULL", {{"x", Type::int64}});
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, ErrorCode::execution) << failed.error().message;
}

TEST(EvaluatePython, KeepsTheOrderOfManyRows) {
  SKIP_WITHOUT_SANDBOX();
  const auto outcome =
      evaluate("SELECT range AS x, 'row ' || range AS s FROM range(300000)", {{"x", Type::int64}, {"s", Type::string}},
               {.script = "df['y'] = df.x * 2\nresult = df[['y', 's']]", .result = {{"y", Type::int64}, {"s", Type::string}}});
  ASSERT_TRUE(outcome.ok()) << outcome.error().message;
  const auto visible = engine::show_frames(test_connection(), "many", outcome->frames);
  const auto wrong = test_connection().rows(
      "SELECT count(*) FROM (SELECT c0, c1, row_number() OVER () - 1 AS n FROM wardian_frame('many')) WHERE c0 <> 2 * n OR c1 <> "
      "'row ' || n",
      {{"n", Type::int64}});
  ASSERT_TRUE(wrong.ok()) << wrong.error().message;
  EXPECT_EQ(shown(*wrong), "0 \n");
  const auto sum = test_connection().rows("SELECT sum(c0)::BIGINT, count(*) FROM wardian_frame('many')",
                                          {{"s", Type::int64}, {"n", Type::int64}});
  ASSERT_TRUE(sum.ok());
  EXPECT_EQ(shown(*sum), "89999700000 300000 \n");
}

TEST(EvaluatePython, PerNodeRunsOnSharesInOrder) {
  SKIP_WITHOUT_SANDBOX();
  const Schema counted = {{"n", Type::int64}, {"first", Type::int64}, {"flags", Type::int64}};
  const EvaluatePython python{.script =
                                  "result = pd.DataFrame({'n': [len(df)], 'first': [df.x.iloc[0] if len(df) else None],"
                                  " 'flags': [int(df.b.sum())]})",
                              .result = counted,
                              .per_node = true};
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  for (const std::int64_t rows : {0, 1, 7, 1000, 200'000}) {
    const auto outcome = evaluate("SELECT range AS x, range % 2 = 1 AS b FROM range(" + std::to_string(rows) + ")",
                                  {{"x", Type::int64}, {"b", Type::boolean}}, python);
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    EXPECT_EQ(outcome->frames.size(), std::max<std::size_t>(1, std::min<std::size_t>(cores, static_cast<std::size_t>(rows))));
    std::int64_t seen = 0;
    std::int64_t flags = 0;
    for (const auto& frame : outcome->frames) {
      const std::size_t all[] = {0, 1, 2};
      const columnar::Batch batch = frame->read(0, 1, all);
      const auto value = [&](std::size_t column) {
        return std::get<std::span<const std::int64_t>>(batch.columns[column].values)[0];
      };
      if (rows > 0) {
        EXPECT_EQ(value(1), seen);
      }
      seen += value(0);
      flags += value(2);
    }
    EXPECT_EQ(seen, rows);
    EXPECT_EQ(flags, rows / 2);
  }
}

TEST(EvaluatePython, PerNodeMakesDoWithOneSandbox) {
  SKIP_WITHOUT_SANDBOX();
  sandbox::PoolConfig config = test_pool_config();
  config.sandbox_count_max = 1;
  config.ready_count = 1;
  config.throttle_wait_max = std::chrono::milliseconds(50);
  const Runner runner(std::make_shared<sandbox::Pool>(config));
  auto rows = test_connection().query("SELECT range FROM range(1000)", {{"x", Type::int64}});
  ASSERT_TRUE(rows.ok());
  const auto outcome = evaluate_python(
      runner, {.script = "import time\ntime.sleep(0.2)\nresult = df", .result = {{"x", Type::int64}}, .per_node = true}, **rows,
      {});
  ASSERT_TRUE(outcome.ok()) << outcome.error().message;
  EXPECT_EQ(outcome->frames.size(), std::max(1U, std::thread::hardware_concurrency()));
}

TEST(EvaluatePython, FailuresHaveTheirOwnCodes) {
  SKIP_WITHOUT_SANDBOX();
  struct Case {
    const char* script;
    ErrorCode code;
    std::vector<const char*> says;
  };
  const Case cases[] = {
      {"print('so far')\nx = 1 / 0", ErrorCode::script_error, {"line 2", "ZeroDivisionError", "x = 1 / 0", "so far"}},
      {"pass", ErrorCode::no_result, {"result"}},
      {"result = 3", ErrorCode::bad_result, {"DataFrame"}},
      {"result = df.assign(x='a')", ErrorCode::bad_result, {"Column x, row 0", "'a'", "long"}},
      {"import os\nos._exit(3)", ErrorCode::no_result, {"status 3"}},
      {"import ctypes\nctypes.string_at(0)", ErrorCode::crashed, {"SIGSEGV"}},
      {"import os\nos.abort()", ErrorCode::crashed, {"SIGABRT"}},
      {"x = 1\nopen('big', 'wb').write(b'x' * (80 << 20))", ErrorCode::scratch_limit, {"line 2", "No space left"}},
      {"import time\ntime.sleep(60)", ErrorCode::time_limit, {}},
      {"import sys\nsys.stderr.write('to stderr')\nraise KeyError('k')", ErrorCode::script_error, {"to stderr", "KeyError: 'k'"}},
  };
  RunSettings settings;
  settings.policy.wall_time_max = std::chrono::milliseconds(1500);
  for (const Case& test : cases) {
    const auto outcome =
        evaluate("SELECT 1::BIGINT", {{"x", Type::int64}}, {.script = test.script, .result = {{"x", Type::int64}}}, settings);
    ASSERT_FALSE(outcome.ok()) << test.script;
    EXPECT_EQ(outcome.error().code, test.code) << test.script << ": " << outcome.error().message;
    for (const char* part : test.says)
      EXPECT_NE(outcome.error().message.find(part), std::string::npos) << outcome.error().message;
  }
}

// Where RLIMIT_DATA must stand in for a control group, it is the script's memory that it bounds: not what was handed to it.
TEST(EvaluatePython, WithoutControlGroupsInputsAreFreeAndResultsAreBounded) {
  SKIP_WITHOUT_SANDBOX();
  for (const sandbox::Level level : {sandbox::Level::c, sandbox::Level::d}) {
    sandbox::PoolConfig config = test_pool_config();
    config.forced_level = level;
    config.policy.memory_bytes_max = std::uint64_t{128} << 20;
    const Runner runner(std::make_shared<sandbox::Pool>(config));
    RunSettings settings;
    settings.policy = config.policy;
    const auto run = [&](const char* script, const Schema& result = {{"x", Type::int64}}) {
      auto rows = test_connection().query("SELECT range FROM range(25000000)", {{"x", Type::int64}});  // 200 MB
      return evaluate_python(runner, {.script = script, .result = result}, **rows, settings);
    };
    const auto sum = run("result = pd.DataFrame({'x': [int(df.x.values.sum())]})");
    ASSERT_TRUE(sum.ok()) << sum.error().message;
    EXPECT_EQ(scanned(sum->frames), std::to_string(25'000'000LL * 24'999'999 / 2) + " \n");
    const auto greedy = run("y = df.x.values + 1");
    ASSERT_FALSE(greedy.ok());
    EXPECT_EQ(greedy.error().code, ErrorCode::memory_limit) << greedy.error().message;
    // The same bytes as another type: nothing is copied until they are written.
    const auto large = run("result = pd.DataFrame({'y': df.x.values.view('float64')}, copy=False)", {{"y", Type::real}});
    ASSERT_FALSE(large.ok());
    EXPECT_EQ(large.error().code, ErrorCode::output_limit) << large.error().message;
    // Files are shown at every level: to be read, not to be changed, and those of other calls not to be found.
    const auto file = runner.files().put("a file", std::string(200 << 20, 'x'), {});
    ASSERT_TRUE(file.ok()) << file.error().message;
    auto rows = test_connection().query("SELECT 1::BIGINT", {{"x", Type::int64}});
    const auto shown = evaluate_python(runner,
                                       {.script = R"(
import os
def refused(what, *arguments):
    try:
        what(*arguments)
    except OSError:
        return 1
    return 0
real = os.path.realpath('f')
folder = os.path.dirname(real)
tries = [refused(open, 'f', 'r+'), refused(os.truncate, real, 0), refused(os.unlink, real), refused(os.chmod, folder, 0o777),
         refused(os.listdir, folder), refused(os.listdir, os.path.dirname(folder)), refused(os.link, real, 'mine')]
mapped = np.memmap('Temp/f', mode='r')
result = pd.DataFrame({'x': [sum(tries), sum(int((mapped[at:at + (1 << 20)] == ord('x')).sum()) for at in range(0, mapped.size, 1 << 20))]})
)",
                                        .result = {{"x", Type::int64}},
                                        .files = {{"f", *file}}},
                                       **rows, settings);
    ASSERT_TRUE(shown.ok()) << shown.error().message;
    EXPECT_EQ(scanned(shown->frames), "7 \n209715200 \n");
  }
}

TEST(EvaluatePython, ArgumentsAndConsoleCross) {
  SKIP_WITHOUT_SANDBOX();
  RunSettings settings;
  std::string console;
  settings.on_console = [&](sandbox::ConsoleStream, std::string_view text) { console += text; };
  const auto outcome = evaluate("SELECT 1::BIGINT", {{"x", Type::int64}},
                                {.script = "print('hello', kargs['who'])\nresult = df",
                                 .arguments_json = R"({"who":"wörld"})",
                                 .result = {{"x", Type::int64}}},
                                settings);
  ASSERT_TRUE(outcome.ok()) << outcome.error().message;
  EXPECT_EQ(console, "hello wörld\n");
  EXPECT_EQ(outcome->calls.front().standard_output.joined(), "hello wörld\n");
}

}  // namespace
}  // namespace wardian::pyrun

#include "wardian/pyrun/runner.h"

#include "running.h"

namespace wardian::pyrun {
namespace {

using columnar::Type;

TEST(Runner, CarriesSeveralInputsAndOutputsOfEveryKind) {
  SKIP_WITHOUT_SANDBOX();
  const Runner runner(test_pool());
  const auto file = runner.files().put("a note", "from a file", {});
  ASSERT_TRUE(file.ok()) << file.error().message;
  auto left_rows = test_connection().query("SELECT range, 'k' || range FROM range(3)", {{"n", Type::int64}, {"k", Type::string}});
  ASSERT_TRUE(left_rows.ok());
  const auto left = SealedFrame::write(**left_rows);
  left_rows->reset();
  ASSERT_TRUE(left.ok());
  Call call;
  call.script = R"(
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
plt.plot([1, 2])
joined = left.merge(right, on="n", suffixes=("", "_right"))
joined["when"] = pd.Timestamp("2020-01-01")
blob = open("note.txt", "rb").read() + bytes([0, 255]) + str(n).encode()
)";
  call.frames.push_back({.variable = "left", .frame = *left});
  auto right = test_connection().query("SELECT 2::BIGINT, 0.5::DOUBLE", {{"n", Type::int64}, {"v", Type::real}});
  ASSERT_TRUE(right.ok());
  call.frames.push_back({.variable = "right", .frame = {}, .stream = right->get()});
  call.parameters = {{"n", "17"}};
  call.modules = {{"pd", "pandas"}};
  call.files = {{"note.txt", *file}};
  call.outputs = {FrameOutput{"joined", {}, false}, BlobOutput{"blob"}, ExtrasOutput{}, FrameOutput{"unset", {}, true}};
  const auto outcome = runner.run(call);
  ASSERT_TRUE(outcome.ok()) << outcome.error().message;
  const auto& frame = std::get<std::shared_ptr<const columnar::Frame>>(outcome->outputs[0]);
  EXPECT_EQ(frame->schema(),
            (columnar::Schema{{"n", Type::int64}, {"k", Type::string}, {"v", Type::real}, {"when", Type::datetime}}));
  EXPECT_EQ(frame->rows(), 1U);
  EXPECT_EQ(std::get<std::string>(outcome->outputs[1]), std::string("from a file\0\xff"
                                                                    "17",
                                                                    15));
  const auto& extras = std::get<std::vector<Extra>>(outcome->outputs[2]);
  ASSERT_EQ(extras.size(), 1U);
  EXPECT_EQ(extras[0].name, "figure_1.png");
  EXPECT_EQ(extras[0].kind, ExtraKind::picture);
  EXPECT_TRUE(extras[0].content().starts_with("\x89PNG"));
  EXPECT_TRUE(std::holds_alternative<Absent>(outcome->outputs[3]));
}

TEST(Runner, BelievesNothingThatAScriptMakesUp) {
  SKIP_WITHOUT_SANDBOX();
  // Each script replaces a part of the wrapper that serves it, and so answers what it likes.
  const std::pair<const char*, const char*> cases[] = {
      {"no columns of the input", "{'outputs': [{'rows': 1, 'sources': [{'input': 0, 'column': 5}]}]}"},
      {"no such input", "{'outputs': [{'rows': 1, 'sources': [{'input': 9, 'column': 0}]}]}"},
      {"rows that are not there", "{'outputs': [{'rows': 1000000, 'sources': [{'input': 0, 'column': 0}]}]}"},
      {"a column of another type", "{'outputs': [{'rows': 1, 'sources': [{'input': 0, 'column': 1}]}]}"},
      {"nothing written", "{'outputs': [{'rows': 1, 'sources': [{'written': 0}]}]}"},
      {"negative rows", "{'outputs': [{'rows': -1, 'sources': [{'written': 0}]}]}"},
      {"too many outputs", "{'outputs': [{}, {}]}"},
      {"no outputs", "{'outputs': 7}"},
      {"an absence", "{'outputs': [{'absent': True}]}"},
      {"a blob", "{'outputs': [{'bytes': 3}]}"},
      {"nothing at all", "{}"},
  };
  for (const auto& [name, reply] : cases) {
    Call call;
    call.script = std::string(
                      "import sys, json\nfrom wardian._inside import call\n"
                      "call._run = lambda *a: None\n"
                      "import builtins\n"
                      "real = json.dumps\n"
                      "json.dumps = lambda value, **k: real(") +
                  reply + ")\nresult = df";
    auto rows = test_connection().query("SELECT 1::BIGINT, 's'", {{"x", Type::int64}, {"s", Type::string}});
    ASSERT_TRUE(rows.ok());
    call.frames.push_back({.variable = "df", .frame = {}, .stream = rows->get()});
    call.outputs = {FrameOutput{"result", columnar::Schema{{"x", Type::int64}}, false}};
    const auto outcome = Runner(test_pool()).run(call);
    ASSERT_FALSE(outcome.ok()) << name;
    EXPECT_EQ(outcome.error().code, ErrorCode::bad_result) << name << ": " << outcome.error().message;
  }
}

TEST(Runner, RefusesForgedBytes) {
  SKIP_WITHOUT_SANDBOX();
  const char* const writers[] = {
      "os.write(fd, b'garbage')",
      "os.ftruncate(fd, 1 << 30)",
      "os.write(fd, bytes.fromhex('ffffffff00000000'))",
      "os.write(fd, b'\\xff' * 100000)",
  };
  for (const char* writer : writers) {
    Call call;
    call.script = std::string(
                      "import os\nfrom wardian._inside import frame_out\n"
                      "def write(self, fd):\n    ") +
                  writer + "\nframe_out.ReadyFrame.write = write\nresult = df * 2";
    auto rows = test_connection().query("SELECT 1::BIGINT", {{"x", Type::int64}});
    ASSERT_TRUE(rows.ok());
    call.frames.push_back({.variable = "df", .frame = {}, .stream = rows->get()});
    call.outputs = {FrameOutput{"result", columnar::Schema{{"x", Type::int64}}, false}};
    const auto outcome = Runner(test_pool()).run(call);
    ASSERT_FALSE(outcome.ok()) << writer;
    EXPECT_EQ(outcome.error().code, ErrorCode::bad_result) << writer << ": " << outcome.error().message;
  }
}

}  // namespace
}  // namespace wardian::pyrun

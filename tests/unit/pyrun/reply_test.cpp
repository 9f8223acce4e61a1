#include "wardian/pyrun/reply.h"

#include <gtest/gtest.h>

namespace wardian::pyrun {
namespace {

TEST(Reply, ReadsWhatAnEntryModuleSays) {
  const auto reply = decode_reply(
      R"({"outputs": [{"rows": 3, "sources": [{"written": 0}, {"input": 1, "column": 2}], "columns": [{"name": "a", "type": "long"},
          {"name": "b", "type": "string"}]}, {"bytes": 5}, {"extras": 20}, {"absent": true}]})");
  ASSERT_TRUE(reply.ok()) << reply.error().message;
  const auto& outputs = std::get<std::vector<OutputReply>>(*reply);
  ASSERT_EQ(outputs.size(), 4U);
  const auto& frame = std::get<FrameReply>(outputs[0]);
  EXPECT_EQ(frame.rows, 3U);
  EXPECT_FALSE(frame.sources[0].input);
  EXPECT_EQ(frame.sources[1].input, 1U);
  EXPECT_EQ(frame.sources[1].index, 2U);
  EXPECT_EQ(frame.inferred, (columnar::Schema{{"a", columnar::Type::int64}, {"b", columnar::Type::string}}));
  EXPECT_EQ(std::get<BlobReply>(outputs[1]).bytes, 5U);
  EXPECT_EQ(std::get<ExtrasReply>(outputs[2]).index_bytes, 20U);
}

TEST(Reply, ReadsRunsOfColumns) {
  const auto reply = decode_reply(
      R"({"outputs": [{"rows": 3, "sources": [{"written": 0, "count": 2}, {"input": 1, "column": 4, "count": 3}, {"written": 2}]}]})");
  ASSERT_TRUE(reply.ok()) << reply.error().message;
  std::string found;
  for (const ColumnSource& source : std::get<FrameReply>(std::get<std::vector<OutputReply>>(*reply)[0]).sources) {
    found += (source.input ? std::to_string(*source.input) + "." : "") + std::to_string(source.index) + " ";
  }
  EXPECT_EQ(found, "0 1 1.4 1.5 1.6 2 ");
}

TEST(Reply, ReadsFailuresOfItsKindsOnly) {
  const std::pair<const char*, ErrorCode> cases[] = {
      {"script_error", ErrorCode::script_error},   {"no_result", ErrorCode::no_result},
      {"bad_result", ErrorCode::bad_result},       {"memory_limit", ErrorCode::memory_limit},
      {"scratch_limit", ErrorCode::scratch_limit}, {"internal", ErrorCode::script_error},
      {"access_denied", ErrorCode::script_error},
  };
  for (const auto& [name, code] : cases) {
    const auto reply = decode_reply(std::string(R"({"failure": {"code": ")") + name + R"(", "message": "m", "line": 7}})");
    ASSERT_TRUE(reply.ok());
    const auto& failure = std::get<FailureReply>(*reply);
    EXPECT_EQ(failure.code, code) << name;
    EXPECT_EQ(failure.line, 7U);
  }
}

TEST(Reply, RefusesNonsense) {
  for (const char* json : {"", "7", "[]", "{}", "{", R"({"outputs": {}})", R"({"outputs": [{}]})", R"({"outputs": [7]})",
                           R"({"outputs": [{"rows": -1, "sources": []}]})", R"({"outputs": [{"rows": 1, "sources": [{}]}]})",
                           R"({"outputs": [{"rows": 1, "sources": [{"written": 0, "count": 18446744073709551615}]}]})",
                           R"({"outputs": [{"rows": 1, "sources": [{"input": 0}]}]})", R"({"outputs": [{"extras": "x"}]})",
                           R"({"outputs": [{"rows": 1, "sources": [], "columns": [{"name": "a", "type": "pickle"}]}]})"}) {
    const auto reply = decode_reply(json);
    ASSERT_FALSE(reply.ok()) << json;
    EXPECT_EQ(reply.error().code, ErrorCode::bad_result);
  }
}

}  // namespace
}  // namespace wardian::pyrun

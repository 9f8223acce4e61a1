#include "wardian/pyrun/debug_call.h"

#include <gtest/gtest.h>

namespace wardian::pyrun {
namespace {

TEST(ScriptFileText, LosesWhatIsOnlyIndentation) {
  static constexpr struct {
    const char* literal;
    const char* file;
  } kCases[] = {
      {"a\nb", "a\nb"},
      {"", ""},
      {"\n", "\n"},
      {"  a\n  b\n", "a\nb\n"},
      {"\n  a\n\n    b\n  c", "\na\n\n  b\nc"},
      {"\t a\n\t b", "a\nb"},
      {"\ta\n  b", "\ta\n  b"},
      {"  a\n \n  b", "a\n\nb"},
      {"  a\r\n\r\n  b\r\n", "a\r\n\r\nb\r\n"},
      {"  a\n# b\n  c", "  a\n# b\n  c"},
      {"a\n  b", "a\n  b"},
      // Where a line may be within a string, it stays.
      {"  a = '''\n  b'''", "  a = '''\n  b'''"},
      {"  a = \"\"\"\n  b\"\"\"", "  a = \"\"\"\n  b\"\"\""},
      {"  a = 'x\\\n  y'", "  a = 'x\\\n  y'"},
  };
  for (const auto& one : kCases) EXPECT_EQ(script_file_text(one.literal), one.file) << one.literal;
}

}  // namespace
}  // namespace wardian::pyrun

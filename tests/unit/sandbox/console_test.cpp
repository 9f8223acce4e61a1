#include "wardian/sandbox/console.h"

#include <gtest/gtest.h>

#include "wardian/sandbox/console_lines.h"

namespace wardian::sandbox {
namespace {

TEST(Printable, ShowsTextAndUnmasksTheRest) {
  const struct {
    const char* what;
    std::string bytes;
    std::string text;
  } cases[] = {
      {"plain", "a line\n\tand a tab\n", "a line\n\tand a tab\n"},
      {"letters beyond ASCII", "\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80", "\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80"},
      {"terminal escape", "\x1b[31mred", "\\x1b[31mred"},
      {"carriage return hides a line", "real\rfake", "real\\x0dfake"},
      {"another system's line end", "a\r\nb", "a\nb"},
      {"right-to-left override",
       "a\xE2\x80\xAE"
       "b",
       "a\\u202eb"},
      {"C1 control",
       "\xC2\x9B"
       "31m",
       "\\x9b31m"},
      {"line separator",
       "a\xE2\x80\xA8"
       "b",
       "a\\u2028b"},
      {"no UTF-8",
       "a\xFF"
       "b",
       "a\xEF\xBF\xBD"
       "b"},
      {"overlong slash", "\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"surrogate", "\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"cut off", "\xE2\x82", "\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"NUL", std::string("a\0b", 3), "a\\x00b"},
  };
  for (const auto& one : cases) EXPECT_EQ(printable(one.bytes), one.text) << one.what;
}

TEST(ConsoleKeeper, KeepsBothEndsAndCountsTheRest) {
  const struct {
    std::size_t size;
    std::size_t chunk;
    std::uint64_t dropped;
  } cases[] = {{0, 1, 0}, {5, 1, 0}, {10, 3, 0}, {20, 7, 0}, {21, 21, 1}, {1000, 1, 980}, {1000, 999, 980}};
  for (const auto& one : cases) {
    std::string all;
    for (std::size_t i = 0; i < one.size; ++i) all += static_cast<char>('a' + i % 26);
    ConsoleKeeper keeper(10, 10);
    for (std::size_t place = 0; place < all.size(); place += one.chunk)
      keeper.add(std::string_view(all).substr(place, one.chunk));
    const ConsoleText text = keeper.take();
    EXPECT_EQ(text.bytes_total, one.size);
    EXPECT_EQ(text.bytes_dropped, one.dropped);
    EXPECT_EQ(text.head, all.substr(0, 10));
    if (one.dropped == 0)
      EXPECT_EQ(text.joined(), all);
    else
      EXPECT_EQ(text.tail, all.substr(all.size() - 10));
  }
}

TEST(ConsoleLines, PutsAPrefixBeforeEachLineHoweverItComes) {
  std::string shown;
  {
    ConsoleLines lines([&](std::string_view line) { shown += line; });
    lines.add(ConsoleStream::standard_output, "one\ntw");
    lines.add(ConsoleStream::standard_error, "a warning\r\n");
    lines.add(ConsoleStream::standard_output, "o \xC3");
    lines.add(ConsoleStream::standard_output, "\xA9\n\nerror FORGED at query:1:1\x1b[2K");
    EXPECT_EQ(shown, "python | one\npython | a warning\npython | two \xC3\xA9\npython | \n");
  }
  EXPECT_TRUE(shown.ends_with("python | error FORGED at query:1:1\\x1b[2K\n")) << shown;
}

TEST(ConsoleLines, BreaksALineWithoutAnEnd) {
  std::size_t longest = 0, bytes = 0;
  {
    ConsoleLines lines([&](std::string_view line) { longest = std::max(longest, line.size()), bytes += line.size(); });
    for (int i = 0; i < 100; ++i) lines.add(ConsoleStream::standard_output, std::string(1000, 'x'));
  }
  EXPECT_LE(longest, 8192U + 10U);
  EXPECT_GE(bytes, 100'000U);
}

}  // namespace
}  // namespace wardian::sandbox

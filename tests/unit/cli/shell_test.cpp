#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "temporary_folder.h"
#include "wardian/cli/shell/history.h"
#include "wardian/cli/shell/kept_answer.h"
#include "wardian/cli/shell/pager.h"
#include "wardian/cli/shell/script_texts.h"
#include "wardian/cli/shell/show_table.h"
#include "wardian/cli/shell/whole_text.h"

namespace wardian::cli {
namespace {

TEST(WholeText, RunsWhatIsWholeAndWaitsForTheRest) {
  for (const char* whole :
       {"", "  \n", "print 1", "T | take 5", "let a = 5;", "let a = 5", "let f = (x: long) { x };", "set notruncation;",
        ".show tables", "print 1;", "T | wher x", "print )", "T |\n", "print (1\n", "print 'x\n", "let a = 5; print a", ". |\n"})
    EXPECT_TRUE(is_whole(whole)) << whole;
  for (const char* more :
       {"print", "T |", "T | where", "T | where x ==", "print (1", "print 'x", "print ```x\ny", "let a =", "let f = (x: long) {",
        "let f = (x: long) { x", "print [1,", "T | summarize by", ".show tables |", "T | join (U) on", "print 1 + // more"})
    EXPECT_FALSE(is_whole(more)) << more;
}

class AHistory : public testing::Test {
 protected:
  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "deep" / "history.jsonl";
};

TEST_F(AHistory, IsReadByOthersAsItGrows) {
  History one(file_), other(file_);
  EXPECT_TRUE(one.news()->empty());
  ASSERT_TRUE(one.add("print 1").ok());
  ASSERT_TRUE(one.add("a\n\"b\"\t\x01ü").ok());
  EXPECT_EQ(*other.news(), (std::vector<std::string>{"print 1", "a\n\"b\"\t\x01ü"}));
  EXPECT_TRUE(other.news()->empty());
  ASSERT_TRUE(one.add("later").ok());
  EXPECT_EQ(*other.news(), std::vector<std::string>{"later"});
  struct stat status {};
  ASSERT_EQ(::stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(AHistory, PassesOverWhatIsNotOurs) {
  std::filesystem::create_directories(file_.parent_path());
  std::ofstream(file_) << "{\"text\":\"a\"}\nnonsense\n\n{\"text\":5}\n\xff\xfe\n{\"text\":\"b\"}\n{\"text\":\"ha";
  History history(file_);
  EXPECT_EQ(*history.news(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(history.damaged(), 3u);
  // What a full disk has cut does not swallow the next entry.
  ASSERT_TRUE(history.add("c").ok());
  EXPECT_EQ(History(file_).news()->back(), "c");
}

TEST_F(AHistory, StaysSmall) {
  History history(file_);
  const std::string text(History::kEntryBytesMax - 100, 'x');
  for (int at = 0; at < 20; ++at) ASSERT_TRUE(history.add(text + std::to_string(at)).ok());
  EXPECT_LE(std::filesystem::file_size(file_), History::kFileBytesMax + History::kEntryBytesMax);
  const auto texts = *History(file_).news();
  EXPECT_EQ(texts.back(), text + "19");
  ASSERT_TRUE(history.add(std::string(History::kEntryBytesMax + 1, 'y')).ok());  // no line of the history
  EXPECT_EQ(History(file_).news()->back(), text + "19");
}

TEST_F(AHistory, IsWholeWhenSeveralWrite) {
  std::vector<std::thread> threads;
  for (int writer = 0; writer < 4; ++writer) {
    threads.emplace_back([this, writer] {
      History history(file_);
      for (int at = 0; at < 200; ++at)
        EXPECT_TRUE(history.add(std::string(2000, static_cast<char>('a' + writer)) + std::to_string(at)).ok());
    });
  }
  for (std::thread& thread : threads) thread.join();
  History history(file_);
  EXPECT_EQ(history.news()->size(), 800u);
  EXPECT_EQ(history.damaged(), 0u);
}

TEST_F(AHistory, FailsInWords) {
  std::filesystem::create_directories(file_);
  History history(file_);
  EXPECT_FALSE(history.news().ok());
  EXPECT_FALSE(history.add("x").ok());
  EXPECT_TRUE(History(std::nullopt).add("x").ok());
  EXPECT_FALSE(History("/proc/nothing/history.jsonl").add("x").ok());
}

TEST(WithoutHiddenStrings, KeepsTheRest) {
  EXPECT_EQ(without_hidden_strings("print h'a', H\"b c\", 'h', h@'d' | take 1"), "print h'****', h'****', 'h', h'****' | take 1");
  EXPECT_EQ(without_hidden_strings("print 'open"), "print 'open");
}

TEST(Pager, IsForWhatIsHigherThanTheScreen) {
  EXPECT_FALSE(Pager::is_wanted("a\nb\n", 80, 24));
  EXPECT_FALSE(Pager::is_wanted(std::string(22, '\n'), 80, 24));
  EXPECT_TRUE(Pager::is_wanted(std::string(24, '\n'), 80, 24));
  EXPECT_TRUE(Pager::is_wanted(std::string(80 * 30, 'x'), 80, 24));
  EXPECT_FALSE(Pager::is_wanted(std::string(100, '\n'), 0, 0));
}

TEST(ScriptTexts, AreCutAtEmptyLinesAndBehindCommands) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const std::string_view script =
      "\n\nprint 1\n| take 2\n \nprint (\n\n3)\n\n.show tables\n.set limit 3\nlet a = ```\n\n```;\r\n\r\nprint 'x";
  ASSERT_EQ(::write(ends[1], script.data(), script.size()), static_cast<ssize_t>(script.size()));
  ::close(ends[1]);
  ScriptTexts texts(ends[0], nullptr);
  std::vector<std::pair<std::size_t, std::string>> found;
  while (const auto text = *texts.next()) found.emplace_back(text->line, text->text);
  ::close(ends[0]);
  const std::vector<std::pair<std::size_t, std::string>> wanted = {{3, "print 1\n| take 2\n"},    {6, "print (\n\n3)\n"},
                                                                   {10, ".show tables\n"},        {11, ".set limit 3\n"},
                                                                   {12, "let a = ```\n\n```;\n"}, {16, "print 'x\n"}};
  EXPECT_EQ(found, wanted);
}

TEST(ShowTable, WritesTextsAsLiterals) { EXPECT_EQ(string_literal("a\"b\\\n\x01ü"), "\"a\\\"b\\\\\\n\\u0001ü\""); }

}  // namespace
}  // namespace wardian::cli

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <limits>

#include "wardian/base/unique_fd.h"
#include "wardian/cli/answer/answer_writer.h"
#include "wardian/cli/answer/decimal_text.h"
#include "wardian/cli/answer/display_width.h"

namespace wardian::cli {
namespace {

using columnar::Batch;
using columnar::ColumnView;
using columnar::Schema;
using columnar::Type;

/// What a writer printed, through a real descriptor.
std::string printed(const AnswerOptions& options, const Schema& schema, const Batch& batch, int results = 1) {
  const UniqueFd file(memfd_create("answer", MFD_CLOEXEC));
  OutputStream out(file.get());
  const std::unique_ptr<AnswerWriter> writer = make_answer_writer(options, out);
  for (int result = 0; result < results; ++result) {
    EXPECT_TRUE(writer->begin_result("T", schema).ok());
    EXPECT_TRUE(writer->rows(batch).ok());
    EXPECT_TRUE(writer->end_result().ok());
  }
  EXPECT_TRUE(writer->finish().ok());
  std::string text(static_cast<std::size_t>(lseek(file.get(), 0, SEEK_END)), '\0');
  EXPECT_EQ(pread(file.get(), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  return text;
}

const Schema kSchema = {{"n", Type::int64}, {"r", Type::real}, {"s", Type::string}, {"t", Type::datetime}, {"d", Type::dynamic}};
const std::int64_t kLongs[] = {1, -5};
const double kReals[] = {0.5, std::numeric_limits<double>::infinity()};
const std::string_view kStrings[] = {"a,\"b\"", "x\ny"};
const std::int64_t kTimes[] = {630'822'816'000'000'000, 0};  // 2000-01-01
const std::string_view kDynamics[] = {R"({"k":[1]})", ""};
const std::uint64_t kFirstOnly[] = {1};

Batch two_rows() {
  Batch batch;
  batch.rows = 2;
  batch.columns = {ColumnView{Type::int64, 0, {}, std::span(kLongs)}, ColumnView{Type::real, 0, {}, std::span(kReals)},
                   ColumnView{Type::string, 0, {}, std::span(kStrings)},
                   ColumnView{Type::datetime, 0, kFirstOnly, std::span(kTimes)},
                   ColumnView{Type::dynamic, 0, kFirstOnly, std::span(kDynamics)}};
  return batch;
}

TEST(AnswerWriter, JsonFollowsTheRestForms) {
  EXPECT_EQ(printed({AnswerFormat::json, 0}, kSchema, two_rows()),
            R"({"tables":[{"name":"T","columns":[{"name":"n","type":"long"},{"name":"r","type":"real"},)"
            R"({"name":"s","type":"string"},{"name":"t","type":"datetime"},{"name":"d","type":"dynamic"}],"rows":[)"
            "\n"
            R"([1,0.5,"a,\"b\"","2000-01-01T00:00:00Z",{"k":[1]}],)"
            "\n"
            R"([-5,"Infinity","x\ny",null,null]]}]})"
            "\n");
}

TEST(AnswerWriter, JsonLinesAreOneObjectARow) {
  EXPECT_EQ(printed({AnswerFormat::jsonl, 0}, kSchema, two_rows()),
            R"({"n":1,"r":0.5,"s":"a,\"b\"","t":"2000-01-01T00:00:00Z","d":{"k":[1]}})"
            "\n"
            R"({"n":-5,"r":"Infinity","s":"x\ny","t":null,"d":null})"
            "\n");
}

TEST(AnswerWriter, CsvQuotesByRfc4180) {
  EXPECT_EQ(printed({AnswerFormat::csv, 0}, kSchema, two_rows()),
            "n,r,s,t,d\r\n1,0.5,\"a,\"\"b\"\"\",2000-01-01T00:00:00Z,\"{\"\"k\"\":[1]}\"\r\n-5,Infinity,\"x\ny\",,\r\n");
}

TEST(AnswerWriter, TableAlignsAndEscapes) {
  const Schema schema = {{"n", Type::int64}, {"s", Type::string}};
  Batch batch = two_rows();
  batch.columns = {batch.columns[0], batch.columns[2]};
  EXPECT_EQ(printed({AnswerFormat::table, 0}, schema, batch), "T\n n  s\n──  ─────\n 1  a,\"b\"\n-5  x\\ny\n(2 rows)\n");
}

TEST(AnswerWriter, TableKeepsWithinATerminal) {
  const std::string long_text(200, 'z');
  const std::string_view texts[] = {long_text};
  Batch batch;
  batch.rows = 1;
  batch.columns = {ColumnView{Type::string, 0, {}, std::span<const std::string_view>(texts)}};
  const std::string text = printed({AnswerFormat::table, 20}, {{"s", Type::string}}, batch);
  EXPECT_NE(text.find("\n" + std::string(19, 'z') + "…\n"), std::string::npos) << text;
}

TEST(AnswerWriter, AFullDiskIsAnError) {
  const UniqueFd full(open("/dev/full", O_WRONLY | O_CLOEXEC));
  OutputStream out(full.get());
  ASSERT_TRUE(out.write("x").ok());
  const Status status = out.flush();
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::disk_full);
}

TEST(DecimalText, DropsTrailingZeros) {
  struct Case {
    std::int64_t scaled;
    int scale;
    const char* text;
  };
  for (const Case& each :
       {Case{1500, 3, "1.5"}, Case{-5, 3, "-0.005"}, Case{0, 17, "0"}, Case{42, 0, "42"}, Case{1000, 3, "1"}}) {
    std::string text;
    append_decimal(text, each.scaled, each.scale);
    EXPECT_EQ(text, each.text);
  }
}

TEST(DisplayWidth, CountsTerminalColumns) {
  EXPECT_EQ(display_width("abc"), 3);
  EXPECT_EQ(display_width("日本"), 4);
  EXPECT_EQ(display_width("e\xCC\x81"), 1) << "a combining accent takes none";
  EXPECT_EQ(clipped("日本語", 5), "日本…");
  EXPECT_EQ(on_one_line("a\x1b[31m\xE2\x80\xAE\xFFz"), "a\\x1b[31m\\u202e\xEF\xBF\xBDz");
}

}  // namespace
}  // namespace wardian::cli

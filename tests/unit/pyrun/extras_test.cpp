#include "wardian/pyrun/extras.h"

#include <gtest/gtest.h>

#include "wardian/pyrun/content_type.h"

namespace wardian::pyrun {
namespace {

using namespace std::string_literals;

Result<std::vector<Extra>> read(const std::string& contents, const std::string& index) {
  auto held = SealedBytes::copy_of(contents + index);
  if (!held.ok()) return held.error();
  return read_extras(*held, index.size());
}

TEST(Extras, AreReadWithTheirContents) {
  const auto extras = read("abcdefg", R"([["a/b.csv","file",3],["m","pickle",4],["e","bytes",0]])");
  ASSERT_TRUE(extras.ok()) << extras.error().message;
  ASSERT_EQ(extras->size(), 3U);
  EXPECT_EQ((*extras)[0].name, "a/b.csv");
  EXPECT_EQ((*extras)[0].content(), "abc");
  EXPECT_EQ((*extras)[0].kind, ExtraKind::file);
  EXPECT_EQ((*extras)[1].content(), "defg");
  EXPECT_TRUE((*extras)[1].pickled());
  EXPECT_EQ((*extras)[2].kind, ExtraKind::blob);
  EXPECT_FALSE((*extras)[2].pickled());
}

TEST(Extras, RefuseWhatCannotBe) {
  for (const char* index : {"",
                            "7",
                            "{}",
                            "[7]",
                            "[[]]",
                            R"([["a","file"]])",
                            R"([["a","file",4]])",
                            R"([["a","file",2]])",
                            R"([["a","file",-1]])",
                            R"([["a","file",18446744073709551615]])",
                            R"([["a","file",3],["b","file",1]])",
                            R"([["a","code",3]])",
                            R"([[1,"file",3]])",
                            R"([["","file",3]])",
                            R"([["..","file",3]])",
                            R"([["a/../b","file",3]])",
                            R"([["/a","file",3]])",
                            R"([["a/","file",3]])",
                            R"([["a//b","file",3]])",
                            R"([[".a","file",3]])",
                            R"([["a\u0000","file",3]])",
                            R"([["a\u001b[2J","file",3]])",
                            R"([["a\nb","file",3]])",
                            R"([["a\tb","file",3]])",
                            R"([["\u202ea","file",3]])",
                            R"([["\u009b","file",3]])",
                            R"([["\ud800","file",3]])",
                            "[[\"\xff\",\"file\",3]]",
                            R"([["a/b","bytes",3]])"}) {
    const auto extras = read("abc", index);
    ASSERT_FALSE(extras.ok()) << index;
    EXPECT_EQ(extras.error().code, ErrorCode::bad_result) << index;
    EXPECT_EQ(extras.error().message.find('\x1b'), std::string::npos);
  }
  EXPECT_FALSE(read("", R"([[")" + std::string(256, 'a') + R"(","file",0]])").ok());
  EXPECT_TRUE(read("", R"([[")" + std::string(255, 'a') + R"(","file",0]])").ok());
  std::string many = "[";
  for (int at = 0; at <= 1000; ++at) many += (at == 0 ? "" : ",") + R"(["a)"s + std::to_string(at) + R"(","file",0])";
  const auto extras = read("", many + "]");
  ASSERT_FALSE(extras.ok());
  EXPECT_EQ(extras.error().code, ErrorCode::output_limit);
}

TEST(Extras, GetNamesOfTheirOwn) {
  UniqueExtraNames names;
  const auto taken = [&](std::string name, ExtraKind kind = ExtraKind::file) {
    Extra extra{.name = std::move(name), .kind = kind, .type = {}, .held = {}};
    names.take(extra);
    return extra.name;
  };
  EXPECT_EQ(taken("plot.png"), "plot.png");
  EXPECT_EQ(taken("plot.png"), "plot-2.png");
  EXPECT_EQ(taken("plot-2.png"), "plot-2-2.png");
  EXPECT_EQ(taken("plot.png"), "plot-3.png");
  EXPECT_EQ(taken("a.b/c"), "a.b/c");
  EXPECT_EQ(taken("a.b/c"), "a.b/c-2");
  EXPECT_EQ(taken("plot.png", ExtraKind::blob), "plot.png");
  EXPECT_EQ(taken("plot.png", ExtraKind::blob), "plot.png-2");
  std::string full;
  while (full.size() < 254) full += "ž";
  EXPECT_EQ(taken(full + "a"), full + "a");
  EXPECT_EQ(taken(full + "a"), full.substr(0, 252) + "-2");
  EXPECT_EQ(taken("d/" + std::string(253, '.')), "d/" + std::string(253, '.'));
  EXPECT_EQ(taken("d/" + std::string(253, '.')).size(), 255U);
}

std::string chunk(const std::string& name, const std::string& data) {
  return std::string{'\0', '\0', '\0', static_cast<char>(data.size())} + name + data + "sums";
}

TEST(ContentType, IsToldFromBytes) {
  const std::string head = "\x89PNG\r\n\x1a\n"s + chunk("IHDR", std::string(13, '\1'));
  EXPECT_TRUE(is_whole_png(head + chunk("IDAT", "x") + chunk("IEND", "")));
  EXPECT_FALSE(is_whole_png(head + chunk("IDAT", "x")));
  EXPECT_FALSE(is_whole_png(head + chunk("IEND", "") + "more"));
  EXPECT_FALSE(is_whole_png(head + "\xff\xff\xff\xffIDATx"));
  EXPECT_FALSE(is_whole_png("\x89PNG\r\n\x1a\n"s + chunk("IEND", "")));
  EXPECT_FALSE(is_whole_png(""));

  EXPECT_TRUE(is_svg("<svg>"));
  EXPECT_TRUE(
      is_svg("\xEF\xBB\xBF<?xml version='1.0'?>\n<!-- <html> --><!DOCTYPE svg PUBLIC \"-//W3C//DTD\" \"x\">\n<svg xmlns='y'/>"));
  for (const char* text : {"", "<svgs>", "<svg", "svg", "<!-- <svg>", "<html><svg>", "<svg>\xff</svg>", "<SVG>"}) {
    EXPECT_FALSE(is_svg(text)) << text;
  }
  EXPECT_FALSE(is_svg("<svg>\0</svg>"s));

  EXPECT_TRUE(is_html("<!DOCTYPE html>\n<html>"));
  EXPECT_TRUE(is_html("<!-- a --> <HTML lang='en'>"));
  EXPECT_FALSE(is_html("<htmlx>"));
  EXPECT_FALSE(is_html("text <html>"));
}

}  // namespace
}  // namespace wardian::pyrun

#include "wardian/image/inline_metadata.h"

#include <gtest/gtest.h>

namespace wardian::image {
namespace {

using Texts = std::vector<std::string>;

TEST(InlineMetadataBlocks, TheSpecificationsExample) {
  // Source: "Inline script metadata", its example.
  const auto found = inline_metadata(
      "# /// script\n# requires-python = \">=3.11\"\n# dependencies = [\n#   \"requests<3\",\n#   \"rich\",\n# ]\n# "
      "///\n\nimport requests\n");
  ASSERT_TRUE(found.ok() && *found);
  EXPECT_EQ((*found)->requires_python, ">=3.11");
  EXPECT_EQ((*found)->dependencies, (Texts{"requests<3", "rich"}));
}

TEST(InlineMetadataBlocks, IndentedAsAWhole) {
  const auto found =
      inline_metadata("if 1:\n    # /// script\r\n    # dependencies = [\"polars\"]\r\n    # ///\r\n    import polars\n");
  ASSERT_TRUE(found.ok() && *found);
  EXPECT_EQ((*found)->dependencies, Texts{"polars"});
}

TEST(InlineMetadataBlocks, TheLastEndCounts) {
  // Source: the same, "the closing line … is the last such line".
  const auto found = inline_metadata("# /// script\n# [tool.x]\n# text = '''\n# ///\n# '''\n# ///\nprint(1)\n");
  ASSERT_TRUE(found.ok()) << found.error().message;
  ASSERT_TRUE(*found);
  EXPECT_TRUE((*found)->dependencies.empty());
}

TEST(InlineMetadataBlocks, NoBlock) {
  for (const char* text : {"print(1)", "# /// script\n# dependencies = []\nprint(1)", "#/// script\n# ///\n",
                           "# /// scripts\n# ///\n", "# /// other\n# ///\n", "x = '# /// script'\n# ///\n", ""}) {
    const auto found = inline_metadata(text);
    ASSERT_TRUE(found.ok()) << text;
    EXPECT_FALSE(*found) << text;
  }
}

TEST(InlineMetadataBlocks, MalformedOnesNameTheirLine) {
  const std::pair<const char*, const char*> cases[] = {
      {"\n# /// script\n# dependencies = [\n# ///\n", "at its line"},
      {"# /// script\n# dependencies = \"rich\"\n# ///\n", "at its line 1: dependencies is no list"},
      {"# /// script\n# dependencies = [1]\n# ///\n", "no list of texts"},
      {"# /// script\n# requires-python = 3\n# ///\n", "requires-python is no text"},
      {"# /// script\n# ///\n\n# /// script\n# ///\n", "line 4: there is a second block"},
  };
  for (const auto& [text, words] : cases) {
    const auto found = inline_metadata(text);
    ASSERT_FALSE(found.ok()) << text;
    EXPECT_NE(found.error().message.find(words), std::string::npos) << found.error().message;
  }
}

TEST(InlineMetadataBlocks, RequirementsAreOfTheIndexOnly) {
  EXPECT_EQ(*requirements_of({{"rich", "requests<3", "x[y]>=1; python_version > '3'"}, ""}),
            "requests<3\nrich\nx[y]>=1; python_version > '3'\n");
  for (const char* text : {"", "-r /etc/passwd", "--index-url=http://x", "x @ file:///etc", "./local", "git+https://x", "a\nb",
                           "a\\b", "x # y", "x-${SECRET}", "x-$HOME", "x\x1b[2J", "žluť"}) {
    EXPECT_FALSE(requirements_of({{text}, ""}).ok()) << text;
  }
}

TEST(InlineMetadataBlocks, NamesTellTextsApart) {
  EXPECT_EQ(image_name_of("a\n", ""), image_name_of("a\n", ""));
  EXPECT_NE(image_name_of("a\n", ""), image_name_of("a\n", ">=3.11"));
  EXPECT_NE(image_name_of("a\n", ""), image_name_of("b\n", ""));
}

}  // namespace
}  // namespace wardian::image

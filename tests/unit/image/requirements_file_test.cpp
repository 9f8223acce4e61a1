#include "wardian/image/requirements_file.h"

#include <gtest/gtest.h>

#include <fstream>

#include "temporary_folder.h"

namespace wardian::image {
namespace {

namespace fs = std::filesystem;

class RequirementsFiles : public testing::Test {
 protected:
  fs::path write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }
  std::string message(const std::string& text) {
    const auto read = read_requirements(write("wrong.txt", text));
    return read.ok() ? "" : read.error().message;
  }
  const TemporaryFolder temporary_;
  const fs::path& folder_ = temporary_.path();
};

TEST_F(RequirementsFiles, IncludesAreReadInTheirPlace) {
  fs::create_directory(folder_ / "more");
  write("more/base.txt", "numpy\n-r deeper.txt\n");
  write("more/deeper.txt", "scipy\n");
  const auto read = read_requirements(write("main.txt", "pandas==1.5.3\n  --requirement=more/base.txt  # these\nrich\n"));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(*read, "pandas==1.5.3\nnumpy\nscipy\nrich\n");
}

TEST_F(RequirementsFiles, WrongOnesNameFileAndLine) {
  EXPECT_NE(message("rich\n-e .\n").find("wrong.txt, line 2: an image holds copies"), std::string::npos);
  EXPECT_NE(message("-r wrong.txt\n").find("includes itself"), std::string::npos);
  EXPECT_NE(message("-r absent.txt\n").find("absent.txt"), std::string::npos);
  EXPECT_NE(message("-c other.txt\n").find("constraints"), std::string::npos);
  EXPECT_NE(message(std::string("rich\0x\n", 7)).find("control character"), std::string::npos);
  EXPECT_NE(message("rich\x1b[2J\n").find("control character"), std::string::npos);
  EXPECT_NE(message(std::string(2 << 20, 'x')).find("1 MiB"), std::string::npos);
  EXPECT_FALSE(read_requirements(folder_).ok());
}

TEST(RequirementsFacts, WhatTheBuilderMustKnow) {
  EXPECT_TRUE(facts_of("Pandas >= 1.5\n").names_pandas);
  EXPECT_TRUE(facts_of("pandas[excel]\n").names_pandas);
  EXPECT_FALSE(facts_of("pandas-profiling\n# pandas\nx\n").names_pandas);
  EXPECT_TRUE(facts_of("a==1 --hash=sha256:00\n").hashed);
  EXPECT_TRUE(facts_of("a==1 \\\n    --hash=sha256:00 # the wheel\n").hashed);
  EXPECT_FALSE(facts_of("# a==1 --hash=sha256:00\na==1 # no --hash=sha256:00\n").hashed);
  EXPECT_EQ(facts_of("--find-links /w\nrich\n  --no-index\n").index_options, "--find-links /w\n--no-index\n");
}

}  // namespace
}  // namespace wardian::image

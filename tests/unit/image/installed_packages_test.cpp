#include "wardian/image/installed_packages.h"

#include <gtest/gtest.h>

#include <fstream>

#include "temporary_folder.h"

namespace wardian::image {
namespace {

namespace fs = std::filesystem;

void describe(const fs::path& folder, const std::string& name, const std::string& text) {
  fs::create_directories(folder / name);
  std::ofstream(folder / name / (name.ends_with(".egg-info") ? "PKG-INFO" : "METADATA")) << text;
}

TEST(InstalledPackages, ByTheHeadOfTheirMetadata) {
  const TemporaryFolder folder;
  describe(folder.path(), "b-1.dist-info", "Metadata-Version: 2.1\nName: b.c_d\nVersion: 1!2.0rc1+local.1\n\nVersion: 9\n");
  describe(folder.path(), "a-1.egg-info", "Name: a\r\nVersion: 1.0\r\n\r\nVersion: 9\r\n");
  describe(folder.path(), "none-1.dist-info", "Name: none\n\nVersion: 1\n");
  describe(folder.path(), "other", "Name: other\nVersion: 1\n");
  const std::vector<Package> found = installed_packages(folder.path());
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].name + " " + found[0].version, "a 1.0");
  EXPECT_EQ(found[1].name + " " + found[1].version, "b.c_d 1!2.0rc1+local.1");
}

TEST(InstalledPackages, NamesThatWouldBeMoreThanNamesAreNone) {
  // They become lines of requirements files, which installers act on, and are shown.
  const TemporaryFolder folder;
  int number = 0;
  for (const char* name : {"-e /tmp/evil #", "-r", "evil @ file:///tmp", "a b", "a\x1b[2J", "../a", "${SECRET}", ""})
    describe(folder.path(), std::to_string(++number) + ".dist-info", std::string("Name: ") + name + "\nVersion: 1\n");
  for (const char* version : {"1 ; x", "1 --index-url=http://x", "1\t", "-1", "$X"})
    describe(folder.path(), std::to_string(++number) + ".dist-info", std::string("Name: a\nVersion: ") + version + "\n");
  EXPECT_EQ(installed_packages(folder.path()).size(), 0U);
}

}  // namespace
}  // namespace wardian::image

#include "wardian/image/manifest.h"

#include <gtest/gtest.h>

namespace wardian::image {
namespace {

Manifest example() {
  Manifest manifest;
  manifest.name = "old";
  manifest.generation = "20260131T120000Z";
  manifest.python = "/usr/bin/python3.11";
  manifest.python_version = "3.11.2";
  manifest.created = "2026-01-31T12:00:00Z";
  manifest.installer = "pip";
  manifest.recipe.requirements = "pandas==1.5.3\n# \"quoted\"\n";
  manifest.recipe.python = "3.11";
  manifest.packages = {{"numpy", "1.26.4"}, {"scikit_learn", "1.4.0"}};
  manifest.bytes = 1234567890123;
  return manifest;
}

TEST(Manifests, ComeBackAsTheyWere) {
  const auto back = decode_manifest(encode(example()), "image.json");
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(encode(*back), encode(example()));
  EXPECT_EQ(back->recipe, example().recipe);
}

TEST(Manifests, PackagesByAnyFormOfTheirName) {
  EXPECT_EQ(example().version_of("Scikit-Learn"), "1.4.0");
  EXPECT_EQ(example().version_of("scikit"), "");
}

TEST(Manifests, AnythingElseIsRefused) {
  const std::string sound = encode(example());
  EXPECT_FALSE(decode_manifest("", "f").ok());
  EXPECT_FALSE(decode_manifest("[]", "f").ok());
  for (std::size_t length = 0; length < sound.size(); length += 7)
    EXPECT_FALSE(decode_manifest(sound.substr(0, length), "f").ok());
  Manifest evil = example();
  for (const char* generation : {"", "..", ".x", "a/b", "/etc"}) {
    evil.generation = generation;
    EXPECT_FALSE(decode_manifest(encode(evil), "f").ok()) << generation;
  }
  std::string other = sound;
  other.replace(other.find("\"format\":1"), 10, "\"format\":2");
  const auto refused = decode_manifest(other, "f");
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("another version"), std::string::npos);
}

}  // namespace
}  // namespace wardian::image

#pragma once

#include <gtest/gtest.h>

#include <fstream>

#include "wardian/image/store.h"

namespace wardian::image {

/// A whole image without an environment: what the store does not look into. The folder of its generation.
inline std::filesystem::path publish_image(const Store& store, const std::string& name) {
  auto change = Change::begin(store, name, {});
  EXPECT_TRUE(change.ok()) << change.error().message;
  Manifest manifest;
  manifest.python = "/usr/bin/python3";
  manifest.python_version = "3.11.2";
  std::filesystem::path generation = change->generation();
  std::ofstream(generation / "content") << name;
  const Status published = change->publish(manifest);
  EXPECT_TRUE(published.ok()) << published.error().message;
  return generation;
}

}  // namespace wardian::image

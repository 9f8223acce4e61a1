#include "wardian/image/pip_report.h"

#include <gtest/gtest.h>

namespace wardian::image {
namespace {

TEST(PipReports, AsALock) {
  // In the form of pip's documentation, "Installation Report", its example.
  const auto lock = lock_of_pip_report(R"({"version": "1", "install": [
    {"download_info": {"url": "https://x/pydantic-1.9.1.whl", "archive_info": {"hashes": {"sha256": "aa"}, "hash": "sha256=aa"}},
     "is_direct": false, "requested": true, "metadata": {"name": "pydantic", "version": "1.9.1"}},
    {"download_info": {"url": "file:///w/p.whl", "archive_info": {"hash": "sha256=bb"}}, "is_direct": true,
     "metadata": {"name": "packaging", "version": "21.0"}}]})");
  ASSERT_TRUE(lock.ok()) << lock.error().message;
  EXPECT_EQ(*lock, "packaging @ file:///w/p.whl --hash=sha256:bb\npydantic==1.9.1 --hash=sha256:aa\n");
}

TEST(PipReports, WhatHasNoHashIsRefused) {
  const auto lock = lock_of_pip_report(
      R"({"install": [{"download_info": {"url": "https://x/y", "vcs_info": {"vcs": "git"}}, "metadata": {"name": "y", "version": "1"}}]})");
  ASSERT_FALSE(lock.ok());
  EXPECT_EQ(lock.error().code, ErrorCode::image_failed);
  for (const char* text : {"", "{}", "{\"install\": 1}", "{\"install\": [{}]}"})
    EXPECT_FALSE(lock_of_pip_report(text).ok()) << text;
}

}  // namespace
}  // namespace wardian::image

#include <gtest/gtest.h>
#include <simdjson.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>

#include "wardian/kql/syntax/parser.h"

// Parses the query texts of the conformance cases, which lie outside this repository: the folder is named by the
// environment variable WARDIAN_CONFORMANCE, and without it there is nothing to do.

namespace wardian::kql::syntax {
namespace {

struct Share {
  int parsed = 0, all = 0;
};

Share parse_file(const std::filesystem::path& path, bool print) {
  Share share;
  simdjson::dom::parser parser;
  simdjson::dom::document_stream lines;
  if (parser.load_many(path.string(), 8u << 20).get(lines) != simdjson::SUCCESS) return share;
  for (auto line : lines) {
    std::string_view id, text;
    if (line["id"].get(id) != simdjson::SUCCESS || line["query"].get(text) != simdjson::SUCCESS) continue;
    ++share.all;
    const Status status = [&]() -> Status {
      if (is_command(text)) {
        WARDIAN_TRY(parse_command_script(text));
      } else {
        WARDIAN_TRY(parse_query(text));
      }
      return {};
    }();
    if (status.ok())
      ++share.parsed;
    else if (print)
      std::cout << id << ": " << status.error().message << '\n';
  }
  return share;
}

TEST(Conformance, TheCasesParse) {
  const char* folder = std::getenv("WARDIAN_CONFORMANCE");
  if (folder == nullptr) GTEST_SKIP() << "WARDIAN_CONFORMANCE is not set";
  for (const char* name : {"docs", "loco", "python_plugin", "stormevents", "parse_only"}) {
    const Share share = parse_file(std::filesystem::path(folder) / (std::string(name) + ".jsonl"), true);
    std::cout << name << ": " << share.parsed << " of " << share.all << '\n';
    EXPECT_GT(share.all, 0) << name;
    EXPECT_GE(share.parsed * 100, share.all * 97) << name;
  }
}

}  // namespace
}  // namespace wardian::kql::syntax

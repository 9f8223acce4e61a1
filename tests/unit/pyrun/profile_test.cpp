#include "wardian/pyrun/profile.h"

#include <gtest/gtest.h>

namespace wardian::pyrun {
namespace {

using namespace std::chrono_literals;

TEST(Profile, PartsAreNeverMoreThanTheWhole) {
  Profile profile;
  read_account(R"({"profile":{"inputs":10,"script":60,"outputs":20,"imports_total":50,"lines":[[3,2,40,-4096],[1,1,5,0]],)"
               R"("imports":[["b",10],["a",40]]}})",
               3, 100ns, profile);
  EXPECT_EQ(profile.input_built + profile.script + profile.output_written + profile.sandbox, 100ns);
  EXPECT_EQ(profile.sandbox, 10ns);
  EXPECT_EQ(profile.imports_total, 50ns);
  ASSERT_EQ(profile.lines.size(), 2U);
  EXPECT_EQ(profile.lines[0].line, 1U);
  EXPECT_EQ(profile.lines[1].memory_bytes, -4096);
  ASSERT_EQ(profile.imports.size(), 2U);
  EXPECT_EQ(profile.imports[0].package, "a");

  Profile boasting;
  read_account(R"({"profile":{"inputs":1000,"script":99,"outputs":1,"imports_total":99}})", 3, 100ns, boasting);
  EXPECT_EQ(boasting.input_built, 100ns);
  EXPECT_EQ(boasting.script + boasting.output_written + boasting.sandbox + boasting.imports_total, 0ns);
}

TEST(Profile, NoAccountIsASilentCall) {
  for (const char* reply : {"", "nonsense", R"({"outputs":[]})"}) {
    Profile profile;
    read_account(reply, 3, 100ns, profile);
    EXPECT_EQ(profile.calls_silent, 1U) << reply;
    EXPECT_EQ(profile.total(), 100ns);
  }
}

TEST(Profile, LinesThatTheScriptDoesNotHaveAreDropped) {
  Profile profile;
  read_account(
      R"({"profile":{"lines":[[0,1,1,1],[4,1,1,1],[2,1,1,1],[2,9,9,9],[1],[1,-1,1,1],"x"],"imports":[["a\u001b\n",1],[1]]}})", 3,
      1s, profile);
  ASSERT_EQ(profile.lines.size(), 1U);
  EXPECT_EQ(profile.lines[0].line, 2U);
  EXPECT_EQ(profile.lines[0].hits, 1U);
  ASSERT_EQ(profile.imports.size(), 1U);
  EXPECT_EQ(profile.imports[0].package, "a\\x1b ");
}

TEST(Profile, CallsAddUp) {
  Profile whole;
  for (std::uint32_t call = 0; call < 2; ++call) {
    Profile one;
    one.calls = 1;
    one.rows_in = 5;
    one.script = 7ns;
    one.memory_bytes_peak = 100 - call;
    one.lines = {{1, 1, 3ns, 10}, {2 + call, 1, 1ns, 0}};
    one.imports = {{"a", 1ns}, {call == 0 ? "b" : "c", 5ns}};
    add(whole, one);
  }
  EXPECT_EQ(whole.calls, 2U);
  EXPECT_EQ(whole.rows_in, 10U);
  EXPECT_EQ(whole.script, 14ns);
  EXPECT_EQ(whole.memory_bytes_peak, 100U);
  ASSERT_EQ(whole.lines.size(), 3U);
  EXPECT_EQ(whole.lines[0].hits, 2U);
  EXPECT_EQ(whole.lines[0].time, 6ns);
  EXPECT_EQ(whole.lines[2].line, 3U);
  ASSERT_EQ(whole.imports.size(), 3U);
  EXPECT_EQ(whole.imports[2].package, "a");
  EXPECT_EQ(whole.imports[2].time, 2ns);
}

}  // namespace
}  // namespace wardian::pyrun

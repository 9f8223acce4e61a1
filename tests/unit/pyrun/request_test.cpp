#include "wardian/pyrun/request.h"

#include <gtest/gtest.h>

namespace wardian::pyrun {
namespace {

TEST(Request, SaysWhatTheEntryModuleNeeds) {
  Call call;
  call.script = "line \"one\"\n\ttwo";
  call.parameters = {{"kargs", R"({"a":1})"}, {"unset", ""}};
  call.modules = {{"np", "numpy"}};
  call.files = {{"a.zip", nullptr}};
  call.blobs = {{.key = "m", .name = "model", .held = {}, .offset = 7, .bytes = 9, .pickled = true}};
  call.outputs = {FrameOutput{"result", columnar::Schema{{"d", columnar::Type::decimal}, {"s", columnar::Type::string}}, false},
                  FrameOutput{"loose", {}, true}, BlobOutput{"model"}, ExtrasOutput{}};
  EXPECT_EQ(
      encode_request(call, {}, "/there"),
      R"({"script":"line \"one\"\n\ttwo","inputs":[],"files":["a.zip"],"files_folder":"/there",)"
      R"("blobs":[{"key":"m","blob":"model","pickle":true,"offset":7,"bytes":9}],"parameters":{"kargs":{"a":1},"unset":null},)"
      R"("modules":{"np":"numpy"},"outputs":[{"kind":"frame","variable":"result","optional":false,"columns":[)"
      R"({"name":"d","type":"decimal","scale":17},{"name":"s","type":"string"}]},)"
      R"({"kind":"frame","variable":"loose","optional":true,"columns":null},)"
      R"({"kind":"blob","variable":"model","optional":false},{"kind":"extras","variable":"","optional":true}]})");
}

}  // namespace
}  // namespace wardian::pyrun

#include "wardian/cli/debug/dap_message.h"

#include <gtest/gtest.h>

namespace wardian::cli {
namespace {

TEST(DapReader, CutsAStreamWhereverItIsBroken) {
  const std::string stream = "Content-Length: 2\r\n\r\n{}Content-Type: x\r\nContent-Length:  11\r\n\r\n{\"seq\": 12}";
  for (std::size_t step = 1; step <= stream.size(); ++step) {
    DapReader reader;
    std::vector<std::string> messages;
    for (std::size_t at = 0; at < stream.size(); at += step) {
      reader.add(std::string_view(stream).substr(at, step));
      while (true) {
        auto message = reader.next();
        ASSERT_TRUE(message.ok());
        if (!*message) break;
        messages.push_back(**message);
      }
    }
    EXPECT_EQ(messages, (std::vector<std::string>{"{}", "{\"seq\": 12}"}));
  }
}

TEST(DapReader, RefusesWhatIsNoStream) {
  for (const std::string& bytes :
       {std::string("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), std::string("Content-Length: -1\r\n\r\n"),
        std::string("Content-Length: 12x\r\n\r\n"), std::string("Content-Length: 99999999999999999999\r\n\r\n"),
        std::string("Content-Length: 67108865\r\n\r\n"), std::string("\r\n\r\n"), std::string(5000, 'x')}) {
    DapReader reader;
    reader.add(bytes);
    EXPECT_FALSE(reader.next().ok()) << bytes.substr(0, 40);
  }
}

TEST(DapFromScript, LetsAnswersAndKnownEventsThrough) {
  for (const std::string json :
       {R"({"type":"response","request_seq":1,"success":true,"command":"attach","seq":10})",
        R"({"type": "event", "event": "stopped", "body": {"type": "request", "command": "runInTerminal"}})",
        R"({"type":"event","event":"output","body":{"output":"\ud83d\ude00 \\ud800"}})"})
    EXPECT_EQ(dap_from_script(json), json);
}

TEST(DapFromScript, WithholdsAllElse) {
  for (const std::string json :
       {R"({"type":"request","command":"runInTerminal"})", R"({"type":"event","event":"debugpyAttach"})", R"({"type":"event"})",
        R"({"event":"output"})", R"({"type":"event","event":"output","type":"request"})",
        R"({"\u0074ype":"request","type":"event","event":"output"})",
        R"({"type":"event","event":"output","event":"debugpyAttach"})", R"({"type":"response","command":"a","command":"b"})",
        R"({"type":["event"],"event":"output"})", R"(["type","event"])", "{", "", "null",
        R"({"type":"response"}{"type":"request"})"})
    EXPECT_EQ(dap_from_script(json), std::nullopt) << json;
}

TEST(DapFromScript, ReplacesHalvesOfCharacters) {
  EXPECT_EQ(dap_from_script(R"({"type":"event","event":"output","body":{"output":"a\ud800b\udc00\\ud800\ud800\ud83d\ude00"}})"),
            R"({"type":"event","event":"output","body":{"output":"a\ufffdb\ufffd\\ud800\ufffd\ud83d\ude00"}})");
}

TEST(DapCommand, NamesARequestOnly) {
  EXPECT_EQ(dap_command(R"({"type":"request","command":"attach","seq":1})"), "attach");
  EXPECT_EQ(dap_command(R"({"type":"event","command":"attach"})"), "");
  EXPECT_EQ(dap_command("nonsense"), "");
}

}  // namespace
}  // namespace wardian::cli

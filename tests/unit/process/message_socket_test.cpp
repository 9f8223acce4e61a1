#include "wardian/process/message_socket.h"

#include <dirent.h>
#include <gtest/gtest.h>

namespace wardian::process {
namespace {

using Got = MessageSocket::Got;

std::size_t open_descriptors() {
  std::size_t count = 0;
  DIR* const entries = ::opendir("/proc/self/fd");
  while (::readdir(entries) != nullptr) ++count;
  ::closedir(entries);
  return count;
}

TEST(MessageSocket, KeepsMessagesWholeAndInOrder) {
  auto ends = MessageSocket::pair();
  ASSERT_TRUE(ends.ok());
  const auto& [left, right] = *ends;
  ASSERT_TRUE(left.send("first").ok());
  ASSERT_TRUE(left.send("second").ok());
  Message message;
  for (const char* expected : {"first", "second"}) {
    const auto got = right.receive(message, 100);
    ASSERT_TRUE(got.ok());
    EXPECT_EQ(*got, Got::message);
    EXPECT_EQ(message.bytes, expected);
    EXPECT_FALSE(message.truncated);
  }
  EXPECT_EQ(*right.receive(message, 100), Got::nothing);
}

TEST(MessageSocket, SaysWhenAMessageIsTooLong) {
  auto ends = MessageSocket::pair();
  ASSERT_TRUE(ends.ok());
  ASSERT_TRUE(ends->first.send(std::string(101, 'x')).ok());
  Message message;
  EXPECT_EQ(*ends->second.receive(message, 100), Got::message);
  EXPECT_TRUE(message.truncated);
}

TEST(MessageSocket, ClosesDescriptorsBeyondTheBound) {
  auto ends = MessageSocket::pair();
  ASSERT_TRUE(ends.ok());
  const std::vector<int> many(200, 1);
  ASSERT_TRUE(ends->first.send("take these", many).ok());
  const std::size_t before = open_descriptors();
  Message message;
  EXPECT_EQ(*ends->second.receive(message, 100, 3), Got::message);
  EXPECT_EQ(message.descriptors.size(), 3U);
  EXPECT_EQ(open_descriptors(), before + 3);
}

TEST(MessageSocket, DeathOfTheOtherEndIsAnEndOfFile) {
  auto ends = MessageSocket::pair();
  ASSERT_TRUE(ends.ok());
  ends->first.reset();
  Message message;
  EXPECT_EQ(*ends->second.receive(message, 100), Got::end_of_file);
  EXPECT_FALSE(ends->second.send("to nobody").ok());
}

TEST(MessageSocket, DoesNotWaitForEverForAReader) {
  auto ends = MessageSocket::pair();
  ASSERT_TRUE(ends.ok());
  const std::string block(60'000, 'x');
  Status sent;
  for (int i = 0; i < 100 && sent.ok(); ++i) sent = ends->first.send(block, {}, std::chrono::milliseconds(20));
  ASSERT_FALSE(sent.ok());
  EXPECT_EQ(sent.error().code, ErrorCode::timeout);
}

}  // namespace
}  // namespace wardian::process

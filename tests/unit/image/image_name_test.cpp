#include "wardian/image/image_name.h"

#include <gtest/gtest.h>

namespace wardian::image {
namespace {

TEST(ImageNames, Sound) {
  for (const std::string& name : {std::string("a"), std::string("pandas-1.5"), std::string("9_x"), std::string(64, 'n')})
    EXPECT_TRUE(check_name(name).ok()) << name;
}

TEST(ImageNames, RefusedAndShownHarmlessly) {
  for (const std::string& name : {std::string(), std::string("."), std::string(".."), std::string("../x"), std::string("a/b"),
                                  std::string("-r"), std::string("a b"), std::string("a\nb"), std::string("a\x1b[2J"),
                                  std::string("ä"), std::string(65, 'n'), std::string("default")}) {
    const Status checked = check_name(name);
    ASSERT_FALSE(checked.ok()) << name;
    EXPECT_EQ(checked.error().code, ErrorCode::bad_argument);
    EXPECT_EQ(checked.error().message.find('\x1b'), std::string::npos);
    EXPECT_EQ(checked.error().message.find('\n'), std::string::npos);
  }
}

}  // namespace
}  // namespace wardian::image

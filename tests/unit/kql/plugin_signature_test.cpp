#include <gtest/gtest.h>

#include "wardian/kql/plugins/plugin.h"

namespace wardian::kql {
namespace {

TEST(PluginSignature, ReadsParameters) {
  const auto read =
      parse_plugin_signature("(Id: not_dynamic column, Step: period?, Share: real~, Condition: bool row+, Rest: column*)");
  ASSERT_TRUE(read.ok()) << read.error().message;
  ASSERT_EQ(read->size(), 5U);
  EXPECT_EQ((*read)[0].name, "Id");
  EXPECT_EQ((*read)[0].form, PluginParameter::Form::column);
  EXPECT_EQ((*read)[0].types, PluginParameter::Types::not_dynamic);
  EXPECT_EQ((*read)[1].form, PluginParameter::Form::constant);
  EXPECT_EQ((*read)[1].times, PluginParameter::Times::optional);
  EXPECT_EQ((*read)[2].times, PluginParameter::Times::optional_or_tilde);
  EXPECT_EQ((*read)[3].form, PluginParameter::Form::row);
  EXPECT_EQ((*read)[3].times, PluginParameter::Times::some);
  EXPECT_TRUE((*read)[4].repeated());
  EXPECT_EQ(argument_counts(*read), (std::pair<std::size_t, std::optional<std::size_t>>(2, std::nullopt)));
}

TEST(PluginSignature, RefusesWhatIsNone) {
  for (const char* text : {"", "(", "a: column", "(a: colum)", "(: column)"})
    EXPECT_FALSE(parse_plugin_signature(text).ok()) << text;
}

TEST(PluginSignature, EveryRowOfTheTableCanBeRead) {
  for (const Plugin& plugin : plugins()) {
    if (plugin.signature.empty()) continue;
    const auto read = parse_plugin_signature(plugin.signature);
    EXPECT_TRUE(read.ok()) << plugin.name;
    EXPECT_FALSE(plugin.summary.empty()) << plugin.name;
  }
}

}  // namespace
}  // namespace wardian::kql

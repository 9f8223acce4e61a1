#include <re2/filtered_re2.h>

#include <algorithm>
#include <unordered_map>

#include "wardian/kernels/atom_finder.h"
#include "wardian/kernels/json_text.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"
#include "wardian/kernels/user_agent_rules.h"

namespace wardian::kernels {
namespace {

using Parts = std::array<std::string, 5>;

/// Rules compiled for good: a rule is tried only where the text has what each of its matches must contain.
class RuleSet {
 public:
  explicit RuleSet(std::span<const UserAgentRule> rules) : rules_(rules), filter_(kAtomLengthMin) {
    RE2::Options options;
    options.set_log_errors(false);
    for (const UserAgentRule& rule : rules) {
      options.set_case_sensitive(!rule.ignore_case);
      int id = 0;
      // tests/unit/kernels compiles every rule.
      if (filter_.Add(re2::StringPiece(rule.regex.data(), rule.regex.size()), options, &id) == RE2::NoError) {
        rule_of_.push_back(&rule);
      }
    }
    std::vector<std::string> atoms;
    filter_.Compile(&atoms);
    atoms_ = AtomFinder(atoms);
  }

  bool complete() const { return rule_of_.size() == rules_.size(); }

  /// The first rule that matches and its groups (0: the whole match); null when none does.
  const UserAgentRule* match(Text text, std::array<re2::StringPiece, 10>& groups) const {
    std::string lower(text);
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    const re2::StringPiece whole(text.data(), text.size());
    const int found = filter_.FirstMatch(whole, atoms_.find(lower));
    if (found < 0) return nullptr;
    const RE2& regex = filter_.GetRE2(found);
    groups.fill({});
    const int count = std::min(regex.NumberOfCapturingGroups() + 1, static_cast<int>(groups.size()));
    if (!regex.Match(whole, 0, whole.size(), RE2::UNANCHORED, groups.data(), count)) return nullptr;
    return rule_of_[static_cast<std::size_t>(found)];
  }

 private:
  // Shorter texts occur nearly everywhere and rule little out.
  static constexpr int kAtomLengthMin = 3;

  std::span<const UserAgentRule> rules_;
  std::vector<const UserAgentRule*> rule_of_;
  re2::FilteredRE2 filter_;
  AtomFinder atoms_;
};

/// The replacement with its groups written in, without blanks at its ends.
std::string filled(Text replacement, const std::array<re2::StringPiece, 10>& groups) {
  std::string made;
  for (std::size_t at = 0; at < replacement.size(); ++at) {
    const char next = at + 1 < replacement.size() ? replacement[at + 1] : ' ';
    if (replacement[at] == '$' && next >= '1' && next <= '9') {
      const re2::StringPiece& group = groups[static_cast<std::size_t>(next - '0')];
      made.append(group.data() == nullptr ? "" : group.data(), group.size());
      ++at;
    } else {
      made.push_back(replacement[at]);
    }
  }
  const std::size_t begin = made.find_first_not_of(' ');
  if (begin == std::string::npos) return {};
  return made.substr(begin, made.find_last_not_of(' ') - begin + 1);
}

struct Target {
  Text word;  // how look_for says it
  Text name;  // in the answer
  std::span<const Text> fields;
  std::array<Text, 5> usual;  // the parts that a rule does not give itself
  const RuleSet& (*rules)();
};

const RuleSet& browsers() {
  static const RuleSet kRules(browser_rules());
  return kRules;
}
const RuleSet& operating_systems() {
  static const RuleSet kRules(operating_system_rules());
  return kRules;
}
const RuleSet& devices() {
  static const RuleSet kRules(device_rules());
  return kRules;
}

constexpr Text kVersionFields[] = {"Family", "MajorVersion", "MinorVersion", "Patch", "PatchMinor"};
constexpr Text kDeviceFields[] = {"Family", "Brand", "Model"};
constexpr Target kTargets[] = {
    {"browser", "Browser", std::span(kVersionFields).first(4), {"$1", "$2", "$3", "$4"}, &browsers},
    {"os", "OperatingSystem", kVersionFields, {"$1", "$2", "$3", "$4", "$5"}, &operating_systems},
    {"device", "Device", kDeviceFields, {"$1", "", "$1"}, &devices},
};

std::string found_of(const Target& target, Text user_agent) {
  std::array<re2::StringPiece, 10> groups;
  const UserAgentRule* rule = target.rules().match(user_agent, groups);
  std::string json;
  JsonObjectWriter bag(json);
  for (std::size_t at = 0; at < target.fields.size(); ++at) {
    std::string part;
    if (rule != nullptr) part = filled(rule->parts[at].empty() ? target.usual[at] : rule->parts[at], groups);
    if (at == 0 && part.empty()) part = "Other";
    bag.add_string(target.fields[at], part);
  }
  bag.close();
  return json;
}

bool is_wanted(const Target& target, Text look_for) {
  const auto says = [&](Text json) {
    std::string word = json_kind(json) == JsonKind::string ? unescaped(json) : std::string();
    for (char& c : word) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return word == target.word;
  };
  if (json_kind(look_for) != JsonKind::array) return says(look_for);
  for (JsonWalk walk(look_for); walk.next();) {
    if (says(walk.value())) return true;
  }
  return false;
}

/// Logs name the same user agents again and again.
struct RecentAnswers {
  static constexpr std::size_t kMost = 4096;
  std::unordered_map<std::string, std::string> by_question;
};

/// A bag of what the text tells; null when nothing is looked for.
bool parse_user_agent(RecentAnswers& recent, Text user_agent, Text look_for, std::string& out) {
  std::string question(look_for);
  question.push_back('\n');
  question.append(user_agent);
  if (const auto at = recent.by_question.find(question); at != recent.by_question.end()) {
    out = at->second;
    return !out.empty();
  }
  bool any = false;
  JsonObjectWriter bag(out);
  for (const Target& target : kTargets) {
    if (!is_wanted(target, look_for)) continue;
    bag.add(target.name, found_of(target, user_agent));
    any = true;
  }
  bag.close();
  if (!any) out.clear();
  if (recent.by_question.size() >= RecentAnswers::kMost) recent.by_question.clear();
  recent.by_question.emplace(std::move(question), out);
  return any;
}

constexpr Kernel kKernels[] = {
    kernel<&parse_user_agent>("wardian_parse_user_agent"),
};

}  // namespace

std::span<const Kernel> user_agent_kernels() { return kKernels; }

}  // namespace wardian::kernels

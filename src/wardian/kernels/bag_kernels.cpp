#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <unordered_set>

#include "wardian/kernels/conversion.h"
#include "wardian/kernels/datetime.h"
#include "wardian/kernels/json_path.h"
#include "wardian/kernels/json_text.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"
#include "wardian/kernels/number_text.h"
#include "wardian/kernels/timespan.h"

// Functions of bags (JSON objects): what is no bag gives null.
namespace wardian::kernels {
namespace {

/// Keys (text) and values (JSON) in turn. A pair with an empty key is left out; the first of equal keys wins.
bool pack(Texts pairs, std::string& out) {
  JsonObjectWriter bag(out);
  std::unordered_set<Text> seen;
  for (std::size_t at = 0; at + 1 < pairs.size(); at += 2) {
    if (!pairs[at] || pairs[at]->empty() || !seen.insert(*pairs[at]).second) continue;
    bag.add(*pairs[at], pairs[at + 1].value_or("null"));
  }
  bag.close();
  return true;
}

/// The same, without pairs whose value is null, '', [] or {}.
bool pack_filled(Texts pairs, std::string& out) {
  std::vector<std::optional<Text>> filled;
  for (std::size_t at = 0; at + 1 < pairs.size(); at += 2) {
    const Text value = pairs[at + 1].value_or("null");
    if (value == "null" || value == "\"\"" || value == "[]" || value == "{}") continue;
    filled.push_back(pairs[at]);
    filled.push_back(value);
  }
  pack(filled, out);
  return true;
}

/// The leftmost of equal keys wins; what is no bag is passed over. Null when there is no bag at all.
bool merge_up_to(Texts bags, std::size_t keys_max, std::string& out) {
  std::unordered_set<Text> seen;
  JsonObjectWriter merged(out);
  bool any = false;
  for (const auto& json : bags) {
    if (!json || json_kind(*json) != JsonKind::object) continue;
    any = true;
    for (JsonWalk walk(*json); walk.next();) {
      if (seen.size() < keys_max && seen.insert(walk.key()).second) merged.add_literal(walk.key(), walk.value());
    }
  }
  merged.close();
  return any;
}
bool merge(Texts bags, std::string& out) { return merge_up_to(bags, std::numeric_limits<std::size_t>::max(), out); }
/// The same for the elements of one array, up to so many keys: how make_bag ends. Empty without bags.
bool merge_array(Text json, std::int64_t keys_max, std::string& out) {
  std::vector<std::optional<Text>> bags;
  for (JsonWalk walk(json); walk.next();) bags.emplace_back(walk.value());
  if (!merge_up_to(bags, static_cast<std::size_t>(keys_max), out)) out = "{}";
  return true;
}

bool keys(Text json, std::string& out) {
  if (json_kind(json) != JsonKind::object) return false;
  JsonArrayWriter array(out);
  for (JsonWalk walk(json); walk.next();) array.add(walk.key());
  array.close();
  return true;
}

/// Whether there is such a key at all, whatever its value.
bool has_key_at(Text json, std::span<const JsonStep> path) {
  if (path.empty()) return true;
  if (const auto* name = std::get_if<std::string>(&path.front())) {
    if (json_kind(json) != JsonKind::object) return false;
    for (JsonWalk walk(json); walk.next();) {
      if (unescaped(walk.key()) == *name) return has_key_at(walk.value(), path.subspan(1));
    }
    return false;
  }
  const auto element = json_element(json, std::get<std::int64_t>(path.front()));
  return element && has_key_at(*element, path.subspan(1));
}
std::optional<bool> has_key(Text json, Text key) {
  if (json_kind(json) != JsonKind::object) return std::nullopt;
  return has_key_at(json, json_path_or_key(key));
}

/// Copies the bag with the value at the path replaced or added; bags that are missing on the way are made.
void set_at(std::string& out, std::optional<Text> json, std::span<const JsonStep> path, Text value) {
  if (path.empty()) {
    out.append(value);
    return;
  }
  const auto* name = std::get_if<std::string>(&path.front());
  if (name == nullptr) {  // a position: only what is there is replaced
    std::int64_t index = std::get<std::int64_t>(path.front());
    JsonArrayWriter array(out);
    for (JsonWalk walk(json.value_or("[]")); walk.next(); --index) {
      if (index != 0) {
        array.add(walk.value());
        continue;
      }
      array.separate();
      set_at(out, walk.value(), path.subspan(1), value);
    }
    array.close();
    return;
  }
  std::string changed;
  bool found = false;
  JsonObjectWriter bag(out);
  if (json && json_kind(*json) == JsonKind::object) {
    for (JsonWalk walk(*json); walk.next();) {
      if (unescaped(walk.key()) != *name) {
        bag.add_literal(walk.key(), walk.value());
        continue;
      }
      found = true;
      set_at(changed, walk.value(), path.subspan(1), value);
      bag.add_literal(walk.key(), changed);
    }
  }
  if (!found) {
    set_at(changed, std::nullopt, path.subspan(1), value);
    bag.add(*name, changed);
  }
  bag.close();
}
bool set_key(Text json, Text key, std::optional<Text> value, std::string& out) {
  if (json_kind(json) != JsonKind::object) return false;
  set_at(out, json, json_path_or_key(key), value.value_or("null"));
  return true;
}

void remove_at(std::string& out, Text json, std::span<const JsonPath> paths) {
  if (json_kind(json) != JsonKind::object) {
    out.append(json);
    return;
  }
  JsonObjectWriter bag(out);
  for (JsonWalk walk(json); walk.next();) {
    const std::string name = unescaped(walk.key());
    bool removed = false;
    std::vector<JsonPath> deeper;
    for (const JsonPath& path : paths) {
      const auto* key = std::get_if<std::string>(&path.front());
      if (key == nullptr || *key != name) continue;
      if (path.size() == 1)
        removed = true;
      else
        deeper.emplace_back(path.begin() + 1, path.end());
    }
    if (removed) continue;
    std::string value;
    if (!deeper.empty()) remove_at(value, walk.value(), deeper);
    bag.add_literal(walk.key(), deeper.empty() ? walk.value() : Text(value));
  }
  bag.close();
}
bool remove_keys(Text json, Text key_array, std::string& out) {
  if (json_kind(json) != JsonKind::object) return false;
  std::vector<JsonPath> paths;
  for (JsonWalk walk(key_array); walk.next();) {
    if (json_kind(walk.value()) == JsonKind::string) paths.push_back(json_path_or_key(unescaped(walk.value())));
  }
  remove_at(out, json, paths);
  return true;
}

/// A bag of keys and the values at the same places; keys that are no strings are passed over.
bool zip(Text key_array, std::optional<Text> value_array, std::string& out) {
  std::vector<Text> names, values;
  if (!split_json_array(key_array, names)) return false;
  if (value_array) split_json_array(*value_array, values);
  std::unordered_set<Text> seen;
  JsonObjectWriter bag(out);
  for (std::size_t at = 0; at < names.size(); ++at) {
    if (json_kind(names[at]) != JsonKind::string || !seen.insert(names[at]).second) continue;
    bag.add_literal(names[at], at < values.size() ? values[at] : Text("null"));
  }
  bag.close();
  return true;
}

void collect_paths(Text json, const std::string& prefix, std::vector<std::string>& paths) {
  const auto visit = [&](std::string place, Text value) {
    if (std::find(paths.begin(), paths.end(), place) == paths.end()) paths.push_back(place);
    collect_paths(value, place, paths);
  };
  if (json_kind(json) == JsonKind::object) {
    for (JsonWalk walk(json); walk.next();) visit(prefix + "['" + unescaped(walk.key()) + "']", walk.value());
  } else if (json_kind(json) == JsonKind::array) {
    for (JsonWalk walk(json); walk.next();) visit(prefix + "[0]", walk.value());
  }
}
/// All paths of a value; every position of an array is written [0].
bool tree_path(Text json, std::string& out) {
  std::vector<std::string> paths;
  collect_paths(json, "", paths);
  JsonArrayWriter array(out);
  for (const std::string& path : paths) array.add_string(path);
  array.close();
  return true;
}

/// The value at a path of a JSON text, as text; '' where there is none.
void extract_json(Text path, Text json, std::string& out) {
  const auto steps = parse_json_path(path);
  std::string canonical;
  if (!steps || !append_canonical_json(canonical, json)) return;
  if (const auto found = json_at(canonical, *steps)) append_dynamic_as_text(out, *found);
}

/// What buildschema learns of all values of one place.
struct Shape {
  std::set<std::string> scalars;
  std::map<std::string, Shape> members;
  std::unique_ptr<Shape> element;
  bool object = false;
};

std::string scalar_name(Text json) {
  switch (json_kind(json)) {
    case JsonKind::boolean: return "bool";
    case JsonKind::integer: return "long";
    case JsonKind::real: return "double";
    case JsonKind::string: {
      const std::string text = unescaped(json);
      // Bare digits are text, though a year alone would read as a datetime.
      if (text.find_first_of("-/:") == std::string::npos) return "string";
      if (parse_timespan(text)) return "timespan";
      return parse_datetime(text) ? "datetime" : "string";
    }
    default: return "";
  }
}
void learn_shape(Shape& shape, Text json) {
  if (json_kind(json) == JsonKind::object) {
    shape.object = true;
    for (JsonWalk walk(json); walk.next();) learn_shape(shape.members[unescaped(walk.key())], walk.value());
  } else if (json_kind(json) == JsonKind::array) {
    if (!shape.element) shape.element = std::make_unique<Shape>();
    for (JsonWalk walk(json); walk.next();) learn_shape(*shape.element, walk.value());
  } else if (const std::string name = scalar_name(json); !name.empty()) {
    shape.scalars.insert(name);
  }
}
void write_shape(std::string& out, const Shape& shape) {
  std::vector<std::string> kinds;
  for (const std::string& name : shape.scalars) append_json_string(kinds.emplace_back(), name);
  if (shape.object) {
    JsonObjectWriter object(kinds.emplace_back());
    for (const auto& [name, member] : shape.members) {
      std::string inner;
      write_shape(inner, member);
      object.add(name, inner);
    }
    object.close();
  }
  if (shape.element) {
    std::string inner;
    write_shape(inner, *shape.element);
    JsonObjectWriter object(kinds.emplace_back());
    object.add("`indexer`", inner);
    object.close();
  }
  if (kinds.empty()) {
    out.append("\"null\"");
  } else if (kinds.size() == 1) {
    out.append(kinds.front());
  } else {
    JsonArrayWriter array(out);
    for (const std::string& kind : kinds) array.add(kind);
    array.close();
  }
}
/// The schema of all elements of one array: how buildschema ends. Null for an empty array.
bool schema_of_elements(Text json, std::string& out) {
  Shape shape;
  bool any = false;
  for (JsonWalk walk(json); walk.next(); any = true) learn_shape(shape, walk.value());
  if (any) write_shape(out, shape);
  return any;
}

/// The value with the keys of every object in the order of their bytes, which makes equal values equal texts.
void append_sorted(std::string& out, Text json) {
  const JsonKind kind = json_kind(json);
  if (kind != JsonKind::array && kind != JsonKind::object) {
    out.append(json);
    return;
  }
  std::vector<std::pair<Text, Text>> members;
  for (JsonWalk walk(json); walk.next();) members.emplace_back(walk.key(), walk.value());
  if (kind == JsonKind::object) {
    std::stable_sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  }
  out.push_back(kind == JsonKind::object ? '{' : '[');
  for (std::size_t at = 0; at < members.size(); ++at) {
    if (at > 0) out.push_back(',');
    if (kind == JsonKind::object) out.append(members[at].first).push_back(':');
    append_sorted(out, members[at].second);
  }
  out.push_back(kind == JsonKind::object ? '}' : ']');
}
bool sorted(Text json, std::string& out) {
  append_sorted(out, json);
  return true;
}

/// The text beside a key among pairs of texts, both without blanks around; '' where there is none.
void value_of_key(Text pairs, Text key, std::string& out) {
  std::vector<Text> pair;
  for (JsonWalk walk(pairs); walk.next();) {
    if (!split_json_array(walk.value(), pair) || pair.size() != 2) continue;
    if (trimmed(unescaped(pair[0])) != key) continue;
    out = trimmed(unescaped(pair[1]));
    return;
  }
}

constexpr Kernel kKernels[] = {
    kernel<&has_key>("wardian_bag_has_key"),
    kernel<&keys>("wardian_bag_keys"),
    kernel<&merge>("wardian_bag_merge"),
    kernel<&merge_array>("wardian_bag_merge_array"),
    kernel<&pack>("wardian_bag_pack"),
    kernel<&pack_filled>("wardian_bag_pack_filled"),
    kernel<&remove_keys>("wardian_bag_remove_keys"),
    kernel<&set_key>("wardian_bag_set_key"),
    kernel<&zip>("wardian_bag_zip"),
    kernel<&extract_json>("wardian_extract_json"),
    kernel<&sorted>("wardian_json_sorted"),
    kernel<&schema_of_elements>("wardian_schema_of_elements"),
    kernel<&tree_path>("wardian_treepath"),
    kernel<&value_of_key>("wardian_value_of_key"),
};

}  // namespace

std::span<const Kernel> bag_kernels() { return kKernels; }

}  // namespace wardian::kernels

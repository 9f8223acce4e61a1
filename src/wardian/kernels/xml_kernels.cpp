#include <expat.h>

#include <memory>
#include <stdexcept>
#include <vector>

#include "wardian/kernels/json_text.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"

namespace wardian::kernels {
namespace {

/// One element on its way to JSON. What it holds is kept as JSON already, in the order of first appearance.
struct Element {
  struct Member {
    std::string name;
    std::string json;  // the only value, or several with commas between
    std::size_t count = 0;
  };
  std::string name;
  std::vector<Member> members;
  std::string text;  // since the last child began
  bool has_children = false;

  void add(std::string_view member, std::string_view json) {
    for (Member& each : members) {
      if (each.name != member) continue;
      each.json.push_back(',');
      each.json.append(json);
      ++each.count;
      return;
    }
    members.push_back({std::string(member), std::string(json), 1});
  }
};

std::string_view trimmed(std::string_view text) {
  constexpr char kBlanks[] = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

/// A bag with the root element: attributes as "@name", text beside other things as "#text", elements of one name as an
/// array. Comments and instructions are passed over.
class XmlReader {
 public:
  XmlReader() : parser_(XML_ParserCreate("UTF-8")) {
    if (!parser_) throw std::bad_alloc();
  }

  /// false: no XML, or elements nested deeper than JSON values may be.
  bool read(Text xml, std::string& out) {
    if (xml.size() > kBytesMax) return false;
    // The text is UTF-8 here, whatever the declaration says.
    XML_ParserReset(parser_.get(), "UTF-8");
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), &begin_element, &end_element);
    XML_SetCharacterDataHandler(parser_.get(), &add_text);
    open_.clear();
    root_.clear();
    too_deep_ = false;
    const auto status = XML_Parse(parser_.get(), xml.data(), static_cast<int>(xml.size()), XML_TRUE);
    if (status != XML_STATUS_OK || too_deep_) return false;
    out = root_;
    return true;
  }

 private:
  static constexpr std::size_t kBytesMax = std::size_t{1} << 30;

  static void begin_element(void* reader, const XML_Char* name, const XML_Char** attributes) {
    auto& self = *static_cast<XmlReader*>(reader);
    // Each element is a bag within another; the last level may hold an array as well.
    if (self.open_.size() + 2 >= kJsonDepthMax) {
      self.too_deep_ = true;
      XML_StopParser(self.parser_.get(), XML_FALSE);
      return;
    }
    if (!self.open_.empty()) {
      self.close_text(self.open_.back());
      self.open_.back().has_children = true;
    }
    Element made;
    made.name = name;
    for (; *attributes != nullptr; attributes += 2) {
      std::string value;
      append_json_string(value, attributes[1]);
      made.add(std::string("@") + attributes[0], value);
    }
    self.open_.push_back(std::move(made));
  }

  static void end_element(void* reader, const XML_Char*) {
    auto& self = *static_cast<XmlReader*>(reader);
    Element element = std::move(self.open_.back());
    self.open_.pop_back();
    const std::string json = self.json_of(element);
    if (!self.open_.empty()) return self.open_.back().add(element.name, json);
    JsonObjectWriter root(self.root_);
    root.add(element.name, json);
    root.close();
  }

  static void add_text(void* reader, const XML_Char* text, int size) {
    auto& self = *static_cast<XmlReader*>(reader);
    if (!self.open_.empty()) self.open_.back().text.append(text, static_cast<std::size_t>(size));
  }

  /// Text beside elements counts without the blanks around it.
  static void close_text(Element& element) {
    if (const std::string_view text = trimmed(element.text); !text.empty()) {
      std::string json;
      append_json_string(json, text);
      element.add("#text", json);
    }
    element.text.clear();
  }

  static std::string json_of(Element& element) {
    std::string json;
    const bool blank = trimmed(element.text).empty();
    if (element.members.empty()) {
      if (blank) return "null";
      append_json_string(json, element.text);
      return json;
    }
    if (!blank && element.has_children) {
      close_text(element);
    } else if (!blank) {
      append_json_string(json, element.text);
      element.add("#text", json);
      json.clear();
    }
    JsonObjectWriter bag(json);
    for (const Element::Member& member : element.members) {
      bag.add(member.name, member.count == 1 ? member.json : "[" + member.json + "]");
    }
    bag.close();
    return json;
  }

  struct FreeParser {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
  };
  std::unique_ptr<XML_ParserStruct, FreeParser> parser_;
  std::vector<Element> open_;  // the innermost last
  std::string root_;
  bool too_deep_ = false;
};

bool parse_xml(XmlReader& reader, Text xml, std::string& out) { return reader.read(xml, out); }

constexpr Kernel kKernels[] = {
    kernel<&parse_xml>("wardian_parse_xml"),
};

}  // namespace

std::span<const Kernel> xml_kernels() { return kKernels; }

}  // namespace wardian::kernels

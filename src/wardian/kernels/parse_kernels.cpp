#include <algorithm>
#include <cmath>

#include "wardian/kernels/json_text.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"
#include "wardian/kernels/number_text.h"

namespace wardian::kernels {
namespace {

/// The fields of the first record of CSV text.
bool parse_csv(Text text, std::string& out) {
  JsonArrayWriter fields(out);
  std::string field;
  bool quoted = false;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted) {
      if (c != '"')
        field.push_back(c);
      else if (at + 1 < text.size() && text[at + 1] == '"')
        field.push_back(text[++at]);
      else
        quoted = false;
    } else if (c == '"' && field.empty()) {
      quoted = true;
    } else if (c == ',') {
      fields.add_string(field);
      field.clear();
    } else if (c == '\n' || c == '\r') {
      break;
    } else {
      field.push_back(c);
    }
  }
  fields.add_string(field);
  fields.close();
  return true;
}

void write_query(JsonObjectWriter& object, Text query) {
  std::string bag;
  JsonObjectWriter pairs(bag);
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const Text pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    pairs.add_string(pair.substr(0, equals), equals == Text::npos ? Text() : pair.substr(equals + 1));
  }
  pairs.close();
  object.add("Query Parameters", bag);
}

bool parse_url_query(Text text, std::string& out) {
  if (const std::size_t mark = text.find('?'); mark != Text::npos) text.remove_prefix(mark + 1);
  JsonObjectWriter object(out);
  write_query(object, text);
  object.close();
  return true;
}

/// Scheme, host, port, path, user, password, query and fragment of an absolute URL; null for anything else.
bool parse_url(Text url, std::string& out) {
  const std::size_t scheme_end = url.find("://");
  if (scheme_end == Text::npos || scheme_end == 0) return false;
  const Text scheme = url.substr(0, scheme_end);
  Text rest = url.substr(scheme_end + 3);
  const auto cut_after = [&rest](char mark) {
    const std::size_t at = rest.find(mark);
    const Text tail = at == Text::npos ? Text() : rest.substr(at + 1);
    rest = rest.substr(0, at);
    return tail;
  };
  const Text fragment = cut_after('#');
  const Text query = cut_after('?');
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const Text path = rest.substr(slash);
  Text authority = rest.substr(0, slash);
  Text user, password, port;
  if (const std::size_t at = authority.rfind('@'); at != Text::npos) {
    user = authority.substr(0, at);
    authority.remove_prefix(at + 1);
    if (const std::size_t colon = user.find(':'); colon != Text::npos) {
      password = user.substr(colon + 1);
      user = user.substr(0, colon);
    }
  }
  const std::size_t bracket = authority.rfind(']');
  if (const std::size_t colon = authority.rfind(':'); colon != Text::npos && (bracket == Text::npos || colon > bracket)) {
    port = authority.substr(colon + 1);
    authority = authority.substr(0, colon);
  }
  JsonObjectWriter object(out);
  object.add_string("Scheme", scheme);
  object.add_string("Host", authority);
  object.add_string("Port", port);
  object.add_string("Path", path);
  object.add_string("Username", user);
  object.add_string("Password", password);
  write_query(object, query);
  object.add_string("Fragment", fragment);
  object.close();
  return true;
}

/// The parts of a file path of Windows, of Unix or in a URL.
bool parse_path(Text path, std::string& out) {
  Text rest = path, scheme, root, stream;
  if (const std::size_t mark = rest.find("://"); mark != Text::npos) {
    scheme = rest.substr(0, mark);
    rest.remove_prefix(mark + 3);
  }
  const std::size_t name_at = rest.find_last_of("/\\");
  Text file = name_at == Text::npos ? rest : rest.substr(name_at + 1);
  if (const std::size_t colon = file.find(':'); colon != Text::npos && !(name_at == Text::npos && colon == 1)) {
    stream = file.substr(colon + 1);
    file = file.substr(0, colon);
  }
  Text directory = name_at == Text::npos ? Text() : rest.substr(0, name_at);
  if (rest.size() > 1 && rest[1] == ':') root = rest.substr(0, 2);
  const std::size_t last = directory.find_last_of("/\\");
  const Text directory_name = last == Text::npos ? directory : directory.substr(last + 1);
  // Of "file.txt.gz" only "gz" counts.
  const std::size_t point = file.rfind('.');
  const Text extension = point == Text::npos || point == 0 ? Text() : file.substr(point + 1);
  JsonObjectWriter object(out);
  object.add_string("Scheme", scheme);
  object.add_string("RootPath", root);
  object.add_string("DirectoryPath", directory);
  object.add_string("DirectoryName", directory_name);
  object.add_string("Filename", file);
  object.add_string("Extension", extension);
  object.add_string("AlternateDataStreamName", stream);
  object.close();
  return true;
}

/// Splits as a Windows command line: blanks part, double quotes keep together, backslashes escape quotes only.
bool parse_command_line(Text text, std::string& out) {
  JsonArrayWriter arguments(out);
  std::string argument;
  bool quoted = false, any = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\\') {
      std::size_t slashes = 1;
      while (at + 1 < text.size() && text[at + 1] == '\\') ++at, ++slashes;
      any = true;
      if (at + 1 < text.size() && text[at + 1] == '"') {
        argument.append(slashes / 2, '\\');
        if (slashes % 2 == 1) argument.push_back(text[++at]);
      } else {
        argument.append(slashes, '\\');
      }
    } else if (c == '"') {
      quoted = !quoted;
      any = true;
    } else if (!quoted && (c == ' ' || c == '\t')) {
      if (any) arguments.add_string(argument);
      argument.clear();
      any = false;
    } else {
      argument.push_back(c);
      any = true;
    }
  }
  if (any) arguments.add_string(argument);
  arguments.close();
  return true;
}

/// "10.1 KB": the largest unit in which the value is at least one, or the one asked for.
void format_bytes(double bytes, std::int64_t places, Text unit, std::string& out) {
  static constexpr Text kUnits[] = {"Bytes", "KB", "MB", "GB", "TB", "PB", "EB"};
  std::size_t at = 0;
  double value = bytes;
  if (unit.empty()) {
    for (; std::abs(value) >= 1024 && at + 1 < std::size(kUnits); ++at) value /= 1024;
  } else {
    while (at < std::size(kUnits) && kUnits[at] != unit) {
      value /= 1024;
      ++at;
    }
    if (at == std::size(kUnits)) return;
  }
  const double scale = std::pow(10.0, static_cast<double>(std::clamp<std::int64_t>(places, 0, 12)));
  append_real(out, std::round(value * scale) / scale);
  out.push_back(' ');
  out.append(kUnits[at]);
}

constexpr Kernel kKernels[] = {
    kernel<&format_bytes>("wardian_format_bytes"), kernel<&parse_command_line>("wardian_parse_command_line"),
    kernel<&parse_csv>("wardian_parse_csv"),       kernel<&parse_path>("wardian_parse_path"),
    kernel<&parse_url>("wardian_parse_url"),       kernel<&parse_url_query>("wardian_parse_urlquery"),
};

}  // namespace

std::span<const Kernel> parse_kernels() { return kKernels; }

}  // namespace wardian::kernels

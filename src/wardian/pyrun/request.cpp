#include "wardian/pyrun/request.h"

#include "wardian/base/overloaded.h"
#include "wardian/kernels/json_text.h"
#include "wardian/pyrun/batch_exchange.h"

namespace wardian::pyrun {
namespace {

using columnar::BorderColumn;
using columnar::BufferRange;
using columnar::Layout;

/// Just enough to write objects and arrays without counting commas.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}
  void open(char bracket) {
    separate();
    out_ += bracket;
    fresh_ = true;
  }
  void close(char bracket) {
    out_ += bracket;
    fresh_ = false;
  }
  void key(std::string_view name) {
    separate();
    kernels::append_json_string(out_, name);
    out_ += ':';
    fresh_ = true;
  }
  void text(std::string_view value) {
    separate();
    kernels::append_json_string(out_, value);
  }
  /// A number, a word, or JSON as it stands.
  void raw(std::string_view json) {
    separate();
    out_ += json;
  }
  void number(std::uint64_t value) { raw(std::to_string(value)); }

 private:
  void separate() {
    if (!fresh_) out_ += ',';
    fresh_ = false;
  }
  std::string& out_;
  bool fresh_ = true;
};

void range(JsonWriter& json, std::string_view name, std::uint64_t offset, std::uint64_t bytes) {
  json.key(name);
  json.open('[');
  json.number(offset);
  json.number(bytes);
  json.close(']');
}

std::string_view unit_name(columnar::TimeUnit unit) {
  static constexpr std::string_view kNames[] = {"s", "ms", "us", "ns"};
  return kNames[static_cast<std::size_t>(unit)];
}

/// The part of a column's buffers that holds the slice. `begin` is a multiple of 64, so bits begin at a byte.
void input_column(JsonWriter& json, const InputSlice& slice, std::size_t position) {
  const FramePart& part = slice.frame->part_of(position);
  const BorderColumn& column = part.layout.table.columns[slice.frame->place_in_part(position)];
  const columnar::Type type = slice.frame->schema()[position].type;
  json.open('{');
  json.key("file");
  json.number(position % slice.frame->parts().size());
  json.key("name");
  json.text(column.name);
  json.key("type");
  json.text(columnar::type_name(type));
  json.key("nulls");
  json.number(column.nulls);
  if (type == columnar::Type::datetime || type == columnar::Type::timespan) {
    json.key("unit");
    json.text(column.type == columnar::kBorderOfTicks ? "tick" : unit_name(column.type.unit));
  }
  if (column.type.layout == Layout::decimal128) {
    json.key("scale");
    json.number(column.type.scale);
  }
  const std::uint64_t bits = (slice.rows + 7) / 8;
  range(json, "validity", column.validity.offset + slice.begin / 8, column.nulls == 0 ? 0 : bits);
  if (columnar::is_text(column.type.layout)) {
    range(json, "values", column.values.offset + slice.begin * 8, (slice.rows + 1) * 8);
  } else if (column.type.layout == Layout::bits) {
    range(json, "values", column.values.offset + slice.begin / 8, bits);
  } else {
    const std::uint64_t width = columnar::fixed_width_bytes(column.type.layout);
    range(json, "values", column.values.offset + slice.begin * width, slice.rows * width);
  }
  range(json, "text", column.text.offset, column.text.bytes);
  json.close('}');
}

void input(JsonWriter& json, const InputSlice& slice) {
  json.open('{');
  json.key("variable");
  json.text(slice.variable);
  json.key("rows");
  json.number(slice.rows);
  json.key("bodies");
  json.open('[');
  for (const FramePart& part : slice.frame->parts()) json.number(part.layout.body_begin);
  json.close(']');
  json.key("columns");
  json.open('[');
  for (std::size_t i = 0; i < slice.frame->schema().size(); ++i) input_column(json, slice, i);
  json.close(']');
  json.close('}');
}

void output(JsonWriter& json, const Output& wanted) {
  json.open('{');
  const auto variable = [&](std::string_view kind, const std::string& name, bool optional) {
    json.key("kind");
    json.text(kind);
    json.key("variable");
    json.text(name);
    json.key("optional");
    json.raw(optional ? "true" : "false");
  };
  std::visit(overloaded{[&](const FrameOutput& frame) {
                          variable("frame", frame.variable, frame.optional);
                          json.key("columns");
                          if (!frame.schema) {
                            json.raw("null");
                            return;
                          }
                          json.open('[');
                          for (const columnar::Column& column : *frame.schema) {
                            json.open('{');
                            json.key("name");
                            json.text(column.name);
                            json.key("type");
                            json.text(columnar::type_name(column.type));
                            if (column.type == columnar::Type::decimal) {
                              json.key("scale");
                              json.number(columnar::kDecimalScale);  // the digits that the engine has
                            }
                            json.close('}');
                          }
                          json.close(']');
                        },
                        [&](const BlobOutput& blob) { variable("blob", blob.variable, blob.optional); },
                        [&](const ExtrasOutput&) { variable("extras", "", true); }},
             wanted);
  json.close('}');
}

}  // namespace

std::string encode_request(const Call& call, std::span<const InputSlice> inputs, const std::string& files_folder) {
  std::string request;
  JsonWriter json(request);
  json.open('{');
  json.key("script");
  json.text(call.script);
  json.key("inputs");
  json.open('[');
  for (const InputSlice& slice : inputs) input(json, slice);
  json.close(']');
  json.key("files");
  json.open('[');
  for (const FileInput& file : call.files) json.text(file.name);
  json.close(']');
  if (!call.files.empty()) {
    json.key("files_folder");
    json.text(files_folder);
  }
  json.key("blobs");
  json.open('[');
  for (const BlobInput& blob : call.blobs) {
    json.open('{');
    json.key("key");
    json.text(blob.key);
    json.key("blob");
    json.text(blob.name);
    json.key("pickle");
    json.raw(blob.pickled ? "true" : "false");
    json.key("offset");
    json.number(blob.offset);
    json.key("bytes");
    json.number(blob.bytes);
    json.close('}');
  }
  json.close(']');
  if (!call.dtypes.empty()) {
    json.key("dtypes");
    json.text(call.dtypes);
  }
  json.key("parameters");
  json.open('{');
  for (const Parameter& parameter : call.parameters) {
    json.key(parameter.variable);
    json.raw(parameter.json.empty() ? "null" : std::string_view(parameter.json));
  }
  json.close('}');
  json.key("modules");
  json.open('{');
  for (const ImportedModule& imported : call.modules) {
    json.key(imported.variable);
    json.text(imported.module);
  }
  json.close('}');
  if (call.on_profile) {
    json.key("profile");
    json.raw("true");
  }
  json.key("outputs");
  json.open('[');
  for (const Output& wanted : call.outputs) output(json, wanted);
  json.close(']');
  if (call.batches != nullptr) {
    json.key("batches");
    json.open('{');
    json.key("variable");
    json.text(call.batches->variable());
    json.key("memory");
    json.number(call.policy.memory_bytes_max);
    json.close('}');
  }
  json.close('}');
  return request;
}

std::string encode_input(const InputSlice& slice) {
  std::string text;
  JsonWriter json(text);
  input(json, slice);
  return text;
}

}  // namespace wardian::pyrun

#include <algorithm>
#include <map>

#include "wardian/kernels/json_text.h"
#include "wardian/kql/constant_json.h"
#include "wardian/kql/operators/projection.h"
#include "wardian/kql/plugins/plugin_table.h"

namespace wardian::kql {
namespace {

struct Found {
  columnar::Schema schema;
  NodePtr sample;  // a file whose columns these are
};

Error bad_option(const std::string& name, const std::string& wanted, SourceSpan span) {
  return error_at(ErrorCode::bad_argument, "The property " + name + " is " + wanted, span,
                  "dynamic({'StorageContainers': ['folder'], 'DataFormat': 'parquet'})");
}

/// What the bag of options asks for.
Result<ExternalFiles::Search> search_of(Binder& binder, const PluginArgument& options) {
  const SourceSpan span = options.written->span;
  WARDIAN_ASSIGN(const Value value, binder.constant(options.value, span));
  const auto* json = std::get_if<std::string>(&value.held);
  const auto members = json != nullptr ? object_members(*json) : std::nullopt;
  if (!members) return error_at(ErrorCode::bad_argument, "A bag of options is needed here", span);
  std::map<std::string, std::string> texts;
  ExternalFiles::Search made;
  made.span = span;
  for (const auto& [name, member] : *members) {
    const auto* text = std::get_if<std::string>(&member.held);
    if (name == "StorageContainers") {
      const auto elements = text != nullptr && member.type == Type::dynamic ? array_elements(*text) : std::nullopt;
      for (const Value& each : elements.value_or(std::vector<Value>())) {
        const auto* location = std::get_if<std::string>(&each.held);
        if (location == nullptr || each.type != Type::string) return bad_option(name, "an array of texts", span);
        made.locations.push_back(*location);
      }
    } else if (name != "InferenceOptions") {
      if (text == nullptr || member.type != Type::string) return bad_option(name, "a text", span);
      texts[name] = *text;
    }
  }
  if (made.locations.empty()) return bad_option("StorageContainers", "an array of folders", span);
  made.format = texts["DataFormat"];
  if (made.format.empty()) return bad_option("DataFormat", "the format of the files", span);
  made.name_begin = texts["FileNamePrefix"];
  made.name_end = texts["FileExtension"];
  const std::string mode = texts.contains("Mode") ? texts["Mode"] : "last";
  if (mode != "any" && mode != "last" && mode != "all") return bad_option("Mode", "'any', 'last' or 'all'", span);
  made.which = mode == "any"   ? ExternalFiles::Search::Which::first
               : mode == "all" ? ExternalFiles::Search::Which::all
                               : ExternalFiles::Search::Which::last_written;
  return made;
}

/// The type that values of both have: the wider number, else string.
Type merged(Type a, Type b) {
  if (a == b) return a;
  if (!columnar::is_numeric(a) || !columnar::is_numeric(b)) return Type::string;
  if (a == Type::real || b == Type::real) return Type::real;
  return a == Type::decimal || b == Type::decimal ? Type::decimal : Type::int64;
}

Result<Found> look(Binder& binder, const PluginCall& call) {
  const SourceSpan span = call.name().span;
  if (binder.context().external_files == nullptr) return external_files_refused(call.plugin.name, span);
  if (binder.options().external_data_disabled) {
    return error_at(ErrorCode::access_denied, "The request bars files: set request_external_data_disabled", span);
  }
  WARDIAN_ASSIGN(const ExternalFiles::Search search, search_of(binder, call.arguments.at("Options")));
  WARDIAN_ASSIGN(const std::vector<NodePtr> files, binder.context().external_files->find(search));
  Found made{files.front()->schema, files.front()};
  for (std::size_t at = 1; at < files.size(); ++at) {
    for (const columnar::Column& column : files[at]->schema) {
      const auto known = columnar::find_column(made.schema, column.name);
      if (known) {
        made.schema[*known].type = merged(made.schema[*known].type, column.type);
      } else {
        made.schema.push_back(column);
      }
    }
  }
  return made;
}

NodePtr one_text(const char* column, std::string text) {
  return plan::make_node(plan::Rows{{{constant_expr(Value{Type::string, std::move(text)})}}}, {{column, Type::string}});
}

/// The unit in which a whole number is a time of this age since 1970, if it is one: from 2000 to 2100, so that counts are none.
/// Larger numbers are times in smaller units. Source: the mapping transformations of the reference.
std::string_view unix_time(std::int64_t value) {
  constexpr std::int64_t kFrom = 946'684'800, kTo = 4'102'444'800;
  constexpr std::pair<std::int64_t, std::string_view> kUnits[] = {{1, "DateTimeFromUnixSeconds"},
                                                                  {1'000, "DateTimeFromUnixMilliseconds"},
                                                                  {1'000'000, "DateTimeFromUnixMicroseconds"},
                                                                  {1'000'000'000, "DateTimeFromUnixNanoseconds"}};
  for (const auto& [unit, name] : kUnits) {
    if (value / unit >= kFrom && value / unit < kTo) return name;
  }
  return {};
}

std::string described(const std::string& name, Type type) {
  std::string made = R"({"Name":)";
  kernels::append_json_string(made, name);
  const bool numeric = columnar::is_numeric(type);
  const bool summable = numeric || type == Type::datetime || type == Type::timespan;
  made += R"(,"CslType":{"type":")" + std::string(columnar::type_name(type)) + R"(","IsNumeric":)" +
          (numeric ? "true" : "false") + R"(,"IsSummable":)" + (summable ? "true" : "false") + "}}";
  return made;
}

bool ends_with_id(std::string_view name) {
  if (name.size() < 2) return false;
  const std::string_view end = name.substr(name.size() - 2);
  return (end[0] == 'i' || end[0] == 'I') && (end[1] == 'd' || end[1] == 'D');
}

}  // namespace

/// The columns of the files as a schema is written: "a:long, b:string".
OperatorResult bind_infer_storage_schema(Binder& binder, const PluginCall& call) {
  WARDIAN_ASSIGN(const Found found, look(binder, call));
  std::string text;
  for (const columnar::Column& column : found.schema) {
    text += (text.empty() ? "" : ", ") + column.name + ":" + std::string(columnar::type_name(column.type));
  }
  return one_text("CslSchema", std::move(text));
}

/// The columns as a bag, each with the type that would serve better: ids are texts, times since 1970 are datetimes.
OperatorResult bind_infer_storage_schema_with_suggestions(Binder& binder, const PluginCall& call) {
  WARDIAN_ASSIGN(const Found found, look(binder, call));
  std::string json = R"({"Columns":[)";
  for (std::size_t at = 0; at < found.schema.size(); ++at) {
    const auto& [name, type] = found.schema[at];
    Type better = type;
    std::string_view mapping = "None";
    if (type == Type::int64 && ends_with_id(name)) {
      better = Type::string;
    } else if (type == Type::int64) {
      const auto own = columnar::find_column(found.sample->schema, name);
      if (own && found.sample->schema[*own].type == Type::int64) {
        syntax::Call any;
        any.function = {"max", call.name().span, false};
        any.span = call.name().span;
        WARDIAN_ASSIGN(ExprPtr value, binder.aggregate(any, {input_column(found.sample->schema, *own)}));
        NodePtr one = plan::make_node(plan::Aggregate{found.sample, {}, {{"value", std::move(value)}}}, {{"value", Type::int64}});
        const Result<Value> sample =
            binder.constant(plan::make_expr(plan::ScalarSubquery{std::move(one)}, Type::int64, any.span), any.span);
        if (!sample.ok() && !binder.left_to_the_run()) return sample.error();
        const auto* number = sample.ok() ? std::get_if<std::int64_t>(&sample->held) : nullptr;
        const std::string_view unit = number != nullptr ? unix_time(*number) : std::string_view();
        if (!unit.empty()) {
          better = Type::datetime;
          mapping = unit;
        }
      }
    }
    json += std::string(at > 0 ? "," : "") + R"({"OriginalColumn":)" + described(name, type) + R"(,"RecommendedColumn":)" +
            described(name, better) + R"(,"ApplicableTransformationMapping":")" + std::string(mapping) + R"("})";
  }
  json += "]}";
  return one_text("SuggestedTableSchema", std::move(json));
}

}  // namespace wardian::kql

#include "wardian/kql/plugins/funnel_rows.h"

#include "wardian/kql/constant_json.h"

namespace wardian::kql {

Result<std::vector<std::string>> funnel_states(Binder& binder, const PluginArgument& sequence) {
  WARDIAN_ASSIGN(const Value value, binder.constant(sequence.value, sequence.written->span));
  const auto* json = std::get_if<std::string>(&value.held);
  const auto elements = json != nullptr ? array_elements(*json) : std::nullopt;
  if (!elements || elements->empty()) {
    return error_at(ErrorCode::bad_argument, "An array of states is needed here", sequence.written->span, "dynamic(['a', 'b'])");
  }
  std::vector<std::string> made;
  for (const Value& each : *elements) {
    WARDIAN_ASSIGN(const Value text, binder.constant(cast(constant_expr(each), Type::string), sequence.written->span));
    const auto* held = std::get_if<std::string>(&text.held);
    made.push_back(held != nullptr ? *held : std::string());
  }
  return made;
}

Result<NodePtr> funnel_rows(Binder& binder, const PluginCall& call, Timeline& timeline) {
  const Type axis = timeline.time().type;
  if (axis == Type::real || axis == Type::decimal) {
    return error_at(ErrorCode::type_mismatch, "A datetime, timespan or whole number is needed for TimelineColumn",
                    call.arguments.at("TimelineColumn").written->span);
  }
  WARDIAN_ASSIGN(NodePtr rows, timeline.rows(call.arguments.at("Start").value, call.arguments.at("End").value,
                                             &call.arguments.at("StateColumn")));
  return bind_body(binder, R"(
      T
      | where isnotnull(_id)
      | extend state = tostring(_value), place = _time - _zero
      | extend rank = array_index_of(_states, state)
      | sort by _id asc, place asc, rank asc
      | project _id, changed = row_number() == 1 or _id != prev(_id), place, state, _bin)",
                   {{"T", std::move(rows)},
                    named_value("_states", call.arguments.at("Sequence").value),
                    named_value("_zero", constant_expr(Value{axis == Type::int32 ? Type::int64 : axis, std::int64_t{0}}))},
                   call.name().span);
}

}  // namespace wardian::kql

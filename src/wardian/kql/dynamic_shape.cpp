#include "wardian/kql/dynamic_shape.h"

#include <optional>
#include <vector>

#include "wardian/kernels/json_text.h"
#include "wardian/kql/binder.h"
#include "wardian/kql/dynamic_shape_table.h"
#include "wardian/kql/overload.h"

namespace wardian::kql {
namespace {

constexpr DynamicShape kUnknown{};
constexpr DynamicShape array_of(Element element) { return {Shape::array, element}; }

char letter_at(std::string_view parameters, std::size_t at) {
  if (at < parameters.size()) return parameters[at];
  const bool repeats = !parameters.empty() && parameters.back() >= 'A' && parameters.back() <= 'Z';
  return repeats ? parameters.back() : '.';
}

Element element_of(Type type) {
  switch (type) {
    case Type::dynamic: return Element::unknown;
    case Type::string: return Element::text;
    case Type::int32:
    case Type::int64: return Element::integer;
    default: return Element::other;
  }
}

Element element_of(const DynamicShape& shape) {
  switch (shape.shape) {
    case Shape::array: return Element::array;
    case Shape::bag: return Element::bag;
    case Shape::scalar: return shape.element;
    default: return Element::unknown;
  }
}

DynamicShape shape_of(Element element) {
  switch (element) {
    case Element::unknown: return kUnknown;
    case Element::array: return array_of(Element::unknown);
    case Element::bag: return {Shape::bag, Element::unknown};
    default: return {Shape::scalar, element};
  }
}

DynamicShape common(const DynamicShape& a, const DynamicShape& b) {
  if (a.shape != b.shape) return kUnknown;
  return {a.shape, a.element == b.element ? a.element : Element::unknown};
}

DynamicShape shape_of_json(std::string_view json) {
  switch (kernels::json_kind(json)) {
    case kernels::JsonKind::null: return kUnknown;
    case kernels::JsonKind::object: return {Shape::bag, Element::unknown};
    case kernels::JsonKind::string: return {Shape::scalar, Element::text};
    case kernels::JsonKind::integer: return {Shape::scalar, Element::integer};
    case kernels::JsonKind::array: break;
    default: return {Shape::scalar, Element::other};
  }
  std::optional<Element> all;
  for (kernels::JsonWalk walk(json); walk.next();) {
    const Element one = element_of(shape_of_json(walk.value()));
    if (all && *all != one) return array_of(Element::unknown);
    all = one;
  }
  return array_of(all.value_or(Element::unknown));
}

/// Of any value: one that is not dynamic is a scalar of its type.
DynamicShape shape_of_value(const plan::Expr& expr) {
  return expr.type == Type::dynamic ? dynamic_shape(expr) : DynamicShape{Shape::scalar, element_of(expr.type)};
}

/// What all of the arguments are.
DynamicShape shape_of_all(std::span<const plan::ExprPtr> arguments) {
  if (arguments.empty()) return kUnknown;
  DynamicShape made = shape_of_value(*arguments[0]);
  for (const plan::ExprPtr& argument : arguments.subspan(1)) made = common(made, shape_of_value(*argument));
  return made;
}

/// iff() and case(): conditions and values in turn, then the value otherwise.
DynamicShape shape_of_chosen(std::span<const plan::ExprPtr> arguments) {
  std::vector<plan::ExprPtr> values;
  for (std::size_t at = 1; at < arguments.size(); at += 2) values.push_back(arguments[at]);
  values.push_back(arguments.back());
  return shape_of_all(values);
}

/// a[0] of an array that holds one kind of thing, a.b of a bag that is written out.
DynamicShape shape_of_part(const plan::Call& call) {
  const DynamicShape source = dynamic_shape(*call.arguments[0]);
  const auto* constant = std::get_if<plan::Constant>(&call.arguments[1]->node);
  const auto* name = constant == nullptr ? nullptr : std::get_if<std::string>(&constant->value.held);
  if (source.shape == Shape::array && name == nullptr) return shape_of(source.element);
  if (source.shape != Shape::bag || name == nullptr) return kUnknown;
  if (const auto* bag = std::get_if<plan::Constant>(&call.arguments[0]->node)) {
    const auto member = kernels::json_member(std::get<std::string>(bag->value.held), *name);
    return member ? shape_of_json(*member) : kUnknown;
  }
  const auto* packed = std::get_if<plan::Call>(&call.arguments[0]->node);
  if (packed == nullptr || packed->name != "bag_pack") return kUnknown;
  for (std::size_t at = 0; at + 1 < packed->arguments.size(); at += 2) {
    const auto* key = std::get_if<plan::Constant>(&packed->arguments[at]->node);
    const auto* text = key == nullptr ? nullptr : std::get_if<std::string>(&key->value.held);
    if (text != nullptr && *text == *name) return shape_of_value(*packed->arguments[at + 1]);
  }
  return kUnknown;
}

/// What an array of the arguments holds.
Element element_of_all(std::span<const plan::ExprPtr> arguments) {
  std::optional<Type> type;
  for (const plan::ExprPtr& argument : arguments) {
    if (argument->type == Type::dynamic) return element_of(shape_of_all(arguments));
    type = type ? common_type(*type, argument->type) : argument->type;
    if (!type) return Element::unknown;
  }
  return type ? element_of(*type) : Element::unknown;
}

DynamicShape shape_of_result(const ShapeRow& row, std::span<const plan::ExprPtr> arguments) {
  switch (row.result) {
    case 'a': return array_of(Element::unknown);
    case 's': return array_of(Element::text);
    case 'i': return array_of(Element::integer);
    case 'r': return array_of(Element::other);
    case 'n': return array_of(Element::array);
    case 'e': return array_of(element_of_all(arguments));
    case 'u': return array_of(shape_of_all(arguments).element);
    case 'b': return {Shape::bag, Element::unknown};
    case '1': return arguments.empty() ? kUnknown : dynamic_shape(*arguments[0]);
    case 'c': return row.function.ends_with("concat") ? shape_of_all(arguments) : shape_of_all(arguments.subspan(1));
    default: return kUnknown;
  }
}

struct Wanted {
  Shape shape;
  Element element;
  const char* message;
  const char* hint;
};

constexpr Wanted kWantsArray{Shape::array, Element::unknown, "an array is needed here", "dynamic([1, 2]), or pack_array(1, 2)"};
constexpr Wanted kWantsBag{Shape::bag, Element::unknown, "a bag is needed here", "dynamic({\"a\": 1}), or bag_pack(\"a\", 1)"};
constexpr Wanted kWantsTexts{Shape::array, Element::text, "a string or an array of strings is needed here",
                             "dynamic([\"a\", \"b\"]), or tostring(…)"};
constexpr Wanted kWantsIntegers{Shape::array, Element::integer, "an integer or an array of integers is needed here",
                                "dynamic([65, 66]), or toint(…)"};

const Wanted* wanted_by(char letter) {
  switch (letter) {
    case 'a':
    case 'A':
    case 'x':
    case 'y': return &kWantsArray;
    case 'b':
    case 'B': return &kWantsBag;
    case 's':
    case 'S': return &kWantsTexts;
    case 'i':
    case 'I': return &kWantsIntegers;
    default: return nullptr;
  }
}

bool fits(const Wanted& wanted, const DynamicShape& given) {
  if (given.shape == Shape::unknown) return true;
  if (wanted.element == Element::unknown) return given.shape == wanted.shape;
  return given.shape != Shape::bag && (given.element == Element::unknown || given.element == wanted.element);
}

}  // namespace

DynamicShape dynamic_shape(const plan::Expr& expr) {
  if (expr.type != Type::dynamic) return kUnknown;
  if (const auto* constant = std::get_if<plan::Constant>(&expr.node)) {
    const auto* json = std::get_if<std::string>(&constant->value.held);
    return json == nullptr || json->empty() ? kUnknown : shape_of_json(*json);
  }
  const auto* call = std::get_if<plan::Call>(&expr.node);
  if (call == nullptr) return kUnknown;
  if (call->name == "case") return shape_of_chosen(call->arguments);
  if (call->name == "coalesce") return shape_of_all(call->arguments);
  if (call->name == "member" || call->name == "element") return shape_of_part(*call);
  const ShapeRow* row = find_shape_row(call->name);
  return row == nullptr ? kUnknown : shape_of_result(*row, call->arguments);
}

Status check_dynamic_shapes(std::string_view function, SourceSpan name_span, std::span<const plan::ExprPtr> arguments) {
  const ShapeRow* row = find_shape_row(function);
  if (row == nullptr) return {};
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    const char letter = letter_at(row->parameters, at);
    const Wanted* wanted = wanted_by(letter);
    // Of arrays that are sorted together the last may be a bool, which says where nulls go.
    const bool flag = at > 0 && at + 1 == arguments.size() && arguments[at]->type == Type::boolean;
    const bool no_array = letter == 'A' && arguments[at]->type != Type::dynamic && !flag;
    if (wanted == nullptr || (!no_array && fits(*wanted, dynamic_shape(*arguments[at])))) continue;
    const bool of_call = letter == 'x' || (letter == 'y' && arguments[1 - at]->type == Type::dynamic);
    return error_at(ErrorCode::type_mismatch, std::string(function) + "(): " + wanted->message,
                    of_call ? name_span : arguments[at]->span, wanted->hint);
  }
  return {};
}

Status check_part(const plan::Expr& source, const plan::Expr& index) {
  const DynamicShape shape = dynamic_shape(source);
  if (shape.shape == Shape::scalar) {
    return error_at(ErrorCode::type_mismatch, "Only arrays and bags have parts", index.span);
  }
  const bool number = columnar::is_integer(index.type), name = index.type == Type::string, any = index.type == Type::dynamic;
  if (any || (number && shape.shape != Shape::bag) || (name && shape.shape != Shape::array)) return {};
  const char* message = shape.shape == Shape::array ? "The place in an array is an integer"
                        : shape.shape == Shape::bag ? "The key of a bag is a string"
                                                    : "A part of a dynamic value is named by an integer or a string";
  return error_at(ErrorCode::type_mismatch, message, index.span);
}

}  // namespace wardian::kql

#include "wardian/algorithm/row_program.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace wardian::algorithm {
namespace {

RowNode whole(std::int64_t value) {
  RowNode node;
  node.value.set_whole(value);
  return node;
}
RowNode real(double value) {
  RowNode node;
  node.value.set_real(value);
  return node;
}
RowNode text(std::string_view value) {
  RowNode node;
  node.value.set_text(value);
  return node;
}
RowNode null() { return {}; }
RowNode truth(bool value) {
  RowNode node;
  node.value.set_truth(value);
  return node;
}
RowNode made(RowOp op, std::vector<RowNode> parts) {
  RowNode node;
  node.op = op;
  node.parts = std::move(parts);
  return node;
}

/// "null", "true", "7", "1.5", "'text'", or the error's message.
std::string answer(RowNode root, std::span<const Cell* const> slots = {}) {
  const RowProgram program{std::move(root), 4};
  RowMachine machine(program);
  Cell cell;
  const Status status = machine.run(slots, cell);
  if (!status.ok()) return status.error().message;
  switch (cell.kind) {
    case Cell::Kind::null: return "null";
    case Cell::Kind::boolean: return cell.truth ? "true" : "false";
    case Cell::Kind::whole: return std::to_string(cell.whole);
    case Cell::Kind::decimal: return "decimal";
    case Cell::Kind::real: return std::isnan(cell.real) ? "nan" : std::to_string(cell.real);
    case Cell::Kind::text: return "'" + cell.text + "'";
  }
  return {};
}

// Expected: SQL's own rules of three truth values, whole division and order, with NaN as the greatest number.
TEST(RowProgram, Operators) {
  const double nan = std::nan("");
  const struct {
    RowNode root;
    const char* expected;
  } cases[] = {
      {made(RowOp::add, {whole(2), whole(3)}), "5"},
      {made(RowOp::add, {whole(INT64_MAX), whole(1)}), "A number is too large"},
      {made(RowOp::add, {whole(2), null()}), "null"},
      {made(RowOp::divide, {whole(3), whole(2)}), "1.500000"},
      {made(RowOp::floor_divide, {whole(-7), whole(2)}), "-3"},
      {made(RowOp::floor_divide, {whole(7), whole(0)}), "null"},
      {made(RowOp::floor_divide, {whole(INT64_MIN), whole(-1)}), "A number is too large"},
      {made(RowOp::modulo, {whole(INT64_MIN), whole(-1)}), "0"},
      {made(RowOp::both, {truth(true), null()}), "null"},
      {made(RowOp::both, {null(), truth(false)}), "false"},
      {made(RowOp::either, {null(), truth(true)}), "true"},
      {made(RowOp::either, {null(), truth(false)}), "null"},
      {made(RowOp::less, {real(1), real(nan)}), "true"},
      {made(RowOp::equal, {real(nan), real(nan)}), "true"},
      {made(RowOp::equal, {null(), whole(1)}), "null"},
      {made(RowOp::not_distinct, {null(), null()}), "true"},
      {made(RowOp::in_list, {whole(2), whole(1), whole(2)}), "true"},
      {made(RowOp::in_list, {whole(2), whole(1), null()}), "null"},
      {made(RowOp::choose, {null(), whole(1), truth(true), whole(2), whole(3)}), "2"},
      {made(RowOp::coalesce, {null(), text("x")}), "'x'"},
      {made(RowOp::null_if, {text("x"), text("x")}), "null"},
      {made(RowOp::greatest, {null(), whole(1), whole(3)}), "3"},
      {made(RowOp::join, {text("a"), null(), text("b")}), "'ab'"},
      {made(RowOp::append, {text("a"), null()}), "null"},
      {made(RowOp::upper, {text("straße é \xFF")}), "'STRAßE É \xFF'"},
      {made(RowOp::to_int, {whole(INT64_MAX)}), "A value cannot be converted"},
      {made(RowOp::to_long, {real(2.5)}), "2"},
      {made(RowOp::json_type, {text("-1")}), "'BIGINT'"},
      {made(RowOp::json_type, {text("[1.5]")}), "'ARRAY'"},
  };
  for (const auto& each : cases) EXPECT_EQ(answer(each.root), each.expected) << static_cast<int>(each.root.op);
}

TEST(RowProgram, SlotsAndConversionsThatMayFail) {
  Cell seven;
  seven.set_whole(7);
  const std::array<const Cell*, 2> slots{&seven, nullptr};
  RowNode first, second;
  first.op = second.op = RowOp::slot;
  second.index = 1;
  EXPECT_EQ(answer(made(RowOp::multiply, {first, whole(6)}), slots), "42");
  EXPECT_EQ(answer(second, slots), "null");
  RowNode lenient = made(RowOp::to_long, {text("seven")});
  lenient.lenient = true;
  EXPECT_EQ(answer(lenient), "null");
}

}  // namespace
}  // namespace wardian::algorithm

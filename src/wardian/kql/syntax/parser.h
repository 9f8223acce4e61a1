#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "wardian/base/result.h"
#include "wardian/kql/syntax/tree.h"

namespace wardian::kql::syntax {

inline constexpr std::size_t kQueryTextBytesMax = 64u << 20;
/// Brackets within brackets, in expressions and pipelines alike; bounds the parser's own recursion.
inline constexpr std::size_t kNestingDepthMax = 250;
/// Height of an expression's tree; a chain such as a + b + c adds one for each term (`and` and `or` do not).
inline constexpr std::size_t kTreeHeightMax = 1000;

/// Parses a request's text. The error is the first in the text, at its exact place, with a hint for common slips; further
/// ones are mistakes in other operators, arguments and statements.
Result<QueryTree> parse_query(std::string_view text);

/// The same for whoever looks on for mistakes in what could be read.
ReadQuery read_query(std::string_view text);

/// Parses one management command (a text whose first token is a dot).
Result<CommandTree> parse_command(std::string_view text);

/// Parses a text of one or several management commands, each of which begins on a line of its own.
Result<std::vector<CommandTree>> parse_command_script(std::string_view text);

/// Whether the text is a management command rather than a query.
bool is_command(std::string_view text);

/// A stored function: its parameters "(a: long, T: (*))" and its body "{ … }", each a text of its own.
/// An error's span lies in the one of the two that is wrong: the parameters are read first.
Result<FunctionDeclaration> parse_stored_function(std::string_view parameters, std::string_view body);

/// One scalar expression that fills the whole text: values of query parameters, defaults.
Result<Expr> parse_scalar_expression(std::string_view text);

}  // namespace wardian::kql::syntax

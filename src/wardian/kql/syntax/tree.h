#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "wardian/base/error_list.h"
#include "wardian/kql/syntax/tree_expression.h"
#include "wardian/kql/syntax/tree_function.h"
#include "wardian/kql/syntax/tree_operator.h"

namespace wardian::kql::syntax {

/// A whole request text: statements in order; every QueryStatement among them gives one table.
/// Spans are byte offsets into the text that was parsed, which the tree does not keep.
struct QueryTree {
  std::vector<Statement> statements;
};

/// A text as far as it can be read: what cannot is Unreadable in the tree, and has its error in the list.
struct ReadQuery {
  QueryTree tree;
  ErrorList errors;
};

/// A management command. `words` are the bare words of its head in order ("show", "table", "T", "details"); what they
/// mean is not judged here: the tree only promises a known verb, balanced brackets, closed strings, and that embedded
/// queries and functions parse. Spans are offsets into the whole text, also where it holds several commands.
struct CommandTree {
  std::string verb;                         // the first word: "show", "create-or-alter"
  std::vector<std::string> words;           // the verb included
  SourceSpan head;                          // from the dot to where an embedded query, `|` or the next command begins
  ExprPtr post_operators;                   // a Pipe without a source when `| operators` follow; else null
  std::vector<QueryTree> queries;           // what stands after `<|`, or in the braces of a materialized view
  std::vector<CommandTree> commands;        // commands that stand after `<|`
  std::optional<Identifier> function_name;  // of `.create function` and the like
  std::optional<FunctionDeclaration> function;
};

}  // namespace wardian::kql::syntax

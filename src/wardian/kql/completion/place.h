#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "wardian/kql/completion/tokens_before.h"

namespace wardian::kql {

/// What an open bracket holds.
enum class BracketKind : std::uint8_t {
  whole,   // none: the text itself
  body,    // { statements } of a function
  source,  // ( a pipeline of its own ), as on the right of join
  piped,   // ( operators over the rows of the pipeline outside ), as in fork
  call,    // f( arguments )
  group,   // any other: expressions, schemas, properties
};

/// One bracket that is open at the cursor, with the statement and the part of a pipeline that the cursor is in.
struct Bracket {
  BracketKind kind = BracketKind::whole;
  std::size_t opened = 0;                     // its token
  std::string_view name;                      // of a call
  std::vector<std::size_t> statements = {0};  // where each statement within begins
  std::size_t source = 0;                     // where the pipeline begins, behind `let NAME =`
  std::vector<std::size_t> pipes;             // of this pipeline

  std::size_t statement() const { return statements.back(); }
  /// Where the operator, or what begins the pipeline, begins.
  std::size_t segment() const { return pipes.empty() ? source : pipes.back() + 1; }
  /// Whether expressions within look out: there is no pipeline of its own here.
  bool is_transparent() const { return (kind == BracketKind::call || kind == BracketKind::group) && pipes.empty(); }
};

/// The brackets around the cursor, the text itself first.
struct Place {
  std::vector<Bracket> brackets;

  /// The innermost bracket with a pipeline; its index.
  std::size_t pipeline() const;
};

Place find_place(const TokensBefore& tokens);

/// The operator that the segment from `begin` to before `end` begins with ("", if it is none), and how many tokens that is.
std::string_view operator_at(const TokensBefore& tokens, std::size_t begin, std::size_t end, std::size_t& size);

}  // namespace wardian::kql

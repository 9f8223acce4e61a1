#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wardian/base/result.h"
#include "wardian/columnar/type.h"
#include "wardian/columnar/value.h"
#include "wardian/kql/request_options.h"
#include "wardian/plan/node.h"

namespace wardian::kql {

namespace syntax {
struct QueryTree;
struct ReadQuery;
}  // namespace syntax

/// A stored function as the catalogue keeps it: "(a: long, T: (*))" and "{ T | take a }".
struct StoredFunction {
  std::string parameters;
  std::string body;
};

/// What a name outside the query's own `let`s may mean. `database` is empty for the request's own.
class Tables {
 public:
  virtual ~Tables() = default;
  /// What current_database() says where the request names none.
  virtual std::string default_database() const = 0;
  /// A Scan with its schema; nullopt when there is no such table.
  virtual Result<std::optional<plan::NodePtr>> find(std::string_view database, std::string_view name) = 0;
  virtual Result<std::optional<StoredFunction>> function(std::string_view database, std::string_view name) = 0;
  /// All names, for wildcards of `union` and for hints.
  virtual std::vector<std::string> table_names(std::string_view database) = 0;
  virtual std::vector<std::string> function_names(std::string_view database) = 0;
};

/// Runs a piece of the query while the rest is still being bound; see docs/architecture.md, "Staged binding".
class StageRunner {
 public:
  virtual ~StageRunner() = default;
  /// The value of an expression without columns; it may hold a ScalarSubquery.
  virtual Result<columnar::Value> evaluate(const plan::ExprPtr& expr) = 0;
  /// Runs the plan into a temporary table and gives the Scan of it, `serialized` as its input was.
  virtual Result<plan::NodePtr> materialise(const plan::NodePtr& plan) = 0;
};

/// Files that a query names itself, in `externaldata`. Null in the context where they are not allowed.
class ExternalFiles {
 public:
  virtual ~ExternalFiles() = default;
  struct Request {
    columnar::Schema schema;
    std::vector<std::string> locations;
    std::map<std::string, std::string> properties;  // format, ignoreFirstRecord, ...
    SourceSpan span;
  };
  virtual Result<plan::NodePtr> open(const Request& request) = 0;

  /// Files of one format to look into, in folders and the folders below them, or named themselves.
  struct Search {
    std::vector<std::string> locations;
    std::string format;
    std::string name_begin, name_end;  // of a file's name; empty: any
    enum class Which : std::uint8_t { first, last_written, all } which = Which::last_written;
    SourceSpan span;
  };
  /// A table for each file found, its columns as the file shows them.
  virtual Result<std::vector<plan::NodePtr>> find(const Search& search) = 0;
};

/// Where the artifacts of `evaluate python` may come from. Null in the context where there may be none.
class ArtifactPlaces {
 public:
  virtual ~ArtifactPlaces() = default;
  /// Whether a place can be meant and allowed, as far as its text tells; nothing is opened.
  virtual Status check(std::string_view location) const = 0;
};

/// Everything that binding asks of its surroundings. What is pointed to outlives the call.
struct BindContext {
  Tables* tables = nullptr;                       // null: no stored tables at all
  StageRunner* runner = nullptr;                  // null: nothing may run, constants neither
  bool constants_only = false;                    // explain: the runner is asked for values without tables and nothing else
  ExternalFiles* external_files = nullptr;        // null: refused
  const ArtifactPlaces* artifacts = nullptr;      // null: refused
  bool python_debug_allowed = false;              // set query_python_debug; otherwise refused
  std::map<std::string, std::string> parameters;  // for `declare query_parameters`, values as KQL literals or bare text
  std::string_view text;                          // the request's, for line numbers inside scripts; may be left empty
  std::int64_t now_ticks = 0;                     // one instant for the whole request
  std::string database;                           // current_database()
  std::string principal;                          // current_principal()
};

/// Where binding without data must stop: `what` (its columns, or its value) is known once `table` has run.
struct Undetermined {
  std::string what;
  plan::NodePtr table;
  SourceSpan span;
};

struct BoundQuery {
  std::vector<plan::Statement> statements;   // one result each, in order
  std::optional<Undetermined> undetermined;  // explain: what follows the statements stays unknown
  RequestOptions options;                    // of `set`
};

/// Gives every name and every operator of the query its meaning. The error is the first in the text; further ones are
/// mistakes that do not follow from one another.
Result<BoundQuery> bind_query(const syntax::QueryTree& query, BindContext& context);
/// The same of a text that may have mistakes of its own, which are told with the others.
Result<BoundQuery> bind_query(const syntax::ReadQuery& query, BindContext& context);

}  // namespace wardian::kql

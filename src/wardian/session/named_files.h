#pragma once

#include "wardian/engine/connection.h"
#include "wardian/kql/bind.h"

namespace wardian::session {

/// Local files that a query names itself (externaldata), for the requests that are allowed to. Each is shown as a
/// temporary view of the request's own connection. Errors: those of catalog::open_foreign_file at the operator's place;
/// access_denied for a location on the network.
class NamedFiles final : public kql::ExternalFiles {
 public:
  explicit NamedFiles(engine::Connection& connection) : connection_(connection) {}

  Result<plan::NodePtr> open(const Request& request) override;
  Result<std::vector<plan::NodePtr>> find(const Search& search) override;

 private:
  /// The query as a temporary view, to be scanned as `schema`.
  Result<plan::NodePtr> show(const sqltree::QueryPtr& query, columnar::Schema schema, std::string label);

  engine::Connection& connection_;
  std::size_t files_ = 0;
};

}  // namespace wardian::session

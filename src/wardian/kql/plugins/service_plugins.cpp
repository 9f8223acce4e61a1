#include <algorithm>
#include <array>

#include "wardian/kql/plugins/plugin_table.h"

namespace wardian::kql {
namespace {

/// What each of them needs that is not here.
struct Service {
  std::string_view plugin;
  std::string_view needs;
  std::string_view hint;
};
constexpr std::string_view kFiles = "Export the data to a file: import it, or read it with externaldata";
constexpr std::string_view kPython = "evaluate python() runs a script of Python, confined";
constexpr auto kServices = std::to_array<Service>({
    {"ai_chat_completion", "a language model at Azure OpenAI", kPython},
    {"ai_chat_completion_prompt", "a language model at Azure OpenAI", kPython},
    {"ai_embed_text", "a language model at Azure OpenAI", kPython},
    {"ai_embeddings", "a language model at Azure OpenAI", kPython},
    {"azure_digital_twins_query_request", "an Azure Digital Twins instance", kFiles},
    {"cosmosdb_sql_request", "an Azure Cosmos DB account", kFiles},
    {"csharp", "a sandbox for C#", kPython},
    {"dax_request", "an Analysis Services server", kFiles},
    {"execute_query", "a Kusto cluster", kFiles},
    {"execute_show_command", "a Kusto cluster", kFiles},
    {"http_request", "the network", kFiles},
    {"http_request_post", "the network", kFiles},
    {"mysql_request", "a MySQL server", kFiles},
    {"postgresql_request", "a PostgreSQL server", kFiles},
    {"r", "a sandbox for R", kPython},
    {"sql_request", "an SQL server", kFiles},
});
static_assert(std::ranges::is_sorted(kServices, {}, &Service::plugin));

}  // namespace

/// Plugins that ask others: their arguments are checked as those of any plugin, then the query is told what is missing.
OperatorResult bind_service_plugin(Binder&, const PluginCall& call) {
  const auto* const row = std::ranges::find(kServices, call.plugin.name, &Service::plugin);
  return error_at(
      ErrorCode::not_supported,
      std::string(call.plugin.name) + "() needs " + std::string(row->needs) + ", and queries here ask no other service",
      call.name().span, std::string(row->hint));
}

}  // namespace wardian::kql

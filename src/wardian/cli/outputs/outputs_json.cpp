#include "wardian/cli/outputs/outputs_json.h"

#include "wardian/kernels/base64.h"
#include "wardian/kernels/json_text.h"

namespace wardian::cli {

Status append_outputs_json(std::string& out, std::span<const session::LeftOutput> outputs, ArtifactFolder* folder) {
  std::uint64_t data_bytes = 0;
  out += '[';
  for (const session::LeftOutput& output : outputs) {
    const pyrun::Extra& extra = output.extra;
    if (out.back() != '[') out += ',';
    kernels::JsonObjectWriter writer(out);
    writer.add_string("name", extra.name);
    writer.add_string("kind", extra_kind_name(extra.kind));
    writer.add_string("type", extra.type);
    writer.add("size", std::to_string(extra.bytes));
    if (output.kept) writer.add("kept", "true");
    if (folder != nullptr) {
      WARDIAN_ASSIGN(const std::filesystem::path path, folder->save(extra));
      writer.add_string("path", path.string());
    } else if (!output.kept) {
      data_bytes += extra.bytes;
      if (data_bytes > kLineDataBytesMax) {
        return Error{
            ErrorCode::result_too_large,
            "What the scripts left is too large for a line: more than " + std::to_string(kLineDataBytesMax >> 20) + " MiB",
            {},
            "--artifacts FOLDER saves it instead."};
      }
      std::string data = "\"";
      kernels::append_base64(data, extra.content());
      writer.add("data", data + '"');
    }
    writer.close();
  }
  out += ']';
  return {};
}

}  // namespace wardian::cli

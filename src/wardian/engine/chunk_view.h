#pragma once

#include "wardian/columnar/batch.h"
#include "wardian/engine/handles.h"

namespace wardian::engine {

/// How the engine's result columns are to be read: checked once a result, used for every chunk.
struct ColumnLayout {
  columnar::Type type;
  duckdb_type physical;  // for decimals the width they are stored in, else the logical type
  std::uint8_t decimal_scale = 0;
};

/// How a column of this engine type is read as `column`. Another type is a defect of the lowering.
Result<ColumnLayout> column_layout(duckdb_logical_type logical, const columnar::Column& column);

/// Matches the result's column types with the schema that the plan promises. A difference is a defect of the lowering.
Result<std::vector<ColumnLayout>> column_layouts(duckdb_result& result, const columnar::Schema& schema);

/// Views over the chunk, which the batch owns from now on. Fixed-width columns and validity are the engine's own memory;
/// strings get an array of string_view into it, guids an array of their texts.
columnar::Batch view_chunk(OwnedChunk chunk, const std::vector<ColumnLayout>& layouts);

/// Likewise over the vectors from `first` on of a chunk that stays its owner's and outlives the batch.
columnar::Batch view_borrowed(duckdb_data_chunk chunk, std::size_t first, const std::vector<ColumnLayout>& layouts);

}  // namespace wardian::engine

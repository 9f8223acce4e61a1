#pragma once

#include <string>
#include <vector>

#include "wardian/kql/binder.h"

namespace wardian::kql {

/// A constant bag as JSON text; {} for null.
Result<std::string> constant_bag(Binder& binder, const syntax::Expr& expr, const Environment& env);

/// `external_artifacts` of `evaluate python`, a bag name → place, checked as far as its text tells. Errors: access_denied and what
/// ArtifactPlaces::check says; bad_argument for a name that no file can have.
Result<std::vector<plan::Artifact>> python_artifacts(Binder& binder, const syntax::Expr& expr, const Environment& env);

}  // namespace wardian::kql

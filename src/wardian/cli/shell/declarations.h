#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wardian/session/instance.h"

namespace wardian::cli {

/// Statements that were entered alone, `let x = 5;` or `set notruncation;`: they go before each later query of the session.
class SessionDeclarations {
 public:
  struct Declaration {
    std::string keyword;  // let, set
    std::string name;
    std::string text;  // "let x = 5"
  };

  /// The text's statements where all of them are let or set, else none: it is a query, or wrong.
  static std::vector<Declaration> only_declarations(std::string_view text);

  /// Keeps them, each in the place of one of the same name. The error of a declaration that cannot be bound, its place in `text`;
  /// nothing is kept then.
  Status keep(const std::vector<Declaration>& declarations, const std::string& text, const session::Request& how,
              session::Instance& instance);
  /// False: there is none of that name.
  bool forget(std::string_view name);
  void forget_all() { kept_.clear(); }

  /// What goes before the text: all that it does not declare itself, without what leans on those.
  std::string before(std::string_view text) const;

  const std::vector<Declaration>& all() const { return kept_; }

 private:
  std::vector<Declaration> kept_;
};

}  // namespace wardian::cli

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/expected.h"
#include "report/json.h"
#include "time/instant.h"

namespace ebb::report {

/// Reads values by name out of a JSON object that nobody has checked. The first fault is kept, and every answer after
/// it is empty: read all, then ask once.
///
/// Numbers are refused where they are not finite or above 1e24 in size: no sum of them overflows. Readers of the
/// objects inside share the fault of the outermost one, which must outlive them. Thread safety: none.
class Reader {
 public:
  /// `what` names the document in messages: "run 42". A value that is no object is a fault, as is deep nesting.
  Reader(const Json& document, std::string what);
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() = default;

  // The value must be there, and of that type; else a fault and an empty answer.
  double number(const char* key);
  double number_from(const char* key, double least);  ///< at least `least`
  int whole(const char* key);
  bool flag(const char* key);
  std::string text(const char* key);
  time::Instant instant(const char* key);
  time::Duration seconds(const char* key);

  // The same where null means nothing; the key must be there all the same.
  std::optional<double> maybe_number(const char* key);
  std::optional<int> maybe_whole(const char* key);
  std::string maybe_text(const char* key);  ///< empty for nothing

  /// Whether the value is there and not null.
  [[nodiscard]] bool has(const char* key) const;

  /// `use(Reader&)` on the object. `maybe_` does nothing where it is null.
  template <typename Use>
  void object(const char* key, const Use& use) {
    if (const Json* value = find(key)) visit(*value, place_of(key), use);
  }
  template <typename Use>
  void maybe_object(const char* key, const Use& use) {
    if (is_known(key)) object(key, use);
  }
  /// `use(Reader&)` on each object of the list.
  template <typename Use>
  void each(const char* key, const Use& use) {
    std::size_t index = 0;
    for (const auto& member : list(key)) visit(member, place_of(key, index++), use);
  }
  /// `use(name, text)` on each member of an object whose values are texts.
  template <typename Use>
  void texts(const char* key, const Use& use) {
    const Json* value = find(key);
    if (value == nullptr) return;
    if (!value->is_object()) return fail(place_of(key), "is no object");
    for (const auto& [name, member] : value->items()) {
      if (!member.is_string()) return fail(place_of(key), "holds something that is no text");
      use(name, member.template get_ref<const std::string&>());
    }
  }
  /// The list itself, empty where there is none (a fault).
  const Json& list(const char* key);
  /// The whole object as text.
  [[nodiscard]] std::string json() const { return dump(object_); }

  /// Notes a fault: "WHAT: PLACE why".
  void fail(const std::string& place, const std::string& why);
  [[nodiscard]] std::string place_of(const char* key) const;
  [[nodiscard]] std::string place_of(const char* key, std::size_t index) const;
  /// The fault, where there is one.
  [[nodiscard]] base::Status status() const;

 private:
  Reader(const Json& object, std::string place, Reader& outermost)
      : object_(object), place_(std::move(place)), outermost_(&outermost) {}

  template <typename Use>
  void visit(const Json& value, const std::string& place, const Use& use) {
    if (!value.is_object()) return fail(place, "is no object");
    Reader inside(value, place + ".", *outermost_);
    use(inside);
  }
  const Json* find(const char* key);
  /// Not null; a fault where there is no such key.
  bool is_known(const char* key);
  [[nodiscard]] const Json* look(const char* key) const;
  double checked(const Json& value, const std::string& place);

  const Json& object_;
  std::string place_;  ///< "components[2].", empty in the outermost
  Reader* outermost_;
  std::string what_;                  ///< of the outermost
  std::optional<base::Error> fault_;  ///< of the outermost
};

/// A finite number of a size that sums survive.
std::optional<double> plain_number(const Json& value);

}  // namespace ebb::report

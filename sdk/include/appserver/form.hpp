// A small form, whole, in memory: Form(request).field("name").required<std::string>(). For large files there
// is FormStream (form_stream.hpp).
#pragma once

#include <appserver/error.hpp>
#include <appserver/form_stream.hpp>
#include <appserver/value.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace APPSERVER_HIDDEN appserver {

class Form {
 public:
  struct Field {
    std::string name;
    std::string value;                    // of a file, its bytes
    std::optional<std::string> filename;  // see Part::filename()
    std::string content_type;
  };

  // Reads the body of `request`. Throws as FormStream does, and 413 where its fields are longer than `limit`
  // bytes in all. [may suspend]
  explicit Form(Request& request, std::size_t limit = 1 << 20, std::size_t most_parts = 1000) {
    FormStream stream(request, most_parts);
    std::size_t left = limit;
    const auto keep = [&](std::string_view text) {
      if (text.size() > left) {
        throw HttpError(413, detail::format("the form is longer than {} bytes", limit));
      }
      left -= text.size();
    };
    while (Part* const part = stream.next()) {
      auto& field = fields_.emplace_back(Field{part->name(), {}, part->filename(), part->content_type()});
      keep(field.name);
      keep(field.filename.value_or(""));
      keep(field.content_type);
      while (const auto piece = part->read()) {
        keep(*piece);
        field.value += *piece;
      }
    }
  }

  // The first field of that name; it lives as long as the Form. What is missing or bad is BadRequest.
  Value field(std::string_view name) const {
    for (const auto& field : fields_) {
      if (field.name == name) return {Value::kField, name, field.value};
    }
    return {Value::kField, name, std::nullopt};
  }

  // All of them, in the order they were sent, repeated ones too.
  const std::vector<Field>& fields() const { return fields_; }

 private:
  std::vector<Field> fields_;
};

}  // namespace appserver

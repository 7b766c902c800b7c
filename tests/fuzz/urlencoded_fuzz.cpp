// An urlencoded form comes to the fields that the rules of WHATWG URL, section 5.1, give when they are
// followed one by one, wherever its bytes are cut.
#include "decoded.hpp"
#include "form_body.hpp"
#include "fuzz.hpp"

namespace {

ReadForm read(std::string_view input, std::size_t step) {
  return read_form(input, step,
                   [](appserver::Body& body) { return appserver::detail::UrlencodedReader(body); });
}

ReadForm by_the_rules(std::string_view input) {
  ReadForm form;
  while (!input.empty()) {
    const std::string_view pair = input.substr(0, input.find('&'));
    input.remove_prefix(std::min(pair.size() + 1, input.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    form.parts.push_back({decoded(pair.substr(0, equals)), std::nullopt, "text/plain",
                          decoded(pair.substr(std::min(equals + 1, pair.size())))});
  }
  return form;
}

}  // namespace

void fuzz(std::string_view input) {
  if (input.size() > appserver::detail::FormReader::kLongestHead) return;
  const ReadForm expected = by_the_rules(input);
  for (const std::size_t step :
       {input.size() + 1, std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}}) {
    expect(read(input, step) == expected, "the fields are those by the rules");
  }
}

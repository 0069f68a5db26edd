#pragma once

#include <string>
#include <string_view>

#include "report/json.h"

/// Text that others wrote (commands, tags, names of devices) put into a page, a table, a paper or a terminal as text.
namespace ebb::report {

/// For the content of an element and for a quoted attribute.
std::string escaped_html(std::string_view text);
/// For running text of LaTeX; an end of line becomes a blank.
std::string escaped_latex(std::string_view text);
/// For running text and table cells of Markdown; an end of line becomes a blank.
std::string escaped_markdown(std::string_view text);

/// A number in its shortest text, null as nothing, a text in quotes where CSV needs them, a list or object as JSON.
std::string csv_field(const Json& value);

/// JSON for a script element: no "<", so that nothing in it can end the element or begin a comment.
std::string script_safe(const std::string& json);

/// What is no UTF-8 becomes U+FFFD, as dump() would write it.
std::string valid_utf8(std::string_view text);
/// For a terminal: valid UTF-8 in which control characters are '?', so that no text can move the cursor.
std::string printable(std::string_view text);

}  // namespace ebb::report

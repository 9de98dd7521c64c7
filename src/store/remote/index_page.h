// Index pages: what web servers show of a folder, as entries.
//
// HTML (nginx, Apache, Python's http.server, and anything else whose links lead to its own names)
// and nginx's JSON. Only what lies directly below the page's own address counts: links to other
// hosts, upwards, with queries, and names that are no legal part of a key are left out. Sizes are
// told by JSON only. Threads: pure functions. Errors: CorruptError naming the page.
#pragma once

#include <copick/store.h>

#include <string>
#include <string_view>
#include <vector>

namespace copick::store::remote {

// `page_url`: the address of the page, ending in '/', without query.
std::vector<Entry> parse_html_index(std::string_view html, std::string_view page_url);
std::vector<Entry> parse_json_index(std::string_view json, std::string_view page_url);

}  // namespace copick::store::remote

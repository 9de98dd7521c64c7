// Listings that servers send, friendly and hostile.
#include "store/backends.h"
#include "store/remote/index_page.h"
#include "store/remote/key_listing.h"

#include <copick/error.h>

using namespace copick;
using namespace copick::test;
using namespace copick::store::remote;

namespace {

Names html_names(std::string_view html) {
  return names(parse_html_index(html, "https://host:8443/data/p%20q/"));
}

std::string page_of(const std::string& inside) {
  return "<?xml version=\"1.0\"?><ListBucketResult "
         "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" +
         inside + "</ListBucketResult>";
}

}  // namespace

TEST_CASE("index pages of nginx, Apache and Python are read") {
  CHECK(html_names("<h1>Index of /</h1><hr><pre><a href=\"../\">../</a>\r\n"
                   "<a href=\"TS_001/\">TS_001/</a> 21-Nov-2026 14:58 -\r\n"
                   "<a href=\"a%20b%231.json\">a b</a> 21-Nov-2026 14:58 12\r\n") ==
        Names{"TS_001/", "a b#1.json"});
  CHECK(
      html_names("<tr><th><a href=\"?C=N;O=D\">Name</a></th></tr><tr><td><a href=\"/data/\">Parent"
                 "</a></td></tr><tr><td><img src=\"/icons/x.gif\"></td><td><A HREF='x&amp;y&#39;/'>"
                 "x</A></td></tr>") == Names{"x&y'/"});
  CHECK(html_names("<li><a href=\"./10%3A30\">10:30</a></li><li><a class=x href=%E2%98%83>x</a>") ==
        Names{"10:30", "\xE2\x98\x83"});
}

TEST_CASE("links by whole path and whole address count when they lead one level down") {
  CHECK(html_names("<a href=\"/data/p%20q/a\"></a><a href=\"https://host:8443/data/p%20q/b/\"></a>"
                   "<a href=\"/data/other\"></a><a href=\"a/b\"></a>") == Names{"a", "b/"});
}

TEST_CASE("an index page that leads elsewhere or names what is no key has no entries") {
  for (const char* href : {"..",
                           "../x",
                           "../",
                           "/etc/passwd",
                           "//evil/x",
                           "https://evil/x",
                           "http://host:8443/data/",
                           "x%2f..%2fy",
                           "%2e%2e",
                           "%2e%2e/",
                           "a%00b",
                           "a%0ab",
                           "a//",
                           "//",
                           "",
                           ".",
                           "./",
                           "x\\y",
                           "javascript:alert(1)",
                           "mailto:a",
                           "%zz",
                           "a/b/c",
                           "?x=y",
                           "#top"}) {
    CAPTURE(href);
    CHECK(html_names("<a href=\"" + std::string(href) + "\">x</a>").empty());
  }
  for (const char* broken :
       {"<a", "<a href", "<a href=", "<a href=\"", "<", "<!-- <a href=x>", ""}) {
    CHECK(html_names(broken).empty());
  }
}

TEST_CASE("nginx's JSON tells names and sizes, and its hostile names are left out") {
  const std::vector<Entry> entries = parse_json_index(
      R"([{"name":"b","type":"file","size":7},{"name":"a","type":"directory"},)"
      R"({"name":"..","type":"directory"},{"name":"x/y","type":"file","size":1},{"type":"file"},3])",
      "http://h/");
  CHECK(names(entries) == Names{"a/", "b"});
  CHECK(entries[1].size == 7);
  CHECK_THROWS_AS(parse_json_index("{}", "http://h/"), CorruptError);
  CHECK_THROWS_AS(parse_json_index("[", "http://h/"), CorruptError);
}

TEST_CASE("a page of a bucket tells keys, sizes, versions, prefixes and what follows") {
  const KeyPage page = parse_key_page(
      page_of("<EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>"
              "<NextContinuationToken>t=&amp;</NextContinuationToken>"
              "<Contents><Key>a+b%2Fc%C3%A9</Key><Size>12</Size><ETag>&quot;x&quot;</ETag>"
              "<LastModified>2026-11-21T14:58:24.000Z</LastModified></Contents>"
              "<CommonPrefixes><Prefix>d%20/</Prefix></CommonPrefixes>"),
      "s3://b");
  REQUIRE(page.keys.size() == 1);
  CHECK(page.keys[0].key == "a b/c\xC3\xA9");
  CHECK(page.keys[0].size == 12);
  CHECK(page.keys[0].version == "\"x\"");
  CHECK(page.keys[0].modified == 1795273104);
  CHECK(page.prefixes == Names{"d /"});
  CHECK(page.next == "t=&");
}

TEST_CASE("a listing that is no listing is an error, never an empty one") {
  for (const std::string& wrong :
       {std::string(), std::string("<html/>"), std::string("<ListBucketResult>"),
        std::string("not XML"), page_of("<Contents><Key>a</Key></Contents>"),
        page_of("<Contents><Key>a</Key><Size>-1</Size></Contents>"),
        page_of("<IsTruncated>true</IsTruncated>"),
        page_of("<EncodingType>url</EncodingType><Contents><Key>%2</Key><Size>1</Size></Contents>"),
        std::string("<!DOCTYPE x [<!ENTITY a \"b\">]><ListBucketResult>&a;")}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(parse_key_page(wrong, "s3://b"), CorruptError);
  }
}

TEST_CASE("a page of 100,000 keys is read and a longer one refused") {
  std::string inside;
  for (int i = 0; i < 100'000; ++i) inside += "<Contents><Key>k</Key><Size>1</Size></Contents>";
  CHECK(parse_key_page(page_of(inside), "s3://b").keys.size() == 100'000);
  inside += "<Contents><Key>k</Key><Size>1</Size></Contents>";
  CHECK_THROWS_AS(parse_key_page(page_of(inside), "s3://b"), CorruptError);
}

TEST_CASE("XML nested a hundred thousand deep is read without harm") {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  CHECK_THROWS_AS(parse_key_page(deep, "s3://b"), CorruptError);
  for (int i = 0; i < 100'000; ++i) deep += "</a>";
  CHECK(parse_key_page(page_of(deep), "s3://b").keys.empty());
}

TEST_CASE("a time is read to the second, and what is none is the beginning of time") {
  CHECK(parse_iso_time("1970-01-01T00:00:01.000Z") == 1);
  CHECK(parse_iso_time("2000-02-29T12:00:00Z") == 951825600);
  for (const char* wrong : {"", "yesterday", "2000-13-01T00:00:00Z", "2000-1-01T00:00:00Z"})
    CHECK(parse_iso_time(wrong) == 0);
}

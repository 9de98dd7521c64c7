#include "model/meta_document.h"

#include <doctest/doctest.h>

using namespace copick;
using model::MetaDocument;

TEST_CASE("the reference's four bytes say nothing") {
  for (const char* text : {"meta", "", "[]", "5", "{", "null", "\xff"}) {
    CAPTURE(text);
    const auto document = MetaDocument::parse(text);
    CHECK(document.meta().name.empty());
    CHECK_FALSE(document.meta().created.has_value());
    CHECK_FALSE(document.voxel_size().has_value());
    CHECK(document.to_text() == "{}");
  }
}

TEST_CASE("what is written is read again") {
  MetaDocument document;
  Meta meta;
  meta.name = "TS_001";
  meta.created = "2026-11-21T07:45:00Z";
  meta.description = "größe";
  document.set(meta, 13.48);
  CHECK(document.to_text() == R"({
    "name": "TS_001",
    "voxel_size": 13.48,
    "created": "2026-11-21T07:45:00Z",
    "description": "gr\u00f6\u00dfe"
})");
  const auto again = MetaDocument::parse(document.to_text());
  CHECK(again.meta().name == "TS_001");
  CHECK(again.meta().created == meta.created);
  CHECK(again.meta().description == "größe");
  CHECK_FALSE(again.meta().modified.has_value());
  CHECK(again.voxel_size() == 13.48);
}

TEST_CASE("members that are not given, and members nobody knows, stay as they were") {
  auto document = MetaDocument::parse(R"({"mine": 1.10, "created": "then", "name": "a"})");
  Meta meta;
  meta.modified = "now";
  document.set(meta, {});
  CHECK(document.to_text() == R"({
    "mine": 1.10,
    "created": "then",
    "name": "a",
    "modified": "now"
})");
}

TEST_CASE("a member of another kind says nothing and is kept until it is set") {
  auto document = MetaDocument::parse(R"({"name": 5, "description": null, "voxel_size": "ten"})");
  CHECK(document.meta().name.empty());
  CHECK_FALSE(document.meta().description.has_value());
  CHECK_FALSE(document.voxel_size().has_value());
  CHECK(document.to_text().find("\"name\": 5") != std::string::npos);
}

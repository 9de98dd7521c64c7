// The text of STAR files, whatever the tables mean.
#include <doctest/doctest.h>

#include "format/facts.h"
#include "format/points.h"

using namespace copick;
using namespace copick::test;
using format::parse_star;
using format::StarBlock;

namespace {

using Cells = std::vector<std::vector<std::string>>;

std::string corrupt(const std::string& text) {
  const std::string error = error_of<CorruptError>([&] { parse_star(text, "/data/a.star"); });
  CHECK(contains(error, "/data/a.star"));
  return error;
}

Cells rows_of(const std::string& body) {
  const auto blocks = parse_star("data_x\nloop_\n_a\n_b\n" + body, "a");
  REQUIRE(blocks.size() == 1);
  return blocks[0].rows;
}

}  // namespace

TEST_CASE("a table has its block's name, its columns and its rows") {
  const auto blocks = parse_star(
      "# comment\n\ndata_particles\n\nloop_\n_rlnA #1\n_rlnB #2\n1\tone\n\n 2  two  \n\n", "a");
  REQUIRE(blocks.size() == 1);
  CHECK(blocks[0].name == "particles");
  CHECK(blocks[0].loop);
  CHECK(blocks[0].columns == std::vector<std::string>{"rlnA", "rlnB"});
  CHECK(blocks[0].rows == Cells{{"1", "one"}, {"2", "two"}});
  CHECK(blocks[0].column("rlnB") == 1);
  CHECK_FALSE(blocks[0].column("rlnC"));
}

TEST_CASE("a block may be nameless, empty, or hold single values") {
  const auto blocks =
      parse_star("data_\n_a 1\n_b 'two words'\ndata_empty\ndata_z\nloop_\n_c\n", "a");
  REQUIRE(blocks.size() == 3);
  CHECK(blocks[0].name == "");
  CHECK_FALSE(blocks[0].loop);
  CHECK(blocks[0].columns == std::vector<std::string>{"a", "b"});
  CHECK(blocks[0].rows == Cells{{"1", "two words"}});
  CHECK(blocks[1].name == "empty");
  CHECK(blocks[1].rows.empty());
  CHECK(blocks[2].columns == std::vector<std::string>{"c"});
  CHECK(blocks[2].rows.empty());
}

TEST_CASE("single values and tables of one block are tables of the same name") {
  const auto blocks = parse_star("data_x\n_a 1\nloop_\n_b\n2\n3\nloop_\n_c\n4\n", "a");
  REQUIRE(blocks.size() == 3);
  for (const StarBlock& block : blocks) CHECK(block.name == "x");
  CHECK_FALSE(blocks[0].loop);
  CHECK(blocks[1].rows == Cells{{"2"}, {"3"}});
  CHECK(blocks[2].rows == Cells{{"4"}});
}

TEST_CASE("quotes hold blanks and signs, and end only before a blank") {
  CHECK(rows_of("'two words' \"\"\n") == Cells{{"two words", ""}});
  CHECK(rows_of("'5'-end' \"a # b\"\n") == Cells{{"5'-end", "a # b"}});
  CHECK(rows_of("it's a\"b\n") == Cells{{"it's", "a\"b"}});
  CHECK(rows_of("\"_a\" 'data_b'\n") == Cells{{"_a", "data_b"}});
}

TEST_CASE("a comment begins at a blank, not inside a value") {
  CHECK(rows_of("1 2 # three\n# four\n3 a#5\n") == Cells{{"1", "2"}, {"3", "a#5"}});
}

TEST_CASE("line ends of every system and a byte-order mark are accepted") {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    std::string text = "\xef\xbb\xbf";
    for (const char* line : {"data_x", "", "loop_", "_a #1", "_b", "1 2", "3 4"})
      text += line + end;
    const auto blocks = parse_star(text, "a");
    REQUIRE(blocks.size() == 1);
    CHECK(blocks[0].rows == Cells{{"1", "2"}, {"3", "4"}});
  }
}

TEST_CASE("a text field spans lines") {
  CHECK(rows_of("1\n;first\nsecond\n;\n3\n;x\n;\n") == Cells{{"1", "first\nsecond"}, {"3", "x"}});
  CHECK(rows_of(";x\n; 2\n") == Cells{{"x", "2"}});
  CHECK(parse_star("data_x\n_a\n;one\ntwo\n;\n", "a")[0].rows == Cells{{"one\ntwo"}});
}

TEST_CASE("a row whose first value looks like a block is a row") {
  CHECK(rows_of("data_1.mrc 2\n_b 3\n") == Cells{{"data_1.mrc", "2"}, {"_b", "3"}});
}

TEST_CASE("<NA> is kept as text") { CHECK(rows_of("<NA> nan\n") == Cells{{"<NA>", "nan"}}); }

TEST_CASE("a row of another length is corrupt and named by its line") {
  CHECK(contains(corrupt("data_x\nloop_\n_a\n_b\n1 2\n3\n4 5\n"),
                 "line 6: found 1 values; the table has 2 columns"));
  CHECK(
      contains(corrupt("data_x\nloop_\n_a\n_b\n1 2 3\n"), "line 5: found more values than the 2"));
}

TEST_CASE("text that is no STAR file is corrupt") {
  CHECK(contains(corrupt("run_name,x,y,z\n"), "line 1: found 'run_name,x,y,z'; expected data_"));
  CHECK(contains(corrupt("data_x\nvalue\n"), "line 2: found 'value'"));
  CHECK(contains(corrupt("data_x\n_a\n_b 1\n"), "line 2: found '_a'; expected a value after it"));
  CHECK(contains(corrupt("data_x\nloop_\n1 2\n"), "line 2: loop_ is not followed by column names"));
  CHECK(contains(corrupt("data_x\nloop_\n_a 1\n"), "line 3: found '1'; expected a column name"));
  CHECK(contains(corrupt("data_x\nloop_\n_a\n_a\n1 2\n"), "two columns '_a'"));
  CHECK(contains(corrupt("data_x\n_a 'open\n"), "line 2: a quoted value is not closed"));
  CHECK(contains(corrupt("data_x\n_a\n;open\ntext\n"), "line 3: a text field is not closed"));
  CHECK(parse_star("", "a").empty());
}

TEST_CASE("what is written reads back, and what is ambiguous is quoted") {
  const std::vector<StarBlock> blocks{
      {"job", {"a", "b"}, {{"one", "two words"}}, false},
      {"x", {"c", "d"}, {{"", "_e"}, {"#f", "data_g"}, {"loop_", "it's"}, {"say \"hi\"", ";h"}}}};
  const std::string text = format::write_star(blocks);
  const auto back = parse_star(text, "a");
  REQUIRE(back.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(back[i].name == blocks[i].name);
    CHECK(back[i].columns == blocks[i].columns);
    CHECK(back[i].rows == blocks[i].rows);
    CHECK(back[i].loop == blocks[i].loop);
  }
  CHECK(contains(text, "data_x\n\nloop_\n_c #1\n_d #2\n\"\"\t\"_e\"\n"));
}

TEST_CASE("a value STAR cannot hold is refused") {
  CHECK_THROWS_AS(format::write_star({{"x", {"a"}, {{"two\nlines"}}}}), ValidationError);
  CHECK_THROWS_AS(format::write_star({{"x", {"a"}, {{"both ' and \" "}}}}), ValidationError);
  CHECK_THROWS_AS(format::write_star({{"x", {"a", "b"}, {{"1"}}}}), ValidationError);
}

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "format/facts.h"
#include "format/points.h"
#include "format/remarks.h"

using namespace copick;
using namespace copick::test;
using format::parse_csv_points;
using format::RunPoints;

namespace {

std::string corrupt(const std::string& text) {
  const std::string error =
      error_of<CorruptError>([&] { parse_csv_points(text, "/data/picks.csv"); });
  CHECK(contains(error, "/data/picks.csv"));
  return error;
}

// x of every point, run by run.
std::string summary(const std::vector<RunPoints>& runs) {
  std::string text;
  for (const RunPoints& run : runs) {
    text.append(run.run).append(":");
    for (const Point& point : run.points) {
      text.append(" ").append(std::to_string(static_cast<int>(point.location.x)));
    }
    text.append(";");
  }
  return text;
}

std::string summary_of(const std::string& text) { return summary(parse_csv_points(text, "a")); }

}  // namespace

TEST_CASE("runs are sorted by name, names keep their text, points keep their order") {
  CHECK(summary_of("run_name,x,y,z\n010,1,0,0\n001,2,0,0\n010,3,0,0\n1,4,0,0\nTS 2,5,0,0\n") ==
        "001: 2;010: 1 3;1: 4;TS 2: 5;");
}

TEST_CASE("columns may stand in any order and further ones are not used") {
  const auto runs = parse_csv_points("note,z,instance_id, y ,x,run_name\nhi,3,7,2,1,a\n", "a");
  REQUIRE(runs.size() == 1);
  CHECK(runs[0].points[0].location == Location{1, 2, 3});
  CHECK(runs[0].points[0].instance_id == 7);
}

TEST_CASE("line ends, byte-order marks, blank lines and quotes of other programs are accepted") {
  const char* const texts[] = {
      "run_name,x,y,z\na,1,0,0\nb,2,0,0",
      "run_name,x,y,z\r\na,1,0,0\r\nb,2,0,0\r\n",
      "run_name,x,y,z\ra,1,0,0\rb,2,0,0\r",
      "\xef\xbb\xbfrun_name,x,y,z\na,1,0,0\nb,2,0,0\n",
      "\n\nrun_name,x,y,z\n\na,1,0,0\n\r\nb,2,0,0\n\n\n",
      "\"run_name\",\"x\",\"y\",\"z\"\n\"a\",\"1\",\"0\",\"0\"\n\"b\",\"2\",\"0\",\"0\"\n",
      "run_name,x,y,z\na, 1 ,0,0\nb, 2,0,0 \n",
  };
  for (const char* text : texts) {
    CAPTURE(text);
    CHECK(summary_of(text) == "a: 1;b: 2;");
  }
}

TEST_CASE("a quoted run name may hold commas, quotes and line ends") {
  CHECK(summary_of("run_name,x,y,z\n\"a,\"\"b\"\"\nc\",1,0,0\n") == "a,\"b\"\nc: 1;");
}

TEST_CASE("a table without run names is one nameless run") {
  CHECK(summary_of("x,y,z\n1,0,0\n2,0,0\n") == ": 1 2;");
}

TEST_CASE("a header alone is a table without runs") {
  CHECK(parse_csv_points("run_name,x,y,z\n", "a").empty());
}

TEST_CASE("missing transform columns are those of the identity") {
  const auto runs =
      parse_csv_points("run_name,x,y,z,transform_03,transform_11\na,1,2,3,4.5,-1\n", "a");
  Matrix4 expected = identity4;
  expected[3] = 4.5;
  expected[5] = -1;
  CHECK(runs[0].points[0].transformation == expected);
}

TEST_CASE("missing scores and ids are 1 and 0") {
  const auto runs = parse_csv_points("run_name,x,y,z,instance_id\na,1,0,0,\n", "a");
  CHECK(runs[0].points[0].score == 1.0);
  CHECK(runs[0].points[0].instance_id == 0);
}

TEST_CASE("ids of programs that know only floating point are whole numbers") {
  const auto runs = parse_csv_points("run_name,x,y,z,instance_id\na,1,0,0,7.0\na,1,0,0,1e3\n", "a");
  CHECK(runs[0].points[0].instance_id == 7);
  CHECK(runs[0].points[1].instance_id == 1000);
  CHECK(contains(corrupt("run_name,x,y,z,instance_id\na,1,0,0,7.5\n"),
                 "line 2, column 'instance_id': '7.5' is not a whole number"));
}

TEST_CASE("one bad score drops the scores of its run with a remark, and of no other run") {
  const Remarks remarks;
  const auto runs = parse_csv_points(
      "run_name,x,y,z,score\na,1,0,0,0.5\na,2,0,0,nan\nb,3,0,0,0.25\nc,4,0,0,\n", "picks.csv");
  CHECK(runs[0].points[0].score == 1.0);
  CHECK(runs[0].points[1].score == 1.0);
  CHECK(runs[1].points[0].score == 0.25);
  CHECK(runs[2].points[0].score == 1.0);
  CHECK(remarks.mention("picks.csv: 1 of 2 scores of run 'a'"));
  CHECK_FALSE(remarks.mention("run 'b'"));
}

TEST_CASE("a cell that is not a number is corrupt and named by line and column") {
  CHECK(contains(corrupt("run_name,x,y,z\na,1,0,0\na,1,zero,0\n"),
                 "line 3, column 'y': 'zero' is not a number"));
  CHECK(contains(corrupt("run_name,x,y,z\na,,0,0\n"), "line 2, column 'x': '' is not a number"));
  CHECK(contains(corrupt("run_name,x,y,z,transform_12\na,1,0,0,?\n"), "column 'transform_12'"));
  CHECK(contains(corrupt("run_name,x,y,z\n\"a\nb\",1,0,0\nc,1,0,x\n"), "line 4, column 'z'"));
}

TEST_CASE("a record of another length than the header is corrupt") {
  CHECK(contains(corrupt("run_name,x,y,z\na,1,0\n"), "line 2: found 3 fields; the header has 4"));
  CHECK(contains(corrupt("run_name,x,y,z\na,1,0,0,\n"), "line 2: found 5 fields"));
}

TEST_CASE("a header without positions is corrupt and hints at the cause") {
  CHECK(contains(corrupt("run_name,x,z\n"), "no column 'y'"));
  CHECK(contains(corrupt("run_name\tx\ty\tz\n"), "separated by commas"));
  CHECK(contains(corrupt("run_name,x,y,z,x\n"), "two columns 'x'"));
  CHECK(contains(corrupt(""), "no header line"));
  CHECK(contains(corrupt("\n\n"), "no header line"));
}

TEST_CASE("quotes that do not match are corrupt") {
  CHECK(contains(corrupt("run_name,x,y,z\na,1,0,0\n\"b,1,0,0\n"),
                 "a quoted field of line 3 is not closed"));
  CHECK(contains(corrupt("run_name,x,y,z\n\"a\"b,1,0,0\n"), "'b' follows the closing quote"));
}

TEST_CASE("a matrix whose last row is not 0 0 0 1 is corrupt") {
  CHECK(contains(corrupt("run_name,x,y,z,transform_33\na,1,0,0,1\na,1,0,0,2\n"), "line 3: "));
}

TEST_CASE("picks are written as the Python package writes them") {
  Point point{{230.7125, 1e-5, -0.0}, identity4, 3, 0.3206};
  point.transformation[3] = 1e16;
  const std::string text = format::write_csv_points({{"TS_001", {point}}});
  CHECK(text ==
        "run_name,x,y,z,transform_00,transform_01,transform_02,transform_03,transform_10,"
        "transform_11,transform_12,transform_13,transform_20,transform_21,transform_22,"
        "transform_23,transform_30,transform_31,transform_32,transform_33,score,instance_id\n"
        "TS_001,230.7125,1e-05,-0.0,1.0,0.0,0.0,1e+16,0.0,1.0,0.0,0.0,0.0,0.0,1.0,0.0,0.0,0.0,0.0,"
        "1.0,0.3206,3\n");
  CHECK(format::write_csv_points({{"a", {{}}}}, false).ends_with("1.0,1.0\n"));
}

TEST_CASE("what is written reads back bit by bit") {
  std::vector<RunPoints> runs(2);
  runs[0].run = "001";
  runs[1].run = "a \"quoted\", name\n";
  double seed = 0.1;
  for (RunPoints& run : runs) {
    for (int i = 0; i < 50; ++i) {
      Point point;
      for (double* value : {&point.location.x, &point.location.y, &point.location.z}) {
        *value = seed = std::fmod(seed * 9973.7, 1000.0) / 7;
      }
      for (std::size_t e = 0; e < 12; ++e) point.transformation[e] = std::sin(seed * double(e + 1));
      point.score = std::cos(seed);
      point.instance_id = std::numeric_limits<std::int64_t>::max() - i;
      run.points.push_back(point);
    }
  }
  const auto back = parse_csv_points(format::write_csv_points(runs), "a");
  REQUIRE(back.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(back[i].run == runs[i].run);
    CHECK(back[i].points == runs[i].points);
  }
}

TEST_CASE("null scores and ids are written as 1 and 0, numbers that are not finite as text") {
  Point point{{NAN, INFINITY, -INFINITY}, identity4, std::nullopt, std::nullopt};
  const std::string text = format::write_csv_points({{"a", {point}}});
  CHECK(contains(text, "a,nan,inf,-inf,"));
  CHECK(text.ends_with(",1.0,0\n"));
  const auto back = parse_csv_points(text, "a");
  CHECK(std::isnan(back[0].points[0].location.x));
  CHECK(back[0].points[0].location.z == -INFINITY);
}

#include <copick/json.h>

#include "base/json_access.h"
#include "base/json_text.h"

namespace copick {

namespace {

// Lays a value out as json.dumps does: with `indent` negative on one line with ", " and ": ".
class Writer {
 public:
  explicit Writer(int indent) : indent_(indent) {}

  void write(const Json& value) {
    switch (value.kind()) {
      case Json::Kind::null:
        text_ += "null";
        break;
      case Json::Kind::boolean:
        text_ += value.as_bool() ? "true" : "false";
        break;
      case Json::Kind::number:
        text_ += value.number_text();
        break;
      case Json::Kind::string:
        text_.append(1, '"').append(JsonAccess::escaped(value)).append(1, '"');
        break;
      case Json::Kind::array:
        write_all('[', value.elements(), ']', [this](const Json& element) { write(element); });
        break;
      case Json::Kind::object:
        write_all('{', value.members(), '}', [this](const Json::Member& member) {
          text_ += '"';
          base::append_json_escaped(text_, member.first);
          text_ += "\": ";
          write(member.second);
        });
        break;
    }
  }

  std::string take() { return std::move(text_); }

 private:
  template <typename Items, typename WriteItem>
  void write_all(char open, const Items& items, char close, const WriteItem& write_item) {
    text_ += open;
    ++depth_;
    bool first = true;
    for (const auto& item : items) {
      if (!first) text_ += indent_ < 0 ? ", " : ",";
      first = false;
      start_line();
      write_item(item);
    }
    --depth_;
    if (!first) start_line();
    text_ += close;
  }

  void start_line() {
    if (indent_ < 0) return;
    text_.append(1, '\n').append(static_cast<std::size_t>(indent_) * depth_, ' ');
  }

  int indent_;
  std::size_t depth_ = 0;
  std::string text_;
};

}  // namespace

std::string Json::dump(int indent) const {
  Writer writer(indent);
  writer.write(*this);
  return writer.take();
}

}  // namespace copick

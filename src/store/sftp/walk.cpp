// How folders are listed: breadth first, one level at a time.
//
//   1. The folders of a level are opened and read at once, up to as many as the server keeps open.
//      Two READDIR are sent ahead, and many once the folder turns out to be large: a server gives a
//      hundred names an answer.
//   2. What is a link is looked up, all at once; a folder behind a link gets its real path.
//   3. The folders found are the next level.
#include "store/sftp/walk.h"

#include "store/key.h"

#include <map>

namespace copick::store::sftp {

namespace {

constexpr std::string_view kListing = "list a prefix";
constexpr std::uint32_t kManyNames = 64;  // in one answer: the folder has more, probably

struct Folder {
  std::string key;
  std::size_t from = 0;             // the number of the prefix it lies below
  std::string real;                 // "" as long as no link was followed on the way
  std::vector<std::string> inside;  // real paths of folders above, where known
};

class Walker {
 public:
  Walker(Place& place, Link& link, const Walk& how, const Visit& visit)
      : place_(place), link_(link), how_(how), visit_(visit) {}

  void run(std::span<const std::string> prefixes) {
    std::vector<Folder> level;
    for (std::size_t i = 0; i < prefixes.size(); ++i) level.push_back({prefixes[i], i, "", {}});
    for (bool first = true; !level.empty(); first = false) {
      found_.clear();
      refused_.clear();
      level_ = &level;
      for (opened_ = 0; opened_ < link_.most_open();) open_next();
      link_.run();
      check_refused(level, first);
      resolve_links();
      std::vector<Folder> next;
      for (auto& [found, f] : found_) visit_one(found, level[f], next);
      if (!how_.recursive) return;
      resolve_folders(next);
      level = std::move(next);
    }
  }

 private:
  struct Listing {
    std::string handle;
    int under_way = 0, answers = 0;
    bool ended = false;
  };
  struct Refused {
    std::size_t folder;
    Status status;
    std::string message;
  };

  // The next folder of the level, when another one was closed.
  void open_next() {
    const std::size_t f = opened_++;
    if (f >= level_->size()) return;
    const std::string& key = (*level_)[f].key;
    link_.send(PacketWriter(Type::opendir).text(place_.path(key)),
               [this, f, key](const Reply& reply) {
                 if (reply.type != Type::handle) {
                   refused_.push_back({f, reply.status, reply.message});
                   return open_next();
                 }
                 auto listing = std::make_shared<Listing>();
                 listing->handle = reply.reader().text();
                 read(listing, key, f, 2);
               });
  }

  void read(const std::shared_ptr<Listing>& listing, const std::string& key, std::size_t f,
            int ahead) {
    while (!listing->ended && listing->under_way < ahead) {
      ++listing->under_way;
      link_.send(
          PacketWriter(Type::readdir).text(listing->handle),
          [this, listing, key, f](const Reply& reply) { take(listing, key, f, reply); }, 32 << 10);
    }
    if (!listing->ended || listing->under_way > 0) return;
    link_.send_and_forget(PacketWriter(Type::close).text(listing->handle));
    open_next();
  }

  void take(const std::shared_ptr<Listing>& listing, const std::string& key, std::size_t f,
            const Reply& reply) {
    --listing->under_way;
    bool is_large = false;
    if (reply.type == Type::name) {
      PacketReader reader = reply.reader();
      const std::uint32_t names = reader.u32();
      is_large = names >= kManyNames || ++listing->answers > 1;
      for (std::uint32_t n = 0; n < names; ++n) {
        const std::string name(reader.text());
        reader.text();  // as ls -l shows it
        const Attributes about = reader.attributes();
        if (is_legal_name(name)) found_.push_back({{join(key, name), about, about.is_link()}, f});
      }
    } else {
      if (!reply.is(Status::eof)) refused_.push_back({f, reply.status, reply.message});
      listing->ended = true;
    }
    read(listing, key, f, is_large ? 16 : 1);
  }

  // A folder that is gone meanwhile, or never was one, is empty.
  void check_refused(const std::vector<Folder>& level, bool first) {
    for (const Refused& refused : refused_) {
      if (refused.status == Status::no_such_file) continue;
      const std::string& key = level[refused.folder].key;
      if (refused.status == Status::failure) {
        const auto about = place_.look_up(link_, place_.path(key), kListing);
        if (!about || (first && !about->is_folder())) continue;
      }
      throw_status(refused.status, refused.message, kListing, place_.url(key));
    }
  }

  void resolve_links() {
    if (!how_.follow) return;
    for (auto& entry : found_) {
      if (!entry.first.is_link) continue;
      Found* const found = &entry.first;
      found->about = {};
      link_.send(PacketWriter(Type::stat).text(place_.path(found->key)),
                 [this, found](const Reply& reply) {
                   if (reply.type == Type::attrs) {
                     found->about = reply.reader().attributes();
                   } else if (!reply.is(Status::no_such_file) && !reply.is(Status::failure)) {
                     throw_status(reply.status, reply.message, kListing, place_.url(found->key));
                   } else {
                     found->key.clear();  // it leads nowhere
                   }
                 });
    }
    link_.run();
  }

  void visit_one(const Found& found, const Folder& parent, std::vector<Folder>& next) {
    if (found.key.empty()) return;
    visit_(found, parent.from);
    if (!found.about.is_folder() || (found.is_link && !how_.follow)) return;
    if (how_.enters && !how_.enters(found)) return;
    Folder folder{found.key, parent.from, "", parent.inside};
    if (found.is_link) folder.real = "?";
    folder.inside.push_back(parent.key);
    next.push_back(std::move(folder));
  }

  // Of a folder behind a link, the real path decides whether one is inside of it already.
  void resolve_folders(std::vector<Folder>& next) {
    std::map<std::string, std::string> reals;
    for (const Folder& folder : next) {
      if (folder.real.empty()) continue;
      reals[folder.key];
      for (const std::string& above : folder.inside) reals[above];
    }
    for (auto& entry : reals) {
      std::string* const real = &entry.second;
      link_.send(PacketWriter(Type::realpath).text(place_.path(entry.first)),
                 [real](const Reply& reply) {
                   if (reply.type != Type::name) return;
                   PacketReader reader = reply.reader();
                   if (reader.u32() > 0) *real = reader.text();
                 });
    }
    link_.run();
    std::erase_if(next, [&](const Folder& folder) {
      if (folder.real.empty()) return false;
      for (const std::string& above : folder.inside) {
        if (reals[above] == reals[folder.key]) return true;
      }
      return false;
    });
  }

  Place& place_;
  Link& link_;
  const Walk& how_;
  const Visit& visit_;
  const std::vector<Folder>* level_ = nullptr;
  std::size_t opened_ = 0;                            // of the level, or more
  std::vector<std::pair<Found, std::size_t>> found_;  // with the number of its folder in the level
  std::vector<Refused> refused_;
};

}  // namespace

void walk(Place& place, Link& link, std::span<const std::string> prefixes, const Walk& how,
          const Visit& visit) {
  Walker(place, link, how, visit).run(prefixes);
}

}  // namespace copick::store::sftp

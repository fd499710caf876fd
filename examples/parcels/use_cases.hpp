#pragma once
// What can be done with parcels, and what that needs from outside.

#include <functional>
#include <vector>

#include "parcel.hpp"
#include "pkg/es/event_store.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace parcels {

using Loaded = pkg::es::Loaded<Parcel>;
using pkg::errors::Result;
using pkg::uow::Cause;
using pkg::uow::UnitOfWork;

/// Port: which parcels on their way are where. Adapter: storage.cpp.
class Whereabouts {
 public:
  virtual ~Whereabouts() = default;
  virtual void note(UnitOfWork& unit, const ParcelId& id, const Parcel& parcel) = 0;
  virtual Result<std::vector<ParcelId>> at(UnitOfWork& unit, const std::string& place) = 0;
};

/// Port: tells others what happened; leaves if the unit of work commits. Adapter: messages.cpp.
class News {
 public:
  virtual ~News() = default;
  virtual void tell(UnitOfWork& unit, const ParcelId& id, const Loaded& after, const ParcelEvent& event) = 0;
};

class UseCases {
 public:
  struct Needs {
    pkg::uow::Transactor& transactor;
    pkg::es::EventStore<Parcel>& parcels;
    Whereabouts& whereabouts;
    News& news;
  };
  /// All that it needs outlives it.
  explicit UseCases(const Needs& needs) : needs_(needs) {}

  // Calls from outside open a unit of work; all that they change commits together, or nothing does.
  Result<Loaded> send(const Cause& cause, const ParcelId& id, const std::string& to);
  Result<Loaded> deliver(const Cause& cause, const ParcelId& id);
  Result<Loaded> get(const Cause& cause, const ParcelId& id);
  Result<std::vector<ParcelId>> at(const Cause& cause, const std::string& place);

  /// A message brings its unit of work along: what it changes commits with the record that it was handled.
  Result<> scanned(UnitOfWork& unit, const ParcelId& id, const std::string& place);

 private:
  Result<Loaded> change(UnitOfWork& unit, const ParcelId& id, const std::function<Decision(const Parcel&)>& decide);

  Needs needs_;
};

}  // namespace parcels

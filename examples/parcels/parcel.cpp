#include "parcel.hpp"

#include <utility>

namespace parcels {
namespace {

struct Apply {
  Parcel& parcel;

  void operator()(const Sent& event) const {
    parcel.status = ParcelStatus::on_the_way;
    parcel.to = event.to;
  }
  void operator()(const Seen& event) const { parcel.place = event.place; }
  void operator()(const Delivered&) const { parcel.status = ParcelStatus::delivered; }
};

std::unexpected<ParcelRejected> reject(ParcelRejection reason, std::string detail) {
  return std::unexpected(ParcelRejected{reason, std::move(detail)});
}

}  // namespace

Parcel apply(Parcel parcel, const ParcelEvent& event) {
  std::visit(Apply{parcel}, event);
  return parcel;
}

Decision send(const Parcel& parcel, const std::string& to) {
  if (parcel.status != ParcelStatus::none) return reject(ParcelRejection::already_sent, "This parcel was sent before.");
  if (to.empty()) return reject(ParcelRejection::address_missing, "A parcel needs an address.");
  return std::vector<ParcelEvent>{Sent{to}};
}

Decision see(const Parcel& parcel, const std::string& place) {
  switch (parcel.status) {
    case ParcelStatus::none: return reject(ParcelRejection::no_such_parcel, "There is no such parcel.");
    case ParcelStatus::delivered: return std::vector<ParcelEvent>{};  // a scan that comes late
    case ParcelStatus::on_the_way: break;
  }
  if (parcel.place == place) return std::vector<ParcelEvent>{};
  return std::vector<ParcelEvent>{Seen{place}};
}

Decision deliver(const Parcel& parcel) {
  switch (parcel.status) {
    case ParcelStatus::none: return reject(ParcelRejection::no_such_parcel, "There is no such parcel.");
    case ParcelStatus::delivered: return reject(ParcelRejection::already_delivered, "This parcel is delivered.");
    case ParcelStatus::on_the_way: return std::vector<ParcelEvent>{Delivered{}};
  }
  std::unreachable();
}

pkg::errors::Error to_error(const ParcelRejected& rejected) {
  using pkg::errors::ErrorKind;
  switch (rejected.reason) {
    case ParcelRejection::no_such_parcel: return {ErrorKind::not_found, "no_such_parcel", rejected.detail, {}};
    case ParcelRejection::already_sent: return {ErrorKind::conflict, "already_sent", rejected.detail, {}};
    case ParcelRejection::already_delivered: return {ErrorKind::conflict, "already_delivered", rejected.detail, {}};
    case ParcelRejection::address_missing: return {ErrorKind::rejected, "address_missing", rejected.detail, "to"};
  }
  std::unreachable();
}

}  // namespace parcels

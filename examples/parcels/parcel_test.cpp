// Given what has happened to a parcel, when somebody does something, then this happens or is refused.

#include "parcel.hpp"

#include <gtest/gtest.h>

#include "pkg/es/testing/given_when_then.hpp"

namespace parcels {
namespace {

using pkg::es::testing::Given;

auto send_to(std::string to) {
  return [to](const Parcel& parcel) { return send(parcel, to); };
}
auto see_at(std::string place) {
  return [place](const Parcel& parcel) { return see(parcel, place); };
}
const ParcelEvent sent = Sent{"Ann"};

TEST(SendParcel, NeedsAnAddressAndHappensOnce) {
  Given<Parcel>{}.when(send_to("Ann")).then({Sent{"Ann"}});
  Given<Parcel>{}.when(send_to("")).rejects(ParcelRejection::address_missing);
  Given<Parcel>{sent}.when(send_to("Bob")).rejects(ParcelRejection::already_sent);
}

TEST(SeeParcel, ChangesItsPlaceWhileItIsOnTheWay) {
  Given<Parcel>{sent}.when(see_at("Hub")).then({Seen{"Hub"}});
  Given<Parcel>{sent, Seen{"Hub"}}.when(see_at("Hub")).then({});
  Given<Parcel>{sent, Delivered{}}.when(see_at("Hub")).then({});
  Given<Parcel>{}.when(see_at("Hub")).rejects(ParcelRejection::no_such_parcel);
}

TEST(DeliverParcel, EndsItsWay) {
  Given<Parcel>{sent}.when(deliver).then({Delivered{}});
  Given<Parcel>{sent, Delivered{}}.when(deliver).rejects(ParcelRejection::already_delivered);
  Given<Parcel>{}.when(deliver).rejects(ParcelRejection::no_such_parcel);
}

}  // namespace
}  // namespace parcels

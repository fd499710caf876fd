#include "baskets/internal/domain/basket.hpp"

#include <algorithm>
#include <type_traits>

namespace baskets::domain {
namespace {

using pkg::money::Money;

struct Apply {
  Basket& basket;

  void operator()(const BasketStarted& e) const {
    basket.status = BasketStatus::open;
    basket.owner = e.owner;
    basket.touched_at = e.at;
  }
  void operator()(const ItemAdded& e) const {
    basket.touched_at = e.at;
    if (auto* line = find(e.product)) {
      line->price = e.price;
      line->quantity += e.quantity;
    } else {
      basket.items.push_back({e.product, e.store, e.product_name, e.store_name, e.price, e.quantity});
    }
  }
  void operator()(const ItemRemoved& e) const {
    basket.touched_at = e.at;
    if (auto* line = find(e.product)) line->quantity -= e.quantity;
    std::erase_if(basket.items, [](const BasketItem& line) { return line.quantity <= 0; });
  }
  void operator()(const ItemRepriced& e) const {
    basket.touched_at = e.at;
    if (auto* line = find(e.product)) line->price = e.price;
  }
  void operator()(const BasketCheckedOut& e) const {
    basket.touched_at = e.at;
    basket.status = BasketStatus::checked_out;
    basket.payment = e.payment;
  }
  void operator()(const BasketCanceled& e) const {
    basket.touched_at = e.at;
    basket.status = BasketStatus::canceled;
  }
  void operator()(const BasketExpired& e) const {
    basket.touched_at = e.at;
    basket.status = BasketStatus::canceled;
  }

  BasketItem* find(const ProductId& product) const {
    const auto line = std::ranges::find(basket.items, product, &BasketItem::product);
    return line == basket.items.end() ? nullptr : &*line;
  }
};

std::unexpected<BasketRejected> reject(BasketRejection reason, std::string detail) {
  return std::unexpected(BasketRejected{reason, std::move(detail)});
}

std::string name_of(BasketStatus status) {
  switch (status) {
    case BasketStatus::none: return "not started";
    case BasketStatus::open: return "open";
    case BasketStatus::checked_out: return "checked out";
    case BasketStatus::canceled: return "canceled";
  }
  std::unreachable();
}

/// What every command of a shopper's needs: a basket that exists, is theirs and is open.
std::expected<void, BasketRejected> may_touch(const Basket& basket, const Actor& actor) {
  if (auto visible = may_see(basket, actor.user); !visible) return visible;
  if (basket.status != BasketStatus::open) {
    return reject(BasketRejection::basket_not_open, "The basket is " + name_of(basket.status) + "; start a new one.");
  }
  return {};
}

std::expected<void, BasketRejected> may_buy(const Offer& offer) {
  if (!offer.sold) return reject(BasketRejection::product_not_sold, "\"" + offer.product_name + "\" is not sold any more.");
  if (!offer.participating) {
    return reject(BasketRejection::store_not_participating,
                  "The store of \"" + offer.product_name + "\" does not take part in the mall at present.");
  }
  return {};
}

/// The sum, or nothing where it does not fit. The lines have one currency.
std::optional<Money> sum(const std::vector<BasketItem>& items) {
  std::optional<Money> sum;
  for (const auto& line : items) {
    const auto price = line.price.times(line.quantity);
    if (!price) return std::nullopt;
    const auto next = sum ? sum->plus(*price) : price;
    if (!next) return std::nullopt;
    sum = *next;
  }
  return sum;
}

/// What the basket would be after the events must still keep its invariants about money.
Decision with_sound_total(const Basket& basket, std::vector<BasketEvent> events) {
  Basket after = basket;
  for (const auto& event : events) after = apply(std::move(after), event);
  for (const auto& line : after.items) {
    if (line.price.currency() != after.items.front().price.currency()) {
      return reject(BasketRejection::currency_mismatch, "A basket has one currency: this one's is " +
                                                            after.items.front().price.currency().to_string() + ", \"" + line.product_name +
                                                            "\" is sold in " + line.price.currency().to_string() + ".");
    }
  }
  if (!after.items.empty() && !sum(after.items)) return reject(BasketRejection::total_too_large, "The basket's total would be too large.");
  return events;
}

const Offer* find_offer(const std::vector<Offer>& offers, const ProductId& product) {
  const auto offer = std::ranges::find(offers, product, &Offer::product);
  return offer == offers.end() ? nullptr : &*offer;
}

/// The offer behind a line, if it can still be bought.
std::expected<const Offer*, BasketRejected> still_sold(const std::vector<Offer>& offers, const BasketItem& line) {
  const Offer* offer = find_offer(offers, line.product);
  if (!offer) return reject(BasketRejection::product_not_sold, "\"" + line.product_name + "\" is not sold any more.");
  if (auto buyable = may_buy(*offer); !buyable) return std::unexpected(buyable.error());
  return offer;
}

}  // namespace

Basket apply(Basket basket, const BasketEvent& event) {
  std::visit(Apply{basket}, event);
  return basket;
}

std::optional<Money> total(const Basket& basket) { return sum(basket.items); }

const BasketItem* find_item(const Basket& basket, const ProductId& product) {
  const auto line = std::ranges::find(basket.items, product, &BasketItem::product);
  return line == basket.items.end() ? nullptr : &*line;
}

BasketRejected unknown_product() { return {BasketRejection::product_not_sold, "There is no such product."}; }

std::expected<void, BasketRejected> may_see(const Basket& basket, const UserId& user) {
  if (basket.status == BasketStatus::none) return reject(BasketRejection::no_such_basket, "There is no such basket.");
  if (basket.owner != user) return reject(BasketRejection::not_your_basket, "This basket belongs to somebody else.");
  return {};
}

Decision start(const Basket& basket, const Actor& actor) {
  if (basket.status != BasketStatus::none) return reject(BasketRejection::basket_not_open, "This basket was started before.");
  return std::vector<BasketEvent>{BasketStarted{actor.user, actor.now}};
}

Decision add_item(const Basket& basket, const Actor& actor, const std::optional<Offer>& offer, int quantity) {
  if (auto allowed = may_touch(basket, actor); !allowed) return std::unexpected(allowed.error());
  if (quantity < 1 || quantity > max_quantity_per_line) {
    return reject(BasketRejection::quantity_out_of_range, "A quantity is from 1 to " + std::to_string(max_quantity_per_line) + ".");
  }
  if (!offer) return std::unexpected(unknown_product());
  if (const auto* line = find_item(basket, offer->product); line && line->quantity + quantity > max_quantity_per_line) {
    return reject(BasketRejection::quantity_out_of_range, "With the " + std::to_string(line->quantity) +
                                                              " in the basket that makes more than " +
                                                              std::to_string(max_quantity_per_line) + ".");
  }
  if (auto buyable = may_buy(*offer); !buyable) return std::unexpected(buyable.error());
  return with_sound_total(
      basket, {ItemAdded{offer->product, offer->store, offer->product_name, offer->store_name, offer->price, quantity, actor.now}});
}

Decision remove_item(const Basket& basket, const Actor& actor, const ProductId& product, std::optional<int> quantity) {
  if (auto allowed = may_touch(basket, actor); !allowed) return std::unexpected(allowed.error());
  const auto* line = find_item(basket, product);
  if (!line) return reject(BasketRejection::item_not_in_basket, "The basket has nothing of this product.");
  const int take = quantity.value_or(line->quantity);
  if (take < 1 || take > line->quantity) {
    return reject(BasketRejection::quantity_out_of_range, "From 1 to " + std::to_string(line->quantity) + " can be taken out.");
  }
  return std::vector<BasketEvent>{ItemRemoved{product, take, actor.now}};
}

Decision reprice(const Basket& basket, const Actor& actor, const std::vector<Offer>& offers) {
  if (auto allowed = may_touch(basket, actor); !allowed) return std::unexpected(allowed.error());
  std::vector<BasketEvent> events;
  for (const auto& line : basket.items) {
    const auto offer = still_sold(offers, line);
    if (!offer) return std::unexpected(offer.error());
    if ((*offer)->price != line.price) events.emplace_back(ItemRepriced{line.product, (*offer)->price, actor.now});
  }
  return with_sound_total(basket, std::move(events));
}

Decision check_out(const Basket& basket, const Actor& actor, const std::vector<Offer>& offers, std::optional<PaymentId> payment) {
  if (auto allowed = may_touch(basket, actor); !allowed) return std::unexpected(allowed.error());
  std::string changes;
  for (const auto& line : basket.items) {
    const auto offer = still_sold(offers, line);
    if (!offer) return std::unexpected(offer.error());
    if ((*offer)->price == line.price) continue;
    changes += (changes.empty() ? "" : "; ") + ("\"" + line.product_name) + "\" was " + line.price.to_string() + " and is " +
               (*offer)->price.to_string();
  }
  if (basket.items.empty()) return reject(BasketRejection::basket_empty, "There is nothing in the basket.");
  if (!payment) return reject(BasketRejection::payment_required, "Authorize a payment first and name it here.");
  if (!changes.empty()) {
    return reject(BasketRejection::price_changed,
                  "Prices in minor units have changed: " + changes + ". Reprice the basket to accept them.");
  }
  return std::vector<BasketEvent>{BasketCheckedOut{*payment, actor.now}};
}

Decision cancel(const Basket& basket, const Actor& actor) {
  const bool canceled_before = basket.status == BasketStatus::canceled && basket.owner == actor.user;
  if (canceled_before) return std::vector<BasketEvent>{};
  if (auto allowed = may_touch(basket, actor); !allowed) return std::unexpected(allowed.error());
  return std::vector<BasketEvent>{BasketCanceled{actor.now}};
}

std::vector<BasketEvent> expire(const Basket& basket, pkg::clock::TimePoint now, pkg::clock::Duration lifetime) {
  if (basket.status != BasketStatus::open || now - basket.touched_at < lifetime) return {};
  return {BasketExpired{now}};
}

}  // namespace baskets::domain
